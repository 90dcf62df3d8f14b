"""What is said to the process that renders chat templates, and what it answers."""

from typing import Any

import msgspec

MOST_CHARACTERS = 16 * 2**20


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be rendered; variables: what the template may use beside the messages."""

    template: str
    messages: list[dict[str, Any]]
    add_generation_prompt: bool = True
    variables: dict[str, Any] = {}


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """The prompt, or why there is none: refused by the template, by the sandbox, or too large."""

    text: str = ""
    refused: str = ""
    unsafe: str = ""
    is_too_large: bool = False

"""Prompts that the user keeps, with places that are filled in when one is used."""

import re
from collections.abc import Mapping

import msgspec

MOST_NAME = 80
_VARIABLE = re.compile(r"\{\{[ \t]*([^{}\n]{1,60}?)[ \t]*\}\}")


class SavedPrompt(msgspec.Struct, frozen=True, kw_only=True):
    """A prompt; {{name}} in its text is asked for when it is used."""

    text: str


def variables(text: str) -> tuple[str, ...]:
    """Return the names of the places to fill in, each once, in their order."""
    return tuple(dict.fromkeys(match[1] for match in _VARIABLE.finditer(text)))


def filled(text: str, values: Mapping[str, str]) -> str:
    """Return the text with the places filled in; what a value says is not looked into."""
    return _VARIABLE.sub(lambda match: values.get(match[1], match[0]), text)

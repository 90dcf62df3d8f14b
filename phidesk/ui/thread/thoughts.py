"""What a reasoning model thought before it answered, told apart from the answer."""

import re
from typing import NamedTuple

_PAIRS = (
    ("<think>", "</think>"),
    ("<thinking>", "</thinking>"),
    ("<thought>", "</thought>"),
    ("<reasoning>", "</reasoning>"),
    ("<seed:think>", "</seed:think>"),
    ("[THINK]", "[/THINK]"),
    ("◁think▷", "◁/think▷"),
    ("<|START_THINKING|>", "<|END_THINKING|>"),
    ("<|channel|>analysis<|message|>", "<|end|>"),
    ("<|channel>thought", "<channel|>"),
)
_HEADERS = ("<|start|>assistant<|channel|>final<|message|>", "<|START_RESPONSE|>")
"""What some models put between their thoughts and their answer."""
_LONE_END = re.compile(r"^</think(?:ing)?>[ \t]*$", re.MULTILINE)
_WORD = re.compile(r"[\u3040-\u9fff\uac00-\ud7af]|[^\W\u3040-\u9fff\uac00-\ud7af]+")


class Parts(NamedTuple):
    """An answer's two parts; thought: None where there is none."""

    thought: str | None
    answer: str
    is_thinking: bool = False
    """Whether the thoughts have no end yet."""


def split(text: str) -> Parts:
    """Take thoughts at the beginning of an answer off it."""
    body = text.lstrip()
    for begin, end in _PAIRS:
        if not body.startswith(begin):
            continue
        thought, found, answer = body[len(begin) :].partition(end)
        return Parts(thought.strip("\n"), _answer(answer), not found)
    # Some chat templates begin the thoughts themselves: the answer then has their end alone.
    if "</think" in text and (lone := _LONE_END.search(text)):
        thought = text[: lone.start()]
        if thought.count("```") % 2 == 0:
            return Parts(thought.strip("\n"), _answer(text[lone.end() :]))
    return Parts(None, text)


def count_words(text: str) -> int:
    """Return how many words a text has; a Chinese or Japanese sign counts as one."""
    return sum(1 for _ in _WORD.finditer(text))


def _answer(text: str) -> str:
    text = text.lstrip()
    for header in _HEADERS:
        text = text.removeprefix(header)
    return text.lstrip("\n")

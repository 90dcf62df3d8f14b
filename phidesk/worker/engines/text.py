"""Turns tokens into text that never shows half a character or half a stop string."""

from collections.abc import Sequence
from typing import Any, Protocol

_BROKEN = "\ufffd"
_WINDOW = 6


class Detokenizer(Protocol):
    """Decodes one answer token by token."""

    def step(self, token: int) -> str:
        """Return the whole characters that the token completes, "" where it completes none."""
        ...


def detokenizer(tokenizer: Any) -> Detokenizer:
    """Return a detokenizer for one answer of a transformers tokenizer."""
    if getattr(tokenizer, "is_fast", False):
        return FastDetokenizer(tokenizer.backend_tokenizer)
    return SlowDetokenizer(tokenizer)


class FastDetokenizer:
    """Decodes with the tokenizers library's own stream; special tokens are left out."""

    def __init__(self, backend: Any) -> None:
        from tokenizers.decoders import DecodeStream

        self._backend = backend
        self._new_stream = DecodeStream
        self._stream = DecodeStream(skip_special_tokens=True)

    def step(self, token: int) -> str:
        """Return the whole characters that the token completes."""
        try:
            text = self._stream.step(self._backend, token)
        except Exception as error:
            # Bytes that are no UTF-8 can make the stream lose its place for good.
            if "prefix" not in str(error):
                raise
            self._stream = self._new_stream(skip_special_tokens=True)
            text = self._stream.step(self._backend, token)
        return text.replace(_BROKEN, "") if text else ""


class SlowDetokenizer:
    """Decodes with a Python tokenizer: what a window of tokens gains by the newest ones.

    The window starts at tokens that were shown already, because many tokenizers write a token
    differently at the start of a text.
    """

    def __init__(self, tokenizer: Any) -> None:
        self._tokenizer = tokenizer
        self._shown: list[int] = []
        self._waiting: list[int] = []

    def step(self, token: int) -> str:
        """Return the whole characters that the token completes."""
        self._waiting.append(token)
        before = self._decode(self._shown)
        text = self._decode(self._shown + self._waiting)
        if text.endswith(_BROKEN) and len(self._waiting) < _WINDOW:
            return ""
        self._shown, self._waiting = (self._shown + self._waiting)[-_WINDOW:], []
        return text[len(before) :].replace(_BROKEN, "")

    def _decode(self, tokens: list[int]) -> str:
        return str(self._tokenizer.decode(tokens, skip_special_tokens=True))


class StopStrings:
    """Cuts a stream of text before the first stop string."""

    def __init__(self, stops: Sequence[str]) -> None:
        self._stops = tuple(stops)
        self._held = ""
        self.found: str | None = None

    def feed(self, text: str) -> str:
        """Return the text that is certainly before any stop string; `found` tells of one.

        A tail that could be the beginning of a stop string is held back until it is decided.
        """
        if not self._stops or self.found is not None:
            return text if self.found is None else ""
        text = self._held + text
        hits = [(at, stop) for stop in self._stops if (at := text.find(stop)) >= 0]
        if hits:
            at, self.found = min(hits)
            self._held = ""
            return text[:at]
        keep = max(_overlap(text, stop) for stop in self._stops)
        self._held = text[len(text) - keep :]
        return text[: len(text) - keep]

    def flush(self) -> str:
        """Return what is still held back; the text has ended."""
        held, self._held = self._held, ""
        return held


def _overlap(text: str, stop: str) -> int:
    """Return how many characters at the end of the text begin the stop string."""
    for length in range(min(len(text), len(stop) - 1), 0, -1):
        if text.endswith(stop[:length]):
            return length
    return 0

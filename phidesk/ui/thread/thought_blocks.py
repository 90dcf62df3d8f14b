"""The thoughts of one answer: how long they took, and their text once somebody opens it."""

import time
from dataclasses import replace

from phidesk.ui.thread.blocks import Block
from phidesk.ui.thread.stream import MarkdownStream
from phidesk.ui.thread.thoughts import Parts, count_words


class Thoughts:
    """Renders nothing while it is folded; the time is known where the thoughts were watched."""

    def __init__(self) -> None:
        self.is_shown = False
        self.words = 0
        self.seconds: float | None = None
        self._text = ""
        self._began: float | None = None
        self._stream = MarkdownStream()
        self._fed = ""

    @property
    def is_behind(self) -> bool:
        """Whether advance() has something to do."""
        return self.is_shown and (self._fed != self._text or self._stream.is_behind)

    def update(self, parts: Parts, *, is_open: bool) -> None:
        """Take what is new."""
        text = parts.thought or ""
        if text != self._text:
            self._text, self.words = text, count_words(text)
        if parts.is_thinking and is_open and self._began is None:
            self._began = time.monotonic()
        elif self._began is not None and self.seconds is None and not parts.is_thinking:
            self.seconds = time.monotonic() - self._began

    def advance(self, end: float) -> None:
        """Render until about a time of time.perf_counter()."""
        if not self.is_shown:
            return
        if not self._text.startswith(self._fed):
            self._stream, self._fed = MarkdownStream(), ""
        self._stream.append(self._text[len(self._fed) :])
        self._fed = self._text
        while self._stream.is_behind and time.perf_counter() < end:
            self._stream.advance()

    def blocks(self) -> list[Block]:
        """Return the opened thoughts, set off like a quotation."""
        if not self.is_shown:
            return []
        return [
            replace(block, path=f"q{block.path}", joined=block.joined + 1 if index else 0)
            for index, block in enumerate(self._stream.blocks)
        ]

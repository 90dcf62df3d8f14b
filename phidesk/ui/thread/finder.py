"""Finds words in all messages of a thread, in short steps beside the event loop."""

import time
from bisect import bisect_left
from collections.abc import Iterator
from typing import NamedTuple

from PySide6.QtCore import QObject, QTimer, Signal

from phidesk.ui.thread.blocks import Block, utf16_length
from phidesk.ui.thread.documents import Documents
from phidesk.ui.thread.message import Message

_STEP_S = 0.006
_SIGNS = str.maketrans("", "", "*_~`\\")
_MOST = 10_000


class Match(NamedTuple):
    """A place in a block's text, in UTF-16 units."""

    row: int
    block: int
    start: int
    length: int


class Finder(QObject):
    """Searches the text as it is shown, from the first message to the last."""

    changed = Signal()
    """There are more matches, or the search is over."""

    def __init__(self, documents: Documents, parent: QObject) -> None:
        super().__init__(parent)
        self._documents = documents
        self._row = 0
        self._message: Message | None = None
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._on_timeout)
        self.needle = ""
        self.matches: list[Match] = []

    @property
    def is_busy(self) -> bool:
        """Whether messages are left to be searched."""
        return self._timer.isActive()

    def search(self, text: str) -> None:
        """Begin a search; an empty text ends it."""
        self.needle = _folded(text)
        self.matches = []
        self._row, self._message = 0, None
        self._timer.stop()
        if self.needle:
            self._timer.start(0)
        self.changed.emit()

    def nearest(self, row: int) -> int:
        """Return the index of the first match from a row on, or of the first one."""
        index = bisect_left(self.matches, (row,))
        return index if index < len(self.matches) else 0

    def _on_timeout(self) -> None:
        end = time.perf_counter() + _STEP_S
        count, found = self._documents.count(), len(self.matches)
        while self._row < count and time.perf_counter() < end and len(self.matches) < _MOST:
            if self._message is None:
                self._message = self._candidate(self._row)
            message = self._message
            if message is not None and message.is_behind and not message.source.is_open:
                message.advance(_STEP_S)
                continue
            if message is not None:
                self.matches.extend(_in_message(self._row, message, self.needle))
            self._row, self._message = self._row + 1, None
        is_over = self._row >= count or len(self.matches) >= _MOST
        if not is_over:
            self._timer.start(1)
        if is_over or len(self.matches) != found:
            self.changed.emit()

    def _candidate(self, row: int) -> Message | None:
        """Return a row's message; None where its source shows that the words are not in it."""
        source = self._documents.source(row)
        text = source.text
        # Entities and links may stand between the letters of a word: these are looked at anyway.
        if "&" not in text and "](" not in text:
            bare = _folded(text).translate(_SIGNS)
            if self.needle.translate(_SIGNS) not in bare.replace("\n", " ") and (
                self.needle.translate(_SIGNS) not in bare
            ):
                return None
        cached = self._documents.cached(row)
        return cached or self._documents.made(source)


def _in_message(row: int, message: Message, needle: str) -> Iterator[Match]:
    for index, item in enumerate(message.layout.items):
        if item.block.is_copied:
            yield from _in_block(row, index, item.block, needle)


def _in_block(row: int, index: int, block: Block, needle: str) -> Iterator[Match]:
    text = block.text
    folded = _folded(text)
    is_plain = text.isascii()
    place = folded.find(needle)
    while place >= 0:
        start, length = place, len(needle)
        if not is_plain:
            start = utf16_length(text[:place])
            length = utf16_length(text[place : place + len(needle)])
        yield Match(row, index, start, length)
        place = folded.find(needle, place + len(needle))


def _folded(text: str) -> str:
    """Return text without the difference of case, each character in its place."""
    text = text.replace("\u2028", " ")
    low = text.lower()
    if len(low) == len(text):
        return low
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in text)

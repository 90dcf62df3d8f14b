"""Finds words in all messages of a thread, in short steps beside the event loop."""

import time
from bisect import bisect_left
from collections.abc import Iterator
from typing import NamedTuple

from PySide6.QtCore import QObject, QTimer, Signal

from phidesk.ui.thread.blocks import Block, utf16_length
from phidesk.ui.thread.documents import Documents
from phidesk.ui.thread.message import LONG_ANSWER, Message, first_limit

_STEP_S = 0.006
_SIGNS = str.maketrans("", "", "*_~`\\")
_MOST = 10_000


class Match(NamedTuple):
    """A place in a block's text, in UTF-16 units.

    block: counted from the first block of the answer; those of the thoughts have numbers below 0,
    which stay the same when they are folded.
    """

    row: int
    block: int
    start: int
    length: int


class Finder(QObject):
    """Searches the text as it is shown, with the thoughts that are folded."""

    changed = Signal()
    """There are more matches, or the search is over."""

    def __init__(self, documents: Documents, parent: QObject) -> None:
        super().__init__(parent)
        self._documents = documents
        self._steps: Iterator[None] = iter(())
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
        self._steps = self._look_at_all()
        self._timer.stop()
        if self.needle:
            self._timer.start(0)
        self.changed.emit()

    def nearest(self, row: int) -> int:
        """Return the index of the first match from a row on, or of the first one."""
        index = bisect_left(self.matches, (row,))
        return index if index < len(self.matches) else 0

    def _on_timeout(self) -> None:
        end, found, is_over = time.perf_counter() + _STEP_S, len(self.matches), True
        for _ in self._steps:
            if time.perf_counter() > end or len(self.matches) >= _MOST:
                is_over = len(self.matches) >= _MOST
                break
        if not is_over:
            self._timer.start(1)
        if is_over or len(self.matches) != found:
            self.changed.emit()

    def _look_at_all(self) -> Iterator[None]:
        """Search from the first message to the last, a little in each step."""
        row = 0
        while row < self._documents.count():
            message = self._candidate(row)
            yield
            if message is not None:
                yield from self._look_at(row, message)
            row += 1

    def _look_at(self, row: int, message: Message) -> Iterator[None]:
        # What is on screen and grows is rendered by the view alone, which has to know of it.
        is_grown_elsewhere = message is self._documents.cached(row) and message.source.is_open
        while message.is_behind and not is_grown_elsewhere:
            message.advance(_STEP_S)
            yield
        layout = message.layout
        for index, item in enumerate(layout.items):
            if item.block.is_copied:
                self.matches += _in_block(row, index - layout.body, item.block, self.needle)
                yield

    def _candidate(self, row: int) -> Message | None:
        """Return a row's message; None where its source shows that the words are not in it."""
        source, cached = self._documents.source(row), self._documents.cached(row)
        text = source.text[: cached.limit if cached else first_limit(source.speaker)]
        # A very long text is searched block by block. Entities and links may stand between the
        # letters of a word: these are looked at anyway.
        if len(text) <= LONG_ANSWER and "&" not in text and "](" not in text:
            folded = _folded(text)
            if self.needle not in folded and not _may_stand_in(folded, self.needle):
                return None
        if cached is not None and not cached.hides_thoughts:
            return cached
        made = self._documents.made(source)
        made.show_thoughts()
        return made


def _may_stand_in(folded: str, needle: str) -> bool:
    """Whether words are found once the signs of Markdown and the line ends are gone."""
    bare, needle = folded.translate(_SIGNS), needle.translate(_SIGNS)
    return needle in bare or needle in bare.replace("\n", " ")


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
    return text.replace("\u2028", " ").replace("İ", "i").lower()  # the one that becomes two

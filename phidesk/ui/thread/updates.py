"""Gathers changes of messages and works them off in short steps."""

import threading
import time

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from phidesk.ui.thread.code import Lexers
from phidesk.ui.thread.colouring import colour, needs_colours
from phidesk.ui.thread.documents import FIRST_BUDGET_S, ROW_PADDING
from phidesk.ui.thread.geometry import Geometry
from phidesk.ui.thread.layout import Item
from phidesk.ui.thread.markdown import parser
from phidesk.ui.thread.message import Message

_LONGEST_REST_S = 0.6
_REST = 50
"""A tick and its painting are followed by at least this many times their length of rest, which
is the model's where it runs on the same cores."""
_SCROLLING_MS = 150
"""After a step of scrolling another one is likely for so long."""
_AHEAD_MS = 10
_COLOUR_REST = 30
_COLOUR_MS = 80


class Updates(QObject):
    """Renders changed messages once a tick, and colours listings when there is time."""

    changed = Signal(int)
    """Something is different from this height of the content on."""
    coloured = Signal(int, int)
    """The listing between these heights has got its colours."""

    def __init__(self, geometry: Geometry, parent: QObject) -> None:
        super().__init__(parent)
        self._geometry = geometry
        self._rows: set[int] = set()
        self._tick_s = 0.0
        self._paint_s = 0.0
        self._last_tick = 0.0
        self._moved = 0.0
        """When what is on screen became something else."""
        self._colour_pause_ms = _COLOUR_MS
        self._band = (0, 0)
        self._lexers = Lexers()
        self._timer = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_timeout)
        self._ahead_timer = QTimer(self, singleShot=True, interval=_AHEAD_MS)
        self._ahead_timer.timeout.connect(self._on_ahead_timeout)
        self._colour_timer = QTimer(self, singleShot=True)
        self._colour_timer.timeout.connect(self._on_colour_timeout)

    @property
    def is_busy(self) -> bool:
        """Whether rows wait to be rendered."""
        return bool(self._rows) or self._timer.isActive()

    def warm_up(self) -> None:
        """Import the parser and a lexer beside the event loop, before they are needed."""
        threading.Thread(target=parser, name="markdown-warm-up", daemon=True).start()
        self._lexers.prepare("python")

    def note(self, row: int, *, soon: bool) -> None:
        """Render a row at the next tick, or as soon as the event loop is free."""
        self._rows.add(row)
        if soon:
            self._timer.start(0)
        elif not self._timer.isActive():
            rest_s = min(_LONGEST_REST_S, _REST * (self._tick_s + self._paint_s))
            wait_s = self._last_tick + rest_s - time.perf_counter()
            self._timer.start(max(0, round(wait_s * 1000)))

    def painted(self, seconds: float) -> None:
        """Be told what painting took, which counts as work of the tick before."""
        self._paint_s = seconds

    def clear(self) -> None:
        """Forget what was noted: the rows are others now."""
        self._rows.clear()
        self._timer.stop()
        self._ahead_timer.stop()

    def look_at(self, top: int, bottom: int) -> None:
        """Take note of what is on screen, and of the work that it still needs."""
        if top != self._band[0]:
            self._moved = time.perf_counter()
            if not self._ahead_timer.isActive():
                self._ahead_timer.start()
        self._band = (top, bottom)
        for row in self._geometry.rows.between(top, bottom):
            message = self._geometry.documents.cached(row)
            if message is not None and message.is_behind and row not in self._rows:
                self.note(row, soon=not message.source.is_open)
        self._plan_colours()

    def _on_timeout(self) -> None:
        started = time.perf_counter()
        rows, self._rows = self._rows, set()
        late: set[int] = set()
        if started < self._moved + _SCROLLING_MS / 1000:  # what nobody sees can wait
            late = rows.difference(self._geometry.rows.between(*self._band))
        documents = self._geometry.documents
        first: int | None = None
        for row in rows - late:
            message = documents.cached(row)
            if message is None:
                continue  # not on screen; it is rendered when it is
            message.update(documents.source(row))
            y = self._geometry.advance(row, message)
            if y is not None:
                first = y if first is None else min(first, y)
            if message.is_behind:
                self._rows.add(row)
        if first is not None:
            self.changed.emit(first)
        self._last_tick = time.perf_counter()
        self._tick_s = self._last_tick - started
        if self._rows or late:
            self._timer.start(1 if self._rows else _SCROLLING_MS)
            self._rows |= late

    def _on_ahead_timeout(self) -> None:
        """Render the messages next to those on screen, a piece at a time: scrolling finds them."""
        documents, seen = self._geometry.documents, self._geometry.rows.between(*self._band)
        for row in (seen.start - 1, seen.stop) if seen else ():
            if not 0 <= row < len(self._geometry.rows):
                continue
            message = documents.cached(row)
            if message is not None and (message.source.is_open or not message.is_behind):
                continue
            if message is None:
                documents.message(row)
            else:
                message.advance(FIRST_BUDGET_S)
            self._ahead_timer.start()
            return

    def _plan_colours(self) -> None:
        if self._colour_timer.isActive():
            return
        found = self._uncoloured()
        if found is not None:
            self._colour_timer.start(self._colour_pause_ms if found[1].source.is_open else 0)

    def _on_colour_timeout(self) -> None:
        found = self._uncoloured()
        if found is None:
            return
        row, message, item = found
        if not self._lexers.prepare(item.block.language):
            self._colour_timer.start(_COLOUR_MS)
            return
        started = time.perf_counter()
        colour(item, message.layout.typesetter.theme.pygments_style)
        spent_ms = (time.perf_counter() - started) * 1000
        self._colour_pause_ms = round(max(_COLOUR_MS, _COLOUR_REST * spent_ms))
        top = self._geometry.rows.top(row) + ROW_PADDING
        self.coloured.emit(top + item.y, top + item.bottom)
        self._plan_colours()

    def _uncoloured(self) -> tuple[int, Message, Item] | None:
        top, bottom = self._band
        for row in self._geometry.rows.between(top, bottom):
            message = self._geometry.documents.cached(row)
            if message is None:
                continue
            start = self._geometry.rows.top(row) + ROW_PADDING
            for _, item in message.layout.visible(top - start, bottom - start):
                if needs_colours(item):
                    return row, message, item
        return None

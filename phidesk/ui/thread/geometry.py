"""Where everything in the thread stands, measured only as far as it is seen."""

from typing import NamedTuple

from PySide6.QtCore import QPoint, QRect

from phidesk.ui.thread.documents import FIRST_BUDGET_S, ROW_PADDING, Documents
from phidesk.ui.thread.layout import Item
from phidesk.ui.thread.message import Message
from phidesk.ui.thread.rows import Rows
from phidesk.ui.thread.selection import Place, document_position

COLUMN_WIDTH = 760
_SIDE_MARGIN = 24
TOP_MARGIN, _BOTTOM_MARGIN = 12, 28
_PASSES = 12


class Anchor(NamedTuple):
    """Something on screen that is to stay where it is: a block, or a row where block is None."""

    row: int
    block: int | None
    y: int
    """Its height when it was chosen."""
    is_last: bool = False
    """Whether all that is on screen below it is certain, too."""


class Hit(NamedTuple):
    """What is under a point."""

    place: Place
    item: Item
    message: Message
    inside: QPoint
    """The point in the message's coordinates."""


class Geometry:
    """Rows and blocks in the coordinates of the content, 0 at the top of the thread."""

    def __init__(self, documents: Documents) -> None:
        self.documents = documents
        self.rows = Rows(TOP_MARGIN, _BOTTOM_MARGIN)
        self.x = 0

    def set_viewport_width(self, width: int) -> bool:
        """Centre the column; True where its own width has changed."""
        column = max(160, min(COLUMN_WIDTH, width - 2 * _SIDE_MARGIN))
        self.x = max(0, (width - column) // 2)
        if column == self.documents.width:
            return False
        self.documents.set_width(column)
        return True

    def origin(self, row: int) -> QPoint:
        """Return where a row's message begins."""
        return QPoint(self.x, self.rows.top(row) + ROW_PADDING)

    def row_rect(self, row: int) -> QRect:
        """Return the rectangle of a row."""
        return QRect(self.x, self.rows.top(row), self.documents.width, self.rows.height(row))

    def measure(self, top: int, bottom: int) -> int | None:
        """Lay out what a band shows; return the first height at which something moved."""
        moved: int | None = None
        for row in self.rows.between(top, bottom):
            message = self.documents.message(row)
            start = self.rows.top(row) + ROW_PADDING
            before = self.rows.height(row)
            changed = message.layout.measure(top - start, bottom - start)
            self._take_height(row, message)
            if (changed is not None or self.rows.height(row) != before) and moved is None:
                moved = start + (changed or 0)
            for _, item in message.layout.visible(top - start, bottom - start):
                self.documents.keep(item)
        return moved

    def advance(self, row: int, message: Message) -> int | None:
        """Render what a message got; return the first height at which something changed."""
        before = message.layout.height
        y = message.advance(FIRST_BUDGET_S)
        if y is None:
            return None
        self._take_height(row, message)
        return self.rows.top(row) + ROW_PADDING + min(y, before)

    def anchor(self, top: int, bottom: int) -> Anchor | None:
        """Choose what is to stay in place: the first block whose height is certain."""
        found: Anchor | None = None
        fallback: Anchor | None = None
        for row in self.rows.between(top, bottom):
            start = self.rows.top(row) + ROW_PADDING
            message = self.documents.cached(row)
            if message is None and found is not None:
                return found
            if message is None:
                fallback = fallback or Anchor(row, None, start)
                continue
            for index, item in message.layout.visible(top - start, bottom - start):
                here = Anchor(row, index, start + item.y)
                if found is not None and not item.measured:
                    return found
                if item.measured:
                    found = found or here
                fallback = fallback or here
            if found is not None and not message.layout.has_certain_width:
                return found
        return found._replace(is_last=True) if found is not None else fallback

    def shift(self, anchor: Anchor | None) -> int:
        """Return how far an anchor has moved down since it was chosen."""
        if anchor is None or anchor.row >= len(self.rows):
            return 0
        y = self.rows.top(anchor.row) + ROW_PADDING
        message = self.documents.cached(anchor.row)
        if anchor.block is not None and message and anchor.block < len(message.layout.items):
            y += message.layout.items[anchor.block].y
        return y - anchor.y

    def place_y(self, row: int, index: int, position: int) -> int:
        """Return the height of the line in which a position of a block's text is."""
        layout = self.documents.message(row).layout
        if index >= len(layout.items):
            return self.rows.top(row)
        item = layout.items[index]
        y = self.origin(row).y() + item.y
        document = layout.document(item)
        if document is not None:
            place = document_position(item.block, document, position)
            block = document.findBlock(place)
            line = block.layout().lineForTextPosition(place - block.position())
            top = layout.text_origin(item).y() - item.y
            y += int(top + document.documentLayout().blockBoundingRect(block).y() + line.y())
        return y

    def hit(self, x: int, y: int) -> Hit | None:
        """Return what is at, or nearest to, a point."""
        if not len(self.rows):
            return None
        row = self.rows.at(y)
        message = self.documents.message(row)
        layout = message.layout
        if not layout.items:
            return None
        inside = QPoint(x, y) - self.origin(row)
        index = layout.index_at(inside.y())
        position = layout.position_at(index, inside.x(), inside.y())
        return Hit(Place(row, index, position), layout.items[index], message, inside)

    def _take_height(self, row: int, message: Message) -> None:
        height = message.layout.height + 2 * ROW_PADDING
        if message.is_behind:  # more will follow: do not pull the end up in between
            height = max(height, self.rows.height(row))
        if height != self.rows.height(row):
            self.rows.set_height(row, height)

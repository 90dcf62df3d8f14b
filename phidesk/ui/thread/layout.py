"""Where the blocks of one message stand; heights are estimates until a block is seen."""

import math
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QTextDocument

from phidesk.ui.thread.blocks import Block, Kind, utf16_length
from phidesk.ui.thread.typesetter import Typesetter

LIST_INDENT, QUOTE_INDENT = 26, 18
_DEEPEST = 8
"""Containers that are shown by indentation; what is deeper stands no further in."""
CODE_HEADER = 34
_BUBBLE_PAD_X, _BUBBLE_PAD_TOP, _BUBBLE_PAD_BOTTOM = 16, 7, 12
_BUBBLE_SHARE = 0.85
_SMALL_BLOCKS, _SMALL_HEIGHT = 8, 1000
"""A bubble of more than that is as wide as it may be: its text is not measured for its width."""
_HEADING_GAPS = (0, 30, 28, 24, 20, 20, 20)
_PADS = {Kind.CODE: (14, 14), Kind.ERROR: (14, 14)}


class Item:
    """A block, its place within the message and, while it is needed, its document."""

    __slots__ = (
        "block",
        "chips",
        "coloured",
        "document",
        "formats",
        "gap",
        "height",
        "measured",
        "y",
    )

    def __init__(self, block: Block) -> None:
        self.block = block
        self.document: QTextDocument | None = None
        self.measured = False
        self.gap = 0
        self.y = 0
        """Top of the block, below the gap."""
        self.height = 0
        self.coloured: Block | None = None
        """The code whose colours the document shows."""
        self.formats: list[object] = []
        self.chips: list[QRectF] | None = None
        """The backgrounds of inline code, in the document's coordinates; None: not known."""

    @property
    def bottom(self) -> int:
        """The first pixel row below the block."""
        return self.y + self.height

    def drop_document(self) -> None:
        """Free what can be made again; the height stays known."""
        self.document, self.coloured, self.formats, self.chips = None, None, [], None


class MessageLayout:
    """The blocks of one message in a column of a given width."""

    def __init__(self, typesetter: Typesetter, width: int, *, is_bubble: bool) -> None:
        self.typesetter = typesetter
        self.is_bubble = is_bubble
        self.items: list[Item] = []
        self.body = 0
        """The index of the first block of the message itself: what is above may come and go."""
        self.height = 0
        self.width = width
        self._tops: list[int] = []

    def set_blocks(self, blocks: Sequence[Block], start: int = 0) -> int:
        """Show other blocks from index `start` on; return the first height that changed."""
        items, height = self.items, self.height
        while start < min(len(items), len(blocks)) and items[start].block == blocks[start]:
            start += 1
        stays: float = 0.0
        """How much of the first block that changed looks as before."""
        for index in range(start, min(len(items), len(blocks))):
            if items[index].block == blocks[index]:
                continue
            grown_from = self._grow(items[index], blocks[index])
            if grown_from is None:
                items[index] = Item(blocks[index])
            elif index == start:
                stays = grown_from
        del items[len(blocks) :]
        items.extend(Item(block) for block in blocks[len(items) :])
        for item in items[start:]:
            if not item.measured:
                item.height = self._estimate(item.block)
        self._place(start)
        if start == len(items):
            return min(height, self.height)
        first = items[start]
        return first.y + int(stays) if stays else first.y - first.gap

    def set_width(self, width: int) -> None:
        """Lay out anew in another width, as far as needed."""
        self.width = width
        for item in self.items:
            item.measured = False

    def restyle(self, typesetter: Typesetter) -> None:
        """Drop all documents for ones in another style."""
        self.typesetter = typesetter
        for item in self.items:
            item.drop_document()
            item.measured = False

    def refresh_formulas(self) -> None:
        """Make the documents anew in which formulas may now be set."""
        for item in self.items:
            if item.document is not None and item.block.has_formulas:
                item.drop_document()
                item.measured = False

    def measure(self, top: int, bottom: int) -> int | None:
        """Lay out the blocks between two heights; return the first height that moved."""
        if self.is_bubble and self._is_small:
            top, bottom = 0, max(bottom, self.height)  # the bubble's width depends on all of them
        first: int | None = None
        index = self.index_at(top)
        while index < len(self.items) and self.items[index].y <= bottom:
            item = self.items[index]
            if not item.measured:
                height = self._measured_height(item)
                if height != item.height:
                    bottom += max(0, item.height - height)
                    item.height = height
                    first = index if first is None else first
            index += 1
        if first is None:
            return None
        self._place(first)
        return self.items[first].y

    def visible(self, top: int, bottom: int) -> Iterator[tuple[int, Item]]:
        """Yield the blocks between two heights with their indices."""
        for index in range(self.index_at(top), len(self.items)):
            if self.items[index].y - self.items[index].gap > bottom:
                return
            yield index, self.items[index]

    def index_at(self, y: float) -> int:
        """Return the index of the block at or above a height."""
        return max(0, bisect_right(self._tops, y) - 1)

    def document(self, item: Item) -> QTextDocument | None:
        """Return a block's document, made anew where it was dropped."""
        if item.document is None and item.block.kind not in (Kind.RULE, Kind.DOTS):
            item.document = self.typesetter.document(item.block, self._text_width(item.block))
        return item.document

    def bubble(self) -> QRect:
        """Return the rectangle of the bubble."""
        width = self._bubble_width()
        top = self.items[1].y - self._pads[0] if self._is_divided else 0
        return QRect(self.width - width, top, width, self.height - top)

    def frame(self, item: Item) -> QRect:
        """Return the rectangle of a block without its list and quote indentation."""
        if item.block.kind is Kind.DIVIDER:
            return QRect(0, item.y, self.width, item.height)
        if self.is_bubble:
            bubble = self.bubble()
            return QRect(
                bubble.x() + _BUBBLE_PAD_X, item.y, bubble.width() - 2 * _BUBBLE_PAD_X, item.height
            )
        inset = indentation(item.block.path)
        left = 0 if item.block.is_right_to_left else inset
        return QRect(left, item.y, self.width - inset, item.height)

    def text_origin(self, item: Item) -> QPointF:
        """Return where a block's document begins."""
        frame = self.frame(item)
        left, top, _ = _padding(item.block)
        if self.is_bubble and item.block.is_right_to_left:
            # Its text is at the right of its width, which may be more than that of the bubble.
            left += frame.width() - self._text_width(item.block)
        return QPointF(frame.x() + left, frame.y() + top)

    def position_at(self, index: int, x: float, y: float) -> int:
        """Return the position in a block's document next to a point."""
        item = self.items[index]
        document = self.document(item)
        if document is None:
            return 0
        point = QPointF(x, y) - self.text_origin(item)
        return document.documentLayout().hitTest(point, Qt.HitTestAccuracy.FuzzyHit)

    def end_of(self, index: int) -> int:
        """Return the last position in a block's document."""
        document = self.document(self.items[index])
        return document.characterCount() - 1 if document else 0

    def copy_button(self, item: Item, text_width: int) -> QRect:
        """Return the rectangle of a listing's copy button."""
        frame = self.frame(item)
        width = text_width + 34
        return QRect(frame.right() - width - 3, frame.y() + 4, width, CODE_HEADER - 8)

    def save_button(self, item: Item, copy_width: int, text_width: int) -> QRect:
        """Return the rectangle of a listing's save button, left of the copy button."""
        copy = self.copy_button(item, copy_width)
        width = text_width + 16
        return QRect(copy.x() - width - 2, copy.y(), width, copy.height())

    def _grow(self, item: Item, block: Block) -> float | None:
        """Append to a block what it has got; None where it has become another one.

        Returns the height within the block above which nothing has changed.
        """
        if not item.document:
            return None
        end_line = self.typesetter.last_line(item.document)
        if not self.typesetter.grow(item.document, item.block, block):
            return None
        item.block, item.chips = block, None
        if item.measured:
            item.height = self._measured_height(item)
        return end_line + _padding(block)[1]

    def _place(self, start: int) -> None:
        above = self._pads[0]
        y = self.items[start - 1].bottom if start else 0 if self._is_divided else above
        previous = self.items[start - 1].block if start else None
        del self._tops[start:]
        for item in self.items[start:]:
            item.gap = _gap(previous, item.block)
            if previous is not None and previous.kind is Kind.DIVIDER:
                item.gap += above
            item.y = y + item.gap
            self._tops.append(y)
            y = item.bottom
            previous = item.block
        self.height = y + self._pads[1]

    @property
    def has_certain_width(self) -> bool:
        """Whether measuring what is not on screen cannot change the bubble's width."""
        return not self.is_bubble or all(item.measured for item in self.items)

    @property
    def _is_divided(self) -> bool:
        return len(self.items) > 1 and self.items[0].block.kind is Kind.DIVIDER

    @property
    def _is_small(self) -> bool:
        return len(self.items) <= _SMALL_BLOCKS and self.height <= _SMALL_HEIGHT

    @property
    def _pads(self) -> tuple[int, int]:
        # a line's extra height is above its letters
        return (_BUBBLE_PAD_TOP, _BUBBLE_PAD_BOTTOM) if self.is_bubble else (0, 0)

    def _measured_height(self, item: Item) -> int:
        item.measured, item.chips = True, None
        if item.block.kind is Kind.RULE:
            return 1
        document = self.document(item)
        if document is None:
            return self.typesetter.line
        width = self._text_width(item.block)
        if document.textWidth() != width:
            document.setTextWidth(width)
        _, top, bottom = _padding(item.block)
        return math.ceil(document.size().height()) + top + bottom

    def _text_width(self, block: Block) -> int:
        if block.kind is Kind.DIVIDER:
            return self.width
        if self.is_bubble:
            return int(self.width * _BUBBLE_SHARE) - 2 * _BUBBLE_PAD_X
        return self.width - indentation(block.path) - sum(_PADS.get(block.kind, (0, 0)))

    def _bubble_width(self) -> int:
        widest = int(self.width * _BUBBLE_SHARE)
        items = self.items[self._is_divided :]
        if not self._is_small or not all(item.measured for item in items):
            return widest
        documents = [self.document(item) for item in items]
        ideal = max((document.idealWidth() for document in documents if document), default=0)
        return min(widest, math.ceil(ideal) + 2 * _BUBBLE_PAD_X)

    def _estimate(self, block: Block) -> int:
        width = max(1, self._text_width(block))
        line = self.typesetter.line_height(block)
        _, top, bottom = _padding(block)
        match block.kind:
            case Kind.RULE:
                return 1
            case Kind.CODE:
                lines = block.text.count("\n") + 1
            case Kind.TABLE:
                return len(block.rows) * (line + 14)
            case _:
                lines = 1 + int(utf16_length(block.text) * self.typesetter.character_width / width)
        return lines * line + top + bottom


def indentation(path: str) -> int:
    """Return how far the containers push a block in."""
    return sum(LIST_INDENT if kind == "l" else QUOTE_INDENT for kind in path[:_DEEPEST])


def _padding(block: Block) -> tuple[int, int, int]:
    """Return left, top and bottom space between a block's frame and its text."""
    match block.kind:
        case Kind.CODE:
            return 14, CODE_HEADER + 6 if block.first else 0, 14 if block.last else 0
        case Kind.ERROR:
            return 14, 8, 12
        case _:
            return 0, 0, 0


def _gap(above: Block | None, block: Block) -> int:
    if above is None or not block.first:
        return 0
    match above.kind, block.kind:
        case Kind.DIVIDER, _:
            return 24
        case _, Kind.NOTE:
            return 10
        case Kind.THOUGHT, _:
            return 10
        case _, Kind.HEADING:
            return _HEADING_GAPS[block.level]
        case Kind.HEADING, _:
            return 10
        case (Kind.RULE, _) | (_, Kind.RULE):
            return 24
        case (Kind.CODE | Kind.TABLE, _) | (_, Kind.CODE | Kind.TABLE):
            return 16
        case _ if block.marker and "l" in above.path:
            return 8
        case _:
            return 14

"""The selected text, which may begin in one message and end in another."""

from typing import NamedTuple

from PySide6.QtGui import QTextCursor, QTextDocument

from phidesk.ui.thread.blocks import Block, Kind, plain, utf16_length, utf16_slice
from phidesk.ui.thread.documents import Documents
from phidesk.ui.thread.typesetter import FORMULA


class Place(NamedTuple):
    """A position in the thread: the row, the block in it and Qt's position in the block."""

    row: int
    block: int
    position: int


class Selection:
    """Two places and what lies between them."""

    def __init__(self) -> None:
        self.anchor: Place | None = None
        self.cursor: Place | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is selected."""
        return self.anchor is None or self.cursor is None or self.anchor == self.cursor

    def set(self, anchor: Place | None, cursor: Place | None) -> None:
        """Select what lies between two places."""
        self.anchor, self.cursor = anchor, cursor

    def bounds(self) -> tuple[Place, Place] | None:
        """Return start and end in the order of the text, None where nothing is selected."""
        if self.anchor is None or self.cursor is None or self.anchor == self.cursor:
            return None
        return min(self.anchor, self.cursor), max(self.anchor, self.cursor)

    def part(self, row: int, index: int) -> tuple[int, int | None] | None:
        """Return what of a block is selected, as positions; the end None is the block's end."""
        bounds = self.bounds()
        if bounds is None:
            return None
        start, end = bounds
        here = (row, index)
        if not start[:2] <= here <= end[:2]:
            return None
        first = start.position if here == start[:2] else 0
        last = end.position if here == end[:2] else None
        return first, last

    def text(self, documents: Documents) -> str:
        """Return the selected text as plain text."""
        bounds = self.bounds()
        if bounds is None:
            return ""
        start, end = bounds
        messages = []
        for row in range(start.row, min(end.row, documents.count() - 1) + 1):
            message = documents.message(row)
            message.render_all()
            pieces: list[tuple[str, str]] = []
            for index, item in enumerate(message.layout.items):
                part = self.part(row, index)
                if part is None or not item.block.is_copied:
                    continue
                document = message.layout.document(item)
                piece = _piece(item.block, document, *part)
                pieces.append((_separator(item.block, bool(pieces)), piece))
                documents.keep(item)
            if (row, len(message.layout.items)) <= end[:2]:
                pieces.append(("", message.hidden_text))
            messages.append("".join(before + piece for before, piece in pieces))
        return "\n\n".join(text for text in messages if text)


def _separator(block: Block, follows: bool) -> str:
    if not follows:
        return ""
    if not block.first:
        return "" if block.kind is Kind.CODE and block.code else "\n"
    return "\n" if block.marker else "\n\n"


def _piece(block: Block, document: QTextDocument | None, start: int, end: int | None) -> str:
    if block.kind is Kind.TABLE and document is not None and (start or end is not None):
        return _table_piece(block, document, start, end)
    if block.has_formulas and document is not None and block.kind is not Kind.TABLE:
        text = document_text(document, start, end).replace("\u2028", "\n")
        return text if start else _marked(block, text)
    text = block.code if block.kind is Kind.CODE and not block.last else block.text
    if start or end is not None:
        text = utf16_slice(text, start, utf16_length(text) if end is None else end)
    text = text.replace("\u2028", "\n")
    return text if start else _marked(block, text)


def _marked(block: Block, text: str) -> str:
    if not block.marker:
        return text
    depth = block.path.count("l") - 1
    return f"{'  ' * depth}{block.marker} {text}"


def document_position(block: Block, document: QTextDocument, position: int) -> int:
    """Return where a position in the block's text is in its document."""
    if block.kind is Kind.TABLE:
        return position + 1  # an empty line is above the table
    if not block.has_formulas:
        return position
    place, left = 0, position
    fragments = document.firstBlock().begin()
    while not fragments.atEnd():
        fragment = fragments.fragment()
        source = fragment.charFormat().property(FORMULA)
        unit = utf16_length(source) if isinstance(source, str) else 1
        if left < fragment.length() * unit:
            return place + left // unit
        place, left = place + fragment.length(), left - fragment.length() * unit
        fragments += 1
    return place


def document_text(document: QTextDocument, start: int, end: int | None) -> str:
    """Return a paragraph's text between two of Qt's positions, formulas by their source."""
    parts = []
    stop = document.characterCount() if end is None else end
    fragments = document.firstBlock().begin()
    while not fragments.atEnd():
        fragment = fragments.fragment()
        first = max(0, start - fragment.position())
        last = min(fragment.length(), stop - fragment.position())
        if first < last:
            source = fragment.charFormat().property(FORMULA)
            piece = utf16_slice(fragment.text(), first, last)
            parts.append(source * (last - first) if isinstance(source, str) else piece)
        fragments += 1
    return "".join(parts)


def _table_piece(block: Block, document: QTextDocument, start: int, end: int | None) -> str:
    """Return the selected text of a table, cells by tabs."""
    frames = document.rootFrame().childFrames()
    table = QTextCursor(frames[0].firstCursorPosition()).currentTable()
    stop = document.characterCount() if end is None else end
    lines = []
    for row, cells in enumerate(block.rows):
        parts = []
        for column, cell in enumerate(cells):
            place = table.cellAt(row, column)
            first, last = max(start, place.firstPosition()), min(stop, place.lastPosition())
            if first <= last and place.lastPosition() > start and place.firstPosition() < stop:
                offset = place.firstPosition()
                parts.append(utf16_slice(plain(cell), first - offset, last - offset))
        if parts:
            lines.append("\t".join(parts))
    return "\n".join(lines)

"""The rounded backgrounds behind inline code."""

from collections.abc import Iterator

from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QTextBlock, QTextDocument, QTextFormat, QTextLine

from phidesk.ui.thread.blocks import Block, Kind, Style

_SIDE = 2.5
_ABOVE, _BELOW = 1.15, 0.42
"""How far a background reaches from the base line, in sizes of the font."""


def code_backgrounds(block: Block, document: QTextDocument) -> list[QRectF]:
    """Return where a document has inline code, one rectangle for each line it is on."""
    spans = list(block.spans)
    if block.kind is Kind.TABLE:
        spans = [span for row in block.rows for cell in row for span in cell]
    if not any(span.style & Style.CODE for span in spans):
        return []
    found: list[QRectF] = []
    layout = document.documentLayout()
    paragraph = document.begin()
    while paragraph.isValid():
        origin = layout.blockBoundingRect(paragraph).topLeft()
        found.extend(rect.translated(origin) for rect in _in_paragraph(paragraph))
        paragraph = paragraph.next()
    return found


def _in_paragraph(paragraph: QTextBlock) -> Iterator[QRectF]:
    layout = paragraph.layout()
    fragments = paragraph.begin()
    while not fragments.atEnd():
        fragment = fragments.fragment()
        form = fragment.charFormat()
        if form.fontFixedPitch():
            size = form.property(QTextFormat.Property.FontPixelSize)
            start = fragment.position() - paragraph.position()
            end = start + fragment.length()
            while start < end:
                line = layout.lineForTextPosition(start)
                if not line.isValid():
                    break
                stop = min(end, line.textStart() + line.textLength())
                x1, x2 = x_of(line, start), x_of(line, stop)
                baseline = line.y() + line.ascent()
                corner = QPointF(min(x1, x2) - _SIDE, baseline - _ABOVE * size)
                extent = QSizeF(abs(x2 - x1) + 2 * _SIDE, (_ABOVE + _BELOW) * size)
                yield QRectF(corner, extent)
                start = max(stop, start + 1)
        fragments += 1


def x_of(line: QTextLine, position: int) -> float:
    """Return where in a line a position of its paragraph's text is."""
    found = line.cursorToX(position)
    return float(found[0] if isinstance(found, tuple) else 0)

"""What is always seen below a message: which version it is, and Continue where it broke off."""

from typing import NamedTuple

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen

from phidesk.core.chat import Role
from phidesk.ui.theme import Theme, scaled
from phidesk.ui.thread.documents import ROW_PADDING
from phidesk.ui.thread.offers import Act, Offers, name
from phidesk.viewmodels.thread_model import ThreadRole

_Index = QModelIndex | QPersistentModelIndex
_HEIGHT = 19
_ARROW, _GAP = 18, 12
_REACH = 5
"""How far around a part a click still counts."""


class Part(NamedTuple):
    """A piece of the footer; act: what a click does, None for mere words."""

    rect: QRect
    text: str
    act: Act | None


def footer(index: _Index, row: QRect, offers: Offers, font: QFont) -> list[Part]:
    """Return the parts, placed in the space below the message whose row has a rectangle."""
    number, count = index.data(ThreadRole.VERSION) or (1, 1)
    metrics = QFontMetrics(font)
    wanted: list[tuple[int, str, Act | None]] = []
    if count > 1:
        words = f"{number}/{count}"
        wanted.append((_ARROW, "‹", Act.PREVIOUS if number > 1 else None))
        wanted.append((metrics.horizontalAdvance(words) + 2, words, None))
        wanted.append((_ARROW, "›", Act.NEXT if number < count else None))
    if Act.CONTINUE in offers(str(index.data(ThreadRole.ID))):
        if wanted:
            wanted.append((_GAP, "", None))
        words = name(Act.CONTINUE)
        wanted.append((metrics.horizontalAdvance(words) + 2, words, Act.CONTINUE))
    x = row.left()
    if index.data(ThreadRole.SPEAKER) == Role.USER:
        x = row.right() + 1 - sum(width for width, _, _ in wanted)
    parts = []
    for width, text, act in wanted:
        place = QRect(x, row.bottom() + 1 - ROW_PADDING, width, scaled(_HEIGHT))
        parts.append(Part(place, text, act))
        x += width
    return parts


def act_at(parts: list[Part], point: QPoint) -> Act | None:
    """Return what a click at a point does."""
    for part in parts:
        if part.act is not None and part.rect.adjusted(0, -2, 0, _REACH).contains(point):
            return part.act
    return None


def paint_footer(
    painter: QPainter, parts: list[Part], theme: Theme, font: QFont, hovered: Act | None
) -> None:
    """Paint the parts; what the mouse is on is brighter."""
    painter.setFont(font)
    for part in parts:
        lit = part.act is not None and part.act is hovered
        if part.text in ("‹", "›"):
            _paint_arrow(painter, part, theme, lit=lit)
            continue
        colour = theme.accent if part.act is Act.CONTINUE else theme.muted
        painter.setPen(QColor(theme.text if lit else colour))
        painter.drawText(part.rect, int(Qt.AlignmentFlag.AlignCenter), part.text)


def _paint_arrow(painter: QPainter, part: Part, theme: Theme, *, lit: bool) -> None:
    colour = theme.border if part.act is None else theme.text if lit else theme.muted
    pen = QPen(QColor(colour), 1.6)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(pen)
    middle, way = part.rect.center() + QPoint(0, 1), 2 if part.text == "›" else -2
    tip = QPoint(middle.x() + way, middle.y())
    for side in (-4, 4):
        painter.drawLine(QPoint(middle.x() - way, middle.y() + side), tip)
    painter.restore()

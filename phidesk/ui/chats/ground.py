"""The ground behind a row of the side list: chosen, under the mouse, with the focus.

Apart from the delegates, which the window has from the start: QStyle makes its 600 names when it
is first named (7 ms), and there is nothing to paint before a row is there.
"""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from phidesk.ui.theme import RADIUS, Theme


def paint_ground(painter: QPainter, option: QStyleOptionViewItem, theme: Theme) -> None:
    """Paint what shows the chosen row and the mouse."""
    selected = bool(option.state & QStyle.StateFlag.State_Selected)
    if selected or option.state & QStyle.StateFlag.State_MouseOver:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.accent_soft if selected else theme.hover))
        ground = QRectF(option.rect).adjusted(0, 1, 0, -1)
        painter.drawRoundedRect(ground, RADIUS - 2, RADIUS - 2)


def paint_ring(painter: QPainter, option: QStyleOptionViewItem, theme: Theme) -> None:
    """Paint a ring around the chosen row where the list has the focus."""
    chosen = option.state & QStyle.StateFlag.State_Selected
    if chosen and option.state & QStyle.StateFlag.State_HasFocus:
        painter.setPen(QColor(theme.accent))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        ring = QRectF(option.rect).adjusted(0.5, 1.5, -0.5, -1.5)
        painter.drawRoundedRect(ring, RADIUS - 2, RADIUS - 2)

"""Paints a row of a list as a card with two lines, and something at the right of the first."""

from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from phidesk.ui.theme import RADIUS, SPACE_M, Theme


@dataclass(frozen=True)
class Card:
    """What a card says. side: beside the title, in a colour of its own; margin: at both ends."""

    title: str
    facts: str
    side: str
    side_colour: str
    margin: int
    enabled: bool = True


def paint_card(painter: QPainter, option: QStyleOptionViewItem, theme: Theme, card: Card) -> None:
    """Paint the ground, which shows selection and mouse, and the words, shortened to fit."""
    selected = bool(option.state & QStyle.StateFlag.State_Selected)
    hovered = card.enabled and bool(option.state & QStyle.StateFlag.State_MouseOver)
    rect = QRectF(option.rect).adjusted(1, 3, -9, -3)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QColor(theme.accent if selected else theme.border))
    ground = theme.accent_soft if selected else theme.hover if hovered else theme.surface
    painter.setBrush(QColor(ground if card.enabled else theme.window))
    painter.drawRoundedRect(rect, RADIUS, RADIUS)
    inner = rect.adjusted(card.margin, SPACE_M - 2, -card.margin, -SPACE_M + 2)
    half = inner.height() / 2
    top = QRectF(inner.left(), inner.top(), inner.width(), half)
    bottom = QRectF(inner.left(), inner.top() + half, inner.width(), half)
    font: QFont = option.font
    painter.setFont(font)
    if card.side:
        painter.setPen(QColor(card.side_colour))
        painter.drawText(top, _flags(Qt.AlignmentFlag.AlignRight), card.side)
        top.setRight(top.right() - painter.fontMetrics().horizontalAdvance(card.side) - card.margin)
    font.setBold(True)
    painter.setPen(QColor(theme.text if card.enabled else theme.muted))
    _text(painter, top, card.title, font, Qt.TextElideMode.ElideMiddle)
    font.setBold(False)
    painter.setPen(QColor(theme.muted))
    _text(painter, bottom, card.facts, font, Qt.TextElideMode.ElideRight)
    painter.restore()


def _text(painter: QPainter, rect: QRectF, text: str, font: QFont, elide: Qt.TextElideMode) -> None:
    painter.setFont(font)
    shown = painter.fontMetrics().elidedText(text, elide, int(rect.width()))
    painter.drawText(rect, _flags(Qt.AlignmentFlag.AlignLeft), shown)


def _flags(side: Qt.AlignmentFlag) -> int:
    return int(side | Qt.AlignmentFlag.AlignVCenter)

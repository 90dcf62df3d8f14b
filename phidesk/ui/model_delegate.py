"""Paints one model of the list: name, facts in small, a mark where something is wrong."""

from PySide6.QtCore import (
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from phidesk.core.models import ModelRef
from phidesk.ui.format import size
from phidesk.ui.icons import tinted_icon
from phidesk.ui.theme import RADIUS, SPACE_M, SPACE_XS, Look
from phidesk.viewmodels.models import ModelRole


class ModelDelegate(QStyledItemDelegate):
    """Two lines a model, in a rounded card."""

    def __init__(self, look: Look, parent: QObject) -> None:
        super().__init__(parent)
        self._look = look

    def sizeHint(  # noqa: N802
        self, option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Return room for two lines of the view's font."""
        line = option.fontMetrics.lineSpacing()
        return QSize(200, 2 * line + 2 * SPACE_M + SPACE_XS + 6)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Paint the card."""
        model = index.data(ModelRole.REF)
        if not isinstance(model, ModelRef):
            return
        theme = self._look.theme
        state = option.state
        selected = bool(state & QStyle.StateFlag.State_Selected)
        hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        rect = QRectF(option.rect).adjusted(1, 3, -9, -3)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(theme.accent if selected else theme.border))
        ground = theme.accent_soft if selected else theme.hover if hovered else theme.surface
        painter.setBrush(QColor(ground))
        painter.drawRoundedRect(rect, RADIUS, RADIUS)
        inner = rect.adjusted(SPACE_M, SPACE_M - 2, -SPACE_M, -SPACE_M + 2)
        if model.problem or model.concerns:
            colour = theme.danger if model.problem else theme.warning
            box = QRectF(inner.right() - 20, inner.center().y() - 10, 20, 20)
            tinted_icon("alert", colour).paint(painter, box.toRect())
            inner.setRight(inner.right() - 28)
        half = inner.height() / 2
        top = QRectF(inner.left(), inner.top(), inner.width(), half)
        bottom = QRectF(inner.left(), inner.top() + half, inner.width(), half)
        font: QFont = option.font
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(QColor(theme.text))
        flags = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        metrics = painter.fontMetrics()
        name = metrics.elidedText(model.name, Qt.TextElideMode.ElideMiddle, int(top.width()))
        painter.drawText(top, flags, name)
        font.setBold(False)
        painter.setFont(font)
        painter.setPen(QColor(theme.danger if model.problem else theme.muted))
        metrics = painter.fontMetrics()
        facts = model.problem or " · ".join(_facts(model))
        facts = metrics.elidedText(facts, Qt.TextElideMode.ElideRight, int(bottom.width()))
        painter.drawText(bottom, flags, facts)
        painter.restore()


def _facts(model: ModelRef) -> list[str]:
    context = f"{model.context_length:,} tokens" if model.context_length else ""
    parts = [model.architecture, model.quantization, size(model.size_bytes), context]
    return [part for part in parts if part]

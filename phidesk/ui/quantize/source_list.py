"""The models as sources of a quantization: which can be, and why others cannot."""

from PySide6.QtCore import (
    QIdentityProxyModel,
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
from phidesk.core.preflight import Level, source_finding
from phidesk.ui.format import size
from phidesk.ui.theme import RADIUS, SPACE_L, SPACE_M, SPACE_XS, Look
from phidesk.viewmodels.models import ModelRole, ModelsViewModel

_Index = QModelIndex | QPersistentModelIndex


class SourceModel(QIdentityProxyModel):
    """ModelsViewModel with the rows disabled that cannot be quantized."""

    def __init__(self, models: ModelsViewModel, parent: QObject) -> None:
        super().__init__(parent)
        self.setSourceModel(models)

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Return what can be done with a row."""
        model = index.data(ModelRole.REF)
        if isinstance(model, ModelRef) and source_finding(model).level is Level.STOP:
            return Qt.ItemFlag.NoItemFlags
        return super().flags(index)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return what the role asks for; the reason is part of the accessible text."""
        found: object = super().data(index, role)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            model = index.data(ModelRole.REF)
            if isinstance(model, ModelRef):
                return f"{found}, {size(model.size_bytes)}. {source_finding(model).text}"
        return found


class SourceDelegate(QStyledItemDelegate):
    """Name and size in the first line, format or the reason against it in the second."""

    def __init__(self, look: Look, parent: QObject) -> None:
        super().__init__(parent)
        self._look = look

    def sizeHint(self, option: QStyleOptionViewItem, _index: _Index) -> QSize:  # noqa: N802
        """Return room for two lines."""
        return QSize(200, 2 * option.fontMetrics.lineSpacing() + 2 * SPACE_M + SPACE_XS + 6)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint a card."""
        model = index.data(ModelRole.REF)
        if not isinstance(model, ModelRef):
            return
        theme, state = self._look.theme, option.state
        enabled = bool(index.flags() & Qt.ItemFlag.ItemIsEnabled)
        selected = bool(state & QStyle.StateFlag.State_Selected)
        hovered = enabled and bool(state & QStyle.StateFlag.State_MouseOver)
        rect = QRectF(option.rect).adjusted(1, 3, -9, -3)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(theme.accent if selected else theme.border))
        ground = theme.accent_soft if selected else theme.hover if hovered else theme.surface
        painter.setBrush(QColor(ground if enabled else theme.window))
        painter.drawRoundedRect(rect, RADIUS, RADIUS)
        inner = rect.adjusted(SPACE_L, SPACE_M - 2, -SPACE_L, -SPACE_M + 2)
        half = inner.height() / 2
        top = QRectF(inner.left(), inner.top(), inner.width(), half)
        bottom = QRectF(inner.left(), inner.top() + half, inner.width(), half)
        font: QFont = option.font
        right = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        left = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        figure = size(model.size_bytes)
        painter.setPen(QColor(theme.text if enabled else theme.muted))
        painter.setFont(font)
        painter.drawText(top, right, figure)
        top.setRight(top.right() - painter.fontMetrics().horizontalAdvance(figure) - SPACE_L)
        font.setBold(True)
        painter.setFont(font)
        elide = Qt.TextElideMode
        width = int(top.width())
        name = painter.fontMetrics().elidedText(model.name, elide.ElideMiddle, width)
        painter.drawText(top, left, name)
        font.setBold(False)
        painter.setFont(font)
        painter.setPen(QColor(theme.muted))
        facts = source_finding(model).text if not enabled else facts_of(model)
        facts = painter.fontMetrics().elidedText(facts, elide.ElideRight, int(bottom.width()))
        painter.drawText(bottom, left, facts)
        painter.restore()


def facts_of(model: ModelRef) -> str:
    """Return a model's kind in a few words."""
    kind = "GGUF" if model.format.value == "gguf" else model.format.value
    return " · ".join(part for part in (kind, model.quantization, model.architecture) if part)

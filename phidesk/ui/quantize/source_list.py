"""The models as sources of a quantization: which can be, and why others cannot."""

from PySide6.QtCore import (
    QIdentityProxyModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSize,
    Qt,
)
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from phidesk.core.models import ModelRef
from phidesk.core.preflight import Level, source_finding
from phidesk.ui.card import Card, paint_card
from phidesk.ui.format import size
from phidesk.ui.theme import SPACE_L, SPACE_M, SPACE_XS, Look
from phidesk.viewmodels.models import ModelRole, ModelsViewModel
from phidesk.viewmodels.words import in_words

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
                words = in_words(source_finding(model).text)
                return f"{found}, {size(model.size_bytes)}. {words}"
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
        theme = self._look.theme
        enabled = bool(index.flags() & Qt.ItemFlag.ItemIsEnabled)
        card = Card(
            title=model.name,
            facts=facts_of(model) if enabled else in_words(source_finding(model).text),
            side=size(model.size_bytes),
            side_colour=theme.text if enabled else theme.muted,
            margin=SPACE_L,
            enabled=enabled,
        )
        paint_card(painter, option, theme, card)


def facts_of(model: ModelRef) -> str:
    """Return a model's kind in a few words."""
    kind = "GGUF" if model.format.value == "gguf" else model.format.value
    return " · ".join(part for part in (kind, model.quantization, model.architecture) if part)

"""The engines' section in a window of its own, where a page leads to it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from phidesk.ui.engines.panel import EnginesPanel
from phidesk.ui.theme import SPACE_L, SPACE_M, SPACE_XL
from phidesk.ui.widgets import resize_dialog
from phidesk.viewmodels.engines import EnginesViewModel

_SIZE = (620, 420)


class EnginesDialog(QDialog):
    """Can be closed while an install goes on."""

    def __init__(self, engines: EnginesViewModel, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Engines"))
        self.panel = EnginesPanel(engines)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        area = QScrollArea()  # an install has more to say than there may be room for
        area.setAccessibleName(self.tr("Engines"))
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(self.panel)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_XL, SPACE_L, SPACE_XL, SPACE_L)
        column.setSpacing(SPACE_M)
        column.addWidget(area, 1)
        column.addWidget(buttons)
        resize_dialog(self, *_SIZE)

"""The engines' section in a window of its own, where a page leads to it."""

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from phidesk.ui.engines.panel import EnginesPanel
from phidesk.ui.theme import SPACE_L
from phidesk.viewmodels.engines import EnginesViewModel

_WIDTH = 620


class EnginesDialog(QDialog):
    """Can be closed while an install goes on."""

    def __init__(self, engines: EnginesViewModel, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Engines"))
        self.panel = EnginesPanel(engines)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_L)
        column.setSpacing(SPACE_L)
        column.addWidget(self.panel)
        column.addWidget(buttons)
        self.setMinimumWidth(_WIDTH)

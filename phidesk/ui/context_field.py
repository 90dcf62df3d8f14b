"""The context length to load for: its number, a slider, and the longest that fits."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QSlider, QWidget

from phidesk.ui.load_options import LABEL_WIDTH
from phidesk.ui.theme import SPACE_S
from phidesk.ui.token_box import TokenBox
from phidesk.ui.widgets import label

STEP = 256
_LONGEST = 1_048_576


class ContextField(QWidget):
    """Tokens; 0 stands for automatic."""

    edited = Signal(int)
    largest_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._longest = _LONGEST
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setAccessibleName(self.tr("Context length"))
        self.slider.setToolTip(self.tr("How many tokens of a conversation the model can see."))
        self.slider.valueChanged.connect(self._on_slid)
        self.number = TokenBox()
        self.number.setAccessibleName(self.tr("Context to load for"))
        self.number.valueChanged.connect(self._on_number_changed)
        self.largest = QPushButton(self.tr("Largest"))
        self.largest.setToolTip(self.tr("The largest context that fits into the free memory"))
        self.largest.clicked.connect(self.largest_wanted)
        row = QHBoxLayout()
        row.setSpacing(SPACE_S)
        row.addWidget(self.slider, 1)
        row.addWidget(self.largest)
        title = label(self.tr("Context"), "muted")
        title.setBuddy(self.number)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(SPACE_S)
        grid.setColumnMinimumWidth(0, LABEL_WIDTH)
        grid.setColumnStretch(1, 1)
        grid.addWidget(title, 0, 0)
        grid.addWidget(self.number, 0, 1)
        grid.addLayout(row, 1, 0, 1, 2)

    def show_tokens(self, tokens: int | None, automatic: int, longest: int | None) -> None:
        """Show what is chosen; automatic: what is loaded where nothing is; nothing is emitted."""
        self._longest = longest or _LONGEST
        for field in (self.slider, self.number):
            field.blockSignals(True)
        self.slider.setRange(1, max(1, -(-self._longest // STEP)))
        self.slider.setPageStep(max(1, self.slider.maximum() // 16))
        self.slider.setValue(round((tokens or automatic) / STEP))
        self.number.show_tokens(tokens or 0, self._longest)
        for field in (self.slider, self.number):
            field.blockSignals(False)

    def _on_slid(self, place: int) -> None:
        tokens = min(place * STEP, self._longest)
        self.number.blockSignals(True)
        self.number.setValue(tokens)
        self.number.blockSignals(False)
        self.edited.emit(tokens)

    def _on_number_changed(self, tokens: int) -> None:
        self.edited.emit(tokens)

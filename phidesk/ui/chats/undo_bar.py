"""A bar that offers back what was just deleted, for a while."""

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from phidesk.ui.theme import SPACE_L, SPACE_M, SPACE_S, Look
from phidesk.ui.widgets import IconButton, frame, label
from phidesk.viewmodels.undo import Undo

_SHOWN_MS = 12_000


class UndoBar(QWidget):
    """Goes by itself; a key of the window undoes also after that."""

    def __init__(self, undo: Undo, look: Look, margin: int = SPACE_L) -> None:
        super().__init__()
        self._undo = undo
        self._words = label()
        self.button = QPushButton(self.tr("Undo"))
        self.button.clicked.connect(undo.undo)
        close = IconButton(look, "close", self.tr("Dismiss"), size=16)
        close.clicked.connect(undo.withdraw)
        card = frame("card")
        row = QHBoxLayout(card)
        row.setContentsMargins(SPACE_M, SPACE_S - 2, SPACE_S, SPACE_S - 2)
        row.setSpacing(SPACE_M)
        row.addWidget(self._words, 1)
        row.addWidget(self.button)
        row.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(margin, 0, margin, SPACE_S if margin else 0)
        column.addWidget(card)
        self._timer = QTimer(self, singleShot=True, interval=_SHOWN_MS)
        self._timer.timeout.connect(undo.withdraw)
        undo.changed.connect(self._on_changed)
        self.hide()

    def _on_changed(self) -> None:
        self._words.setText(self._undo.words)
        self._words.setAccessibleName(self._undo.words)
        self.setVisible(bool(self._undo.words))
        if self._undo.words:
            self._timer.start()
        else:
            self._timer.stop()

"""Which texts a quantization looks at: the packs, and files of the user's own."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QGridLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from phidesk.core.texts import Pack
from phidesk.ui.quantize.wording import pack_name
from phidesk.ui.theme import SPACE_S, SPACE_XS

_TITLE_WIDTH = 110


class CalibrationField(QWidget):
    """Check boxes for packs and files."""

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._showing = False
        self._boxes: dict[str, QCheckBox] = {}
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setVerticalSpacing(SPACE_XS)
        for pack in Pack:
            self._add_box(pack.value, pack_name(self, pack.value))
        self._add = QPushButton(self.tr("My own text or JSONL file…"))
        self._add.clicked.connect(self._on_add)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_S)
        column.addLayout(self._grid)
        column.addWidget(self._add)

    @property
    def names(self) -> tuple[str, ...]:
        """The chosen packs and paths."""
        return tuple(name for name, box in self._boxes.items() if box.isChecked())

    def show_names(self, names: tuple[str, ...]) -> None:
        """Check what is in the recipe."""
        self._showing = True
        for name in names:
            if name not in self._boxes:
                self._add_box(name, Path(name).name)
        for name, box in self._boxes.items():
            box.setChecked(name in names)
        self._showing = False

    def add_file(self, path: str) -> None:
        """Use a file, too."""
        self.show_names((*self.names, path))
        self.edited.emit()

    def _add_box(self, name: str, title: str) -> None:
        shown = self.fontMetrics().elidedText(title, Qt.TextElideMode.ElideMiddle, _TITLE_WIDTH)
        box = QCheckBox(shown.replace("&", "&&"))
        box.setAccessibleName(title)
        box.setToolTip(name if title == Path(name).name else title)
        box.toggled.connect(self._on_toggled)
        place = len(self._boxes)
        self._grid.addWidget(box, place // 2, place % 2)
        self._boxes[name] = box

    def _on_toggled(self) -> None:
        if not self._showing:
            self.edited.emit()

    def _on_add(self) -> None:
        path, _ = QFileDialog.getOpenFileName(
            self,
            self.tr("Texts to calibrate with"),
            "",
            self.tr("Texts (*.txt *.md *.jsonl);;All files (*)"),
        )
        if path:
            self.add_file(path)

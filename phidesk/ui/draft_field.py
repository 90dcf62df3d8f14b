"""Which small model guesses for the chosen one."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QFileDialog

from phidesk.core.models import ModelFormat, ModelRef
from phidesk.viewmodels.models import ModelRole, ModelsViewModel

_CHOOSE = "choose"


class DraftField(QComboBox):
    """The listed models that are smaller than the chosen one, or any folder."""

    chosen = Signal(str)
    """the model's folder"""

    def __init__(self, models: ModelsViewModel) -> None:
        super().__init__()
        self._models = models
        self._path = ""
        self.setMinimumContentsLength(8)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.activated.connect(self._on_activated)

    def show_path(self, path: str) -> None:
        """Fill the list, and show which folder is chosen; "" for none."""
        self._path = path
        self.clear()
        self.addItem(self.tr("Choose a small model"), "")
        names = {ref.path: ref.name for ref in self._smaller()}
        if path:
            names.setdefault(path, Path(path).name)
        for folder, name in names.items():
            self.addItem(name, folder)
            self.setItemData(self.count() - 1, folder, Qt.ItemDataRole.ToolTipRole)
        self.insertSeparator(self.count())
        self.addItem(self.tr("Choose a folder…"), _CHOOSE)
        self.setCurrentIndex(max(0, self.findData(path)))

    def _smaller(self) -> list[ModelRef]:
        model, found = self._models.selected, []
        for row in range(self._models.rowCount()):
            ref = self._models.data(self._models.index(row), ModelRole.REF)
            if not isinstance(ref, ModelRef) or model is None or ref.problem:
                continue
            if ref.format is ModelFormat.SAFETENSORS and ref.size_bytes < model.size_bytes:
                found.append(ref)
        return found

    def _on_activated(self, place: int) -> None:
        path = self.itemData(place)
        if path == _CHOOSE:
            path = QFileDialog.getExistingDirectory(self, self.tr("The folder of a small model"))
        if path:
            self.chosen.emit(path)
        else:
            self.show_path(self._path)

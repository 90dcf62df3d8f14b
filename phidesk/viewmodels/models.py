"""The models that the picker offers: the starter model and what lies in the user's folders."""

import asyncio
from enum import IntEnum
from pathlib import Path

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from phidesk.core import catalog
from phidesk.core.engines import EngineName
from phidesk.core.load_options import LoadOptions
from phidesk.core.models import ModelRef
from phidesk.core.paths import models_dir
from phidesk.core.settings import Settings, SettingsFile
from phidesk.core.starter import STARTER_KEY

_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class ModelRole(IntEnum):
    """What the picker may ask of a row."""

    REF = Qt.ItemDataRole.UserRole + 1


class ModelsViewModel(QAbstractListModel):
    """The models, the one that is selected, and how it is to be loaded."""

    selection_changed = Signal()
    scanning_changed = Signal()
    failed = Signal(str)
    """plain words, for example about settings that cannot be saved"""

    def __init__(
        self, settings: Settings, file: SettingsFile, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._settings = settings
        self._file = file
        self._models: list[ModelRef] = []
        self._extra: list[ModelRef] = []
        self._scan: asyncio.Task[None] | None = None
        self.selected: ModelRef | None = None
        self.engine: EngineName | None = None
        self.context_length: int | None = None
        self.options = LoadOptions()

    @property
    def is_scanning(self) -> bool:
        """Whether folders are being read."""
        return self._scan is not None and not self._scan.done()

    @property
    def folders(self) -> tuple[str, ...]:
        """The folders that the user added."""
        return tuple(self._settings.folders)

    def rowCount(self, parent: _Index = _ROOT) -> int:  # noqa: N802
        """Return the number of models."""
        return 0 if parent.isValid() else len(self._models)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return what the role asks for."""
        if not index.isValid() or not 0 <= index.row() < len(self._models):
            return None
        model = self._models[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return model.name
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{model.name}, {model.quantization}"
            case Qt.ItemDataRole.ToolTipRole:
                return model.path
            case ModelRole.REF:
                return model
            case _:
                return None

    def start(self, first: str) -> None:
        """Fill the list and select a model by its path, or the starter model.

        Raises ModelNotFoundError where the path names no model.
        """
        starter = catalog.starter()
        wanted = catalog.open_model(first) if first != STARTER_KEY else starter
        found = [starter] if starter else []
        if wanted is not None and wanted not in found:
            self._extra.append(wanted)
            found.append(wanted)
        self._replace(found)
        self.select(wanted or starter)
        if self._all_folders():
            self.rescan()

    def row_of(self, model: ModelRef | None) -> int:
        """Return a model's row, or -1."""
        return next((n for n, m in enumerate(self._models) if model and m.path == model.path), -1)

    def find(self, path: str) -> ModelRef | None:
        """Return the listed model at a path, or None."""
        return next((model for model in self._models if model.path == path), None)

    def select(self, model: ModelRef | None) -> None:
        """Choose the model that Load loads; its engine and context begin as automatic."""
        if model != self.selected:
            self.selected = model
            self.engine, self.context_length, self.options = None, None, LoadOptions()
            self.selection_changed.emit()

    def add_folder(self, folder: str) -> None:
        """Remember a folder and list what is in it."""
        path = str(Path(folder).expanduser().absolute())
        if path not in self._settings.folders:
            self._settings.folders.append(path)
            self._save()
        self.rescan()

    def rescan(self) -> None:
        """Read the folders again, in the background."""
        if self._scan is not None:
            self._scan.cancel()
        self._scan = asyncio.ensure_future(self._read_folders())
        self.scanning_changed.emit()

    def stop(self) -> None:
        """Stop reading folders."""
        if self._scan is not None:
            self._scan.cancel()

    async def _read_folders(self) -> None:
        folders = [Path(folder) for folder in self._settings.folders]
        models = await asyncio.to_thread(_scan_all, self._all_folders())
        starter = catalog.starter()
        unique = {m.path: m for m in (*([starter] if starter else []), *self._extra, *models)}
        self._replace(list(unique.values()))
        self._scan = None
        empty = [f for f in folders if not any(f in Path(m.path).parents for m in models)]
        empty = [f for f in empty if all(Path(m.path) != f for m in models)]
        if empty:
            names = ", ".join(f"“{folder}”" for folder in empty)
            self.failed.emit(self.tr("No models were found in {0}.").format(names))
        self.scanning_changed.emit()
        if self.selected is not None and self.selected.path not in unique:
            self.select(starter)

    def _all_folders(self) -> list[Path]:
        """The user's folders and phidesk's own, where the copies are."""
        own = [models_dir()] if models_dir().is_dir() else []
        return [*own, *(Path(folder) for folder in self._settings.folders)]

    def _replace(self, models: list[ModelRef]) -> None:
        self.beginResetModel()
        self._models = models
        self.endResetModel()

    def _save(self) -> None:
        try:
            self._file.save(self._settings)
        except OSError as error:
            self.failed.emit(self.tr("Your settings cannot be saved: {0}").format(error))


def _scan_all(folders: list[Path]) -> list[ModelRef]:
    return [model for folder in folders for model in catalog.scan(folder)]

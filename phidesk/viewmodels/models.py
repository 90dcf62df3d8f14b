"""The models that the picker offers: the starter model and what lies in the user's folders."""

import os
import re
from enum import IntEnum
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace
from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
)

from phidesk.core import catalog
from phidesk.core.catalog import ModelNotFoundError
from phidesk.core.engines import EngineName
from phidesk.core.library.apart import folders_apart
from phidesk.core.load_options import LoadOptions
from phidesk.core.models import ModelRef
from phidesk.core.settings import Settings, SettingsFile
from phidesk.core.starter import STARTER_KEY
from phidesk.viewmodels.saving import saving_problem

if TYPE_CHECKING:
    from phidesk.viewmodels.library_scan import LibraryScan

_FIRST_SCAN_MS = 600
_DIGITS = re.compile(r"([0-9]{1,18})")
_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class ModelRole(IntEnum):
    """What the picker may ask of a row."""

    REF = Qt.ItemDataRole.UserRole + 1


class ModelsViewModel(QAbstractListModel):
    """The models, the one that is selected, and how it is to be loaded."""

    selection_changed = Signal()
    scanning_changed = Signal()
    library_changed = Signal()
    """more is known of the models, or there are others"""
    failed = Signal(str)
    """plain words, for example about settings that cannot be saved"""

    def __init__(
        self, settings: Settings, file: SettingsFile, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._settings = settings
        self._file = file
        self._models: list[ModelRef] = []
        self._apart: dict[str, str] = {}
        self._extra: list[ModelRef] = []
        self._scan: LibraryScan | None = None
        self._first_scan = QTimer(self)  # the window comes first
        self._first_scan.setSingleShot(True)
        self._first_scan.setInterval(_FIRST_SCAN_MS)
        self._first_scan.timeout.connect(self.rescan)
        self._added = ""
        self.selected: ModelRef | None = None
        self.engine: EngineName | None = None
        self.context_length: int | None = None
        self.options = LoadOptions()

    @property
    def is_scanning(self) -> bool:
        """Whether folders are being read, or soon will be."""
        return self._first_scan.isActive() or (self._scan is not None and self._scan.is_running)

    @property
    def library(self) -> "LibraryScan":
        """What is known of the models beside what the picker needs."""
        if self._scan is None:
            from phidesk.viewmodels.library_scan import LibraryScan

            self._scan = LibraryScan(lambda: self._settings.folders, self)
            self._scan.listed.connect(self._on_listed)
            self._scan.finished.connect(self._on_finished)
            self._scan.failed.connect(self.failed)
        return self._scan

    @property
    def folders(self) -> tuple[str, ...]:
        """The folders that the user added."""
        return tuple(self._settings.folders)

    @property
    def refs(self) -> list[ModelRef]:
        """The models that are listed, in order."""
        return self._models

    @property
    def names(self) -> dict[str, str]:
        """What the user calls models, by their paths."""
        return self._settings.names

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
                return self.label(model)
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{self.label(model)}, {model.quantization}"
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
        self._replace([self._named(model) for model in found])
        self.library_changed.emit()
        chosen = wanted or starter
        self.select(self.find(chosen.path) if chosen else None)
        self._first_scan.start()
        self.scanning_changed.emit()

    def open(self, path: str) -> None:
        """List the model at a path and select it, or add the folder of several.

        Raises ModelNotFoundError where there is none.
        """
        try:
            model = catalog.open_model(path)
        except ModelNotFoundError:
            if not os.path.isdir(path) or next(catalog.scan(Path(path)), None) is None:  # noqa: PTH112
                raise
            self.add_folder(path)
            return
        if self.find(model.path) is None:
            self._extra.append(model)
            self._replace([*self._models, self._named(model)])
            self.library_changed.emit()
        self.select(self.find(model.path))

    def row_of(self, model: ModelRef | None) -> int:
        """Return a model's row, or -1."""
        return next((n for n, m in enumerate(self._models) if model and m.path == model.path), -1)

    def find(self, path: str) -> ModelRef | None:
        """Return the listed model at a path, or None."""
        return next((model for model in self._models if model.path == path), None)

    def apart(self, path: str) -> str:
        """Return what tells a model from others of its name; "" where there are none."""
        return self._apart.get(path, "")

    def label(self, model: ModelRef) -> str:
        """Return a model's name, with its folder where another has the same name."""
        folder = self.apart(model.path)
        return f"{model.name} · {folder}" if folder else model.name

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
        self._added = path
        self.rescan()

    def remove_folder(self, folder: str) -> None:
        """Forget a folder that was added; nothing in it is touched."""
        if folder in self._settings.folders:
            self._settings.folders.remove(folder)
            self._save()
            self.rescan()

    def rename(self, path: str, name: str) -> None:
        """Show a model under another name, "" for its own; files are not renamed."""
        if name:
            self._settings.names[path] = name
        else:
            self._settings.names.pop(path, None)
        self._save()
        self._on_listed()

    def forget(self, path: str) -> None:
        """Leave out a model that is in the trash."""
        self._extra = [model for model in self._extra if model.path != path]
        self.library.forget(path)

    def rescan(self) -> None:
        """Read the folders again, in the background."""
        self._first_scan.stop()
        self.library.start()
        self.scanning_changed.emit()

    async def shut_down(self) -> None:
        """Stop reading folders."""
        self._first_scan.stop()
        if self._scan is not None:
            await self._scan.shut_down()

    def _on_listed(self) -> None:
        starter, found = catalog.starter(), self.library.entries
        refs = [*([starter] if starter else []), *self._extra]
        refs += [entry.ref for entry in found.values()]
        unique = {ref.path: self._named(ref) for ref in refs}
        was_listed = self.row_of(self.selected) >= 0
        if list(unique.values()) != self._models:
            self._replace(list(unique.values()))
        self.library_changed.emit()
        if self.selected is None or not was_listed:
            return
        now = unique.get(self.selected.path)
        if now is None:
            self.select(self.find(starter.path) if starter else None)
        elif now != self.selected:  # how it is to be loaded stays
            self.selected = now
            self.selection_changed.emit()

    def _on_finished(self) -> None:
        self.scanning_changed.emit()
        added, self._added = self._added, ""
        if not added:
            return
        # A folder in another one may be listed under that one's name, through a link.
        found = [Path(os.path.realpath(path)) for path in self.library.entries]
        folder = Path(os.path.realpath(added))
        if not any(folder == path or folder in path.parents for path in found):
            self.failed.emit(self.tr("No models were found in “{0}”.").format(added))

    def _replace(self, models: list[ModelRef]) -> None:
        self.beginResetModel()
        self._models, self._apart = models, folders_apart(models)
        self.endResetModel()

    def _named(self, model: ModelRef) -> ModelRef:
        name = self._settings.names.get(model.path)
        return replace(model, name=name) if name else model

    def _save(self) -> None:
        if problem := saving_problem(self._file, self._settings):
            self.failed.emit(problem)


@lru_cache(maxsize=20_000)
def natural(name: str) -> tuple[tuple[int, str], ...]:
    """Return a key that puts "Model 9" before "Model 10"."""
    parts = _DIGITS.split(name.casefold())
    return tuple((int(p), "") if p.isdecimal() else (-1, p) for p in parts if p)

"""The user's presets: kept in a file, saved and opened as files to share."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from phidesk.core.kept_file import KeptFile
from phidesk.core.sampling_presets import (
    Preset,
    PresetError,
    clean_name,
    read_preset,
    write_preset,
)
from phidesk.viewmodels.kept_table import KeptTable
from phidesk.viewmodels.words import in_words


class PresetsViewModel(QObject):
    """Presets by name, read when they are first asked for."""

    changed = Signal()
    failed = Signal(str)

    def __init__(self, file: KeptFile[Preset] | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        unsaved = self.tr("Your presets cannot be saved: {0}")
        self._table = KeptTable(file or KeptFile("presets.json", Preset), unsaved, self)
        self._table.failed.connect(self.failed)

    def names(self) -> list[str]:
        """Return the names in the order of the alphabet."""
        return sorted(self._table.entries, key=str.casefold)

    def get(self, name: str) -> Preset | None:
        """Return a preset; None where there is none of that name."""
        return self._table.entries.get(name)

    def save(self, name: str, preset: Preset) -> str:
        """Keep a preset, also in place of one of that name; returns the name as it is kept."""
        name = clean_name(name)
        if name:
            self._table.entries[name] = preset
            self._keep()
        return name

    def rename(self, name: str, new: str) -> str:
        """Give a preset another name, unless one has it; returns its name from then on."""
        new = clean_name(new)
        presets = self._table.entries
        if not new or new == name or name not in presets:
            return name
        if new in presets:
            self.failed.emit(self.tr("There is a preset “{0}” already.").format(new))
            return name
        presets[new] = presets.pop(name)
        self._keep()
        return new

    def delete(self, name: str) -> Callable[[], None]:
        """Drop a preset; returns the way back, for as long as no other has its name."""
        preset = self._table.entries.pop(name, None)
        self._keep()

        def restore() -> None:
            if preset is not None:
                self._table.entries.setdefault(name, preset)
                self._keep()

        return restore

    def export(self, name: str, path: Path) -> None:
        """Write a preset into a file of its own."""
        preset = self.get(name)
        if preset is None:
            return
        try:
            write_preset(path, name, preset)
        except OSError as error:
            words = self.tr("“{0}” cannot be written: {1}")
            self.failed.emit(words.format(path.name, in_words(error.strerror or str(error))))

    def open(self, path: Path) -> str:
        """Keep the preset that a file holds; returns its name, "" where the file is none."""
        try:
            name, preset = read_preset(path)
        except PresetError as error:
            self.failed.emit(str(error))
            return ""
        known, number = name, 2
        while self.get(name) not in (None, preset):
            name, number = f"{known} ({number})", number + 1
        return self.save(name, preset)

    def _keep(self) -> None:
        self._table.save()
        self.changed.emit()

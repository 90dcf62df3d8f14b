"""Says when something has changed in one of many folders, without looking at them itself."""

from collections.abc import Iterable

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal

_QUIET_MS = 1500
_AT_MOST_MS = 10_000
_SLICE = 50


class FolderWatch(QObject):
    """Waits until a change has settled; a change that goes on is told every ten seconds."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None, quiet_ms: int = _QUIET_MS) -> None:
        super().__init__(parent)
        self._watcher = QFileSystemWatcher(self)
        self._watcher.directoryChanged.connect(self._on_changed)
        self._to_add: list[str] = []
        self._adding = QTimer(self)
        self._adding.timeout.connect(self._add_some)
        self._quiet, self._latest = QTimer(self), QTimer(self)
        for timer, wait in ((self._quiet, quiet_ms), (self._latest, _AT_MOST_MS)):
            timer.setSingleShot(True)
            timer.setInterval(wait)
            timer.timeout.connect(self._on_settled)

    def watch(self, folders: Iterable[str]) -> None:
        """Watch these folders and no others; a few at a time, as each takes a moment."""
        wanted, watched = set(folders), set(self._watcher.directories())
        if gone := list(watched - wanted):
            self._watcher.removePaths(gone)
        self._to_add = sorted(wanted - watched)
        if self._to_add:
            self._adding.start(0)

    def stop(self) -> None:
        """Watch nothing and say nothing any more."""
        if folders := self._watcher.directories():
            self._watcher.removePaths(folders)
        self._to_add = []
        for timer in (self._adding, self._quiet, self._latest):
            timer.stop()

    def _add_some(self) -> None:
        part, self._to_add = self._to_add[:_SLICE], self._to_add[_SLICE:]
        self._watcher.addPaths(part)  # what is gone meanwhile, or too much, is not watched
        if not self._to_add:
            self._adding.stop()

    def _on_changed(self, _folder: str) -> None:
        self._quiet.start()
        if not self._latest.isActive():
            self._latest.start()

    def _on_settled(self) -> None:
        self._quiet.stop()
        self._latest.stop()
        self.changed.emit()

"""A table of the user's own, read from its file when it is first asked for."""

from typing import Generic, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from phidesk.core.kept_file import KeptFile

T = TypeVar("T")


class KeptTable(QObject, Generic[T]):
    """Holds the entries by name, and says what cannot be read or saved."""

    failed = Signal(str)

    def __init__(self, file: KeptFile[T], unsaved: str, parent: QObject) -> None:
        """unsaved: the words for a table that cannot be saved, {0} for why."""
        super().__init__(parent)
        self._file = file
        self._unsaved = unsaved
        self._entries: dict[str, T] | None = None

    @property
    def entries(self) -> dict[str, T]:
        """The entries, to be changed in place and then saved."""
        if self._entries is None:
            self._entries = self._file.load()
            if problem := self._file.problem:  # the window may only be in the making
                QTimer.singleShot(0, self, lambda: self.failed.emit(problem))
        return self._entries

    def save(self) -> None:
        """Write the entries."""
        try:
            self._file.save(self.entries)
        except OSError as error:
            self.failed.emit(self._unsaved.format(error))

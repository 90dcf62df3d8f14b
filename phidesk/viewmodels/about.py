"""The parts of phidesk, read beside the window: there may be hundreds."""

from threading import Thread

from PySide6.QtCore import QObject, Signal, qVersion

from phidesk.core.inventory import Part as Part
from phidesk.core.inventory import parts
from phidesk.core.inventory import words as words


class AboutViewModel(QObject):
    """parts: empty until they are read."""

    changed = Signal()
    _read = Signal(list)
    """sent by the thread that reads, received in the window's"""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.parts: list[Part] = []
        self._thread: Thread | None = None
        self._read.connect(self._on_read)

    def look(self) -> None:
        """Read the parts, once."""
        if self._thread is None:
            self._thread = Thread(target=self._look, daemon=True)
            self._thread.start()

    def _look(self) -> None:
        self._read.emit(parts(qVersion()))

    def _on_read(self, found: list[Part]) -> None:
        self.parts = found
        self.changed.emit()

"""What was deleted, to be taken back, the last first."""

from collections import deque
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

_MOST = 50


class Undo(QObject):
    """Holds the ways back of the last deletes; words: what is offered back, "" for nothing."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.words = ""
        self._acts: deque[tuple[str, Callable[[], None]]] = deque(maxlen=_MOST)

    def offer(self, words: str, act: Callable[[], None]) -> None:
        """Offer to take a delete back; the earlier ones come after it."""
        self._acts.append((words, act))
        self.words = words
        self.changed.emit()

    def withdraw(self) -> None:
        """Offer nothing any more; undo() still takes it back."""
        self.words = ""
        self.changed.emit()

    def undo(self) -> None:
        """Take the last delete back, and offer the one before it."""
        if not self._acts:
            return
        _, act = self._acts.pop()
        self.words = self._acts[-1][0] if self._acts else ""
        self.changed.emit()
        act()

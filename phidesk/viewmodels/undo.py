"""What was deleted last, for as long as it is offered back."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal


class Undo(QObject):
    """Holds the way back of one delete; words: what was deleted, "" for nothing."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.words = ""
        self._act: Callable[[], None] | None = None

    def offer(self, words: str, act: Callable[[], None]) -> None:
        """Offer to take a delete back; an earlier one is final now."""
        self.words, self._act = words, act
        self.changed.emit()

    def withdraw(self) -> None:
        """Offer nothing any more."""
        self.words, self._act = "", None
        self.changed.emit()

    def undo(self) -> None:
        """Take the delete back."""
        act = self._act
        self.withdraw()
        if act is not None:
            act()

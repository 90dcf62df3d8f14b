"""What was deleted, to be taken back, the last first."""

from collections.abc import Callable

import msgspec
from PySide6.QtCore import QObject, Signal

_MOST = 50


class _Delete(msgspec.Struct, eq=False):
    """words: what happened. place: the chat that it happened in, "" for none. act: the way back."""

    words: str
    place: str
    act: Callable[[], None]


class Undo(QObject):
    """Holds the ways back of the last deletes; what was deleted in a chat is offered only there."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._place = ""
        self._deletes: list[_Delete] = []
        self._offered: _Delete | None = None

    @property
    def words(self) -> str:
        """What is offered back here, "" for nothing."""
        offered = self._offered
        return offered.words if offered is not None and self._is_here(offered) else ""

    def offer(self, words: str, act: Callable[[], None], place: str = "") -> None:
        """Offer to take a delete back; the earlier ones come after it."""
        self._offered = _Delete(words, place, act)
        self._deletes = [*self._deletes, self._offered][-_MOST:]
        self.changed.emit()

    def withdraw(self) -> None:
        """Offer nothing any more; undo() still takes it back."""
        self._offered = None
        self.changed.emit()

    def show_at(self, place: str) -> None:
        """Say which chat is shown now."""
        self._place = place
        self.changed.emit()

    def undo(self) -> None:
        """Take the last delete of this chat, or of no chat, back; and offer the one before it."""
        here = [delete for delete in self._deletes if self._is_here(delete)]
        if not here:
            return
        self._deletes.remove(here[-1])
        self._offered = here[-2] if len(here) > 1 else None
        self.changed.emit()
        here[-1].act()

    def _is_here(self, delete: _Delete) -> bool:
        return delete.place in ("", self._place)

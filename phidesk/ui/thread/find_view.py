"""The messages with the bar that finds words in them."""

from collections.abc import Sequence

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from phidesk.ui.theme import SPACE_L, SPACE_S, Theme
from phidesk.ui.thread.find_bar import FindBar
from phidesk.ui.thread.finder import Match
from phidesk.ui.thread.finding import Finding
from phidesk.ui.thread.geometry import TOP_MARGIN
from phidesk.ui.thread.message_view import MessageView

_Index = QModelIndex | QPersistentModelIndex


class FindView(MessageView):
    """Brings what is found on screen, and searches anew where messages change."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._wanted: Match | None = None
        """A match that is brought on screen once its message is rendered."""
        self._finding = Finding(self._documents, self._scene, theme, self)
        self._finding.place_wanted.connect(self._on_place_wanted)
        self._finding.marks_changed.connect(self.viewport().update)
        self._finding.hidden.connect(self._give_room)
        self._finding.closed.connect(self.setFocus)
        self._room = 0
        """Height that the bar takes above the first message."""
        self.find_keys = {
            "find": QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self),
            "next": QShortcut(QKeySequence(QKeySequence.StandardKey.FindNext), self),
            "previous": QShortcut(QKeySequence(QKeySequence.StandardKey.FindPrevious), self),
        }
        self.find_keys["find"].activated.connect(self.show_find)
        self.find_keys["next"].activated.connect(lambda: self._finding.step(1))
        self.find_keys["previous"].activated.connect(lambda: self._finding.step(-1))

    @property
    def find_bar(self) -> FindBar:
        """The bar, shown or not."""
        return self._finding.bar

    def set_theme(self, theme: Theme) -> None:
        """Show everything in another theme."""
        self._finding.bar.set_theme(theme)
        super().set_theme(theme)

    def settled(self, top: int, bottom: int) -> None:
        """Keep the bar in its corner."""
        super().settled(top, bottom)
        if not self._finding.bar.isHidden():
            self._place_bar()

    def show_find(self) -> None:
        """Open the bar that finds words, at what is on screen."""
        self._finding.open(self._geometry.rows.at(self.verticalScrollBar().value()))
        self._place_bar()
        self._give_room()

    def hide_find(self) -> None:
        """Hide the bar and its marks, and leave the focus where it is."""
        if self.find_bar.isVisible():
            self._finding.hide()

    def show_found(self, words: str, row: int) -> None:
        """Mark words that were found elsewhere, from a row on, until another chat is shown."""
        self._finding.show_found(words, row)
        self._place_bar()
        self._give_room()

    def setModel(self, model: QAbstractItemModel | None) -> None:  # noqa: N802
        """Show a model, from its end, and find in it."""
        super().setModel(model)
        self._finding.watch(model)

    def dataChanged(  # noqa: N802
        self, first: _Index, last: _Index, roles: Sequence[int] = ()
    ) -> None:
        """Note which messages have changed; what is in them is found anew."""
        self._finding.note_change()
        super().dataChanged(first, last, roles)

    def _reload(self) -> None:
        self._wanted = None
        super()._reload()

    def _on_rows_removed(self, parent: QModelIndex, first: int, last: int) -> None:
        self._wanted = None
        super()._on_rows_removed(parent, first, last)

    def _on_rendered(self, changed_y: int) -> None:
        super()._on_rendered(changed_y)
        if self._wanted is not None:
            self._on_place_wanted(self._wanted)

    def _on_place_wanted(self, match: Match) -> None:
        """Bring a match on screen once it is rendered; thoughts that are folded open for it."""
        self._follows = False
        message = self._documents.message(match.row)
        if match.block < 0:
            message.show_thoughts()
        if message.is_behind:
            self._geometry.advance(match.row, message)
        if message.is_behind and not message.source.is_open:
            self._wanted = match
            self._updates.note(match.row, soon=True)
        else:
            self._wanted = None
            self._show_place(match, max(0, match.block + message.layout.body))

    def _show_place(self, match: Match, block: int) -> None:
        """Bring a place on screen: what lies between is measured on the way."""
        bar, height = self.verticalScrollBar(), self.viewport().height()
        below_bar = TOP_MARGIN + self._room
        for _ in range(3):
            y = self._geometry.place_y(match.row, block, match.start)
            top = bar.value() + max(below_bar, height // 8)
            if not top < y < bar.value() + height * 7 // 8:
                bar.setValue(y - max(below_bar, height // 3))
            self.settle()

    def _give_room(self) -> None:
        """Let the first message stand below the bar while that is shown; nothing else moves."""
        find, bar = self._finding.bar, self.verticalScrollBar()
        room = find.height() + SPACE_S if find.isVisibleTo(self) else 0
        change, self._room = room - self._room, room
        if change:
            value = bar.value() + change  # of before: a smaller range may take some of it
            self._geometry.rows.set_top(TOP_MARGIN + room)
            self._is_settling = True  # nobody scrolls: what is followed stays followed
            bar.setMaximum(max(0, bar.maximum() + change))
            bar.setValue(value)
            self._is_settling = False
            self.settle()
            self.viewport().update()

    def _place_bar(self) -> None:
        bar, area = self._finding.bar, self.viewport().geometry()
        bar.adjustSize()
        bar.move(area.right() - bar.width() - SPACE_L, area.top() + SPACE_S)

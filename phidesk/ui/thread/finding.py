"""Find in chat: brings the bar, the search and the marks together."""

from collections import defaultdict

from PySide6.QtCore import QAbstractItemModel, QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from phidesk.ui.theme import Theme
from phidesk.ui.thread.documents import Documents
from phidesk.ui.thread.find_bar import FindBar
from phidesk.ui.thread.finder import Finder, Match
from phidesk.ui.thread.painting import Scene

_TYPING_MS = 120
_ANEW_MS = 400


class Finding(QObject):
    """Marks every match, and leads from one to the next."""

    place_wanted = Signal(Match)
    """This match is to be brought on screen."""
    marks_changed = Signal()
    hidden = Signal()
    closed = Signal()
    """by the user, whose keys belong to the messages again"""

    def __init__(self, documents: Documents, scene: Scene, theme: Theme, view: QWidget) -> None:
        super().__init__(view)
        self.bar = FindBar(theme, view)
        self._scene = scene
        self._finder = Finder(documents, self)
        self._current = -1
        self._marks: defaultdict[tuple[int, int], list[Match]] = defaultdict(list)
        self._marked = 0
        """How many of the matches are among the marks."""
        self._from_row = 0
        self._wants_place = False
        self._is_led_here = False
        """Whether the words were searched for elsewhere: what is found is of one chat alone."""
        self._typing = QTimer(self, singleShot=True, interval=_TYPING_MS)
        self._typing.timeout.connect(self._search)
        self._anew = QTimer(self, singleShot=True, interval=_ANEW_MS)
        self._anew.timeout.connect(self._search_again)
        self.bar.text_changed.connect(self._on_text_changed)
        self.bar.step_requested.connect(self.step)
        self.bar.closed.connect(self.close)
        self._finder.changed.connect(self._on_changed)

    @property
    def is_busy(self) -> bool:
        """Whether a search is not over."""
        return self._typing.isActive() or self._finder.is_busy

    def open(self, row: int) -> None:
        """Show the bar; the search begins at a row."""
        self._is_led_here = False
        self._from_row = row
        self.bar.show()
        self.bar.raise_()
        self.bar.field.setFocus()
        self.bar.field.selectAll()
        if self.bar.field.text():
            self._search()

    def show_found(self, words: str, row: int) -> None:
        """Show the first place from a row on, and leave the focus where it is."""
        self._from_row = row
        self.bar.field.setText(words)
        self._is_led_here = True
        self._typing.stop()
        self.bar.show()
        self.bar.raise_()
        self._search()

    def close(self) -> None:
        """Hide the bar and the marks."""
        if self.bar.isVisible():
            self.hide()
            self.closed.emit()

    def hide(self) -> None:
        """Hide the bar and the marks, and leave the focus where it is."""
        self._is_led_here = False
        self.bar.hide()
        self._finder.search("")
        self.hidden.emit()

    def step(self, by: int) -> None:
        """Go to the next match, or to the one before."""
        if self._typing.isActive():
            self._typing.stop()
            self._search()
            return
        if self._finder.matches:
            self._current = (self._current + by) % len(self._finder.matches)
            self._show(move=True)

    def watch(self, model: QAbstractItemModel | None) -> None:
        """Search anew when this model's messages change."""
        if self._is_led_here:
            self.hide()
        if model is not None:
            for signal in (model.rowsInserted, model.rowsRemoved, model.modelReset):
                signal.connect(self.note_change)
        self.note_change()

    def note_change(self) -> None:
        """Be told that messages are others now."""
        if self.bar.isVisible():
            self._anew.start()

    def _on_text_changed(self) -> None:
        self._is_led_here = False  # these words are the user's own
        self._typing.start()

    def _search(self) -> None:
        self._current, self._wants_place = -1, True
        self._finder.search(self.bar.field.text())

    def _search_again(self) -> None:
        if self.bar.isVisible():
            self._current, self._wants_place = -1, False
            self._finder.search(self.bar.field.text())

    def _on_changed(self) -> None:
        matches = self._finder.matches
        move = False
        if not matches:  # a search begins
            self._marks, self._marked = defaultdict(list), 0
        for match in matches[self._marked :]:
            self._marks[match.row, match.block].append(match)
        self._marked = len(matches)
        if self._current < 0 and matches:
            found = self._finder.nearest(self._from_row)
            # While rows after the wanted one are still to come, the first match has to wait.
            if matches[found].row >= self._from_row or not self._finder.is_busy:
                self._current, move = found, self._wants_place
        self._show(move=move)
        if self._is_led_here and not matches and not self._finder.is_busy:
            self.hide()  # it stands in what is not shown: in a link's address, in signs of Markdown

    def _show(self, *, move: bool) -> None:
        matches = self._finder.matches
        self._scene.marks = self._marks
        current = matches[self._current] if 0 <= self._current < len(matches) else None
        self._scene.current_mark = current
        self.bar.show_count(self._current + 1, len(matches), is_over=not self._finder.is_busy)
        if move and current is not None:
            self.place_wanted.emit(current)
        self.marks_changed.emit()

"""The side of the chat pane: New chat, the search, and the list of chats."""

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
)

from phidesk.core.conversation import SearchHit
from phidesk.ui.chats.view import ChatListView
from phidesk.ui.icons import tinted_icon
from phidesk.ui.theme import SPACE_M, SPACE_S, Look
from phidesk.ui.widgets import IconButton, SearchField, label
from phidesk.viewmodels.chat_list import ChatListViewModel

if TYPE_CHECKING:
    from phidesk.ui.chats.hits import HitsView

_PAUSE_MS = 150


class ChatSide(QFrame):
    """Arranges the parts, and shows what was found instead of the list while one searches."""

    def __init__(self, chats: ChatListViewModel, look: Look) -> None:
        super().__init__()
        self._chats = chats
        self._look = look
        self.list = ChatListView(chats, look)
        self._nothing = label(self.tr("Nothing found"), "muted")
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._pages = QStackedWidget()
        for page in (self.list, self._nothing):
            self._pages.addWidget(page)
        self.field = SearchField()
        self.field.setPlaceholderText(self.tr("Search chats"))
        self.field.setAccessibleName(self.tr("Search chats"))
        self.field.setClearButtonEnabled(True)
        self._glass = QAction(self.field)
        self.field.addAction(self._glass, QLineEdit.ActionPosition.LeadingPosition)
        self.field.installEventFilter(self)
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._search)
        self.field.textChanged.connect(self._on_text_changed)
        chats.hits_changed.connect(self._on_hits_changed)
        self.new = QPushButton(self.tr("New chat"))
        self.new.clicked.connect(chats.chat.new_conversation)
        more = IconButton(look, "more", self.tr("Folders, import and export"), size=18)
        more.clicked.connect(lambda: self._open_menu(more))
        head = QHBoxLayout()
        head.setSpacing(SPACE_S)
        head.addWidget(self.new, 1)
        head.addWidget(more)
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_M, SPACE_M, SPACE_S, SPACE_M)
        column.setSpacing(SPACE_S)
        column.addLayout(head)
        column.addWidget(self.field)
        column.addWidget(self._pages, 1)
        look.changed.connect(self._tint)
        self._tint()

    def show_opening(self, is_opening: bool) -> None:
        """Say, while it takes long, that the chats are still being opened."""
        if is_opening or "_opening" in self.__dict__:
            self._opening.setVisible(is_opening)

    @cached_property
    def _opening(self) -> QLabel:
        made = label(self.tr("Opening your chats…"), "muted")
        made.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._column.insertWidget(2, made)
        return made

    @cached_property
    def hits(self) -> "HitsView":
        """What was found, made by the first search."""
        from phidesk.ui.chats.hits import HitsView

        made = HitsView(self._chats, self._look)
        made.chosen.connect(self._on_hit_chosen)
        made.left.connect(self._end_search)
        self._pages.addWidget(made)
        return made

    def search(self) -> None:
        """Let the words be typed in."""
        self.show()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    @property
    def can_rename(self) -> bool:
        """Whether there is something that the keys could rename."""
        return self.list.hasFocus() or not self._chats.chat.current.is_empty

    def rename(self) -> None:
        """Let the name of the chat that is shown, or that the list's keys are on, be typed in."""
        if self.list.hasFocus():
            self.list.rename()
            return
        if self._chats.words:
            self._end_search()
        self.list.rename_shown()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Escape ends the search, Down goes to what was found, Enter to the first of it."""
        if watched is self.field and isinstance(event, QKeyEvent):
            is_press = event.type() is QEvent.Type.KeyPress
            return is_press and self._on_key(event.key())
        return super().eventFilter(watched, event)

    def _on_key(self, key: int) -> bool:
        match key:
            case Qt.Key.Key_Escape:
                self._end_search()
            case Qt.Key.Key_Down:
                is_found = bool(self._chats.words and self._chats.hits)
                (self.hits if is_found else self.list).setFocus()
                if is_found and not self.hits.currentIndex().isValid():
                    self.hits.setCurrentIndex(self.hits.model().index(0, 0))
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.hits.choose(0)
            case _:
                return False
        return True

    def _on_text_changed(self, text: str) -> None:
        if text.strip():
            self._pause.start()
        else:
            self._pause.stop()
            self._search()

    def _search(self) -> None:
        self._chats.search(self.field.text())

    def _on_hits_changed(self) -> None:
        if not self._chats.words:
            self._pages.setCurrentWidget(self.list)
        elif self._chats.hits:
            self._pages.setCurrentWidget(self.hits)
        else:
            self._pages.setCurrentWidget(self._nothing)

    def _on_hit_chosen(self, hit: SearchHit) -> None:
        self._chats.chat.show_message(hit.chat, hit.message, _found_in(hit, self._chats.words))

    def _end_search(self) -> None:
        self.field.clear()
        self.list.setFocus()

    def _open_menu(self, button: IconButton) -> None:
        menu = QMenu(button)
        self.list.actions_offered.add_common(menu)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(button.mapToGlobal(button.rect().bottomLeft()))

    def _tint(self) -> None:
        self.new.setIcon(tinted_icon("plus", self._look.theme.text))
        self._glass.setIcon(tinted_icon("search", self._look.theme.muted))


def _found_in(hit: SearchHit, words: str) -> str:
    """Return what to mark where a hit is: all the words, or the first of them that stands there."""
    words = words.replace('"', "")
    if words.lower() in hit.snippet.lower() or not hit.marks:
        return words
    return hit.snippet[slice(*hit.marks[0])]

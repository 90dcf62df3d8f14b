"""What can be done with a chat or a folder of the list."""

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from phidesk.ui.chats.rows import Row, RowKind
from phidesk.ui.name_dialog import ask_name
from phidesk.viewmodels.chat_list import ChatListViewModel
from phidesk.viewmodels.conversation import Conversation


class ChatActions(QObject):
    """Makes the menus, asks for names, and lets the view-model do the rest."""

    def __init__(self, chats: ChatListViewModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._window = parent
        self._chats = chats
        self.keys_of: Callable[[str], str] = lambda _action: ""
        """the keys that the menu shows, by the name of the window's action"""

    def menu(self, row: Row | None, rename: Callable[[], object]) -> QMenu:
        """Make the menu of a row, or of the list itself; rename: begins to edit the row's name."""
        menu = QMenu(self._window)
        menu.setAccessibleName(self.tr("Chats"))
        if row is not None and row.chat is not None and not row.chat.is_empty:
            self._add_chat(menu, row.chat, rename)
        elif row is not None and row.folder is not None and row.kind is RowKind.FOLDER:
            folder = row.folder
            self._add(menu, self.tr("Rename"), "chats.rename", rename)
            words = self.tr("Remove folder (its chats stay)")
            menu.addAction(words, lambda: self._chats.remove_folder(folder))
        else:
            self.add_common(menu)
        for action in menu.actions():
            action.setShortcutVisibleInContextMenu(True)
        return menu

    def add_common(self, menu: QMenu) -> None:
        """Add what is about no single chat."""
        menu.addAction(self.tr("New folder…"), self.add_folder)
        menu.addSeparator()
        menu.addAction(self.tr("Import…"), self._chats.import_requested.emit)
        export = menu.addAction(self.tr("Export all chats…"))
        everything = [c for c in self._chats.chat.conversations if not c.is_empty]
        export.setEnabled(bool(everything))
        export.triggered.connect(lambda: self._chats.export_requested.emit(everything))

    def delete(self, row: Row) -> None:
        """Delete a chat or remove a folder; both can be undone."""
        if row.chat is not None:
            self._chats.delete(row.chat)
        elif row.folder is not None and row.kind is RowKind.FOLDER:
            self._chats.remove_folder(row.folder)

    def add_folder(self, chat: Conversation | None = None) -> None:
        """Ask for a name, make a folder, and put a chat into it."""
        title, hint, agree = self.tr("New folder"), self.tr("The folder's name"), self.tr("Create")
        made = self._chats.add_folder(ask_name(self._window, title, hint, agree))
        if made is not None and chat is not None:
            self._chats.move(chat, made.id)

    def _add(self, menu: QMenu, words: str, action: str, act: Callable[[], object]) -> None:
        menu.addAction(words, act).setShortcut(QKeySequence(self.keys_of(action)))

    def _add_chat(self, menu: QMenu, chat: Conversation, rename: Callable[[], object]) -> None:
        self._add(menu, self.tr("Rename"), "chats.rename", rename)
        is_pinned = chat.info.is_pinned
        pin = self.tr("Unpin") if is_pinned else self.tr("Pin")
        menu.addAction(pin, lambda: self._chats.pin(chat, wanted=not is_pinned))
        self._add_folders(menu.addMenu(self.tr("Move to folder")), chat)
        menu.addAction(self.tr("Duplicate"), lambda: self._chats.chat.duplicate(chat))
        menu.addAction(self.tr("Export…"), lambda: self._chats.export_requested.emit([chat]))
        menu.addSeparator()
        self._add(menu, self.tr("Delete"), "chats.delete", lambda: self._chats.delete(chat))

    def _add_folders(self, menu: QMenu, chat: Conversation) -> None:
        places: list[tuple[str | None, str]] = [(None, self.tr("No folder"))]
        places += [(folder.id, folder.name) for folder in self._chats.chat.folders]
        for folder_id, name in places:
            action = menu.addAction(name.replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(chat.info.folder == folder_id)
            action.triggered.connect(lambda _=False, to=folder_id: self._chats.move(chat, to))
        menu.addSeparator()
        menu.addAction(self.tr("New folder…"), lambda: self.add_folder(chat))

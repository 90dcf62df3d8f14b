"""The rows of the list of chats as a model that a list view shows."""

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import (
    QAbstractListModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)

from phidesk.ui.chats.rows import Row, RowKind, Sign, arrange, signs
from phidesk.ui.language import counted
from phidesk.ui.widgets import plain_tip
from phidesk.viewmodels.chat_list import ChatListViewModel
from phidesk.viewmodels.conversation import Conversation

_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_MIME = "application/x-phidesk-chat"
_FLAG = Qt.ItemFlag


class ChatListModel(QAbstractListModel):
    """Follows the view-model; a chat that is dragged to a row goes where that row is."""

    def __init__(self, chats: ChatListViewModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._chats = chats
        self._folded: frozenset[str] = frozenset()
        self.rows: list[Row] = []
        self._keys: list[str] = []
        self.refresh()

    def refresh(self) -> None:
        """Show what there is; where only words changed, no row moves."""
        chat = self._chats.chat
        rows = arrange(chat.conversations, chat.folders, self._folded, date.today())
        before, self._keys = self._keys, [row.key for row in rows]
        if before == self._keys:
            self.rows = rows
            self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
            return
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def fold(self, folder_id: str, *, wanted: bool) -> None:
        """Hide or show the chats of a folder."""
        one = frozenset({folder_id})
        self._folded = self._folded | one if wanted else self._folded - one
        self.refresh()

    def row_of(self, conversation: Conversation) -> int:
        """Return the row of a chat, -1 for one in a folded folder."""
        return next((n for n, row in enumerate(self.rows) if row.chat is conversation), -1)

    def rowCount(self, parent: _Index = _ROOT) -> int:  # noqa: N802
        """Return the number of rows."""
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return a row's words; the delegate paints from the row itself."""
        if not index.isValid() or index.row() >= len(self.rows):
            return None
        row = self.rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.EditRole:
                return self.words(row)
            case Qt.ItemDataRole.ToolTipRole if row.kind is RowKind.CHAT:
                return plain_tip("\n".join(self._all_words(row)))
            case Qt.ItemDataRole.AccessibleTextRole:
                return self._said(row)
            case _:
                return None

    def words(self, row: Row) -> str:
        """Return what a row says."""
        if row.chat is not None:
            return row.chat.title or self.tr("New chat")
        if row.kind is RowKind.NOTE:
            return row.text
        return row.folder.name if row.folder is not None else row.text

    def signs(self, row: Row) -> list[Sign]:
        """Return what a row is marked with."""
        chat = self._chats.chat
        if row.chat is None or chat.is_answering(row.chat):
            return []
        return signs(row.chat, is_current=row.chat is chat.current)

    def setData(  # noqa: N802
        self, index: _Index, value: object, role: int = Qt.ItemDataRole.EditRole
    ) -> bool:
        """Take the name that was typed in."""
        row, name = self.rows[index.row()], str(value)
        if role != Qt.ItemDataRole.EditRole or name == self.words(row):
            return False
        if row.chat is not None:
            self._chats.rename(row.chat, name)
        elif row.folder is not None:
            self._chats.rename_folder(row.folder, name)
        return True

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Say what can be chosen, renamed and dragged, and where to."""
        if not index.isValid() or index.row() >= len(self.rows):
            return _FLAG.NoItemFlags
        row = self.rows[index.row()]
        if row.kind in (RowKind.HEADING, RowKind.NOTE):
            return _FLAG.ItemIsEnabled | _FLAG.ItemIsDropEnabled
        found = _FLAG.ItemIsEnabled | _FLAG.ItemIsSelectable | _FLAG.ItemIsDropEnabled
        if row.chat is None or not row.chat.is_empty:
            found |= _FLAG.ItemIsEditable
            if row.chat is not None:
                found |= _FLAG.ItemIsDragEnabled
        return found

    def supportedDropActions(self) -> Qt.DropAction:  # noqa: N802
        """Move."""
        return Qt.DropAction.MoveAction

    def mimeTypes(self) -> list[str]:  # noqa: N802
        """Take chats of this list only."""
        return [_MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:  # noqa: N802
        """Carry the id of a chat."""
        data = QMimeData()
        chats = [self.rows[index.row()].chat for index in indexes]
        ids = [chat.id for chat in chats if chat is not None]
        data.setData(_MIME, " ".join(ids).encode())
        return data

    def dropMimeData(  # noqa: N802
        self, data: QMimeData, _action: Qt.DropAction, row: int, _column: int, parent: _Index
    ) -> bool:
        """Put a chat into the folder it was dropped on, among the pinned ones, or out of both."""
        place = parent.row() if parent.isValid() else row - 1
        if not data.hasFormat(_MIME):
            return False
        target = self.rows[place] if 0 <= place < len(self.rows) else Row(RowKind.HEADING)
        for chat_id in bytes(data.data(_MIME).data()).decode().split():
            chat = self._chats.chat.find(chat_id)
            if chat is None:
                continue
            self._chats.pin(chat, wanted=target.is_pinned)
            if not target.is_pinned:
                self._chats.move(chat, target.folder.id if target.folder else None)
        return True

    def _said(self, row: Row) -> str:
        words = self.words(row)
        if row.kind is RowKind.FOLDER:
            return self.tr("Folder {0}, {1} chats", None, counted(row.count)).format(
                words, row.count
            )
        if row.chat is not None and self._chats.chat.is_answering(row.chat):
            return self.tr("{0}, is being answered").format(words)
        return ", ".join(self._all_words(row))

    def _all_words(self, row: Row) -> list[str]:
        """Return what a row says with words, and then what it says with signs."""
        folder = row.folder.name if row.is_pinned and row.folder is not None else ""
        place = self.tr("In the folder {0}").format(folder) if folder else ""
        said = [self.words(row), place, *(sign.words for sign in self.signs(row))]
        return [words for words in said if words]

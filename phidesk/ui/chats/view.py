"""The list of chats: chosen by a click or the arrows, renamed in place, sorted by dragging."""

from PySide6.QtCore import (
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QApplication,
    QListView,
    QWidget,
)

from phidesk.ui.chats.actions import ChatActions
from phidesk.ui.chats.delegate import ChatDelegate
from phidesk.ui.chats.model import ChatListModel
from phidesk.ui.chats.rows import Row, RowKind
from phidesk.ui.theme import Look
from phidesk.viewmodels.chat_list import ChatListViewModel

_Index = QModelIndex | QPersistentModelIndex
_FLAG = QItemSelectionModel.SelectionFlag


class ChatListView(QListView):
    """Keeps the current chat's row current."""

    rename_ended = Signal()

    def __init__(self, chats: ChatListViewModel, look: Look) -> None:
        super().__init__()
        self._chats = chats
        self._is_restoring = False
        self._is_stale = False
        self._came_from: QWidget | None = None
        """what had the focus before a name was typed in"""
        self.shown = ChatListModel(chats, self)
        self.setModel(self.shown)
        self.setItemDelegate(ChatDelegate(chats.chat, look, self))
        self.actions_offered = ChatActions(chats, self)
        self.setAccessibleName(self.tr("Chats"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setMouseTracking(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragDrop)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self._refresh_timer = QTimer(self, singleShot=True, interval=0)  # once for many changes
        self._refresh_timer.timeout.connect(self._refresh)
        chats.chat.conversations_changed.connect(self._refresh_timer.start)
        chats.chat.current_changed.connect(self._mark_current)
        look.changed.connect(lambda: self.viewport().update())
        self._mark_current()

    @property
    def row(self) -> Row | None:
        """The row that the keyboard is on."""
        place = self.currentIndex().row()
        return self.shown.rows[place] if 0 <= place < len(self.shown.rows) else None

    def rename(self) -> bool:
        """Let the name of what the keyboard is on be typed in; returns whether that begins."""
        flags = self.shown.flags(self.currentIndex())
        if self.is_renaming or self.row is None or not flags & Qt.ItemFlag.ItemIsEditable:
            return False
        self.edit(self.currentIndex())
        return True

    @property
    def is_renaming(self) -> bool:
        """Whether a name is being typed in."""
        return self.state() is QAbstractItemView.State.EditingState

    def rename_shown(self) -> None:
        """Let the name of the chat that is shown be typed in, and then go back to where one was."""
        chat = self._chats.chat.current
        if self.is_renaming or chat.is_empty:
            return
        if self.shown.row_of(chat) < 0 and chat.info.folder is not None:
            self.shown.fold(chat.info.folder, wanted=False)
        self._mark_current()
        came_from = QApplication.focusWidget()
        if self.rename():
            self._came_from = came_from

    def delete(self) -> None:
        """Delete what the keyboard is on, or the chat that is shown where it is elsewhere."""
        if self.is_renaming:
            return
        row = self.row
        if not self.hasFocus():
            self._chats.delete(self._chats.chat.current)
        elif row is not None:
            self.actions_offered.delete(row)

    def currentChanged(self, current: _Index, previous: _Index) -> None:  # noqa: N802
        """Show the chat that was chosen."""
        super().currentChanged(current, previous)
        row = self.row
        if not self._is_restoring and row is not None and row.chat is not None:
            self._chats.chat.select(row.chat)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Fold a folder that was clicked."""
        place = self.indexAt(event.position().toPoint())
        was_dragged = self.state() is not QAbstractItemView.State.NoState
        super().mouseReleaseEvent(event)
        row = self.shown.rows[place.row()] if place.isValid() else None
        is_left = event.button() is Qt.MouseButton.LeftButton
        if row is not None and row.kind is RowKind.FOLDER and is_left and not was_dragged:
            self._fold(row, wanted=not row.is_folded)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Rename what was clicked."""
        place = self.indexAt(event.position().toPoint())
        if place.isValid() and event.button() is Qt.MouseButton.LeftButton:
            self.setCurrentIndex(place)
            self.rename()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
        """Offer what can be done with the row under the mouse, or under the keyboard."""
        place, point = self.currentIndex(), event.globalPos()
        if event.reason() is QContextMenuEvent.Reason.Mouse:
            place = self.indexAt(event.pos())
        elif place.isValid():
            point = self.viewport().mapToGlobal(self.visualRect(place).center())
        row = self.shown.rows[place.row()] if place.isValid() else None
        menu = self.actions_offered.menu(row, lambda: self._rename_at(place))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(point)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Left, Right and Space fold."""
        row = self.row
        match event.key():
            case Qt.Key.Key_Left if row is not None and row.kind is RowKind.FOLDER:
                self._fold(row, wanted=True)
            case Qt.Key.Key_Right if row is not None and row.kind is RowKind.FOLDER:
                self._fold(row, wanted=False)
            case Qt.Key.Key_Space if row is not None and row.kind is RowKind.FOLDER:
                self._fold(row, wanted=not row.is_folded)
            case _:
                super().keyPressEvent(event)

    def closeEditor(  # noqa: N802
        self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint
    ) -> None:
        """Show what has changed while a name was typed in."""
        super().closeEditor(editor, hint)
        if self._came_from is not None:
            self._came_from.setFocus()
            self._came_from = None
        self.rename_ended.emit()
        if self._is_stale:
            self._refresh()

    def _rename_at(self, place: QModelIndex) -> None:
        if self.shown.rows[place.row()].kind is RowKind.FOLDER:
            self._is_restoring = True  # no chat is chosen by that
        self.setCurrentIndex(place)
        self._is_restoring = False
        self.rename()

    def _fold(self, row: Row, *, wanted: bool) -> None:
        if row.folder is None or row.is_folded is wanted:
            return
        place = self.currentIndex().row()
        self.shown.fold(row.folder.id, wanted=wanted)
        self._set_current(place)  # a folder's own row stays where it is

    def _refresh(self) -> None:
        self._is_stale = self.is_renaming
        if not self._is_stale:
            self.shown.refresh()
            self._mark_current()

    def _mark_current(self) -> None:
        self._set_current(self.shown.row_of(self._chats.chat.current))

    def _set_current(self, place: int) -> None:
        self._is_restoring = True
        if place < 0:
            self.selectionModel().clear()
        elif place != self.currentIndex().row() or not self.selectionModel().hasSelection():
            self.selectionModel().setCurrentIndex(self.shown.index(place), _FLAG.ClearAndSelect)
            self.scrollTo(self.shown.index(place))
        self._is_restoring = False

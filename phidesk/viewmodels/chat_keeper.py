"""Keeps chats on the disk: gives those that are there, takes what changes, says what goes wrong."""

import asyncio
import contextlib
import sqlite3
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal

from phidesk.core.chat_statistics import ModelDay
from phidesk.core.chat_tree import ChatTree
from phidesk.core.conversation import (
    Attachment,
    ChatInfo,
    ChatMessage,
    Folder,
    MessageState,
    SearchHit,
    Unfinished,
)
from phidesk.core.paths import data_dir
from phidesk.store.changes import Changes
from phidesk.store.chats import ChatStore
from phidesk.store.database import Database
from phidesk.store.errors import StoreError, StoreTooNewError, Trouble, TroubleKind, trouble_of
from phidesk.store.reader import chats_now, draft_now, folders_now, messages_now
from phidesk.store.writer import ChatWriter
from phidesk.viewmodels.keeper import UnreadableChatError
from phidesk.viewmodels.words import in_words

DATABASE_FILE = "chats.sqlite3"
_RETRY_MS = 1000
_LIVE = (MessageState.WAITING, MessageState.STREAMING)
_T = TypeVar("_T")


class ChatKeeper(QObject):
    """The place that a window keeps its chats in; several windows may share the file.

    What is kept is on the disk within half a second, and at once before flush() returns.
    trouble: why chats cannot be opened or saved now, in words for a banner; "" for nothing.
    notice: what happened when the file was opened, to be told once; "" for nothing.
    """

    trouble_changed = Signal()
    opened = Signal()
    """what is on the disk can be read now, or also written"""
    _trouble_told = Signal(object)
    _open_tried = Signal(object)

    def __init__(self, path: Path | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._database = Database(path or data_dir() / DATABASE_FILE)
        self._writer = ChatWriter(self._database, self._trouble_told.emit, self._open_tried.emit)
        self._trouble_told.connect(self._on_trouble_told)
        self._open_tried.connect(self._on_open_tried)
        self._reader: ChatStore | None = None
        self._searcher: ChatStore | None = None
        self._searching = asyncio.Lock()
        self._newest_search = 0
        self._is_looking = False
        self._is_closed = False
        self._own: set[str] = set()
        self.is_opening = True
        """whether nothing is known of the file yet"""
        self.trouble = ""
        self.notice = ""

    @property
    def unsaved_count(self) -> int:
        """How many chats, messages and folders are in memory only."""
        return len(self._writer.unsaved())

    def open(self) -> None:
        """Have the file opened, which may take long: it is checked, mended, brought up to date.

        Where that cannot be done, trouble says why, and it is tried again.
        """
        self._writer.start()

    def chats(self) -> list[ChatInfo]:
        """Return all chats, the one written to last first."""
        return self._read_list(chats_now)

    def messages(self, chat_id: str) -> list[ChatMessage]:
        """Return all messages of a chat's tree, oldest first; raises UnreadableChatError.

        An answer that this window is not writing is interrupted, whatever the disk says.
        """
        unsaved = self._writer.unsaved()
        found = self._read(lambda store: messages_now(store, unsaved, chat_id))
        return [self._as_it_is(message) for message in found]

    def folders(self) -> list[Folder]:
        """Return all folders in their order."""
        return self._read_list(folders_now)

    def keep_chat(self, chat: ChatInfo) -> None:
        """Have a chat saved, new or changed."""
        self._writer.add(Changes(chats={chat.id: chat}))

    def keep_message(self, chat_id: str, message: ChatMessage) -> None:
        """Have a message saved, new or changed; its chat was kept before."""
        if message.state in _LIVE:
            self._own.add(message.id)
        self._writer.add(Changes(messages={message.id: (chat_id, message)}))

    def keep_folder(self, folder: Folder) -> None:
        """Have a folder saved, new or changed."""
        self._writer.add(Changes(folders={folder.id: folder}))

    def forget_folder(self, folder_id: str) -> None:
        """Delete a folder; its chats stay, in none."""
        self._writer.add(Changes(folders={folder_id: None}))

    def forget_chat(self, chat_id: str) -> None:
        """Delete a chat; restore_chat brings it back."""
        self._writer.add(Changes(gone_chats={chat_id: True}))

    def restore_chat(self, chat_id: str) -> None:
        """Bring a deleted chat back."""
        self._writer.add(Changes(gone_chats={chat_id: False}))

    def forget_messages(self, _chat_id: str, ids: Iterable[str]) -> None:
        """Delete messages; restore_messages brings them back."""
        self._writer.add(Changes(gone_messages=dict.fromkeys(ids, True)))

    def restore_messages(self, _chat_id: str, ids: Iterable[str]) -> None:
        """Bring deleted messages back."""
        self._writer.add(Changes(gone_messages=dict.fromkeys(ids, False)))

    def draft(self, chat_id: str) -> tuple[str, tuple[Attachment, ...]]:
        """Return what is written to a chat and not yet sent; "" is the one not begun yet."""
        unsaved = self._writer.unsaved()
        try:
            return self._read(lambda store: draft_now(store, unsaved, chat_id))
        except UnreadableChatError as error:
            self._tell(str(error))
            return draft_now(None, unsaved, chat_id)

    def unfinished(self) -> Unfinished:
        """Return which chats the windows before this one left in the middle of something."""
        nothing = Unfinished()
        try:
            return self._read(lambda store: store.unfinished() if store is not None else nothing)
        except UnreadableChatError:  # as chats() has told
            return nothing

    def keep_draft(self, chat_id: str, text: str) -> None:
        """Have it saved what is written to a chat."""
        self._writer.add(Changes(drafts={chat_id: text}))

    def keep_draft_files(self, chat_id: str, attachments: tuple[Attachment, ...]) -> None:
        """Have it saved what is attached to what is written."""
        self._writer.add(Changes(draft_files={chat_id: attachments}))

    def keep_trees(self, trees: Iterable[ChatTree]) -> list[ChatInfo]:
        """Have whole chats saved, all or none of them; returns them in their folders."""
        changes = Changes()
        folders = {folder.name: folder for folder in self.folders()}
        for tree in trees:
            chat = tree.chat
            if tree.folder:
                folder = folders.get(tree.folder)
                if folder is None:
                    folder = Folder(name=tree.folder, position=len(folders))
                    changes.folders[folder.id] = folders[folder.name] = folder
                chat = msgspec.structs.replace(chat, folder=folder.id)
            changes.chats[chat.id] = chat
            changes.messages |= {message.id: (chat.id, message) for message in tree.messages}
        self._writer.add(changes)
        return list(changes.chats.values())

    async def flush(self) -> bool:
        """Save now; returns whether all that was kept is on the disk.

        False: trouble says why. The window goes on then, with what it has in memory.
        """
        # Who waits may be cancelled; what is to be written is not.
        return await asyncio.shield(asyncio.wrap_future(self._writer.flush()))

    async def search(self, words: str, limit: int = 50) -> list[SearchHit]:
        """Return where all words stand; nothing where a newer search has begun meanwhile."""
        self._newest_search += 1
        number = self._newest_search
        if self._searcher is not None and self._is_looking:
            self._searcher.connection.interrupt()

        def look(store: ChatStore) -> list[SearchHit]:
            if number != self._newest_search:
                return []
            self._is_looking = True
            try:
                return store.search(words, limit)
            finally:
                self._is_looking = False

        return await self._ask(look, [])

    async def statistics(self, since: float = 0.0) -> list[ModelDay]:
        """Return what was generated since a time, by local day and model."""
        return await self._ask(lambda store: store.statistics(since), [])

    async def shut_down(self) -> bool:
        """Save what is left and close the file; returns whether all is on the disk."""
        self._is_closed = True
        self._newest_search += 1
        if self._searcher is not None:
            self._searcher.connection.interrupt()
        async with self._searching:
            is_saved = await asyncio.to_thread(self._writer.close)
            for store in (self._searcher, self._reader):
                if store is not None:
                    store.connection.close()
            self._searcher = self._reader = None
        return is_saved

    def _on_open_tried(self, problem: Exception | None) -> None:
        was_readable = self._reader is not None
        if problem is None:
            problem = self._connect()
            if not (problem is None or self._is_closed or isinstance(problem, StoreTooNewError)):
                QTimer.singleShot(_RETRY_MS, self, self._try_to_connect)
        self.is_opening = False
        if isinstance(problem, StoreTooNewError):
            self._tell(str(problem))
        elif problem is not None:
            self._look_in()
            self._tell(self._words(self._trouble_of(problem)))
        else:
            self._tell("")
        if problem is None or (self._reader is not None and not was_readable):
            self.opened.emit()

    def _try_to_connect(self) -> None:
        if not self._is_closed:
            self._on_open_tried(None)

    def _connect(self) -> Exception | None:
        try:
            reader = ChatStore(self._database.connect())
        except (StoreError, sqlite3.Error, OSError) as error:
            return error
        if self._reader is not None:
            self._reader.connection.close()
        self._reader = reader
        if self._database.aside is not None:
            words = self.tr(
                "The file of your chats was damaged. What could be read of it is here ({0} "
                "messages); the file itself is kept as “{1}”."
            )
            self.notice = words.format(self._database.rescued, self._database.aside)
        return None

    def _look_in(self) -> None:
        """Show at least what is there: to read takes no room on the disk."""
        if self._reader is None:
            with contextlib.suppress(StoreError, sqlite3.Error, OSError):
                self._reader = ChatStore(self._database.connect_to_read())

    def _read_list(self, read: Callable[[ChatStore | None, Changes], list[_T]]) -> list[_T]:
        """Read without raising: what cannot be read is a trouble."""
        unsaved = self._writer.unsaved()
        try:
            return self._read(lambda store: read(store, unsaved))
        except UnreadableChatError as error:
            self._tell(str(error))
            return read(None, unsaved)

    def _read(self, read: Callable[[ChatStore | None], _T]) -> _T:
        try:
            return read(self._reader)
        except (StoreError, sqlite3.Error) as error:
            trouble = self._trouble_of(error)
            if trouble.kind is TroubleKind.DAMAGED:
                self._database.suspect()
            words = self.tr("Your chats cannot be read: {0}")
            raise UnreadableChatError(words.format(self._reason(trouble))) from error

    async def _ask(self, ask: Callable[[ChatStore], _T], nothing: _T) -> _T:
        """Ask in a thread, one after the other."""

        def run() -> _T:
            try:
                if self._searcher is None:
                    self._searcher = ChatStore(self._database.connect())
                return ask(self._searcher)
            except (
                StoreError,
                sqlite3.Error,
                OSError,
            ):  # interrupted, or in a trouble that is told elsewhere
                return nothing

        async with self._searching:
            return await asyncio.to_thread(run) if self._reader is not None else nothing

    def _as_it_is(self, message: ChatMessage) -> ChatMessage:
        if message.state not in _LIVE or message.id in self._own:
            return message
        return msgspec.structs.replace(message, state=MessageState.INTERRUPTED)

    def _trouble_of(self, error: Exception) -> Trouble:
        return trouble_of(error, self._database.path.parent)

    def _reason(self, trouble: Trouble) -> str:
        match trouble.kind:
            case TroubleKind.DISK_FULL:
                return self.tr("the disk is full.")
            case TroubleKind.READ_ONLY:
                words = self.tr("“{0}” cannot be written to.")
                return words.format(self._database.path.parent)
            case TroubleKind.BUSY:
                return self.tr("another window of phidesk is writing.")
            case TroubleKind.DAMAGED:
                words = self.tr("“{0}” is damaged ({1}). Start phidesk again: it sets it aside.")
                return words.format(self._database.path, in_words(trouble.detail))
            case TroubleKind.OTHER:
                return in_words(f"{trouble.detail.rstrip('.')}.")

    def _tell(self, trouble: str) -> None:
        if trouble != self.trouble:
            self.trouble = trouble
            self.trouble_changed.emit()

    def _words(self, trouble: Trouble) -> str:
        if self._reader is None:
            words = self.tr("Your chats cannot be opened: {0} phidesk keeps trying.")
        else:
            words = self.tr(
                "Chats cannot be saved: {0} They are kept in this window and saved as soon as that "
                "can be done."
            )
        return words.format(self._reason(trouble))

    def _on_trouble_told(self, trouble: Trouble | None) -> None:
        self._tell("" if trouble is None else self._words(trouble))

"""The list of chats: pins, folders, names, deletes, and the search through all of them."""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QObject, Signal

from phidesk.core.conversation import Folder, SearchHit
from phidesk.viewmodels.conversation import Conversation

if TYPE_CHECKING:
    from phidesk.viewmodels.chat import ChatViewModel

_TITLE_LENGTH = 120


class ChatListViewModel(QObject):
    """What can be done with whole chats."""

    hits_changed = Signal()
    import_requested = Signal()
    export_requested = Signal(object)
    """a list of Conversations"""

    def __init__(self, chat: "ChatViewModel") -> None:
        super().__init__(chat)
        self.chat = chat
        self.words = ""
        self.hits: Sequence[SearchHit] = ()
        self._search: asyncio.Task[None] | None = None

    def rename(self, conversation: Conversation, title: str) -> None:
        """Give a chat a name, which the model then leaves alone; "" gives that up."""
        title = " ".join(title.split())[:_TITLE_LENGTH]
        if title:
            conversation.change(title=title, is_titled=True)

    def pin(self, conversation: Conversation, *, wanted: bool) -> None:
        """Put a chat at the head of the list, or back among the others."""
        conversation.change(is_pinned=wanted)

    def move(self, conversation: Conversation, folder: str | None) -> None:
        """Put a chat into a folder, or None for out of all."""
        conversation.change(folder=folder)

    def delete(self, conversation: Conversation) -> None:
        """Delete a chat; it can be undone."""
        chat = self.chat
        if conversation.is_empty:
            return
        chat.answers.drop(conversation)
        place = chat.conversations.index(conversation)
        chat.conversations.remove(conversation)
        chat.keeper.forget_chat(conversation.id)
        was_current = conversation is chat.current
        if was_current:
            chat.new_conversation()
        chat.conversations_changed.emit()

        def restore() -> None:
            chat.conversations.insert(min(place, len(chat.conversations)), conversation)
            chat.keeper.restore_chat(conversation.id)
            chat.conversations_changed.emit()
            if was_current:
                chat.select(conversation)

        chat.undo.offer(self.tr("“{0}” deleted").format(conversation.title), restore)

    def add_folder(self, name: str) -> Folder | None:
        """Make a folder below the others; None for an empty name."""
        name = " ".join(name.split())[:_TITLE_LENGTH]
        if not name:
            return None
        chat = self.chat
        position = max((folder.position for folder in chat.folders), default=-1) + 1
        made = Folder(name=name, position=position)
        chat.folders.append(made)
        chat.keeper.keep_folder(made)
        chat.conversations_changed.emit()
        return made

    def rename_folder(self, folder: Folder, name: str) -> None:
        """Call a folder something else."""
        name = " ".join(name.split())[:_TITLE_LENGTH]
        if name:
            renamed = msgspec.structs.replace(folder, name=name)
            folders = self.chat.folders
            folders[folders.index(folder)] = renamed
            self.chat.keeper.keep_folder(renamed)
            self.chat.conversations_changed.emit()

    def remove_folder(self, folder: Folder) -> None:
        """Take a folder away; its chats stay, and come back into it by an undo."""
        chat = self.chat
        inside = [c for c in chat.conversations if c.info.folder == folder.id]
        for conversation in inside:
            conversation.change(folder=None)
        chat.folders.remove(folder)
        chat.keeper.forget_folder(folder.id)
        chat.conversations_changed.emit()

        def restore() -> None:
            chat.folders.append(folder)
            chat.folders.sort(key=lambda each: each.position)
            chat.keeper.keep_folder(folder)
            for conversation in inside:
                conversation.change(folder=folder.id)
            chat.conversations_changed.emit()

        chat.undo.offer(self.tr("Folder “{0}” removed").format(folder.name), restore)

    def search(self, words: str) -> None:
        """Look for words in all chats; hits_changed tells of the newest search alone."""
        self.words = words.strip()
        if self._search is not None:
            self._search.cancel()
            self._search = None
        if not self.words:
            self.hits = ()
            self.hits_changed.emit()
        else:
            self._search = asyncio.ensure_future(self._find(self.words))

    async def _find(self, words: str) -> None:
        self.hits = await self.chat.keeper.search(words)
        self.hits_changed.emit()

    async def shut_down(self) -> None:
        """End a search that goes on."""
        if self._search is not None:
            self._search.cancel()
            await asyncio.wait([self._search])

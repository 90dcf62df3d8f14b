"""Imports chats from files and exports them."""

import asyncio
from collections.abc import Coroutine, Iterable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, Signal

from phidesk.core.chat_files import ChatFormat, read_chats, write_chats
from phidesk.core.chat_tree import ChatFileError, ChatTree, cleaned
from phidesk.core.conversation import ChatInfo
from phidesk.viewmodels.chat import ChatViewModel
from phidesk.viewmodels.chat_keeper import ChatKeeper
from phidesk.viewmodels.conversation import Conversation
from phidesk.viewmodels.keeper import UnreadableChatError
from phidesk.viewmodels.words import in_words


class ChatExchange(QObject):
    """Runs imports and exports one at a time, and says what came of each."""

    done = Signal(str)
    failed = Signal(str)

    def __init__(
        self, chat: ChatViewModel, keeper: ChatKeeper, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._chat = chat
        self._keeper = keeper
        self._running: asyncio.Task[None] | None = None

    @property
    def is_busy(self) -> bool:
        """Whether a file is being read or written."""
        return self._running is not None and not self._running.done()

    def import_file(self, path: Path) -> None:
        """Add the chats of a file to the list."""
        self._run(self._import(path))

    def export(self, chats: Iterable[Conversation], path: Path, form: ChatFormat) -> None:
        """Write chats to a file."""
        self._run(self._export([c.info for c in chats], path, form))

    async def shut_down(self) -> None:
        """Let what is being written come to its end."""
        if self._running is not None:
            await asyncio.wait([self._running])

    def _run(self, job: Coroutine[None, None, None]) -> None:
        if self.is_busy:
            job.close()
            self.failed.emit(self.tr("Another file is still being read or written."))
        else:
            self._running = asyncio.ensure_future(self._reported(job))

    async def _reported(self, job: Coroutine[None, None, None]) -> None:
        try:
            await job
        except (ChatFileError, UnreadableChatError) as error:
            self.failed.emit(str(error))

    async def _import(self, path: Path) -> None:
        found = await import_chats(self._keeper, path)
        self._chat.start()
        if shown := self._chat.find(found[0].id) if found else None:
            self._chat.select(shown)  # an old one may be far down in the list
        words = self.tr("Chats of “{1}” that are in your list now: {0}.")
        self.done.emit(words.format(len(found), path.name))

    async def _export(self, chats: list[ChatInfo], path: Path, form: ChatFormat) -> None:
        await self._keeper.flush()
        await export_chats(self._keeper, chats, path, form)
        words = self.tr("Chats written to “{0}”: {1}.")
        self.done.emit(words.format(path, len(chats)))


async def import_chats(keeper: ChatKeeper, path: Path) -> list[ChatInfo]:
    """Keep the chats of a file beside those that are there; returns them.

    Raises ChatFileError, with words for the user, where a part of it is wrong: then none is kept.
    """
    return keeper.keep_trees(await asyncio.to_thread(read_chats, path))


async def export_chats(
    keeper: ChatKeeper, chats: Iterable[ChatInfo], path: Path, form: ChatFormat
) -> None:
    """Write chats to a file; raises UnreadableChatError or ChatFileError, for the user to read."""
    names = {folder.id: folder.name for folder in keeper.folders()}
    trees = []
    for chat in chats:
        messages = tuple(map(cleaned, keeper.messages(chat.id)))
        folder = names.get(chat.folder or "", "")
        trees.append(ChatTree(chat=chat, messages=messages, folder=folder))
        await asyncio.sleep(0)  # the window goes on between two of them
    try:
        await asyncio.to_thread(write_chats, trees, path, form)
    except OSError as error:
        words = QCoreApplication.translate("ChatExchange", "{0} cannot be written ({1}).")
        raise ChatFileError(words.format(path, in_words(error.strerror or str(error)))) from error

"""Imports chats from files and exports them."""

import asyncio
from collections.abc import Iterable
from pathlib import Path

from phidesk.core.chat_files import ChatFormat, read_chats, write_chats
from phidesk.core.chat_tree import ChatFileError, ChatTree, cleaned
from phidesk.core.conversation import ChatInfo
from phidesk.viewmodels.chat_keeper import ChatKeeper


async def import_chats(keeper: ChatKeeper, path: Path) -> list[ChatInfo]:
    """Keep the chats of a file beside those that are there; returns them.

    Raises ChatFileError, with words for the user, where a part of it is wrong: then none is kept.
    """
    return keeper.keep_trees(await asyncio.to_thread(read_chats, path))


async def export_chats(
    keeper: ChatKeeper, chats: Iterable[ChatInfo], path: Path, form: ChatFormat
) -> None:
    """Write chats to a file; raises StoreError or ChatFileError, with words for the user."""
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
        raise ChatFileError(f"{path} cannot be written ({error.strerror}).") from error

"""Reads chats as they are now: what is on the disk, and over it what is still to be written."""

from phidesk.core.conversation import Attachment, ChatInfo, ChatMessage, Folder
from phidesk.store.changes import Changes
from phidesk.store.chats import ChatStore


def chats_now(store: ChatStore | None, unsaved: Changes) -> list[ChatInfo]:
    """Return all chats, the one written to last first; store None: nothing on the disk."""
    gone = unsaved.gone_chats
    found = store.chats(also=_back(gone)) if store is not None else []
    chats = {chat.id: chat for chat in found} | unsaved.chats
    here = [chat for chat in chats.values() if not gone.get(chat.id, False)]
    return sorted(here, key=lambda chat: chat.updated, reverse=True)


def messages_now(store: ChatStore | None, unsaved: Changes, chat_id: str) -> list[ChatMessage]:
    """Return all messages of a chat's tree, oldest first."""
    gone = unsaved.gone_messages
    found = store.messages(chat_id, also=_back(gone)) if store is not None else []
    messages = {message.id: message for message in found}
    messages |= {m.id: m for chat, m in unsaved.messages.values() if chat == chat_id}
    here = [message for message in messages.values() if not gone.get(message.id, False)]
    return sorted(here, key=lambda message: message.created)


def folders_now(store: ChatStore | None, unsaved: Changes) -> list[Folder]:
    """Return all folders in their order."""
    found = store.folders() if store is not None else []
    folders: dict[str, Folder | None] = {folder.id: folder for folder in found}
    folders |= unsaved.folders
    here = [folder for folder in folders.values() if folder is not None]
    return sorted(here, key=lambda folder: folder.position)


def draft_now(
    store: ChatStore | None, unsaved: Changes, chat_id: str
) -> tuple[str, tuple[Attachment, ...]]:
    """Return what is written to a chat and not yet sent; "" is the one not begun yet."""
    text, files = store.draft(chat_id) if store is not None else ("", ())
    return unsaved.drafts.get(chat_id, text), unsaved.draft_files.get(chat_id, files)


def _back(gone: dict[str, bool]) -> list[str]:
    return [i for i, is_gone in gone.items() if not is_gone]

"""A chat with all its messages, as files of chats hold it."""

import math

import msgspec

from phidesk.core.conversation import ChatInfo, ChatMessage, MessageState, new_id
from phidesk.core.models import well_formed

TITLE_LENGTH = 40
_LIVE = (MessageState.WAITING, MessageState.STREAMING)
_YEAR_10000 = 253_402_300_800


class ChatFileError(ValueError):
    """A file of chats that cannot be read or written; the message is for the user."""


class ChatTree(msgspec.Struct, frozen=True, kw_only=True):
    """A chat, its messages with each parent before its children, and its folder's name."""

    chat: ChatInfo
    messages: tuple[ChatMessage, ...] = ()
    folder: str = ""


def shown_path(tree: ChatTree) -> list[ChatMessage]:
    """Return the messages that the chat shows, from the first to its leaf."""
    by_id = {message.id: message for message in tree.messages}
    path: list[ChatMessage] = []
    message = by_id.get(tree.chat.leaf or "")
    while message is not None and len(path) < len(by_id):
        path.append(message)
        message = by_id.get(message.parent or "")
    return path[::-1]


def cleaned(message: ChatMessage) -> ChatMessage:
    """Return a message without half characters, which no file can hold."""
    attachments = tuple(
        msgspec.structs.replace(a, name=well_formed(a.name), text=well_formed(a.text))
        for a in message.attachments
    )
    return msgspec.structs.replace(
        message,
        text=well_formed(message.text),
        model=well_formed(message.model),
        error=well_formed(message.error),
        attachments=attachments,
    )


def short_title(text: str) -> str:
    """Return the beginning of a question, for a chat that nobody gave a title."""
    line = " ".join(text[: 10 * TITLE_LENGTH].split())
    short = line[:TITLE_LENGTH].rstrip()
    return short + ("…" if len(line) > TITLE_LENGTH else "")


def renewed(tree: ChatTree) -> ChatTree:
    """Return a chat from a file with ids of its own, so that it replaces none that is there.

    Raises ValueError, in words, where it is no tree.
    """
    ids: dict[str, str] = {}
    for message in tree.messages:
        if message.id in ids:
            raise ValueError("two messages have the same id")
        if message.parent is not None and message.parent not in ids:
            raise ValueError("a message follows one that is not before it in the file")
        ids[message.id] = new_id()
    if tree.chat.leaf is not None and tree.chat.leaf not in ids:
        raise ValueError("the message that the chat ends in is not there")
    times = (tree.chat.created, tree.chat.updated, *(m.created for m in tree.messages))
    if not all(math.isfinite(moment) and 0 <= moment < _YEAR_10000 for moment in times):
        raise ValueError("a date is out of range")
    messages = tuple(
        msgspec.structs.replace(
            message,
            id=ids[message.id],
            parent=None if message.parent is None else ids[message.parent],
            state=MessageState.INTERRUPTED if message.state in _LIVE else message.state,
        )
        for message in tree.messages
    )
    leaf = None if tree.chat.leaf is None else ids[tree.chat.leaf]
    # A model's key is a path of the machine that the file is from.
    chat = msgspec.structs.replace(tree.chat, id=new_id(), leaf=leaf, folder=None, model="")
    return ChatTree(chat=chat, messages=messages, folder=tree.folder)

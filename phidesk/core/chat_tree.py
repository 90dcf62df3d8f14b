"""A chat with all its messages, as files of chats hold it."""

import math

import msgspec

from phidesk.core.conversation import ChatInfo, ChatMessage, MessageState, new_id
from phidesk.core.conversation_tree import ConversationTree
from phidesk.core.models import well_formed

_FIRST_WORDS = 40
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
    return ConversationTree(tree.messages, tree.chat.leaf).path()


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


def first_words(text: str) -> str:
    """Return the beginning of a question, as a title."""
    line = " ".join(text[: 10 * _FIRST_WORDS].split())
    short = line[:_FIRST_WORDS].rstrip()
    return short + ("…" if len(line) > len(short) else "")


def with_new_ids(tree: ChatTree) -> ChatTree:
    """Return a chat whose messages have other ids, parents before their children.

    It has no folder's id and no model's key, which are a matter of one machine.
    """
    messages, leaf = ConversationTree(tree.messages, tree.chat.leaf).copy()
    chat = msgspec.structs.replace(tree.chat, id=new_id(), leaf=leaf, folder=None, model="")
    return ChatTree(chat=chat, messages=tuple(messages), folder=tree.folder)


def checked(tree: ChatTree) -> ChatTree:
    """Return a chat from a file with ids of its own, so that it replaces none that is there.

    Raises ValueError, in words, where it is no tree.
    """
    before: set[str] = set()
    for message in tree.messages:
        if message.id in before:
            raise ValueError("two messages have the same id")
        if message.parent is not None and message.parent not in before:
            raise ValueError("a message follows one that is not before it in the file")
        before.add(message.id)
    if tree.chat.leaf is not None and tree.chat.leaf not in before:
        raise ValueError("the message that the chat ends in is not there")
    times = (tree.chat.created, tree.chat.updated, *(m.created for m in tree.messages))
    if not all(math.isfinite(moment) and 0 <= moment < _YEAR_10000 for moment in times):
        raise ValueError("a date is out of range")
    ended = tuple(
        msgspec.structs.replace(m, state=MessageState.INTERRUPTED) if m.state in _LIVE else m
        for m in tree.messages
    )
    return with_new_ids(msgspec.structs.replace(tree, messages=ended))

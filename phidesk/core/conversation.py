"""What is kept of conversations: chats, their messages, and folders of chats.

The messages of a chat are a tree: each names the one before it. Two answers to one question are
two messages with the same parent, and a chat shows the path that ends in its leaf.
"""

import time
from enum import StrEnum
from typing import NamedTuple
from uuid import uuid4

import msgspec

from phidesk.core.chat import DEFAULT_SYSTEM_PROMPT, GenerationResult, Role, SamplingParams
from phidesk.core.chat_options import ChatOptions


def new_id() -> str:
    """Return an id that no other chat, message or folder has."""
    return uuid4().hex


class MessageState(StrEnum):
    """Where a message is in its life."""

    DONE = "done"
    WAITING = "waiting"
    """Sent while the model loads, or the first token is not there yet."""
    STREAMING = "streaming"
    STOPPED = "stopped"
    """The user stopped the answer; what is there stays."""
    FAILED = "failed"
    INTERRUPTED = "interrupted"
    """The window or the machine went down while it was answered; it can be continued."""


class Attachment(msgspec.Struct, frozen=True, kw_only=True):
    """A file's text that goes with a message.

    name: the file's. text: what the model reads. tokens: None where nobody has counted yet.
    """

    name: str
    text: str
    tokens: int | None = None


class ChatMessage(msgspec.Struct, frozen=True, kw_only=True):
    """One message of a chat's tree.

    parent: the id of the message before it; None for a chat's first. created: seconds since the
    epoch. model: the name of the one that answered; "" for the user's. result: what the answer
    took; None until it has ended. error: why it failed, in words for a person.
    """

    id: str = msgspec.field(default_factory=new_id)
    parent: str | None
    role: Role
    text: str = ""
    state: MessageState = MessageState.DONE
    created: float = msgspec.field(default_factory=time.time)
    model: str = ""
    engine: str = ""
    result: GenerationResult | None = None
    error: str = ""
    attachments: tuple[Attachment, ...] = ()


class ChatInfo(msgspec.Struct, frozen=True, kw_only=True):
    """A chat without its messages.

    title: "" for one that has none yet. is_titled: whether the user gave the title, which the
    model then leaves alone. folder: a folder's id, None for none. updated: when it was last
    written to, in seconds since the epoch. model: the key of the model that it is to be answered
    by, "" for whichever is loaded. leaf: the id of the last message on the path that is shown,
    None for an empty chat. options: what it remembers besides.
    """

    id: str = msgspec.field(default_factory=new_id)
    title: str = ""
    is_titled: bool = False
    folder: str | None = None
    is_pinned: bool = False
    created: float = msgspec.field(default_factory=time.time)
    updated: float = msgspec.field(default_factory=time.time)
    system_prompt: str = DEFAULT_SYSTEM_PROMPT
    sampling: SamplingParams = msgspec.field(default_factory=SamplingParams)
    model: str = ""
    leaf: str | None = None
    options: ChatOptions = msgspec.field(default_factory=ChatOptions)


class Folder(msgspec.Struct, frozen=True, kw_only=True):
    """A folder of chats; position: its place in the list, counted from 0."""

    id: str = msgspec.field(default_factory=new_id)
    name: str
    position: int = 0


class Unfinished(NamedTuple):
    """The ids of chats that were left in the middle of something.

    interrupted: the last answer was. drafted: something is written and not sent; "" stands for
    the chat that is not begun yet.
    """

    interrupted: frozenset[str] = frozenset()
    drafted: frozenset[str] = frozenset()


class SearchHit(msgspec.Struct, frozen=True, kw_only=True):
    """A place where the words that were searched for stand.

    message: its id, None where the chat's title has them. role: who said it, None for a title.
    created: when, or when the chat was last written to, in seconds since the epoch. snippet: the
    words around the place. marks: where in it what was found begins and ends, in characters.
    """

    chat: str
    message: str | None
    role: Role | None = None
    created: float = 0.0
    snippet: str
    marks: tuple[tuple[int, int], ...] = ()

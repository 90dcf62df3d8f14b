"""One chat in the window: what is kept of it, its messages, and the path that is shown."""

from collections.abc import Callable, Iterable
from enum import StrEnum
from functools import cached_property
from typing import Any

import msgspec

from phidesk.core.attachments import model_text
from phidesk.core.chat import GenerationResult, Message, Role, SamplingParams
from phidesk.core.conversation import Attachment, ChatInfo, ChatMessage, MessageState
from phidesk.core.conversation_tree import ConversationTree, Cut
from phidesk.viewmodels.thread_model import ChatEntry, ThreadModel, as_turns

_NO_DRAFT: tuple[str, tuple[Attachment, ...]] = ("", ())
_OPEN = (MessageState.WAITING, MessageState.STREAMING)


class DraftState(StrEnum):
    """What is to become of what is being written to a chat."""

    WRITTEN = "written"
    WAITS = "waits"
    """it is sent once the answer that is being written is whole"""
    HELD_BACK = "held_back"
    """that answer came to another end, which the user is to be told"""


class Conversation:
    """A tree of messages and the thread that shows one path of it.

    on_changed is told when `info` changes, with what it was. is_loaded: whether the messages are
    here. problem: why they cannot be read, in words for a person. draft: what is being written
    to it, while another chat is shown.
    """

    def __init__(
        self,
        info: ChatInfo | None = None,
        on_changed: "Callable[[Conversation, ChatInfo], None]" = lambda _now, _before: None,
        *,
        is_loaded: bool = True,
    ) -> None:
        self.info = info or ChatInfo()
        self.tree = ConversationTree()
        self.is_loaded = is_loaded
        self.problem = ""
        self.draft: tuple[str, tuple[Attachment, ...]] = _NO_DRAFT
        self.draft_state = DraftState.WRITTEN
        self.was_interrupted = self.had_draft = False
        """what is known of it before its messages are read"""
        self._on_changed = on_changed
        self._open: dict[str, ChatEntry] = {}
        """Answers on their way; their text is newer than the tree's."""

    @cached_property
    def thread(self) -> ThreadModel:
        """The path as a list model; made late, for there may be thousands of chats."""
        return ThreadModel()

    @property
    def id(self) -> str:
        """The chat's id."""
        return self.info.id

    @property
    def is_empty(self) -> bool:
        """Whether nothing was ever said here: a chat that was emptied still has its title."""
        return self.is_loaded and not len(self.tree) and not self.title

    @property
    def is_interrupted(self) -> bool:
        """Whether the last answer was cut off by the end of a window."""
        if not self.is_loaded or self.tree.leaf is None:
            return not self.is_loaded and self.was_interrupted
        return self.tree.get(self.tree.leaf).state is MessageState.INTERRUPTED

    @property
    def has_draft(self) -> bool:
        """Whether something was written and not sent when another chat was shown."""
        return self.draft != _NO_DRAFT if self.is_loaded else self.had_draft

    @property
    def title(self) -> str:
        """What the list calls the chat; "" while it has no name."""
        return self.info.title

    @property
    def system_prompt(self) -> str:
        """What the model is told before the first message."""
        return self.info.system_prompt

    @system_prompt.setter
    def system_prompt(self, text: str) -> None:
        self.change(system_prompt=text)

    @property
    def sampling(self) -> SamplingParams:
        """How answers are sampled."""
        return self.info.sampling

    @sampling.setter
    def sampling(self, sampling: SamplingParams) -> None:
        self.change(sampling=sampling)

    def change(self, **fields: Any) -> None:
        """Change what is kept of the chat besides its messages."""
        before, self.info = self.info, msgspec.structs.replace(self.info, **fields)
        if self.info != before:
            self._on_changed(self, before)

    def take(self, messages: Iterable[ChatMessage]) -> list[ChatMessage]:
        """Take the messages that were kept; returns those that nobody is answering any more."""
        self.tree = ConversationTree(messages, self.info.leaf)
        self.is_loaded, self.problem = True, ""
        left = [message for message in self.tree if message.state in _OPEN]
        mended = [msgspec.structs.replace(m, state=MessageState.INTERRUPTED) for m in left]
        for message in mended:
            self.tree.replace(message)
        self.show()
        return mended

    def show(self) -> None:
        """Bring the thread in line with the tree."""
        entries = []
        for message in self.tree.path():
            entry = self._open.get(message.id) or ChatEntry.of(message)
            versions = self.tree.versions(message.id)
            entry.version = (versions.index(message.id) + 1, len(versions))
            entries.append(entry)
        self.thread.show(entries)
        self.change(leaf=self.tree.leaf)

    def add(self, message: ChatMessage) -> None:
        """Put a message below its parent and show it."""
        self.tree.add(message)
        self.show()

    def replace(self, message: ChatMessage) -> None:
        """Change a message and show it."""
        self.tree.replace(message)
        self.show()

    def restore(self, cut: Cut) -> None:
        """Put back what a delete took, and show it."""
        self.tree.restore(cut)
        self.show()

    def prompt(self, message_id: str) -> tuple[Message, ...]:
        """Return what the model reads to write a message, and what is there of that already."""
        *before, answer = self.tree.path(message_id)
        turns = as_turns((m.role, model_text(m.text, m.attachments)) for m in before)
        begun = (Message(role=Role.ASSISTANT, content=answer.text),) if answer.text else ()
        return (*self._head, *turns, *begun)

    def said(self) -> tuple[Message, ...]:
        """Return the path that is shown, as a model would read it."""
        return (*self._head, *self.thread.messages())

    @property
    def _head(self) -> tuple[Message, ...]:
        system = self.system_prompt
        return (Message(role=Role.SYSTEM, content=system),) if system.strip() else ()

    # --- an answer on its way ---

    def begin(self, message_id: str) -> None:
        """Expect text for an answer."""
        message = self.tree.get(message_id)
        row = self.thread.row_of(message_id)
        shown = self.thread.entry(row) if row is not None else ChatEntry.of(message)
        self._open[message_id] = shown
        self.set_state(message_id, MessageState.WAITING)

    def expect_json(self, message_id: str) -> None:
        """Be told that an answer is written under a JSON schema."""
        self._open[message_id].is_under_schema = True

    def append(self, message_id: str, text: str) -> None:
        """Add a streamed piece."""
        entry = self._open[message_id]
        if entry.state is MessageState.WAITING:
            self.set_state(message_id, MessageState.STREAMING)
        row = self.thread.row_of(message_id)
        if row is None:
            entry.append(text)
        else:
            self.thread.append_text(row, text)

    def set_state(
        self,
        message_id: str,
        state: MessageState,
        *,
        result: GenerationResult | None = None,
        error: str = "",
    ) -> None:
        """Move an answer on in its life; one that has ended expects no more text."""
        entry, row = self._open[message_id], self.thread.row_of(message_id)
        if row is None:
            entry.state, entry.error, entry.result = state, error, result or entry.result
        else:
            self.thread.set_state(row, state, result=result, error=error)
        if state not in _OPEN:
            self.now(message_id)
            del self._open[message_id]

    def now(self, message_id: str) -> ChatMessage:
        """Return a message as it is at this moment, and keep it so in the tree."""
        message = self.tree.get(message_id)
        entry = self._open.get(message_id)
        if entry is not None:
            message = msgspec.structs.replace(
                message, text=entry.text, state=entry.state, result=entry.result, error=entry.error
            )
            self.tree.replace(message)
        return message

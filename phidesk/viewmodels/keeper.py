"""What the chats ask of whoever keeps them."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from phidesk.core.conversation import (
    Attachment,
    ChatInfo,
    ChatMessage,
    Folder,
    SearchHit,
    Unfinished,
)


class UnreadableChatError(Exception):
    """A chat is there but cannot be read; the message is for a person."""


class Keeper(Protocol):
    """Takes each change at once and writes it behind the scenes.

    Nothing here raises for a disk that is full or gone: the keeper says so itself, and tries
    again. forget_… hides what restore_… can bring back.
    """

    def chats(self) -> Sequence[ChatInfo]:
        """Return all chats."""
        ...

    def folders(self) -> Sequence[Folder]:
        """Return all folders."""
        ...

    def messages(self, chat_id: str) -> Sequence[ChatMessage]:
        """Return a chat's messages, oldest first; raises UnreadableChatError."""
        ...

    async def search(self, words: str) -> Sequence[SearchHit]:
        """Return where the words stand, the best places first."""
        ...

    def keep_chat(self, info: ChatInfo) -> None:
        """Take a chat, new or changed."""
        ...

    def keep_message(self, chat_id: str, message: ChatMessage) -> None:
        """Take a message, new or changed; its chat was kept before."""
        ...

    def keep_folder(self, folder: Folder) -> None:
        """Take a folder, new or changed."""
        ...

    def draft(self, chat_id: str) -> tuple[str, tuple[Attachment, ...]]:
        """Return what is written to a chat and not yet sent; "" is the one not begun yet."""
        ...

    def unfinished(self) -> Unfinished:
        """Return which chats were left in the middle of something, as far as is known."""
        ...

    def keep_draft(self, chat_id: str, text: str) -> None:
        """Take what is written to a chat."""
        ...

    def keep_draft_files(self, chat_id: str, attachments: tuple[Attachment, ...]) -> None:
        """Take what is attached to what is written."""
        ...

    def forget_chat(self, chat_id: str) -> None:
        """Take a chat away."""
        ...

    def restore_chat(self, chat_id: str) -> None:
        """Bring a chat back with its messages."""
        ...

    def forget_messages(self, chat_id: str, ids: Iterable[str]) -> None:
        """Take messages away."""
        ...

    def restore_messages(self, chat_id: str, ids: Iterable[str]) -> None:
        """Bring messages back."""
        ...

    def forget_folder(self, folder_id: str) -> None:
        """Take a folder away; its chats stay."""
        ...

    async def flush(self) -> bool:
        """Return, when it is written or cannot be, whether all that was taken so far is."""
        ...


class NoKeeper:
    """Keeps nothing: the chats live as long as the window."""

    def chats(self) -> Sequence[ChatInfo]:
        """Have none."""
        return ()

    def folders(self) -> Sequence[Folder]:
        """Have none."""
        return ()

    def messages(self, _chat_id: str) -> Sequence[ChatMessage]:
        """Have none."""
        return ()

    async def search(self, _words: str) -> Sequence[SearchHit]:
        """Find nothing."""
        return ()

    def keep_chat(self, info: ChatInfo) -> None:
        """Let it go."""

    def keep_message(self, chat_id: str, message: ChatMessage) -> None:
        """Let it go."""

    def keep_folder(self, folder: Folder) -> None:
        """Let it go."""

    def draft(self, _chat_id: str) -> tuple[str, tuple[Attachment, ...]]:
        """Have none."""
        return "", ()

    def unfinished(self) -> Unfinished:
        """Have none."""
        return Unfinished()

    def keep_draft(self, chat_id: str, text: str) -> None:
        """Let it go."""

    def keep_draft_files(self, chat_id: str, attachments: tuple[Attachment, ...]) -> None:
        """Let it go."""

    def forget_chat(self, chat_id: str) -> None:
        """Have nothing to forget."""

    def restore_chat(self, chat_id: str) -> None:
        """Have nothing to bring back."""

    def forget_messages(self, chat_id: str, ids: Iterable[str]) -> None:
        """Have nothing to forget."""

    def restore_messages(self, chat_id: str, ids: Iterable[str]) -> None:
        """Have nothing to bring back."""

    def forget_folder(self, folder_id: str) -> None:
        """Have nothing to forget."""

    async def flush(self) -> bool:
        """Have nothing to write."""
        return True

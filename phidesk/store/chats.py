"""Reads and writes chats, messages and folders."""

import contextlib
import sqlite3
import time
from collections.abc import Iterable

import msgspec

from phidesk.core.chat_statistics import ModelDay
from phidesk.core.chat_tree import cleaned
from phidesk.core.conversation import (
    Attachment,
    ChatInfo,
    ChatMessage,
    Folder,
    MessageState,
    SearchHit,
    Unfinished,
)
from phidesk.core.models import well_formed
from phidesk.store.changes import Changes
from phidesk.store.rows import CHAT, MESSAGE, attachments_of, chat_of, json_of, message_of
from phidesk.store.search import search

_LIVE = (MessageState.WAITING, MessageState.STREAMING)
_INDEX_AT_ONCE = 100_000  # characters; a tenth of a second in which nobody else can write
_REFUSED = (sqlite3.IntegrityError, sqlite3.DataError, OverflowError)

_SAVE_CHAT = f"""INSERT INTO chats ({CHAT})
    VALUES (?, ?, ?, (SELECT id FROM folders WHERE id = ?), ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET title = excluded.title, is_titled = excluded.is_titled,
    folder = excluded.folder, is_pinned = excluded.is_pinned, created = excluded.created,
    updated = excluded.updated, system_prompt = excluded.system_prompt,
    sampling = excluded.sampling, model = excluded.model, leaf = excluded.leaf,
    options = excluded.options"""
_SAVE_MESSAGE = f"""INSERT INTO messages ({MESSAGE}, chat)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET chat = excluded.chat, parent = excluded.parent,
    role = excluded.role, text = excluded.text, state = excluded.state,
    created = excluded.created, model = excluded.model, engine = excluded.engine,
    result = excluded.result, error = excluded.error, attachments = excluded.attachments,
    indexed = indexed * (text IS excluded.text
        AND excluded.state NOT IN ('{MessageState.WAITING}', '{MessageState.STREAMING}'))"""
_NAMED = "id IN (SELECT value FROM json_each(?))"
_STATISTICS = """SELECT day, model, count(*), sum(prompt), sum(completion),
    sum(completion) FILTER (WHERE speed > 0) / sum(completion / speed) FILTER (WHERE speed > 0),
    avg(ttft)
    FROM (SELECT date(m.created, 'unixepoch', 'localtime') AS day, m.model AS model,
        json_extract(result, '$.prompt_tokens') AS prompt,
        json_extract(result, '$.completion_tokens') AS completion,
        json_extract(result, '$.tokens_per_second') AS speed,
        json_extract(result, '$.ttft_s') AS ttft
        FROM messages m JOIN chats c ON c.id = m.chat
        WHERE result IS NOT NULL AND m.created >= ? AND m.deleted IS NULL AND c.deleted IS NULL)
    GROUP BY day, model ORDER BY day, model"""


class ChatStore:
    """The chats behind one connection, which one thread uses at a time."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def chats(self, also: Iterable[str] = ()) -> list[ChatInfo]:
        """Return all chats, the one written to last first; also those deleted that are named."""
        rows = self.connection.execute(
            f"SELECT {CHAT} FROM chats WHERE deleted IS NULL OR {_NAMED} ORDER BY updated DESC",
            (json_of(list(also)),),
        )
        return [chat_of(row) for row in rows.fetchall()]

    def save_chat(self, chat: ChatInfo) -> None:
        """Insert or update a chat; one whose folder is gone stands in none."""
        values = (
            chat.id, well_formed(chat.title), chat.is_titled, chat.folder, chat.is_pinned,
            chat.created, chat.updated, well_formed(chat.system_prompt), json_of(chat.sampling),
            well_formed(chat.model), chat.leaf, json_of(chat.options),
        )  # fmt: skip
        self.connection.execute(_SAVE_CHAT, values)

    def delete_chat(self, chat_id: str) -> None:
        """Delete a chat; restore_chat brings it back, purge takes it for good."""
        self._set_gone("chats", [chat_id], True)

    def restore_chat(self, chat_id: str) -> None:
        """Bring a deleted chat back."""
        self._set_gone("chats", [chat_id], False)

    def messages(self, chat_id: str, also: Iterable[str] = ()) -> list[ChatMessage]:
        """Return all messages of a chat's tree, oldest first; also those deleted that are named."""
        rows = self.connection.execute(
            f"SELECT {MESSAGE} FROM messages WHERE chat = ? AND (deleted IS NULL OR {_NAMED})"
            " ORDER BY created, number",
            (chat_id, json_of(list(also))),
        )
        return [message_of(row) for row in rows.fetchall()]

    def save_message(self, chat_id: str, message: ChatMessage) -> None:
        """Insert or update a message of a chat that is there."""
        m = cleaned(message)
        result = None if m.result is None else json_of(m.result)
        values = (
            m.id, m.parent, m.role, m.text, m.state, m.created, m.model, m.engine, result, m.error,
            json_of(m.attachments), chat_id,
        )  # fmt: skip
        self.connection.execute(_SAVE_MESSAGE, values)

    def delete_messages(self, ids: Iterable[str]) -> None:
        """Delete messages; restore_messages brings them back, purge takes them for good."""
        self._set_gone("messages", ids, True)

    def restore_messages(self, ids: Iterable[str]) -> None:
        """Bring deleted messages back."""
        self._set_gone("messages", ids, False)

    def folders(self) -> list[Folder]:
        """Return all folders in their order."""
        rows = self.connection.execute("SELECT id, name, position FROM folders ORDER BY position")
        return [Folder(id=i, name=name, position=place) for i, name, place in rows.fetchall()]

    def save_folder(self, folder: Folder) -> None:
        """Insert or update a folder."""
        self.connection.execute(
            "INSERT INTO folders (id, name, position) VALUES (?, ?, ?) ON CONFLICT (id)"
            " DO UPDATE SET name = excluded.name, position = excluded.position",
            (folder.id, well_formed(folder.name), folder.position),
        )

    def delete_folder(self, folder_id: str) -> None:
        """Delete a folder; its chats stay, in none."""
        self.connection.execute("DELETE FROM folders WHERE id = ?", (folder_id,))

    def draft(self, chat_id: str) -> tuple[str, tuple[Attachment, ...]]:
        """Return what is written to a chat and not yet sent; "" is the one not begun yet."""
        key = (chat_id,)
        text = self.connection.execute("SELECT text FROM drafts WHERE chat = ?", key).fetchone()
        files = self.connection.execute(
            "SELECT attachments FROM draft_files WHERE chat = ?", key
        ).fetchone()
        attachments: tuple[Attachment, ...] = ()
        if files:
            # Damaged: the draft's text, and the chat, are worth more than what was attached.
            with contextlib.suppress(msgspec.DecodeError):
                attachments = attachments_of(files[0])
        return text[0] if text else "", attachments

    def unfinished(self) -> Unfinished:
        """Return which chats were left in the middle of something."""
        states = (MessageState.INTERRUPTED, *_LIVE)  # nobody goes on with what is live here
        interrupted = self.connection.execute(
            "SELECT c.id FROM chats c JOIN messages m ON m.id = c.leaf"
            " WHERE m.deleted IS NULL AND m.state IN (?, ?, ?)",
            states,
        )
        drafts = self.connection.execute(
            "SELECT chat FROM drafts UNION SELECT chat FROM draft_files"
        )
        return Unfinished(
            frozenset(chat for (chat,) in interrupted), frozenset(chat for (chat,) in drafts)
        )

    def save_draft(self, chat_id: str, text: str) -> None:
        """Keep what is written, "" for nothing."""
        self._set_draft("drafts", "text", chat_id, well_formed(text))

    def save_draft_files(self, chat_id: str, attachments: tuple[Attachment, ...]) -> None:
        """Keep what is attached to it."""
        value = json_of(attachments) if attachments else ""
        self._set_draft("draft_files", "attachments", chat_id, value)

    def apply(self, changes: Changes) -> Changes:
        """Write changes inside a transaction; returns those that cannot be, which stop no other.

        A message whose chat is not there cannot: the chat may still come. One whose chat another
        window has deleted brings it back: somebody goes on in it.
        """
        refused = Changes()
        for folder_id, folder in changes.folders.items():
            if folder is None:
                self.delete_folder(folder_id)
            else:
                self.save_folder(folder)
        for chat_id, chat in changes.chats.items():
            try:
                self.save_chat(chat)
            except _REFUSED:
                refused.chats[chat_id] = chat
        for message_id, (chat_id, message) in changes.messages.items():
            try:
                self.save_message(chat_id, message)
            except _REFUSED:
                refused.messages[message_id] = (chat_id, message)
        self._set_gone("chats", {chat_id for chat_id, _ in changes.messages.values()}, False)
        for table, gone in (("chats", changes.gone_chats), ("messages", changes.gone_messages)):
            for is_gone in (True, False):
                self._set_gone(table, [i for i, value in gone.items() if value is is_gone], is_gone)
        for chat_id, text in changes.drafts.items():
            self.save_draft(chat_id, text)
        for chat_id, attachments in changes.draft_files.items():
            self.save_draft_files(chat_id, attachments)
        return refused

    def interrupt(self) -> None:
        """Mark answers that nobody is writing any more."""
        self.connection.execute(
            "UPDATE messages SET state = ? WHERE indexed <> 1 AND state IN (?, ?)",
            (MessageState.INTERRUPTED, *_LIVE),
        )

    def purge(self, before: float) -> None:
        """Take for good what was deleted before a time, in seconds since the epoch."""
        for table in ("messages", "chats"):
            self.connection.execute(f"DELETE FROM {table} WHERE deleted < ?", (before,))

    def index_some(self) -> bool:
        """Put some messages that have ended into the search index; returns whether any was left.

        Very long ones never are: that takes seconds, and to look through them hardly any.
        """
        rows = self.connection.execute(
            "SELECT number, length(text) FROM messages WHERE indexed <> 1 AND indexed = 0"
            " AND state NOT IN (?, ?) ORDER BY number LIMIT 500",
            _LIVE,
        ).fetchall()
        characters = 0
        for number, length in rows:
            is_short = length <= _INDEX_AT_ONCE
            self.connection.execute(
                "UPDATE messages SET indexed = ? WHERE number = ?", (1 if is_short else 2, number)
            )
            characters += length if is_short else 0
            if characters >= _INDEX_AT_ONCE:
                break
        return bool(rows)

    def search(self, words: str, limit: int = 50) -> list[SearchHit]:
        """Return where all the words stand: titles first, then messages, the newest first."""
        return search(self.connection, words, limit)

    def statistics(self, since: float = 0.0) -> list[ModelDay]:
        """Return what was generated since a time, by local day and model."""
        rows = self.connection.execute(_STATISTICS, (since,)).fetchall()
        return [
            ModelDay(
                day=day, model=model, answers=answers, prompt_tokens=prompt,
                completion_tokens=completion, tokens_per_second=speed, ttft_s=ttft,
            )
            for day, model, answers, prompt, completion, speed, ttft in rows
        ]  # fmt: skip

    def _set_draft(self, table: str, column: str, chat_id: str, value: str) -> None:
        if value:
            self.connection.execute(
                f"INSERT INTO {table} (chat, {column}) VALUES (?, ?)"
                f" ON CONFLICT (chat) DO UPDATE SET {column} = excluded.{column}",
                (chat_id, value),
            )
        else:
            self.connection.execute(f"DELETE FROM {table} WHERE chat = ?", (chat_id,))

    def _set_gone(self, table: str, ids: Iterable[str], is_gone: bool) -> None:
        deleted = time.time() if is_gone else None
        self.connection.executemany(
            f"UPDATE {table} SET deleted = ? WHERE id = ?", [(deleted, i) for i in ids]
        )

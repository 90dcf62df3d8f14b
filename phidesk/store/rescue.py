"""Takes out of a damaged file what can still be read."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from phidesk.core.conversation import ChatInfo, ChatMessage, Folder
from phidesk.store.chats import ChatStore
from phidesk.store.errors import StoreError
from phidesk.store.migrations import bring_options
from phidesk.store.rows import CHAT, MESSAGE, attachments_of, chat_of, message_of

_MOST_UNREADABLE = 20_000  # rows in a row: then there is nothing more


def rescue(damaged: Path, store: ChatStore) -> int:
    """Copy what can be read to a store; returns how many messages came along.

    The damaged file is only read. A message whose chat is destroyed stands in a new one.
    """
    with closing(sqlite3.connect(f"{damaged.absolute().as_uri()}?mode=ro", uri=True)) as source:
        source.text_factory = lambda raw: raw.decode(errors="replace")
        try:
            source.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except sqlite3.Error:
            return 0
        for row in _rows(source, "folders", "id, name, position"):
            if (folder := _checked(Folder, row)) is not None:
                store.save_folder(folder)
        chats = set()
        for row in _rows(source, "chats", _columns(source), "deleted IS NULL"):
            if (chat := _checked(ChatInfo, row)) is not None:
                store.save_chat(chat)
                chats.add(chat.id)
        count = 0
        for row in _rows(source, "messages", f"chat, {MESSAGE}", "deleted IS NULL"):
            chat_id, message = row[0], _checked(ChatMessage, row[1:])
            if message is None or not isinstance(chat_id, str):
                continue
            if chat_id not in chats:
                store.save_chat(ChatInfo(id=chat_id, title="…"))
                chats.add(chat_id)
            store.save_message(chat_id, message)
            count += 1
        _rescue_drafts(source, store)
        if not _has_options(source):
            bring_options(store.connection, damaged.parent)
    return count


def _columns(source: sqlite3.Connection) -> str:
    """Return the columns of a chat; the first version had no options."""
    return CHAT if _has_options(source) else CHAT.replace("options", "'{}'")


def _has_options(source: sqlite3.Connection) -> bool:
    try:
        return "options" in {row[1] for row in source.execute("PRAGMA table_info(chats)")}
    except sqlite3.DatabaseError:
        return True


def _rescue_drafts(source: sqlite3.Connection, store: ChatStore) -> None:
    for chat, text in _rows(source, "drafts", "chat, text"):
        if isinstance(chat, str) and isinstance(text, str):
            store.save_draft(chat, text)
    for chat, attachments in _rows(source, "draft_files", "chat, attachments"):
        with suppress(msgspec.DecodeError, TypeError):
            store.save_draft_files(chat, attachments_of(attachments))


def _rows(
    source: sqlite3.Connection, table: str, columns: str, where: str = "1"
) -> Iterator[tuple[Any, ...]]:
    """Give all rows that can be read, past those that cannot."""
    last, failures = 0, 0
    statement = f"SELECT rowid, {columns} FROM {table} WHERE rowid > ? AND {where} ORDER BY rowid"
    while failures < _MOST_UNREADABLE:
        try:
            for row in source.execute(statement, (last,)):
                last, failures = row[0], 0
                yield row[1:]
        except sqlite3.OperationalError:  # there is no such table
            return
        except sqlite3.DatabaseError:
            last, failures = last + 1, failures + 1
        else:
            return


_T = TypeVar("_T", Folder, ChatInfo, ChatMessage)


def _checked(kind: type[_T], row: tuple[Any, ...]) -> _T | None:
    """Return what stands in a row, None where it makes no sense."""
    try:
        if kind is ChatInfo:
            made: Any = chat_of(row)
        elif kind is ChatMessage:
            made = message_of(row)
        else:
            made = Folder(id=row[0], name=row[1], position=row[2])
        return msgspec.convert(msgspec.to_builtins(made), kind)
    except (StoreError, ValueError, TypeError):
        return None

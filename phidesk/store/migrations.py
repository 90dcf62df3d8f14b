"""The steps from one version of the database to the next; a step that was released never changes.

Version 1: a message's text is in the search index exactly while `indexed` is 1. It is put there
after it was saved, for that takes about a second for a million characters; 2 says that it is too
long for that. What can be long stands last in a row, as all before it is read without it.

Version 2: a chat's options stand with it; they lay in a file of their own, which is left to those
who go back to a copy of version 1. What is written and not yet sent is kept by its chat's id, ""
for the chat that is not begun yet.
"""

import contextlib
import sqlite3
from collections.abc import Callable
from pathlib import Path

import msgspec

from phidesk.core.chat_options import ChatOptions

Migration = Callable[[sqlite3.Connection], None]

_VERSION_1 = (
    """CREATE TABLE folders (
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        position INTEGER NOT NULL
    )""",
    """CREATE TABLE chats (
        id TEXT PRIMARY KEY,
        title TEXT NOT NULL,
        is_titled INTEGER NOT NULL,
        folder TEXT REFERENCES folders ON DELETE SET NULL,
        is_pinned INTEGER NOT NULL,
        created REAL NOT NULL,
        updated REAL NOT NULL,
        system_prompt TEXT NOT NULL,
        sampling TEXT NOT NULL,
        model TEXT NOT NULL,
        leaf TEXT,
        deleted REAL
    )""",
    "CREATE INDEX chats_by_folder ON chats (folder)",
    """CREATE TABLE messages (
        number INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        chat TEXT NOT NULL REFERENCES chats ON DELETE CASCADE,
        parent TEXT,
        role TEXT NOT NULL,
        state TEXT NOT NULL,
        created REAL NOT NULL,
        model TEXT NOT NULL,
        engine TEXT NOT NULL,
        deleted REAL,
        indexed INTEGER NOT NULL DEFAULT 0,
        result TEXT,
        error TEXT NOT NULL,
        text TEXT NOT NULL,
        attachments TEXT NOT NULL
    )""",
    "CREATE INDEX messages_by_chat ON messages (chat)",
    "CREATE INDEX messages_not_indexed ON messages (number) WHERE indexed <> 1",
    "CREATE INDEX messages_gone ON messages (deleted) WHERE deleted IS NOT NULL",
    """CREATE VIRTUAL TABLE words USING fts5 (
        text, content = 'messages', content_rowid = 'number', tokenize = 'trigram'
    )""",
    """CREATE TRIGGER messages_into_words AFTER UPDATE OF indexed ON messages
        WHEN old.indexed = 0 AND new.indexed = 1 BEGIN
        INSERT INTO words (rowid, text) VALUES (new.number, new.text);
    END""",
    """CREATE TRIGGER messages_out_of_words AFTER UPDATE OF indexed ON messages
        WHEN old.indexed = 1 AND new.indexed = 0 BEGIN
        INSERT INTO words (words, rowid, text) VALUES ('delete', old.number, old.text);
    END""",
    """CREATE TRIGGER messages_deleted AFTER DELETE ON messages WHEN old.indexed = 1 BEGIN
        INSERT INTO words (words, rowid, text) VALUES ('delete', old.number, old.text);
    END""",
)

_OPTIONS_FILE = "chat-options.json"
_VERSION_2 = (
    "ALTER TABLE chats ADD COLUMN options TEXT NOT NULL DEFAULT '{}'",
    "CREATE TABLE drafts (chat TEXT PRIMARY KEY, text TEXT NOT NULL)",
    "CREATE TABLE draft_files (chat TEXT PRIMARY KEY, attachments TEXT NOT NULL)",
    """CREATE TRIGGER chats_deleted AFTER DELETE ON chats BEGIN
        DELETE FROM drafts WHERE chat = old.id;
        DELETE FROM draft_files WHERE chat = old.id;
    END""",
)


def _to_version_1(connection: sqlite3.Connection) -> None:
    for statement in _VERSION_1:
        connection.execute(statement)


def _to_version_2(connection: sqlite3.Connection) -> None:
    for statement in _VERSION_2:
        connection.execute(statement)
    file = connection.execute("PRAGMA database_list").fetchone()[2]
    bring_options(connection, Path(file).parent)


def bring_options(connection: sqlite3.Connection, folder: Path) -> None:
    """Give chats their options from the file that version 1 kept them in."""
    options = _options_of_version_1(folder / _OPTIONS_FILE)
    connection.executemany("UPDATE chats SET options = ? WHERE id = ?", options)


def _options_of_version_1(path: Path) -> list[tuple[str, str]]:
    """Return what can be read of the file, as JSON, and the chats that it belongs to."""
    found: list[tuple[str, str]] = []
    with contextlib.suppress(OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        for chat, entry in msgspec.json.decode(path.read_bytes(), type=dict[str, object]).items():
            with contextlib.suppress(msgspec.ValidationError, ValueError):
                options = msgspec.convert(entry, ChatOptions)
                found.append((msgspec.json.encode(options).decode(), chat))
    return found


MIGRATIONS: tuple[Migration, ...] = (_to_version_1, _to_version_2)

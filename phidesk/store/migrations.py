"""The steps from one version of the database to the next; a step that was released never changes.

Version 1: a message's text is in the search index exactly while `indexed` is 1. It is put there
after it was saved, for that takes about a second for a million characters; 2 says that it is too
long for that. What can be long stands last in a row, as all before it is read without it.
"""

import sqlite3
from collections.abc import Callable

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


def _to_version_1(connection: sqlite3.Connection) -> None:
    for statement in _VERSION_1:
        connection.execute(statement)


MIGRATIONS: tuple[Migration, ...] = (_to_version_1,)

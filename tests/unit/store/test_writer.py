import queue
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing

import msgspec
import pytest

from phidesk.core.chat import Role
from phidesk.core.conversation import ChatInfo, ChatMessage, MessageState
from phidesk.store.changes import Changes
from phidesk.store.chats import ChatStore
from phidesk.store.database import Database
from phidesk.store.errors import Trouble, TroubleKind
from phidesk.store.migrations import MIGRATIONS
from phidesk.store.writer import ChatWriter

WAIT_S = 20


class _Limited(Database):
    """A file that cannot grow beyond a number of pages."""

    pages = 0

    def connect(self) -> sqlite3.Connection:
        connection = super().connect()
        if self.pages:
            connection.execute(f"PRAGMA max_page_count = {self.pages}")
        return connection


class _Written:
    """A writer, and what it tells."""

    def __init__(self, database: Database) -> None:
        self.told: queue.Queue[Trouble | None] = queue.Queue()
        self.database = database
        self.writer = ChatWriter(database, self.told.put)
        self.chat = ChatInfo()

    def say(self, text: str, message_id: str = "") -> ChatMessage:
        message = ChatMessage(parent=None, role=Role.USER, text=text)
        if message_id:
            message = msgspec.structs.replace(message, id=message_id)
        self.writer.add(Changes(messages={message.id: (self.chat.id, message)}))
        return message

    def begin(self) -> None:
        self.writer.start()
        self.writer.add(Changes(chats={self.chat.id: self.chat}))

    def flush(self) -> bool:
        return self.writer.flush().result(WAIT_S)

    def texts(self) -> list[str]:
        with closing(self.database.connect()) as connection:
            return [message.text for message in ChatStore(connection).messages(self.chat.id)]


@pytest.fixture
def written(database: Database) -> Iterator[_Written]:
    made = _Written(database)
    yield made
    made.writer.close()


def test_what_is_flushed_is_there(written: _Written) -> None:
    written.begin()
    written.say("hello")
    assert written.flush()
    assert written.texts() == ["hello"]
    assert not written.writer.unsaved()


def test_many_saves_of_a_message_are_few_writes(written: _Written) -> None:
    written.begin()
    assert written.flush()
    seen = set()
    with closing(written.database.connect()) as connection:
        for length in range(1, 501):
            written.say("x" * length, "one")
            seen.add(connection.execute("PRAGMA data_version").fetchone())
            time.sleep(0.001)
    assert written.flush()
    assert written.texts() == ["x" * 500]
    assert len(seen) < 50


def test_a_file_that_a_newer_phidesk_has_taken_over_is_left_alone(written: _Written) -> None:
    written.begin()
    assert written.flush()
    newer = Database(written.database.path, (*MIGRATIONS, lambda _: None))
    newer.open()
    written.say("kept in the window")
    assert not written.flush()
    trouble = written.told.get(timeout=WAIT_S)
    assert trouble is not None
    assert "newer phidesk" in trouble.detail


def test_what_is_not_flushed_is_written_soon(written: _Written) -> None:
    written.begin()
    written.say("soon")
    deadline = time.monotonic() + WAIT_S
    while written.texts() != ["soon"]:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_what_was_left_live_is_interrupted_and_what_is_new_is_not(written: _Written) -> None:
    left = ChatMessage(parent=None, role=Role.ASSISTANT, state=MessageState.STREAMING, text="old")
    with closing(written.database.connect()) as connection:
        store = ChatStore(connection)
        store.save_chat(written.chat)
        store.save_message(written.chat.id, left)
        written.begin()
        new = msgspec.structs.replace(left, id="new", created=left.created + 1)
        written.writer.add(Changes(messages={"new": (written.chat.id, new)}))
        assert written.flush()
        states = [message.state for message in store.messages(written.chat.id)]
    assert states == [MessageState.INTERRUPTED, MessageState.STREAMING]


def test_close_writes_what_is_left(written: _Written) -> None:
    written.begin()
    written.say("first")
    assert written.flush()
    written.say("last")
    assert written.writer.close()
    assert sorted(written.texts()) == ["first", "last"]
    assert written.flush()
    written.say("too late")
    assert not written.flush()


def test_a_full_disk_loses_nothing(database: Database) -> None:
    limited = _Limited(database.path)
    limited.pages = 60
    written = _Written(limited)
    written.begin()
    assert written.flush()
    texts = [f"{number} " * 40_000 for number in range(5)]
    for text in texts:
        written.say(text)
    assert not written.flush()
    trouble = written.told.get(timeout=WAIT_S)
    assert trouble is not None
    assert trouble.kind is TroubleKind.DISK_FULL
    assert len(written.writer.unsaved()) == 5
    texts.append("more")
    written.say("more")
    limited.pages = 100_000
    assert written.told.get(timeout=WAIT_S) is None
    assert written.flush()
    assert sorted(written.texts()) == sorted(texts)
    assert written.writer.close()


def test_another_window_that_writes_is_waited_for(written: _Written) -> None:
    written.begin()
    assert written.flush()
    with closing(written.database.connect()) as other:
        other.execute("BEGIN IMMEDIATE")
        written.say("patient")
        done = written.writer.flush()
        time.sleep(0.2)
        assert not done.done()
        ChatStore(other).save_chat(ChatInfo(title="of the other window"))
        other.execute("COMMIT")
        assert done.result(WAIT_S)
    assert written.texts() == ["patient"]
    assert written.told.empty()


def test_a_message_without_its_chat_waits_for_it(written: _Written) -> None:
    written.begin()
    stranger = ChatInfo()
    message = ChatMessage(parent=None, role=Role.USER, text="early")
    written.writer.add(Changes(messages={message.id: (stranger.id, message)}))
    written.say("not held up")
    assert not written.flush()
    assert written.texts() == ["not held up"]
    written.writer.add(Changes(chats={stranger.id: stranger}))
    assert written.flush()
    assert not written.writer.unsaved()

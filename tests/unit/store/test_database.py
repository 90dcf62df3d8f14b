import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from phidesk.core.chat import Role
from phidesk.core.chat_options import ChatOptions
from phidesk.core.context import Overflow
from phidesk.core.conversation import Attachment, ChatInfo, ChatMessage
from phidesk.store.chats import ChatStore
from phidesk.store.database import APPLICATION_ID, Database
from phidesk.store.errors import StoreError, StoreTooNewError
from phidesk.store.migrations import MIGRATIONS
from phidesk.store.rescue import rescue

RELEASED = sorted((Path(__file__).parent / "released").glob("version-*.sql"))


def _next_version(connection: sqlite3.Connection) -> None:
    connection.execute("ALTER TABLE chats ADD COLUMN colour TEXT NOT NULL DEFAULT 'red'")


def _broken_version(connection: sqlite3.Connection) -> None:
    connection.execute("DELETE FROM messages")
    raise sqlite3.OperationalError("database or disk is full")


def _version(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _filled(path: Path) -> ChatInfo:
    database = Database(path)
    database.open()
    chat = ChatInfo(title="Kept")
    with closing(database.connect()) as connection:
        ChatStore(connection).save_chat(chat)
        for number in range(200):
            message = ChatMessage(parent=None, role=Role.USER, text=f"{number} " * 500)
            ChatStore(connection).save_message(chat.id, message)
    return chat


def _titles(database: Database) -> list[str]:
    with closing(database.connect()) as connection:
        return [chat.title for chat in ChatStore(connection).chats()]


def test_a_blank_file_gets_the_newest_version_and_is_nobody_elses(database: Database) -> None:
    assert _version(database.path) == database.version == len(MIGRATIONS)
    assert database.path.stat().st_mode & 0o077 == 0
    with closing(database.connect()) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("PRAGMA foreign_keys").fetchone() == (1,)
        assert connection.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)


def test_each_released_version_is_tested() -> None:
    assert [path.stem for path in RELEASED] == [
        f"version-{number}" for number in range(1, len(MIGRATIONS) + 1)
    ]


@pytest.mark.parametrize("released", RELEASED, ids=lambda path: path.stem)
def test_a_file_of_each_released_version_opens_with_all_that_is_in_it(
    released: Path, tmp_path: Path
) -> None:
    path = tmp_path / "chats.sqlite3"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(released.read_text())
    database = Database(path)
    database.open()
    assert database.aside is None
    with closing(database.connect()) as connection:
        store = ChatStore(connection)
        (chat,) = store.chats()
        assert (chat.title, chat.sampling.temperature) == ("阿姆斯特丹", 0.25)
        assert store.folders()[0].id == chat.folder
        question, answer = store.messages(chat.id)
        assert question.attachments[0].text == "1,2\n"
        assert answer.result is not None
        assert answer.result.completion_tokens == 12
        assert [hit.message for hit in store.search("capital")] == [answer.id, question.id]
        connection.execute("INSERT INTO words (words) VALUES ('integrity-check')")


def test_version_2_takes_over_what_lay_in_a_file_beside(tmp_path: Path) -> None:
    path = tmp_path / "chats.sqlite3"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(RELEASED[0].read_text())
    beside = tmp_path / "chat-options.json"
    entries = '"c1": {"overflow": "drop", "preset": "Mine"}, "gone": {}, "odd": {"cut": 7}'
    beside.write_text(f"{{{entries}}}")
    Database(path).open()
    with closing(Database(path).connect()) as connection:
        (chat,) = ChatStore(connection).chats()
    assert chat.options == ChatOptions(overflow=Overflow.DROP, preset="Mine")
    assert beside.exists()  # it belongs to the copy of version 1


def test_a_rescue_of_version_1_brings_the_options_along(tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.sqlite3"
    with closing(sqlite3.connect(damaged)) as connection:
        connection.executescript(RELEASED[0].read_text())
    (tmp_path / "chat-options.json").write_text('{"c1": {"preset": "Mine"}}')
    fresh = Database(tmp_path / "fresh" / "chats.sqlite3")
    fresh.path.parent.mkdir()
    fresh.open()
    with closing(fresh.connect()) as connection:
        rescue(damaged, ChatStore(connection))
        (chat,) = ChatStore(connection).chats()
    assert chat.options.preset == "Mine"


def test_a_draft_goes_before_what_was_attached_to_it(tmp_path: Path) -> None:
    database = Database(tmp_path / "chats.sqlite3")
    database.open()
    with closing(database.connect()) as connection:
        store = ChatStore(connection)
        store.save_draft("", "half a thought")
        store.save_draft_files("", (Attachment(name="a.md", text="words"),))
        connection.execute("UPDATE draft_files SET attachments = '[{\"name\": 7}]'")
        assert store.draft("") == ("half a thought", ())


def test_an_earlier_file_that_cannot_be_migrated_is_told_in_words(tmp_path: Path) -> None:
    path = tmp_path / "chats.sqlite3"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(RELEASED[0].read_text())
    with pytest.raises(StoreError, match="no room on the disk"):
        Database(path).connect_to_read()


def test_a_file_beside_that_is_damaged_stops_no_migration(tmp_path: Path) -> None:
    path = tmp_path / "chats.sqlite3"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(RELEASED[0].read_text())
    (tmp_path / "chat-options.json").write_bytes(b'{"c1": \xff')
    Database(path).open()
    assert _titles(Database(path)) == ["阿姆斯特丹"]


def test_drafts_of_the_second_version_are_there(tmp_path: Path) -> None:
    path = tmp_path / "chats.sqlite3"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(RELEASED[1].read_text())
    Database(path).open()
    with closing(Database(path).connect()) as connection:
        store = ChatStore(connection)
        assert store.draft("") == ("Not begun: 你好", ())
        text, files = store.draft("c1")
        assert (text, files[0].text) == ("And of Belgium?", "3,4\n")
        store.save_draft("c1", "half \ud800")
        store.save_draft_files("c1", (Attachment(name="a", text="\udfff"),))
        assert store.draft("c1") == ("half �", (Attachment(name="a", text="�"),))
        store.save_draft_files("c1", ())
        assert store.draft("c1") == ("half �", ())
        store.delete_chat("c1")
        store.purge(time.time() + 1)
        assert store.draft("c1") == ("", ())


def test_a_rescue_that_was_broken_off_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The window may be closed meanwhile: the damaged file is then still in its place."""
    path = tmp_path / "chats.sqlite3"
    chat = _filled(path)
    with closing(Database(path).connect()) as connection:
        ChatStore(connection).save_draft(chat.id, "not sent")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA application_id = 0")
    with monkeypatch.context() as broken:
        broken.setattr("phidesk.store.database.rescue", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            Database(path).open()
    database = Database(path)
    database.open()
    assert database.rescued == 200
    assert database.aside is not None
    with closing(database.connect()) as connection:
        assert ChatStore(connection).draft(chat.id) == ("not sent", ())
    path.rename(tmp_path / "chats.sqlite3.rescued")  # as if it had ended between two renames
    Database(path).open()
    assert _titles(Database(path)) == ["Kept"]


def test_a_migration_leaves_a_copy_of_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "chats.sqlite3"
    _filled(path)
    before = _version(path)
    newer = Database(path, (*MIGRATIONS, _next_version))
    newer.open()
    assert _version(path) == before + 1
    assert _titles(newer) == ["Kept"]
    copy = Database(tmp_path / f"chats.sqlite3.version-{before}")
    assert copy.path.stat().st_mode & 0o077 == 0
    assert _version(copy.path) == before
    assert _titles(copy) == ["Kept"]


def test_a_migration_that_fails_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "chats.sqlite3"
    chat = _filled(path)
    broken = Database(path, (*MIGRATIONS, _next_version, _broken_version))
    with pytest.raises(sqlite3.OperationalError):
        broken.open()
    assert _version(path) == len(MIGRATIONS)
    with closing(Database(path).connect()) as connection:
        assert len(ChatStore(connection).messages(chat.id)) == 200


def test_a_newer_file_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "chats.sqlite3"
    Database(path, (*MIGRATIONS, _next_version)).open()
    before = path.read_bytes()
    with pytest.raises(StoreTooNewError, match="newer phidesk"):
        Database(path).open()
    assert path.read_bytes() == before


@pytest.mark.parametrize("content", [b"not a database" * 1000, b"SQLite format 3\0" + bytes(5000)])
def test_what_is_no_database_is_set_aside(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "chats.sqlite3"
    path.write_bytes(content)
    database = Database(path)
    database.open()
    assert database.aside is not None
    assert database.aside.read_bytes() == content
    assert _titles(database) == []


def test_a_database_of_another_program_is_set_aside(tmp_path: Path) -> None:
    path = tmp_path / "chats.sqlite3"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE chats (other TEXT)")
    database = Database(path)
    database.open()
    assert database.aside is not None
    assert _titles(database) == []


@pytest.mark.parametrize("sign", ["-wal", "-check"], ids=["after a kill", "after an error"])
def test_destroyed_pages_are_found_and_the_rest_is_rescued(tmp_path: Path, sign: str) -> None:
    path = tmp_path / "chats.sqlite3"
    chat = _filled(path)
    destroyed = bytearray(path.read_bytes())
    for page in (40, 41, 60):
        destroyed[page * 4096 : page * 4096 + 4096] = b"\xff" * 4096
    path.write_bytes(destroyed)
    path.with_name(f"chats.sqlite3{sign}").touch()
    database = Database(path)
    database.open()
    assert database.aside is not None
    assert database.aside.read_bytes() == bytes(destroyed)
    with closing(database.connect()) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        store = ChatStore(connection)
        assert store.chats() == [chat]
        messages = store.messages(chat.id)
        assert 150 < len(messages) == database.rescued < 200
        numbers = [int(message.text.split()[0]) for message in messages]
        assert [message.text for message in messages] == [f"{n} " * 500 for n in numbers]
    again = Database(path)
    again.open()
    assert again.aside is None


_KILLED = """
import os, sys
from pathlib import Path
from phidesk.core.conversation import ChatInfo
from phidesk.store.chats import ChatStore
from phidesk.store.database import Database
ChatStore(Database(Path(sys.argv[1])).connect()).save_chat(ChatInfo())
os._exit(0)
"""


def test_only_a_log_that_no_window_has_open_is_a_reason_to_check(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    checks: list[sqlite3.Connection] = []
    monkeypatch.setattr("phidesk.store.database._check", checks.append)
    log = database.path.with_name("chats.sqlite3-wal")
    with closing(database.connect()) as connection:
        ChatStore(connection).save_chat(ChatInfo())
        assert log.exists()
        Database(database.path).open()
        assert checks == []
    subprocess.run([sys.executable, "-c", _KILLED, str(database.path)], check=True)
    assert log.exists()
    Database(database.path).open()
    assert len(checks) == 1
    assert len(_titles(database)) == 2


def test_messages_of_a_chat_that_is_destroyed_are_rescued(tmp_path: Path) -> None:
    path = tmp_path / "chats.sqlite3"
    chat = _filled(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE chats SET sampling = 'noise'")
        connection.execute("UPDATE messages SET state = 17 WHERE number = 1")
        connection.commit()
        connection.execute("PRAGMA application_id = 0")
    database = Database(path)
    database.open()
    assert database.rescued == 199
    with closing(database.connect()) as connection:
        assert len(ChatStore(connection).messages(chat.id)) == 199
        assert ChatStore(connection).chats()[0].id == chat.id

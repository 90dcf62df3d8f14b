import asyncio
import contextlib
import os
import sqlite3
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from pytestqt.qtbot import QtBot

from phidesk.core.chat import Role
from phidesk.core.chat_files import ChatFormat
from phidesk.core.chat_tree import ChatFileError
from phidesk.core.conversation import ChatInfo, ChatMessage, Folder, MessageState
from phidesk.store.chats import ChatStore
from phidesk.store.database import Database
from phidesk.store.migrations import MIGRATIONS
from phidesk.viewmodels.chat_exchange import export_chats, import_chats
from phidesk.viewmodels.chat_keeper import ChatKeeper
from phidesk.viewmodels.keeper import UnreadableChatError

WAIT_MS = 20_000
MakeKeeper = Callable[[], ChatKeeper]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "chats.sqlite3"


@pytest.fixture
async def make(path: Path, qtbot: QtBot) -> AsyncIterator[MakeKeeper]:
    keepers: list[ChatKeeper] = []

    def make_keeper() -> ChatKeeper:
        keepers.append(ChatKeeper(path))
        keepers[-1].open()
        qtbot.waitUntil(lambda: not keepers[-1].is_opening, timeout=WAIT_MS)
        return keepers[-1]

    yield make_keeper
    for keeper in keepers:
        await keeper.shut_down()


@pytest.fixture
def small_disk(path: Path) -> Iterator[Path]:
    """A file system of 1 MB under the database."""
    path.parent.mkdir()
    if os.geteuid() != 0:
        pytest.skip("only root can mount a tmpfs")
    command = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(path.parent)]
    subprocess.run(command, check=True)
    yield path.parent
    subprocess.run(["umount", "-l", str(path.parent)], check=True)


def _remount(folder: Path, how: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{how}", str(folder)], check=True)


def _fill(folder: Path) -> Path:
    """Leave no room in the file system of a folder."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(4096))
    return filler


def _content(path: Path) -> bytes:
    return path.read_bytes()


def _spoil(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"noise" * 5000)


def _question(text: str, parent: str | None = None) -> ChatMessage:
    return ChatMessage(parent=parent, role=Role.USER, text=text)


def _answer(text: str, parent: str | None = None) -> ChatMessage:
    state = MessageState.STREAMING
    return ChatMessage(parent=parent, role=Role.ASSISTANT, text=text, state=state)


async def test_what_was_kept_is_there_at_once_and_at_the_next_start(make: MakeKeeper) -> None:
    keeper = make()
    folder = Folder(name="Work")
    chat = ChatInfo(title="First", folder=folder.id)
    question = _question("Why?")
    answer = _answer("Becau", question.id)
    keeper.keep_folder(folder)
    keeper.keep_chat(chat)
    keeper.keep_message(chat.id, question)
    keeper.keep_message(chat.id, answer)
    for is_written in (False, True):
        if is_written:
            assert await keeper.flush()
            assert keeper.unsaved_count == 0
        assert keeper.chats() == [chat]
        assert keeper.folders() == [folder]
        assert keeper.messages(chat.id) == [question, answer]
    assert await keeper.shut_down()
    again = make()
    assert (again.chats(), again.folders()) == ([chat], [folder])
    interrupted = msgspec.structs.replace(answer, state=MessageState.INTERRUPTED)
    assert again.messages(chat.id) == [question, interrupted]


async def test_what_is_deleted_is_gone_at_once_and_comes_back(make: MakeKeeper) -> None:
    keeper = make()
    chat = ChatInfo()
    first, second = _question("one"), _question("two")
    keeper.keep_chat(chat)
    keeper.keep_message(chat.id, first)
    keeper.keep_message(chat.id, second)
    assert await keeper.flush()
    for is_written in (False, True):
        keeper.forget_messages(chat.id, [second.id])
        keeper.forget_chat(chat.id)
        assert keeper.chats() == []
        assert not is_written or await keeper.flush()
        assert keeper.messages(chat.id) == [first]
        assert keeper.chats() == []
        keeper.restore_messages(chat.id, [second.id])
        keeper.restore_chat(chat.id)
        assert keeper.messages(chat.id) == [first, second]
        assert keeper.chats() == [chat]
        assert not is_written or await keeper.flush()
        assert keeper.messages(chat.id) == [first, second]
        assert keeper.chats() == [chat]


async def test_two_windows_share_the_file(make: MakeKeeper, path: Path) -> None:
    one, two = make(), make()
    chats = [ChatInfo(title="of one"), ChatInfo(title="of two")]
    for keeper, chat in zip((one, two), chats, strict=True):
        keeper.keep_chat(chat)
    for number in range(100):
        for keeper, chat in zip((one, two), chats, strict=True):
            keeper.keep_message(chat.id, _question(f"{chat.title} {number}"))
        if number % 10 == 0:
            assert all(await asyncio.gather(one.flush(), two.flush()))
    assert all(await asyncio.gather(one.flush(), two.flush()))
    for keeper in (one, two):
        assert {chat.title for chat in keeper.chats()} == {"of one", "of two"}
        assert [len(keeper.messages(chat.id)) for chat in chats] == [100, 100]
    assert (one.trouble, two.trouble) == ("", "")
    with closing(Database(path).connect()) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


async def test_search_finds_what_was_said_a_moment_ago(make: MakeKeeper) -> None:
    keeper = make()
    chat = ChatInfo()
    message = _question("Where do flamingos sleep?")
    keeper.keep_chat(chat)
    keeper.keep_message(chat.id, message)
    assert await keeper.flush()
    older = asyncio.ensure_future(keeper.search("flamingos"))
    await asyncio.sleep(0)
    (hit,) = await keeper.search("flamingos sleep")
    assert (hit.chat, hit.message) == (chat.id, message.id)
    assert len(await older) <= 1


async def test_a_full_disk_is_told_and_all_is_saved_when_there_is_room(
    make: MakeKeeper, small_disk: Path, qtbot: QtBot
) -> None:
    keeper = make()
    chat = ChatInfo()
    keeper.keep_chat(chat)
    assert await keeper.flush()
    filler = _fill(small_disk)
    question = _question("word " * 10_000)
    keeper.keep_message(chat.id, question)
    assert not await keeper.flush()
    qtbot.waitUntil(lambda: "the disk is full" in keeper.trouble, timeout=WAIT_MS)
    answer = _answer("The answer goes on.", question.id)
    keeper.keep_message(chat.id, answer)
    assert keeper.messages(chat.id) == [question, answer]
    assert keeper.unsaved_count == 2
    filler.unlink()
    qtbot.waitUntil(lambda: not keeper.trouble, timeout=WAIT_MS)
    assert await keeper.flush()
    assert keeper.unsaved_count == 0
    assert await keeper.shut_down()
    assert [m.text for m in make().messages(chat.id)] == [question.text, answer.text]


async def test_a_disk_that_is_full_at_the_start_is_tried_again(
    make: MakeKeeper, small_disk: Path, qtbot: QtBot
) -> None:
    first = make()
    chat = ChatInfo(title="From before")
    first.keep_chat(chat)
    assert await first.shut_down()
    filler = _fill(small_disk)
    keeper = make()
    assert "the disk is full" in keeper.trouble
    assert keeper.chats() == [chat]
    message = _question("said meanwhile")
    keeper.keep_message(chat.id, message)
    assert not await keeper.flush()
    with qtbot.waitSignal(keeper.opened, timeout=WAIT_MS):
        filler.unlink()
    assert keeper.trouble == ""
    assert keeper.chats() == [chat]
    assert await keeper.flush()
    assert keeper.messages(chat.id) == [message]


async def test_a_disk_that_is_read_only_shows_what_is_there(
    make: MakeKeeper, small_disk: Path, qtbot: QtBot
) -> None:
    first = make()
    chat = ChatInfo(title="From before")
    first.keep_chat(chat)
    assert await first.shut_down()
    _remount(small_disk, "ro")
    keeper = make()
    assert f"“{small_disk}” cannot be written to" in keeper.trouble
    assert keeper.chats() == [chat]
    keeper.keep_message(chat.id, _question("said meanwhile"))
    with qtbot.waitSignal(keeper.opened, timeout=WAIT_MS):
        _remount(small_disk, "rw")
    assert await keeper.flush()
    assert keeper.unsaved_count == 0


async def test_a_newer_file_is_left_alone_and_said(make: MakeKeeper, path: Path) -> None:
    Database(path, (*MIGRATIONS, lambda _: None)).open()
    before = _content(path)
    keeper = make()
    assert "newer phidesk" in keeper.trouble
    keeper.keep_chat(ChatInfo())
    assert not await keeper.flush()
    assert not await keeper.shut_down()
    assert _content(path) == before


async def test_a_damaged_file_is_kept_and_a_new_one_begun(make: MakeKeeper, path: Path) -> None:
    _spoil(path)
    keeper = make()
    assert keeper.trouble == ""
    (aside,) = path.parent.glob("*.damaged-*")
    assert str(aside) in keeper.notice
    keeper.keep_chat(ChatInfo())
    assert await keeper.flush()


async def test_a_message_that_cannot_be_read_is_said(make: MakeKeeper, path: Path) -> None:
    keeper = make()
    chat = ChatInfo()
    keeper.keep_chat(chat)
    keeper.keep_message(chat.id, _question("hello"))
    assert await keeper.flush()
    with closing(Database(path).connect()) as connection:
        ChatStore(connection).connection.execute("UPDATE messages SET attachments = '{'")
    with pytest.raises(UnreadableChatError, match="damaged"):
        keeper.messages(chat.id)


async def test_chats_go_to_a_file_and_come_back_beside_the_others(
    make: MakeKeeper, tmp_path: Path
) -> None:
    keeper = make()
    folder = Folder(name="Work")
    question = _question("Why? \ud800")
    versions = [msgspec.structs.replace(_answer(t, question.id), state="done") for t in "ab"]
    chat = ChatInfo(title="First", folder=folder.id, leaf=versions[0].id)
    keeper.keep_folder(folder)
    keeper.keep_chat(chat)
    for message in (question, *versions):
        keeper.keep_message(chat.id, message)
    file = tmp_path / "chats.json"
    await export_chats(keeper, [chat], file, ChatFormat.JSON)
    (copy,) = await import_chats(keeper, file)
    assert copy.folder == folder.id
    assert len(keeper.chats()) == 2
    assert await keeper.flush()
    messages = keeper.messages(copy.id)
    assert [m.text for m in messages] == ["Why? �", "a", "b"]
    assert copy.leaf == messages[1].id
    assert len(keeper.messages(chat.id)) == 3
    file.write_bytes(file.read_bytes()[:-20])
    with pytest.raises(ChatFileError, match="line 5"):
        await import_chats(keeper, file)
    assert len(keeper.chats()) == 2
    with pytest.raises(ChatFileError, match="cannot be written"):
        await export_chats(keeper, [chat], tmp_path / "no folder" / "x.md", ChatFormat.MARKDOWN)


async def test_who_waits_for_a_flush_may_be_cancelled(tmp_path: Path, qtbot: QtBot) -> None:
    keeper = ChatKeeper(tmp_path / "chats.sqlite3")
    keeper.open()  # and it is still being opened when it is asked to flush
    chat = ChatInfo(title="kept")
    for _ in range(20):
        keeper.keep_chat(chat)
        waiting = asyncio.ensure_future(keeper.flush())
        await asyncio.sleep(0)
        waiting.cancel()
    assert await keeper.flush()
    qtbot.waitUntil(lambda: not keeper.is_opening, timeout=WAIT_MS)
    assert [kept.title for kept in keeper.chats()] == ["kept"]
    assert await keeper.shut_down()


async def test_a_file_that_could_not_be_opened_for_reading_once_is_tried_again(
    path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect, failures = ChatKeeper._connect, [sqlite3.OperationalError("unable to open")]
    monkeypatch.setattr(
        ChatKeeper, "_connect", lambda keeper: failures.pop() if failures else connect(keeper)
    )
    keeper = ChatKeeper(path)
    keeper.open()
    qtbot.waitUntil(lambda: bool(keeper.trouble), timeout=WAIT_MS)
    with qtbot.waitSignal(keeper.opened, timeout=WAIT_MS):
        pass
    assert keeper.trouble == ""
    await keeper.shut_down()

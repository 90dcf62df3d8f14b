"""Chats outlive the window: what one has kept, the next one shows."""

import threading
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QMessageBox

from phidesk.app import App
from phidesk.core.chat_files import ChatFormat
from phidesk.core.conversation import MessageState
from phidesk.store.chats import ChatStore
from phidesk.store.database import Database
from phidesk.store.rescue import rescue
from tests.ui.conftest import RunApp, until
from tests.ui.test_main_window import load


async def _loaded(app: App) -> None:
    await load(app)
    app.open_chats()
    await until(lambda: not app.keeper.is_opening)


async def _ask(app: App, text: str) -> None:
    app.chat.send(text)
    await until(lambda: not app.chat.is_busy)


def test_the_next_window_has_the_chats(run_app: RunApp) -> None:
    async def first(app: App) -> None:
        await _loaded(app)
        await _ask(app, "say: to be kept")

    async def second(app: App) -> None:
        await _loaded(app)
        kept = [c for c in app.chat.conversations if not c.is_empty]
        assert len(kept) == 1
        app.chat.select(kept[0])
        thread = app.chat.current.thread
        assert thread.entry(0).text == "say: to be kept"
        assert thread.entry(-1).state is MessageState.DONE
        assert thread.entry(-1).text
        app.window.show_statistics()
        pane = app.window.statistics_pane
        await until(lambda: pane.table.rowCount() == 1)
        answers = pane.table.item(0, 1)
        assert answers is not None
        assert answers.text() == "1"

    run_app(first)
    run_app(second)


def _left(user_folders: Path, chat_id: str) -> tuple[str, list[str]]:
    """Return what stands on the disk of a draft, as after a kill: its text, and its files."""
    with closing(Database(user_folders / "data/phidesk/chats.sqlite3").connect()) as connection:
        text, files = ChatStore(connection).draft(chat_id)
    return text, [file.name for file in files]


def test_what_was_not_sent_is_there_in_the_next_window(run_app: RunApp, user_folders: Path) -> None:
    async def first(app: App) -> None:
        await _loaded(app)
        await _ask(app, "said")
        said, composer = app.chat.current, app.window.chat_pane.composer
        QTest.keyClicks(composer.input, "half a thought")
        app.draft.add_text("notes.txt", "some notes")
        await until(lambda: _left(user_folders, said.id) == ("half a thought", ["notes.txt"]))
        app.chat.new_conversation()
        assert composer.input.toPlainText() == ""
        QTest.keyClicks(composer.input, "a new chat")
        await until(lambda: _left(user_folders, "") == ("a new chat", []))
        QTest.keyClicks(composer.input, ", typed last")

    async def second(app: App) -> None:
        composer = app.window.chat_pane.composer
        await load(app)
        QTest.keyClicks(composer.input, "typed at once")
        app.open_chats()
        await until(lambda: not app.keeper.is_opening)
        (said,) = (c for c in app.chat.conversations if not c.is_empty)
        assert composer.input.toPlainText() == "a new chat, typed last\n\ntyped at once"
        app.chat.select(said)
        assert composer.input.toPlainText() == "half a thought"
        assert [a.text for a in app.draft.attachments] == ["some notes"]
        QTest.keyClick(composer.input, Qt.Key.Key_Return)
        await until(lambda: not app.chat.is_busy)
        await app.chat.keeper.flush()
        assert _left(user_folders, said.id) == ("", [])
        app.chat.new_conversation()
        QTest.keyClick(composer.input, Qt.Key.Key_Return)
        await until(lambda: not app.chat.is_busy)
        await app.chat.keeper.flush()
        assert _left(user_folders, "") == ("", [])

    run_app(first)
    run_app(second)


def _cut_off(user_folders: Path, chat_id: str) -> None:
    """Leave a chat's last answer on the disk as a kill in the middle of it does."""
    with closing(Database(user_folders / "data/phidesk/chats.sqlite3").connect()) as connection:
        store = ChatStore(connection)
        answer = store.messages(chat_id)[-1]
        store.save_message(chat_id, msgspec.structs.replace(answer, state=MessageState.STREAMING))
        connection.commit()


def test_a_chat_that_was_cut_off_is_marked_and_shown_again(
    run_app: RunApp, user_folders: Path
) -> None:
    ids: list[str] = []

    async def first(app: App) -> None:
        await _loaded(app)
        for text in ("say: written to", "say: cut off", "say: newest"):
            app.chat.new_conversation()
            await _ask(app, text)
            ids.append(app.chat.current.id)
        written = app.chat.find(ids[0])
        assert written is not None
        app.chat.select(written)
        QTest.keyClicks(app.window.chat_pane.composer.input, "half a thought")
        app.chat.new_conversation()
        QTest.keyClicks(app.window.chat_pane.composer.input, "never begun")
        app.chat.select(app.chat.find(ids[1]) or written)

    def said(app: App, chat_id: str) -> object:
        rows = app.window.chat_pane.side.list.shown
        chat = app.chat.find(chat_id)
        assert chat is not None
        return rows.index(rows.row_of(chat)).data(Qt.ItemDataRole.AccessibleTextRole)

    async def second(app: App) -> None:
        app.resumes = True
        await _loaded(app)
        written, cut, _ = ids
        assert app.chat.current.id == cut
        view = app.window.chat_pane.side.list
        await until(lambda: view.shown.rowCount() > 2)
        assert said(app, cut) == "say: cut off, The last answer was interrupted"
        assert said(app, written) == "say: written to, Has a draft that is not sent"
        assert not view.grab().isNull()
        app.chat.continue_answer()
        await until(lambda: not app.chat.is_busy)
        assert said(app, cut) == "say: cut off"
        app.chat.select(app.chat.find(written) or app.chat.current)
        assert said(app, written) == "say: written to"  # it is seen in the input

    async def third(app: App) -> None:
        app.resumes = True
        QTest.keyClicks(app.window.chat_pane.composer.input, "typed at once")
        await _loaded(app)
        assert app.chat.current.is_empty

    run_app(first)
    _cut_off(user_folders, ids[1])
    run_app(second)
    _cut_off(user_folders, ids[1])
    run_app(third)


def test_the_window_lives_while_damaged_chats_are_rescued(
    run_app: RunApp, user_folders: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = user_folders / "data/phidesk/chats.sqlite3"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"no database" * 500)
    may_go_on = threading.Event()

    def slow_rescue(damaged: Path, store: ChatStore) -> int:
        assert may_go_on.wait(20)
        return rescue(damaged, store)

    monkeypatch.setattr("phidesk.store.database.rescue", slow_rescue)

    async def body(app: App) -> None:
        await load(app)
        app.open_chats()
        side = app.window.chat_pane.side
        await until(lambda: any(_says_opening(each) for each in side.findChildren(QLabel)))
        app.chat.send("nothing is answered that is not kept")
        await until(lambda: app.keeper.unsaved_count > 0)
        assert app.chat.current.thread.entry(-1).state is MessageState.WAITING
        may_go_on.set()
        await until(lambda: not app.chat.is_busy)
        assert app.chat.current.thread.entry(-1).state is MessageState.DONE
        assert not any(_says_opening(each) for each in side.findChildren(QLabel))
        assert "damaged" in app.window.banner.text

    run_app(body)


def _says_opening(each: QLabel) -> bool:
    return each.text() == "Opening your chats…" and each.isVisible()


def test_a_window_that_cannot_save_says_so(run_app: RunApp, user_folders: Path) -> None:
    """The place of the file is taken by a folder: then there is nowhere to write."""
    (user_folders / "data/phidesk/chats.sqlite3").mkdir(parents=True)

    async def body(app: App) -> None:
        await _loaded(app)
        await until(lambda: app.window.keeping.isVisible())
        await _ask(app, "hello")
        assert app.chat.current.thread.entry(-1).state is MessageState.DONE
        closed: list[bool] = []
        app.window.closed.connect(lambda: closed.append(True))
        app.window.close()
        box = app.window.findChild(QMessageBox)
        assert isinstance(box, QMessageBox)
        assert not closed
        box.defaultButton().click()
        assert app.window.isVisible()
        (user_folders / "data/phidesk/chats.sqlite3").rmdir()
        await until(lambda: not app.window.keeping.isVisible())
        await app.chat.keeper.flush()
        assert [chat.title for chat in app.keeper.chats()] == [app.chat.current.title]

    run_app(body)


def test_exported_chats_can_be_imported(run_app: RunApp, tmp_path: Path) -> None:
    async def body(app: App) -> None:
        await _loaded(app)
        await _ask(app, "a chat that goes out and comes back")
        said: list[str] = []
        app.exchange.done.connect(said.append)
        app.exchange.failed.connect(said.append)
        app.exchange.export([app.chat.current], tmp_path / "chat.json", ChatFormat.JSON)
        await until(lambda: len(said) == 1)
        before = len(app.chat.conversations)
        app.exchange.import_file(tmp_path / "chat.json")
        await until(lambda: len(said) == 2)
        assert len(app.chat.conversations) == before + 1, said
        assert app.chat.current is app.chat.conversations[-1]  # and it is shown
        assert app.chat.current.thread.entry(0).text == "a chat that goes out and comes back"
        (tmp_path / "bad.jsonl").write_text('{"conversations": [{"from": "human"}]}\n')
        app.exchange.import_file(tmp_path / "bad.jsonl")
        await until(lambda: len(said) == 3)
        assert "line 1" in said[2].lower()
        assert len(app.chat.conversations) == before + 1

    run_app(body)

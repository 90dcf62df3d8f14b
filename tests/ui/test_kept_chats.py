"""Chats outlive the window: what one has kept, the next one shows."""

from pathlib import Path

from PySide6.QtWidgets import QMessageBox

from phidesk.app import App
from phidesk.core.chat_files import ChatFormat
from phidesk.core.conversation import MessageState
from tests.ui.conftest import RunApp, until
from tests.ui.test_main_window import load


async def _loaded(app: App) -> None:
    await load(app)
    app.open_chats()


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
        (tmp_path / "bad.jsonl").write_text('{"conversations": [{"from": "human"}]}\n')
        app.exchange.import_file(tmp_path / "bad.jsonl")
        await until(lambda: len(said) == 3)
        assert "line 1" in said[2].lower()
        assert len(app.chat.conversations) == before + 1

    run_app(body)

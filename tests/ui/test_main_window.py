"""The window as a person uses it, with the scripted engine in a real worker."""

import asyncio
import os
import signal
import time
from pathlib import Path

import msgspec
import psutil
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QPushButton

from phidesk.app import App
from phidesk.core import catalog
from phidesk.core.chat import Role, SamplingParams
from phidesk.core.conversation import MessageState
from phidesk.core.models import ModelFormat, ModelRef
from phidesk.core.starter import default_sampling
from phidesk.ui.chat_pane import STARTER_QUESTIONS
from phidesk.ui.widgets import IconButton, SearchField
from phidesk.viewmodels.engine_session import EngineState
from phidesk.viewmodels.load_request import LoadRequest
from phidesk.viewmodels.memory import MemoryReturn
from phidesk.worker.engines.fake import AnswerScript, Ending, LoadScript
from tests.ui.conftest import RunApp, until


def scripted(script: LoadScript | None = None) -> ModelRef:
    """A model whose load does what the script says."""
    path = msgspec.json.encode(script or LoadScript()).decode()
    return ModelRef(name="Scripted", path=path, format=ModelFormat.GGUF, method="gguf")


def say(script: AnswerScript) -> str:
    return msgspec.json.encode(script).decode()


async def load(app: App, script: LoadScript | None = None) -> None:
    app.window.show()
    app.models.select(scripted(script))
    app.window.load_selected()
    await until(lambda: app.session.state is not EngineState.LOADING)


def last_text(app: App) -> str:
    return app.chat.current.thread.entry(-1).text


def test_typing_and_enter_sends_and_the_answer_streams_in(run_app: RunApp) -> None:
    async def body(app: App) -> None:
        await load(app)
        composer = app.window.chat_pane.composer
        QTest.keyClicks(composer.input, "hello there")
        QTest.keyClick(composer.input, Qt.Key.Key_Return)
        await until(lambda: not app.chat.is_busy)
        thread = app.chat.current.thread
        assert [thread.entry(n).text for n in range(2)] == ["hello there", "hello there"]
        assert thread.entry(0).speaker is Role.USER
        assert thread.entry(1).state is MessageState.DONE
        assert thread.entry(1).result is not None
        assert composer.input.toPlainText() == ""
        assert app.chat.current.title == "hello there"

    run_app(body)


def test_the_chat_is_about_the_model_that_answers_not_the_chosen_one(run_app: RunApp) -> None:
    async def body(app: App) -> None:
        await load(app)
        chat = app.window.chat_pane
        composer = chat.composer
        starter = catalog.starter()
        assert starter is not None
        app.models.select(starter)
        assert composer.input.placeholderText() == "Message Scripted"
        assert "Chat with Scripted" in {part.text() for part in chat.empty.findChildren(QLabel)}
        assert app.chat.current.sampling == SamplingParams()
        questions = [button.text() for button in chat.empty.buttons]
        assert set(questions).isdisjoint(STARTER_QUESTIONS)
        app.session.eject()
        await until(lambda: app.session.state is EngineState.EMPTY)
        assert starter.name in composer.input.placeholderText()
        assert app.chat.current.sampling == default_sampling(starter)
        assert [button.text() for button in chat.empty.buttons] == list(STARTER_QUESTIONS)
        assert "English only" in chat.empty._hint.text()

    run_app(body)


def test_shift_enter_breaks_the_line_and_an_empty_message_is_not_sent(run_app: RunApp) -> None:
    async def body(app: App) -> None:
        await load(app)
        composer = app.window.chat_pane.composer
        QTest.keyClick(composer.input, Qt.Key.Key_Return)
        QTest.keyClicks(composer.input, "a")
        QTest.keyClick(composer.input, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
        QTest.keyClicks(composer.input, "b")
        assert composer.input.toPlainText() == "a\nb"
        assert app.chat.current.thread.rowCount() == 0

    run_app(body)


def test_escape_stops_the_answer_and_what_is_there_stays(run_app: RunApp) -> None:
    async def body(app: App) -> None:
        await load(app)
        app.chat.send(say(AnswerScript(deltas=10_000, interval_s=0.005)))
        await until(lambda: last_text(app).count("word") > 3)
        QTest.keyClick(app.window.chat_pane.composer.input, Qt.Key.Key_Escape)
        await until(lambda: not app.chat.is_busy, timeout_s=1.0)
        entry = app.chat.current.thread.entry(-1)
        assert entry.state is MessageState.STOPPED
        assert entry.text.startswith("word word")

    run_app(body)


def test_escape_clears_a_search_and_the_answer_goes_on(run_app: RunApp) -> None:
    async def body(app: App) -> None:
        await load(app)
        app.chat.send(say(AnswerScript(deltas=10_000, interval_s=0.005)))
        await until(lambda: last_text(app).count("word") > 3)
        window = app.window
        window.chat_pane.thread_view._finding.open(0)
        for show in (window.show_models, window.show_log, window.show_get_models, window.show_chat):
            show()
            for field in window.findChildren(SearchField):
                if field.isVisible():
                    field.setFocus()
                    QTest.keyClicks(field, "tiny")
                    QTest.keyClick(field, Qt.Key.Key_Escape)
                    is_gone = not field.isVisible()  # that of the thread is closed
                    assert is_gone or not field.text(), field.accessibleName()
                    assert app.chat.is_busy, field.accessibleName()
        app.chat.stop()
        await until(lambda: not app.chat.is_busy)

    run_app(body)


def test_a_message_sent_while_the_model_loads_waits_for_it(run_app: RunApp) -> None:
    async def body(app: App) -> None:
        app.window.show()
        app.models.select(scripted(LoadScript(seconds=0.5)))
        app.window.load_selected()
        app.chat.send("early")
        assert app.chat.current.thread.entry(-1).state is MessageState.WAITING
        await until(lambda: not app.chat.is_busy)
        assert last_text(app) == "early"

    run_app(body)


def test_a_message_without_a_model_loads_the_chosen_one(run_app: RunApp) -> None:
    async def body(app: App) -> None:
        app.window.show()
        app.models.select(scripted())
        app.chat.send("hello")
        await until(lambda: not app.chat.is_busy)
        assert last_text(app) == "hello"

    run_app(body)


def test_kill_9_on_the_worker_keeps_the_answer_and_reload_goes_on(run_app: RunApp) -> None:
    async def body(app: App) -> None:
        await load(app)
        app.chat.send(say(AnswerScript(deltas=10_000, interval_s=0.005)))
        await until(lambda: last_text(app).count("word") > 3)
        pid = app.session.worker_pid
        assert pid is not None
        killed = time.monotonic()
        os.kill(pid, signal.SIGKILL)
        banner = app.window.banner
        await until(banner.isVisible)
        assert time.monotonic() - killed < 2.0
        assert "SIGKILL" in banner.text
        entry = app.chat.current.thread.entry(-1)
        assert entry.state is MessageState.FAILED
        assert entry.text.startswith("word word")
        (reload,) = banner.actions_offered
        assert reload.text() == "Reload"
        QTest.mouseClick(reload, Qt.MouseButton.LeftButton)
        await until(lambda: app.session.state is EngineState.READY)
        assert not banner.isVisible()
        app.chat.send("again")
        await until(lambda: not app.chat.is_busy)
        assert last_text(app) == "again"

    run_app(body)


def test_death_while_idle_is_told_too(run_app: RunApp) -> None:
    async def body(app: App) -> None:
        await load(app)
        assert app.session.worker_pid is not None
        os.kill(app.session.worker_pid, signal.SIGKILL)
        await until(app.window.banner.isVisible, timeout_s=2.0)
        assert app.session.state is EngineState.FAILED

    run_app(body)


def test_a_broken_engine_is_as_good_as_a_dead_one(run_app: RunApp) -> None:
    async def body(app: App) -> None:
        await load(app)
        app.chat.send(say(AnswerScript(ending=Ending.BREAK)))
        banner = app.window.banner
        await until(banner.isVisible)
        assert banner.text == "The script broke the engine."
        assert app.session.state is EngineState.FAILED
        assert app.session.worker_pid is None
        assert app.chat.current.thread.entry(-1).state is MessageState.FAILED
        QTest.mouseClick(banner.actions_offered[0], Qt.MouseButton.LeftButton)
        await until(lambda: app.session.state is EngineState.READY)

    run_app(body)


@pytest.mark.parametrize(
    "ending", [Ending.KNOWN_ERROR, Ending.BUG, Ending.OUT_OF_MEMORY, Ending.EXIT]
)
def test_a_failed_load_is_a_message_with_diagnostics(run_app: RunApp, ending: Ending) -> None:
    async def body(app: App) -> None:
        await load(app, LoadScript(ending=ending))
        assert app.session.state is EngineState.FAILED
        banner = app.window.banner
        assert banner.isVisible()
        copy = next(b for b in banner.findChildren(QPushButton) if "diagnostics" in b.text())
        await asyncio.sleep(0.05)  # laid out
        buttons = banner.findChildren(QAbstractButton)
        places = [button.geometry() for button in buttons]
        QTest.mouseClick(copy, Qt.MouseButton.LeftButton)
        assert copy.text() == "Copied"
        await asyncio.sleep(0.05)  # laid out again
        assert [button.geometry() for button in buttons] == places
        assert QGuiApplication.clipboard().text().startswith(banner.text)
        assert app.session.worker_pid is None

    run_app(body)


def test_eject_ends_the_worker_and_says_what_came_back(run_app: RunApp) -> None:
    async def body(app: App) -> None:
        await load(app)
        pid = app.session.worker_pid
        assert pid is not None
        told: list[MemoryReturn] = []
        app.session.memory_returned.connect(told.append)
        app.session.eject()
        await until(lambda: bool(told))
        assert not psutil.pid_exists(pid)
        assert told[0].ram_freed > 5e6
        assert told[0].processes_left == 0
        assert " freed, 0 left" in app.window.banner.text
        assert app.session.state is EngineState.EMPTY

    run_app(body)


def test_cancel_ends_a_load_at_once(run_app: RunApp) -> None:
    async def body(app: App) -> None:
        app.window.show()
        app.models.select(scripted(LoadScript(seconds=60)))
        app.window.load_selected()
        await until(lambda: app.session.progress is not None)
        pid = app.session.worker_pid
        assert pid is not None
        app.session.eject()
        await until(lambda: app.session.state is EngineState.EMPTY, timeout_s=2.0)
        assert not psutil.pid_exists(pid)
        assert app.window.banner.isHidden()  # nothing was ejected

    run_app(body)


def test_cancel_and_load_again_before_the_worker_is_there(run_app: RunApp) -> None:
    async def body(app: App) -> None:
        app.window.show()
        app.models.select(scripted(LoadScript(seconds=60)))
        app.window.load_selected()
        app.session.eject()
        await until(lambda: app.session.state is EngineState.EMPTY)
        app.session.load(LoadRequest(scripted()))
        await until(lambda: app.session.state is EngineState.READY)
        assert len(psutil.Process().children()) <= 2

    run_app(body)


def test_loading_another_model_ejects_the_first(run_app: RunApp) -> None:
    async def body(app: App) -> None:
        await load(app)
        first = app.session.worker_pid
        assert first is not None
        await load(app, LoadScript(seconds=0.1))
        assert app.session.state is EngineState.READY
        assert not psutil.pid_exists(first)

    run_app(body)


def test_a_model_that_no_engine_runs_leaves_the_loaded_one_alone(run_app: RunApp) -> None:
    async def body(app: App) -> None:
        await load(app)
        loaded = app.session.loaded
        app.session.load(
            LoadRequest(
                ModelRef(name="odd", path="x", format=ModelFormat.SAFETENSORS, method="nonsense")
            )
        )
        assert app.session.state is EngineState.READY
        assert app.session.loaded is loaded
        assert "No engine" in app.window.banner.text
        app.chat.send("still here")
        await until(lambda: not app.chat.is_busy)
        assert last_text(app) == "still here"

    run_app(body)


def test_a_broken_model_is_refused_and_the_loaded_one_stays(run_app: RunApp) -> None:
    async def body(app: App) -> None:
        await load(app)
        broken = ModelRef(name="b", path="b", format=ModelFormat.GGUF, problem="b: cut off")
        app.models.select(broken)
        app.window.load_selected()
        assert app.session.state is EngineState.READY
        assert "cut off" in app.window.banner.text

    run_app(body)


def test_a_folder_without_models_is_told(run_app: RunApp, tmp_path: Path) -> None:
    async def body(app: App) -> None:
        app.window.show()
        app.models.start("starter")
        app.models.add_folder(str(tmp_path))
        await until(app.window.banner.isVisible)
        assert f"“{tmp_path}”" in app.window.banner.text
        (other := tmp_path / "other").mkdir()
        app.models.add_folder(str(other))
        await until(lambda: str(other) in app.window.banner.text)
        assert f"“{tmp_path}”" not in app.window.banner.text  # that was told before

    run_app(body)


def test_cancel_stops_the_questions_that_wait_in_every_chat(run_app: RunApp) -> None:
    async def body(app: App) -> None:
        app.window.show()
        app.models.select(scripted(LoadScript(seconds=60)))
        app.window.load_selected()
        app.chat.send("first")
        first = app.chat.current
        app.chat.new_conversation()
        app.chat.send("second")
        app.session.eject()
        await until(lambda: app.session.state is EngineState.EMPTY)
        assert first.thread.entry(-1).state is MessageState.STOPPED
        assert app.chat.current.thread.entry(-1).state is MessageState.STOPPED

    run_app(body)


def test_two_chats_answer_side_by_side(run_app: RunApp) -> None:
    async def body(app: App) -> None:
        await load(app)
        script = AnswerScript(deltas=50, interval_s=0.01, text="one ")
        app.chat.send(say(script))
        first = app.chat.current
        app.chat.new_conversation()
        app.chat.send(say(AnswerScript(deltas=50, interval_s=0.01, text="two ")))
        second = app.chat.current
        assert first is not second
        await until(lambda: first.thread.entry(-1).state is MessageState.DONE)
        await until(lambda: not app.chat.is_busy)
        assert first.thread.entry(-1).text == "one " * 50
        assert second.thread.entry(-1).text == "two " * 50

    run_app(body)


def test_a_new_chat_begins_as_suits_the_model_unless_it_was_changed(run_app: RunApp) -> None:
    async def body(app: App) -> None:
        app.models.start("starter")
        assert app.chat.current.sampling.temperature == 0.05
        app.models.select(scripted())
        assert app.chat.current.sampling == SamplingParams()
        app.chat.current.sampling = SamplingParams(temperature=1.5)
        app.models.start("starter")
        assert app.chat.current.sampling.temperature == 1.5

    run_app(body)


def test_a_broken_settings_file_gives_the_defaults(run_app: RunApp, user_folders: Path) -> None:
    file = user_folders / "config" / "phidesk" / "settings.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("{broken")

    async def body(app: App) -> None:
        assert app.settings.folders == []
        assert app.settings.offline  # nobody knows any more whether something may go out
        app.settings_file.save(app.settings)
        assert file.with_name("settings.json.damaged").read_text() == "{broken"
        file.with_name("settings.json.damaged").unlink()

    run_app(body)


def test_folders_are_scanned_remembered_and_told_apart(run_app: RunApp, tmp_path: Path) -> None:
    (tmp_path / "broken.gguf").write_bytes(b"no model")
    (tmp_path / "notes.txt").write_text("not a model")

    async def body(app: App) -> None:
        app.start()
        app.models.add_folder(str(tmp_path))
        await until(lambda: not app.models.is_scanning)
        names = [app.models.index(n).data() for n in range(app.models.rowCount())]
        assert "broken" in names
        assert "SmolLM2 135M (starter)" in names
        assert app.settings_file.load().folders == [str(tmp_path)]

    run_app(body)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_button_has_a_name(run_app: RunApp, theme: str) -> None:
    async def body(app: App) -> None:
        app.start()
        for button in app.window.findChildren(IconButton):
            assert button.accessibleName()
        assert app.look.theme.name == theme

    run_app(body, theme=theme)

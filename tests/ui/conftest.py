"""The whole application in a real (offscreen) window, with real workers behind it."""

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from phidesk.app import App
from phidesk.client.process import ProcessWorkerClient
from phidesk.event_loop import EventLoop
from phidesk.ui.theme import LIGHT, QT_ARGUMENTS
from phidesk.ui.thread.view import ThreadView
from phidesk.viewmodels.thread_model import ThreadModel

Body = Callable[[App], Coroutine[None, None, None]]
RunApp = Callable[..., None]
FAKE = ("--engine", "llamacpp=phidesk.worker.engines.fake:FakeEngine")


async def until(condition: Callable[[], bool], timeout_s: float = 15.0) -> None:
    """Let the event loop run until the condition holds."""
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, f"waited {timeout_s} s in vain"
        await asyncio.sleep(0.01)


def forget(user_folders: Path) -> None:
    """Remove what a window has written down for the next one."""
    files = ("config/phidesk/settings.json", "cache/phidesk/estimates.jsonl")
    chats = (f"data/phidesk/{file.name}" for file in (user_folders / "data/phidesk").glob("chats*"))
    for file in (*files, *chats):
        (user_folders / file).unlink(missing_ok=True)


@pytest.fixture(scope="session")
def qapp_args() -> list[str]:
    return ["phidesk", *QT_ARGUMENTS]


@pytest.fixture(scope="session")
def qt_loop(qapp: QApplication) -> Iterator[EventLoop]:
    loop = EventLoop(qapp)
    yield loop
    loop.close()


@pytest.fixture
def run_app(
    qapp: QApplication, qtbot: QtBot, qt_loop: EventLoop, user_folders: Path
) -> Iterator[RunApp]:
    """Run a coroutine with the application; `fake`: with the scripted engine as llama.cpp."""

    (user_folders / "cache" / "phidesk" / "estimates.jsonl").unlink(missing_ok=True)

    def run(body: Body, *, fake: bool = True, theme: str = "light") -> None:
        async def whole() -> None:
            arguments = FAKE if fake else ()
            app = App(qapp, theme=theme, spawn=lambda _: ProcessWorkerClient(arguments=arguments))
            app.window.fill()  # as the start does, 30 ms later
            try:
                await body(app)
            finally:
                app.window.hide()
                await app.shut_down()
                app.window.deleteLater()
            left = asyncio.all_tasks() - {asyncio.current_task()}
            assert not left, f"the application left tasks behind: {left}"

        asyncio.set_event_loop(qt_loop)
        qt_loop.run_until_complete(whole())
        asyncio.set_event_loop(None)

    yield run
    forget(user_folders)


@pytest.fixture
def model(qapp: QApplication) -> ThreadModel:
    return ThreadModel()


@pytest.fixture
def view_size() -> tuple[int, int]:
    return 900, 600


@pytest.fixture
def view(qtbot: QtBot, model: ThreadModel, view_size: tuple[int, int]) -> Iterator[ThreadView]:
    """A thread on its own, in a window."""
    view = ThreadView(LIGHT)
    qtbot.addWidget(view)
    view.resize(*view_size)
    view.setModel(model)
    view.show()
    qtbot.waitExposed(view)
    QGuiApplication.clipboard().clear()
    yield view
    view.close()

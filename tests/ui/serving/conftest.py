"""The window on a machine with a GPU and vLLM for it, with scripted workers behind it."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from phidesk.app import App
from phidesk.core import engines
from phidesk.core.catalog import open_model
from phidesk.core.models import Device, ModelRef
from phidesk.event_loop import EventLoop
from phidesk.hardware import machine as hardware_machine
from tests.ui.conftest import forget, until
from tests.ui.serving.machine import FakeMachine, Play, make_model

Run = Callable[[Callable[[App], Coroutine[None, None, None]]], None]


@pytest.fixture(autouse=True)
def all_engines(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every engine is installed, vLLM as the build for CUDA."""
    monkeypatch.setattr(engines, "lacking", lambda _row: ())
    monkeypatch.setattr(engines, "vllm_device", lambda: Device.CUDA)
    monkeypatch.setattr(hardware_machine, "missing", lambda _modules: ())


@pytest.fixture
def machine() -> FakeMachine:
    return FakeMachine()


@pytest.fixture
def play(machine: FakeMachine) -> Play:
    return Play(machine)


@pytest.fixture
def model(tmp_path: Path) -> ModelRef:
    """9 GB of 4-bit weights."""
    return open_model(make_model(tmp_path / "模型" / "Phi-4-W4A16"))


@pytest.fixture
def run(
    qapp: QApplication, qtbot: QtBot, qt_loop: EventLoop, user_folders: Path,
    machine: FakeMachine, play: Play, model: ModelRef, monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Run]:  # fmt: skip
    """Run a coroutine with the window, the model chosen and the machine looked at."""

    forget(user_folders)

    def run_body(body: Callable[[App], Coroutine[None, None, None]]) -> None:
        async def whole() -> None:
            app = App(qapp, theme="light", spawn=play.spawn)
            app.window.fill()
            monkeypatch.setattr(app.sampler, "sample", machine.sample)
            app.models.start(model.path)
            app.window.show()
            app.gauges.start()
            await until(lambda: app.gauges.sample is not None)
            await until(lambda: app.load_plan.estimate() is not None)
            try:
                await body(app)
            finally:
                app.window.hide()
                await app.shut_down()
                app.window.deleteLater()
            left = asyncio.all_tasks() - {asyncio.current_task()}
            assert not left, f"the application left tasks behind: {left}"
            assert all(client.closed for client in play.clients)

        asyncio.set_event_loop(qt_loop)
        qt_loop.run_until_complete(whole())
        asyncio.set_event_loop(None)

    yield run_body
    forget(user_folders)

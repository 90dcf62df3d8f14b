"""The window on its Quantize pane, with scripted workers behind it."""

import asyncio
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from phidesk.app import App
from phidesk.core.catalog import open_model
from phidesk.core.models import ModelRef
from phidesk.core.paths import models_dir
from phidesk.event_loop import EventLoop
from tests.ui.conftest import until
from tests.ui.quantize.driving import Body, Run
from tests.ui.quantize.script import Play, make_model


@pytest.fixture
def play() -> Play:
    return Play()


@pytest.fixture
def source(tmp_path: Path) -> ModelRef:
    """An unquantized model of SmolLM2's width, which 128 does not divide."""
    return open_model(make_model(tmp_path / "models" / "Small model 小模型"))


@pytest.fixture
def run(
    qapp: QApplication, qtbot: QtBot, qt_loop: EventLoop, user_folders: Path, play: Play,
    source: ModelRef,
) -> Iterator[Run]:  # fmt: skip
    """Run a coroutine with the window on the Quantize pane, the source's folder listed."""

    def run_body(body: Body) -> None:
        async def whole() -> None:
            app = App(qapp, theme="light", spawn=play.spawn)
            app.window.fill()
            app.models.start("starter")
            app.models.add_folder(str(Path(source.path).parent))
            app.window.show()
            app.window.show_quantize()
            await until(lambda: not app.models.is_scanning)
            try:
                await body(app, app.window.quantize_pane)
            finally:
                app.window.hide()
                await app.shut_down()
                app.window.deleteLater()
            left = asyncio.all_tasks() - {asyncio.current_task()}
            assert not left, f"the application left tasks behind: {left}"
            assert all(client.closed for client in play.clients if client.commands)

        asyncio.set_event_loop(qt_loop)
        qt_loop.run_until_complete(whole())
        asyncio.set_event_loop(None)

    yield run_body
    (user_folders / "config" / "phidesk" / "settings.json").unlink(missing_ok=True)
    shutil.rmtree(models_dir(), ignore_errors=True)

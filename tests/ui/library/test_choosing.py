"""What becomes of the chosen model: reload, broken ones, banners, equal names, the next start."""

import asyncio
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from phidesk.app import App
from phidesk.core.starter import STARTER_NAME, starter_path
from phidesk.viewmodels.engine_session import EngineState
from tests.ui.conftest import RunApp, until
from tests.ui.library.test_library import MakeFile, choose, opened
from tests.unit.core.library.conftest import Maker

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def make(tmp_path: Path, gguf_bytes: MakeFile, safetensors_bytes: MakeFile) -> Maker:
    (tmp_path / "models").mkdir()
    return Maker(tmp_path, gguf_bytes, safetensors_bytes)


async def ready(app: App) -> None:
    ends = (EngineState.READY, EngineState.FAILED)
    await until(lambda: app.session.state in ends)
    assert app.session.state is EngineState.READY, app.session.failure


def test_what_was_loaded_last_is_loaded_at_the_next_start(run_app: RunApp, make: Maker) -> None:
    file = make.root / "models" / "模型.gguf"
    starter = starter_path()
    assert starter is not None
    file.symlink_to(starter)

    async def first(app: App) -> None:
        app.start(str(file))
        await ready(app)
        assert app.settings_file.load().last_model == str(file)

    async def second(app: App) -> None:
        app.start()
        assert app.models.selected is not None
        assert app.models.selected.path == str(file)
        assert app.session.state is EngineState.LOADING

    async def without(app: App) -> None:
        app.start()
        await ready(app)
        assert app.models.selected is not None
        assert app.models.selected.is_starter
        assert app.window.banner.isVisible()
        assert str(file) in app.window.banner.text
        assert STARTER_NAME in app.window.banner.text
        assert app.settings_file.load().last_model == ""

    run_app(first, fake=False)
    run_app(second, fake=False)
    file.unlink()
    run_app(without, fake=False)


def test_changed_settings_of_a_loaded_model_ask_for_a_reload(run_app: RunApp, make: Maker) -> None:
    (make.root / "models" / "a.gguf").write_bytes(make.gguf())

    async def body(app: App) -> None:
        pane = await opened(app, make.root / "models")
        choose(app, STARTER_NAME)
        app.window.load_selected()
        await ready(app)
        bar, details = app.window.model_bar, pane.details
        assert not bar.load.isVisible()
        assert not details.differs.isVisible()
        details.form.context.number.setValue(2048)
        assert bar.load.isVisible()
        assert bar.load.text() == details.load.text() == "Reload to apply"
        assert details.differs.isVisible()
        choose(app, "a")
        assert bar.load.text() == details.load.text() == "Load"
        choose(app, STARTER_NAME)  # back, it is shown as it is loaded
        assert app.models.context_length is None
        assert not details.differs.isVisible()
        details.form.context.number.setValue(2048)
        QTest.mouseClick(bar.load, Qt.MouseButton.LeftButton)
        await until(lambda: app.session.state is EngineState.LOADING)
        await ready(app)
        assert app.session.request is not None
        assert app.session.request.context_length == 2048
        assert not bar.load.isVisible()

    run_app(body, fake=False)


def test_a_broken_model_is_not_loaded(run_app: RunApp, make: Maker) -> None:
    (make.root / "models" / "empty.gguf").write_bytes(b"")
    (make.root / "models" / "cut.gguf").write_bytes(make.gguf()[:-1])
    (make.root / "models" / "whole.gguf").write_bytes(make.gguf(b"\2"))

    async def body(app: App) -> None:
        pane = await opened(app, make.root / "models")
        choose(app, "cut")
        await until(lambda: not pane.details.load.isEnabled())
        assert "cut off" in pane.details.load.toolTip()
        assert not app.window.model_bar.load.isEnabled()
        assert "cut off" in app.window.model_bar.load.toolTip()
        app.window.load_selected()  # as a double click in the table does
        assert app.session.state is EngineState.FAILED
        banner = app.window.banner
        assert "cut off" in banner.text
        assert "Load anyway" not in [button.text() for button in banner.actions_offered]
        choose(app, "whole")
        assert not banner.isVisible()  # it was about the other one
        assert pane.details.load.isEnabled()
        choose(app, "empty")
        await until(lambda: not pane.details.load.isEnabled())
        await asyncio.sleep(0.2)  # nobody looks for templates in it
        assert not pane.details.trust.isVisible()

    run_app(body, fake=False)


def test_models_of_equal_names_show_their_folders(run_app: RunApp, make: Maker) -> None:
    for folder in ("phi", "模型"):
        (make.root / "models" / folder).mkdir()
        (make.root / "models" / folder / "Q4.gguf").write_bytes(make.gguf())

    async def body(app: App) -> None:
        pane = await opened(app, make.root / "models")
        selector = app.window.model_bar.selector
        selector.wanted.emit()
        names = [selector.itemText(n) for n in range(selector.count())]
        assert names[:3] == [STARTER_NAME, "Q4 · phi", "Q4 · 模型"]
        app.models.select(app.models.find(str(make.root / "models" / "phi" / "Q4.gguf")))
        await until(lambda: pane.details.facts.shown.get("Same weights") == "Q4 · 模型")

    run_app(body)

"""The engines' section: a real install by uv, from an index on this machine; the way to it."""

import os
import shutil
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import pytest
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from phidesk.app import App
from phidesk.core.engine_environments import (
    EngineState,
    Environment,
    engines_dir,
    load_environments,
    read_lock,
)
from phidesk.core.starter import STARTER_NAME
from phidesk.ui.engines.dialog import EnginesDialog
from phidesk.ui.engines.panel import EnginesPanel
from phidesk.viewmodels.engines import EnginesViewModel
from tests.process.package_index import PackageIndex, write_lock
from tests.ui.conftest import RunApp, until
from tests.ui.library.test_library import MakeFile, choose, opened
from tests.unit.core.library.conftest import Maker

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture(autouse=True)
def _managed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("PHIDESK_ENGINES", "managed")
    for name in ("UV_FIND_LINKS", "UV_INDEX"):
        monkeypatch.delenv(name, raising=False)
    yield
    shutil.rmtree(engines_dir(), ignore_errors=True)


async def _nothing(_environment: Environment) -> None:
    """Take the tiny packages for engines."""


def test_install_cancel_repair_and_remove(
    run_app: RunApp, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def body(app: App) -> None:
        with PackageIndex(tmp_path / "wheels") as index:
            monkeypatch.setenv("UV_DEFAULT_INDEX", index.url)
            write_lock(tmp_path / "tiny.txt", index.add("tiny_one", "1.0"))
            engines = EnginesViewModel(
                lambda: False,
                lambda: app.settings.offline,
                lock=read_lock(tmp_path / "tiny.txt"),
                self_test=_nothing,
            )
            panel = EnginesPanel(engines)
            qtbot.addWidget(panel)
            panel.show()
            ended: list[str] = []
            app.jobs.watch_engines(engines)
            app.jobs.ended.connect(lambda what, _name: ended.append(what))
            assert (panel.state.text(), panel.install.text()) == ("Not installed", "Install")

            app.settings.offline = True
            panel.install.click()
            await until(lambda: not engines.is_busy)
            assert "phidesk is offline" in panel.error.text()
            app.settings.offline = False

            index.withheld = "tiny_one-1.0-py3-none-any.whl"
            panel.install.click()
            await until(index.asked.is_set)
            assert panel.bar.isVisible()
            assert "Downloading and unpacking" in panel.progress.text()
            await until(lambda: app.jobs.percent is not None)
            assert not panel.install.isVisible()
            panel.cancel.click()
            await until(lambda: not engines.is_busy)
            assert "broken off" in panel.state.text()
            assert panel.install.text() == "Go on"
            assert (app.jobs.percent, ended) == (None, [])

            index.release.set()
            panel.install.click()
            await until(lambda: engines.state is EngineState.INSTALLED and not engines.is_busy)
            assert panel.state.text() == "Installed"
            assert not panel.bar.isVisible()
            assert ended == ["The engines are installed"]

            panel.repair.click()
            await until(lambda: not engines.is_busy)
            assert engines.problem is None
            assert not panel.roll_back.isVisible()  # there was nothing before what was repaired

            engines.choose(Path(os.devnull))
            await until(lambda: not engines.is_busy)
            assert "could not be started" in panel.error.text()
            engines.choose(Path(sys.executable))
            await until(lambda: not engines.is_busy)
            assert load_environments().chosen is not None
            assert sys.executable in panel.own.text()
            panel.forget.click()
            await until(lambda: not engines.is_busy)
            assert load_environments().chosen is None

            monkeypatch.setattr(QMessageBox, "question", lambda *_: QMessageBox.StandardButton.Yes)
            panel.remove.click()
            await until(lambda: not engines.is_busy)
            assert panel.state.text() == "Not installed"

    run_app(body)


def test_a_python_that_has_the_engines_itself_is_offered_no_install(
    run_app: RunApp, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PHIDESK_ENGINES")

    async def body(app: App) -> None:
        panel = EnginesPanel(app.engines)
        qtbot.addWidget(panel)
        panel.show()
        assert panel.state.text().startswith(f"Used: torch {version('torch')}")
        assert sys.executable in panel.facts.text()
        assert not panel.install.isVisible()
        app.engines.choose(Path(sys.executable))
        await until(lambda: not app.engines.is_busy)
        assert "you chose another Python" in panel.state.text()
        app.engines.forget_chosen()
        await until(lambda: not app.engines.is_busy)
        assert panel.state.text().startswith("Used: torch")

    run_app(body)


def test_a_model_without_its_engine_leads_to_the_install(
    run_app: RunApp, tmp_path: Path, gguf_bytes: MakeFile, safetensors_bytes: MakeFile
) -> None:
    Maker(tmp_path, gguf_bytes, safetensors_bytes).folder("models/tiny")

    async def body(app: App) -> None:
        await opened(app, tmp_path / "models")
        form = app.window.models_pane.details.form
        choose(app, "tiny")
        assert form.install.isVisible()
        assert "Install the engines" in form.reason.text()
        form.install.click()
        dialog = app.window.findChild(EnginesDialog)
        assert dialog is not None
        assert dialog.isVisible()
        dialog.reject()
        choose(app, STARTER_NAME)
        assert not form.install.isVisible()

    run_app(body)

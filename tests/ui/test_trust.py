"""What was found in a model, from its details, and from pickles that nobody can agree to."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from phidesk.app import App
from phidesk.core.catalog import open_model
from phidesk.core.models import ModelRef
from phidesk.protocol.events import FailureKind
from phidesk.ui.consents_dialog import ConsentsDialog
from phidesk.ui.trust_dialog import TrustDialog
from phidesk.viewmodels.engine_session import EngineState
from phidesk.viewmodels.load_request import LoadRequest
from tests.models import write_with_template
from tests.ui.conftest import RunApp, until
from tests.ui.test_main_window import scripted


@pytest.fixture
def folder(tmp_path: Path, safetensors_bytes: Callable[..., bytes]) -> Path:
    """A folder that brings code."""
    path = tmp_path / "模型"
    path.mkdir()
    config = {"model_type": "llama", "auto_map": {"AutoModel": "modeling_m.M"}}
    (path / "config.json").write_text(json.dumps(config))
    (path / "tokenizer.json").write_text("{}")
    (path / "modeling_m.py").write_text("class M: ...")
    (path / "model.safetensors").write_bytes(safetensors_bytes())
    return path


def _words(dialog: TrustDialog) -> str:
    return "\n".join(part.text() for part in dialog.findChildren(QLabel))


async def _open(app: App, folder: Path) -> TrustDialog:
    app.window.show()
    app.window.show_models()
    app.models.select(open_model(folder))
    QTest.mouseClick(app.window.models_pane.details.trust, Qt.MouseButton.LeftButton)
    dialog = app.window.findChild(TrustDialog)
    assert isinstance(dialog, TrustDialog)
    await until(lambda: "Reading" not in _words(dialog))
    return dialog


def test_the_details_lead_to_what_was_found(run_app: RunApp, folder: Path) -> None:
    async def body(app: App) -> None:
        dialog = await _open(app, folder)
        assert "modeling_m.M, modeling_m.py" in _words(dialog)
        assert "phidesk never runs it" in _words(dialog)
        assert dialog.once.isVisible()
        assert dialog.close_button.isDefault()
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        assert not dialog.isVisible()
        assert not app.settings.consents

    run_app(body)


def test_pickles_have_no_button(run_app: RunApp, folder: Path) -> None:
    async def body(app: App) -> None:
        (folder / "model.safetensors").unlink()
        (folder / "pytorch_model.bin").write_bytes(b"x")
        dialog = await _open(app, folder)
        assert "does not load it" in _words(dialog)
        assert not dialog.once.isVisible()
        assert not dialog.always.isVisible()
        dialog.accept()
        app.window.load_selected()
        assert app.session.state is EngineState.FAILED
        assert "pickles" in app.window.banner.text

    run_app(body)


def test_a_model_without_concerns_has_no_such_button(run_app: RunApp, folder: Path) -> None:
    async def body(app: App) -> None:
        (folder / "modeling_m.py").unlink()
        (folder / "config.json").write_text('{"model_type": "llama"}')
        app.window.show()
        app.window.show_models()
        app.models.select(open_model(folder))
        assert not app.window.models_pane.details.trust.isVisible()

    run_app(body)


def test_an_odd_template_is_marked_once_the_model_is_chosen(
    run_app: RunApp, tmp_path: Path, gguf_bytes: Callable[..., bytes]
) -> None:
    async def body(app: App) -> None:
        keys = {"general.architecture": "llama", "tokenizer.chat_template": "{{ 9 ** 9 }}"}
        (tmp_path / "odd.gguf").write_bytes(gguf_bytes(keys))
        app.window.show()
        app.window.show_models()
        details = app.window.models_pane.details
        app.models.select(open_model(tmp_path / "odd.gguf"))
        assert not details.trust.isVisible()
        await until(details.trust.isVisible)
        words = [part.text() for part in details.findChildren(QLabel) if part.isVisible()]
        assert any("odd chat template" in text for text in words)
        app.models.select(None)
        assert not details.trust.isVisible()

    run_app(body)


def test_a_refusal_leaves_the_loaded_model_alone(run_app: RunApp, tmp_path: Path) -> None:
    async def body(app: App) -> None:
        app.window.show()
        app.models.select(scripted())
        app.window.load_selected()
        await until(lambda: app.session.state is EngineState.READY)
        loaded = app.session.worker_pid
        path = write_with_template(tmp_path / "odd.gguf", "{{ 9 ** 9 }}")
        app.models.select(open_model(path))
        app.window.load_selected()
        await until(app.window.banner.isVisible)
        assert app.session.state is EngineState.READY
        assert app.session.worker_pid == loaded
        assert "9 ** 9 (odd.gguf)" in app.window.banner.text
        _, once = app.window.banner.actions_offered
        QTest.mouseClick(once, Qt.MouseButton.LeftButton)
        await until(lambda: app.session.worker_pid != loaded)
        assert app.session.request is not None
        assert app.session.request.model.path == str(path)
        assert app.session.request.without_code

    run_app(body)


def test_without_consents_the_list_says_so(run_app: RunApp) -> None:
    async def body(app: App) -> None:
        dialog = ConsentsDialog(app.trust, app.window)
        words = [part.text() for part in dialog.findChildren(QLabel)]
        assert "You have agreed to nothing for good." in words
        dialog.deleteLater()

    run_app(body)


def test_what_nobody_foresaw_ends_a_load(run_app: RunApp, folder: Path) -> None:
    async def body(app: App) -> None:
        async def stumble(_model: ModelRef) -> bool:
            raise ValueError("an odd file")

        app.session._is_agreed = stumble
        for name in ("config.json", "modeling_m.py"):
            (folder / name).unlink()
        (folder / "config.json").write_text('{"model_type": "llama"}')
        app.session.load(LoadRequest(open_model(folder)))
        await until(lambda: app.session.state is EngineState.FAILED)
        failure = app.session.failure
        assert failure is not None
        assert failure.kind is FailureKind.BUG
        assert "an odd file" in failure.message
        assert "stumble" in failure.details
        assert "nobody foresaw" in app.window.banner.text

    run_app(body)

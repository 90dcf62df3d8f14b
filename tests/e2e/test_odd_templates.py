"""Hostile chat templates in a real GGUF file: refused, and harmless for those who agree."""

import asyncio
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from phidesk.app import App
from phidesk.core.catalog import open_model
from phidesk.ui.consents_dialog import ConsentsDialog
from phidesk.ui.trust_dialog import TrustDialog
from phidesk.viewmodels.engine_session import EngineState
from tests.e2e.test_first_chat import phidesk
from tests.models import write_with_template
from tests.ui.conftest import RunApp, until


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("{{ ''.__class__.__mro__[1].__subclasses__() }}", "reaches for Python's insides"),
        ("{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}", "far"),
    ],
)
def test_an_odd_template_is_refused_before_anything_is_loaded(
    tmp_path: Path, template: str, words: str
) -> None:
    model = write_with_template(tmp_path / "odd.gguf", template)
    done = phidesk("chat", "hi", "--model", str(model), "--max-tokens", "2")
    assert done.returncode == 1
    assert words in done.stderr
    assert "--without-code" in done.stderr
    assert done.stdout == ""


_ODD_BUT_HARMLESS = (
    "{% if false %}{{ x.__class__ }}{% endif %}"
    "{%- for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


def _state(app: App) -> EngineState:
    return app.session.state


def _press(button: QPushButton) -> None:
    assert button.isVisible()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


async def _load(app: App) -> None:
    app.window.load_selected()
    await until(lambda: app.session.state is not EngineState.LOADING, timeout_s=60)


async def _find_out(app: App) -> TrustDialog:
    """Open the dialog from the banner."""
    found, once = app.window.banner.actions_offered
    assert once.text() == "Load once"
    _press(found)
    dialog = app.window.findChild(TrustDialog)
    assert isinstance(dialog, TrustDialog)
    await until(dialog.always.isVisible)
    return dialog


def test_a_consent_is_kept_serves_the_command_line_and_can_be_revoked(
    run_app: RunApp, tmp_path: Path
) -> None:
    path = str(write_with_template(tmp_path / "odd.gguf", _ODD_BUT_HARMLESS))
    chat = ("chat", "What is the capital of France?", "--temperature", "0", "--model", path)

    async def body(app: App) -> None:
        app.window.show()
        app.models.select(open_model(path))
        await _load(app)
        assert _state(app) is EngineState.FAILED
        assert "x.__class__" in app.window.banner.text
        dialog = await _find_out(app)
        QTest.keyClick(dialog, Qt.Key.Key_Return)  # which is no by default
        assert _state(app) is EngineState.FAILED
        assert not app.settings.consents
        await until(lambda: app.window.findChild(TrustDialog) is None)
        _press((await _find_out(app)).always)
        await until(lambda: _state(app) is EngineState.READY)
        assert list(app.settings.consents) == [path]

        app.session.eject()
        await until(lambda: _state(app) is EngineState.EMPTY)
        await _load(app)
        assert _state(app) is EngineState.READY
        done = await asyncio.to_thread(phidesk, *chat)
        assert done.stdout.strip() == "The capital of France is Paris."
        assert app.privacy.connections == ()

        consents = ConsentsDialog(app.trust, app.window)
        consents.open()
        assert consents.revokes[0].accessibleName() == "Revoke the consent to odd"
        _press(consents.revokes[0])
        await until(lambda: not consents.revokes)
        consents.accept()
        done = await asyncio.to_thread(phidesk, *chat)
        assert done.returncode == 1
        assert "something odd" in done.stderr
        await _load(app)
        assert "is loaded once you agree" in app.window.banner.text

    run_app(body, fake=False)

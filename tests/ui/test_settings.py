"""The settings dialog, in the real window."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from phidesk.app import App
from phidesk.core.chat import SamplingParams
from phidesk.core.engines import EngineName
from phidesk.core.models import ModelFormat, ModelRef
from phidesk.core.paths import choose_models_dir, models_dir
from phidesk.core.sampling_presets import Preset
from phidesk.core.settings import SettingsFile
from phidesk.ui.settings.dialog import SettingsDialog
from tests.ui.conftest import RunApp


def _open(app: App) -> SettingsDialog:
    app.window.settings_dialogs.show_settings()
    dialog = app.window.findChild(SettingsDialog)
    assert dialog is not None
    return dialog


def test_keys_open_it_and_what_is_chosen_is_kept(run_app: RunApp) -> None:
    async def body(app: App) -> None:
        app.window.show()
        QTest.keyClick(app.window, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
        dialog = _open(app)
        assert len(app.window.findChildren(SettingsDialog)) == 1
        box = dialog.general.theme
        box.setCurrentIndex(box.findData("dark"))
        box.activated.emit(box.currentIndex())
        assert app.look.theme.is_dark
        box = dialog.engines.default
        box.setCurrentIndex(2)
        box.activated.emit(2)
        dialog.downloads.at_once.setValue(5)
        dialog.chats.prompt.setPlainText("Answer in one sentence.")
        assert app.chat.current.system_prompt == "Answer in one sentence."
        kept = SettingsFile().load()
        assert (kept.theme, kept.downloads_at_once) == ("dark", 5)
        assert kept.default_engine is list(EngineName)[1]
        assert kept.system_prompt == "Answer in one sentence."
        dialog.accept()

    run_app(body)


def test_search_leaves_the_rows_that_have_all_words(run_app: RunApp) -> None:
    async def body(app: App) -> None:
        dialog = _open(app)
        dialog.search.setText("MIRROR hugging")
        rows = [row for section in dialog.sections for row in section.rows]
        assert [row.field for row in rows if not row.isHidden()] == [dialog.downloads.mirror]
        dialog.search.setText("no such setting")
        assert all(row.isHidden() for row in rows)
        assert not dialog.nothing.isHidden()
        dialog.search.clear()
        assert not any(row.isHidden() for row in rows)
        dialog.accept()

    run_app(body)


def test_every_field_has_a_name(run_app: RunApp) -> None:
    async def body(app: App) -> None:
        dialog = _open(app)
        stops = [
            w for w in dialog.findChildren(QWidget) if w.focusPolicy() & Qt.FocusPolicy.TabFocus
        ]
        stops = [w for w in stops if type(w).__name__ in ("QComboBox", "QSpinBox", "QPlainTextEdit",
            "QListWidget") or type(w).__name__ == "QLineEdit"]  # fmt: skip
        inner = [w for w in stops if w.objectName().startswith("qt_")]
        assert len(stops) >= 8
        assert [w for w in stops if not w.accessibleName() and w not in inner] == []
        dialog.accept()

    run_app(body)


def test_another_models_folder_counts_at_once_and_loses_no_model(
    run_app: RunApp, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    request.addfinalizer(lambda: choose_models_dir(""))

    async def body(app: App) -> None:
        before = models_dir()
        before.mkdir(parents=True, exist_ok=True)
        (before / "something").touch()
        app.preferences.set_models_folder(str(tmp_path))
        assert models_dir() == tmp_path
        assert app.models.folders == (str(before),)
        assert SettingsFile().load().models_folder == str(tmp_path)
        app.preferences.set_models_folder("")
        assert models_dir() == before
        (before / "something").unlink()

    run_app(body)


def test_new_chats_begin_as_the_chosen_preset_says(run_app: RunApp) -> None:
    async def body(app: App) -> None:
        sampling = SamplingParams(temperature=1.25)
        app.presets.save("Poet", Preset(system_prompt="Rhyme.", sampling=sampling))
        app.start("starter")
        app.preferences.set_preset("Poet")
        chat = app.chat.current
        assert (chat.system_prompt, chat.sampling.temperature) == ("Rhyme.", 1.25)
        dialog = _open(app)
        assert dialog.chats.preset.currentText() == "Poet"
        assert not dialog.chats.prompt.isEnabled()
        app.preferences.set_preset("")
        assert chat.system_prompt == app.settings.system_prompt
        app.presets.delete("Poet")
        dialog.accept()

    run_app(body)


def test_the_default_engine_is_taken_where_it_reads_the_model(run_app: RunApp) -> None:
    async def body(app: App) -> None:
        app.preferences.set_default_engine(EngineName.LLAMACPP)
        app.models.start("starter")
        request = app.load_plan.request()
        assert request is not None
        assert request.engine is EngineName.LLAMACPP
        app.models.select(ModelRef(name="Other", path="/gone", format=ModelFormat.SAFETENSORS))
        request = app.load_plan.request()
        assert request is not None
        assert request.engine is None  # automatic: llama.cpp does not read it

    run_app(body)

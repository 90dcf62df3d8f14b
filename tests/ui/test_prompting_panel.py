"""The side panel: presets, the form of answers, and the model of a chat."""

import json
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QAbstractSpinBox, QApplication

from phidesk.app import App
from phidesk.core.conversation import ChatInfo
from phidesk.core.engines import EngineName
from phidesk.core.starter import STARTER_KEY
from phidesk.ui.preset_bar import PresetBar
from phidesk.ui.schema_field import SchemaField
from phidesk.ui.side_panel import SidePanel
from phidesk.ui.thread.blocks import Kind
from phidesk.viewmodels.engine_session import EngineState
from tests.ui.conftest import RunApp, until
from tests.ui.test_main_window import load


def choose(bar: PresetBar, words: str) -> None:
    """Use an entry of the menu."""
    bar._fill_menu()
    next(entry for entry in bar.menu.actions() if entry.text().startswith(words)).trigger()


def test_presets_are_saved_chosen_renamed_shared_and_deleted(
    run_app: RunApp, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    names = iter(["Brief", "Short"])
    monkeypatch.setattr("phidesk.ui.preset_bar.ask_name", lambda *_: next(names))

    async def body(app: App) -> None:
        app.window.show()
        bar = app.window.findChild(PresetBar)
        assert bar is not None
        app.chat.set_parameters("In one sentence.", app.chat.current.sampling)
        choose(bar, "Save as a preset")
        assert bar.box.currentText() == "Brief"
        app.chat.edit_parameters("In two.", app.chat.current.sampling)
        assert bar.box.currentText() == "Brief *"
        bar.choose("Brief")
        assert app.chat.current.system_prompt == "In one sentence."
        choose(bar, "Rename")
        presets = bar._presets
        assert presets.names() == ["Short"]
        presets.export("Short", tmp_path / "a.json")
        choose(bar, "Delete")
        assert bar.box.currentText() == "No preset"
        assert app.chat.current.system_prompt == "In one sentence."  # the chat stays as it is
        assert app.chat.undo.words == "Preset “Short” deleted"
        app.window.chat_pane.undo_bar.button.click()
        assert bar.box.currentText() == "Short"
        assert presets.open(tmp_path / "a.json") == "Short"
        (tmp_path / "a.json").write_text("{}")
        assert presets.open(tmp_path / "a.json") == ""
        assert "is no preset" in app.window.banner.text
        presets.delete("Short")

    run_app(body)


def test_only_a_usable_schema_reaches_the_chat(run_app: RunApp) -> None:
    async def body(app: App) -> None:
        await load(app)
        field = app.window.findChild(SchemaField)
        assert field is not None
        chat = app.chat.current.id
        field.switch.setChecked(True)
        assert json.loads(app.chat_options.of(chat).json_schema)["type"] == "object"
        field.text.setPlainText('{"type": "text"}')
        await until(lambda: not field.problem.isHidden())
        assert 'There is no type "text"' in field.problem.text()
        assert "still holds" in field.problem.text()
        assert json.loads(app.chat_options.of(chat).json_schema)["type"] == "object"
        field.text.setPlainText('{"type": "string"}')
        app.chat.select(app.chat.open(ChatInfo(), ()))  # before it is looked at
        assert not field.switch.isChecked()
        assert app.chat_options.of(chat).json_schema == '{"type": "string"}'
        assert app.chat_options.of(app.chat.current.id).json_schema == ""
        app.chat.select(app.chat.find(chat) or app.chat.current)
        app.chat.send("Hello")  # the scripted engine repeats it
        await until(lambda: not app.chat.is_busy)
        items = app.window.chat_pane.thread_view._documents.message(1).layout.items
        await until(lambda: items[0].block.kind is Kind.CODE)
        app.chat.select(app.chat.open(ChatInfo(), ()))
        field.switch.setChecked(True)
        field.text.setPlainText("{")
        field.switch.setChecked(False)
        assert field.problem.isHidden()
        app.session.engine = EngineName.TRANSFORMERS
        app.session.state_changed.emit()
        assert not field.switch.isEnabled()

    run_app(body)


def test_a_chat_offers_the_model_that_answered_it(run_app: RunApp) -> None:
    async def body(app: App) -> None:
        app.models.start(STARTER_KEY)
        await load(app)  # not the starter model
        offer = app.window.chat_pane.offer
        assert offer.isHidden()
        starter = app.models.find(STARTER_KEY) or app.models._models[0]
        app.chat.current.change(model=starter.path)
        app.chat.current_changed.emit()
        assert offer.isVisible()
        assert offer.load.text() == f"Load {starter.name}"
        asked: list[object] = []
        app.window.chat_pane.load_requested.disconnect()
        app.window.chat_pane.load_requested.connect(asked.append)
        offer.load.click()
        assert asked == [starter]
        assert app.session.state is EngineState.READY

    run_app(body)


def test_the_wheel_over_a_field_scrolls_the_panel_and_changes_nothing(run_app: RunApp) -> None:
    async def body(app: App) -> None:
        app.window.show()
        panel = app.window.findChild(SidePanel)
        assert panel is not None
        for field in panel.findChildren(QAbstractSpinBox):
            before = field.text()
            middle = QPointF(field.rect().center())
            for pixels in (-120, 120):
                wheel = QWheelEvent(
                    middle,
                    field.mapToGlobal(middle),
                    QPoint(),
                    QPoint(0, pixels),
                    Qt.MouseButton.NoButton,
                    Qt.KeyboardModifier.NoModifier,
                    Qt.ScrollPhase.NoScrollPhase,
                    False,
                )
                QApplication.sendEvent(field, wheel)
                assert field.text() == before

    run_app(body)

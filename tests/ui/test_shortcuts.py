"""The list of keyboard shortcuts in a real window, and the keys that the user chose."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QTreeWidget

from phidesk.app import App
from phidesk.core.settings import SettingsFile
from phidesk.ui.shortcuts_dialog import ShortcutsDialog
from phidesk.ui.thread.offers import Act
from tests.ui.conftest import RunApp

_CONTROL = Qt.KeyboardModifier.ControlModifier
_LEFT = Qt.MouseButton.LeftButton


def _dialog_of(app: App) -> ShortcutsDialog:
    app.window.show()
    QTest.qWaitForWindowActive(app.window)
    QTest.keyClick(app.window, Qt.Key.Key_Slash, _CONTROL)
    dialog = app.window.findChild(ShortcutsDialog)
    assert isinstance(dialog, ShortcutsDialog)
    return dialog


def _rows(tree: QTreeWidget) -> dict[str, str]:
    items = [tree.topLevelItem(place) for place in range(tree.topLevelItemCount())]
    return {i.text(0): i.text(1) for i in items if i is not None and not i.isHidden()}


def test_other_keys_are_used_at_once_and_kept(run_app: RunApp) -> None:
    async def body(app: App) -> None:
        dialog = _dialog_of(app)
        dialog.choose("view.models")
        dialog.edit.setKeySequence(QKeySequence("Ctrl+M"))
        QTest.mouseClick(dialog.assign, _LEFT)
        assert _rows(dialog.list)["Models"] == "Ctrl+M"
        dialog.accept()
        QTest.qWaitForWindowActive(app.window)
        QTest.keyClick(app.window, Qt.Key.Key_M, _CONTROL)
        assert app.window.models_pane.isVisible()
        app.window.show_chat()
        QTest.keyClick(app.window, Qt.Key.Key_2, _CONTROL)
        assert not app.window.models_pane.isVisible()

    run_app(body)


def test_the_keys_of_last_time_are_there_again(run_app: RunApp) -> None:
    async def body(app: App) -> None:
        app.window.shortcuts.rebind("view.models", "Ctrl+M")
        assert SettingsFile().load().shortcuts == {"view.models": "Ctrl+M"}
        qt = QApplication.instance()
        assert isinstance(qt, QApplication)
        again = App(qt, theme="light")
        assert _rows(_dialog_of(again).list)["Models"] == "Ctrl+M"
        again.window.hide()
        await again.shut_down()
        again.window.deleteLater()

    run_app(body)


def test_taken_keys_are_told_and_change_hands(run_app: RunApp) -> None:
    async def body(app: App) -> None:
        dialog = _dialog_of(app)
        dialog.choose("view.models")
        dialog.edit.setKeySequence(QKeySequence("Ctrl+N"))
        assert "New chat" in dialog.note.text()
        QTest.mouseClick(dialog.assign, _LEFT)
        assert _rows(dialog.list)["New chat"] == "—"
        QTest.mouseClick(dialog.reset, _LEFT)
        assert _rows(dialog.list)["New chat"] == "Ctrl+N"
        assert SettingsFile().load().shortcuts == {}

    run_app(body)


def test_a_single_letter_is_refused(run_app: RunApp) -> None:
    async def body(app: App) -> None:
        dialog = _dialog_of(app)
        dialog.choose("chat.stop")
        dialog.edit.setKeySequence(QKeySequence("D"))
        assert not dialog.assign.isEnabled()
        dialog.edit.setKeySequence(QKeySequence("F4"))
        assert dialog.assign.isEnabled()

    run_app(body)


def test_the_keys_of_a_field_cannot_be_taken(run_app: RunApp) -> None:
    async def body(app: App) -> None:
        dialog = _dialog_of(app)
        dialog.choose("chat.new")
        dialog.edit.setKeySequence(QKeySequence("Ctrl+F"))
        assert not dialog.assign.isEnabled()
        assert "Find in the chat" in dialog.note.text()

    run_app(body)


def test_the_list_is_searched_by_action_and_key(run_app: RunApp) -> None:
    async def body(app: App) -> None:
        dialog = _dialog_of(app)
        dialog.search.setText("ctrl+3")
        assert _rows(dialog.list) == {"View": "", "Quantize": "Ctrl+3"}
        dialog.search.setText("new")
        assert set(_rows(dialog.list)) == {"New chat", "New line", "Message field"} | {"Chat"}

    run_app(body)


def test_a_message_names_the_keys_that_the_user_chose(run_app: RunApp) -> None:
    async def body(app: App) -> None:
        app.window.shortcuts.rebind("chat.regenerate", "Ctrl+Shift+R")
        keys_of = app.window.chat_pane.thread_view.keys_of
        assert keys_of(Act.REGENERATE) == "Ctrl+Shift+R"
        assert keys_of(Act.COPY) == ""

    run_app(body)

"""The list of keyboard shortcuts in a real window, and the keys that the user chose."""

import asyncio

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QScrollArea, QTreeWidget

from phidesk.app import App
from phidesk.core.settings import SettingsFile
from phidesk.ui.chats.edit_dialog import EditDialog
from phidesk.ui.chats.rows import RowKind
from phidesk.ui.shortcuts_dialog import ShortcutsDialog
from phidesk.ui.thread.offers import Act
from tests.ui.conftest import RunApp, until
from tests.ui.test_main_window import load

_CONTROL = Qt.KeyboardModifier.ControlModifier
_NONE = Qt.KeyboardModifier.NoModifier
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


def test_chosen_keys_go_before_those_that_another_action_comes_with(run_app: RunApp) -> None:
    async def body(app: App) -> None:
        keys = app.window.shortcuts
        keys._set(keys._actions["view.models"], "Ctrl+,")  # before there were settings
        keys.settle()
        assert (keys.keys_of("view.models"), keys.keys_of("window.settings")) == ("Ctrl+,", "")

    run_app(body)


def test_keys_that_may_no_longer_be_chosen_are_dropped_and_told(run_app: RunApp) -> None:
    async def body(app: App) -> None:
        chosen = app.settings.shortcuts
        chosen |= {"chats.rename": "F5", "thread.find": "F5", "chats.delete": "Return"}
        app.settings_file.save(app.settings)
        qt = QApplication.instance()
        assert isinstance(qt, QApplication)
        again = App(qt, theme="light")
        keys = again.window.shortcuts
        assert (keys.keys_of("chats.rename"), keys.keys_of("thread.find")) == ("", "F5")
        assert keys.keys_of("chats.delete") == "Ctrl+Shift+Del"
        assert "“Delete the chat”, “Rename the chat”" in again.window.banner.text
        assert keys.chosen == {"chats.rename": "", "thread.find": "F5"}
        assert keys.settle() == []
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
        QTest.mouseClick(dialog.reset, _LEFT)  # it can be undone
        assert _rows(dialog.list)["Models"] == "Ctrl+N"
        assert SettingsFile().load().shortcuts == {"chat.new": "", "view.models": "Ctrl+N"}

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
        dialog.edit.setKeySequence(QKeySequence("Ctrl+C"))
        assert not dialog.assign.isEnabled()
        assert "“Copy” has these keys, and keeps them" in dialog.note.text()
        dialog.choose("field.send")
        dialog.edit.setKeySequence(QKeySequence("Ctrl+Return"))
        assert dialog.assign.isEnabled()
        assert "would lose" not in dialog.note.text()  # who edits a message has them, too
        dialog.choose("chat.regenerate")
        dialog.edit.setKeySequence(QKeySequence("Ctrl+Return"))
        assert "would lose" not in dialog.note.text()  # a dialog stands before the window
        dialog.choose("find.next")
        dialog.edit.setKeySequence(QKeySequence("Esc"))
        assert not dialog.assign.isEnabled()
        assert "“Close” has these keys, and keeps them" in dialog.note.text()

    run_app(body)


def test_keys_of_fields_and_lists_are_other_ones_at_once(run_app: RunApp) -> None:
    async def body(app: App) -> None:
        keys, pane = app.window.shortcuts, app.window.chat_pane
        await load(app)
        keys.rebind("field.send", "Ctrl+Return")
        keys.rebind("field.line", "Return")
        field = pane.composer.input
        QTest.keyClicks(field, "one")
        QTest.keyClick(field, Qt.Key.Key_Return)
        QTest.keyClicks(field, "two")
        QTest.keyClick(field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
        assert field.toPlainText() == "one\ntwo"
        QTest.keyClick(field, Qt.Key.Key_Enter, _CONTROL | Qt.KeyboardModifier.KeypadModifier)
        await until(lambda: not app.chat.is_busy)
        view = pane.thread_view
        assert app.chat.current.thread.entry(0).text == "one\ntwo"
        keys.rebind("field.line", "Ctrl+Return")  # sending has no keys now
        QTest.keyClicks(field, "not sent")
        # Nor has what Qt has no name for: an input method, a special key.
        nameless = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_unknown, _NONE, "é")
        QApplication.sendEvent(field, nameless)
        assert field.toPlainText() == "not senté"
        assert not app.chat.is_busy
        field.clear()
        keys.rebind("field.send", "Ctrl+Return")
        keys.rebind("thread.up", "Alt+Up")
        view.setFocus()
        QTest.keyClick(view, Qt.Key.Key_Up, _CONTROL)
        assert view.focused_id == ""
        QTest.keyClick(view, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
        assert view.focused_id == app.chat.current.tree.leaf
        keys.rebind("thread.find", "Ctrl+Shift+F")
        assert view.find_keys["find"].key() == QKeySequence("Ctrl+Shift+F")
        keys.rebind("chats.delete", "Ctrl+D")
        pane.side.list.setFocus()
        QTest.keyClick(pane.side.list, Qt.Key.Key_D, _CONTROL)
        assert app.chat.current.is_empty
        keys.rebind("library.search", "Ctrl+L")
        app.window.show_models()
        QTest.keyClick(app.window, Qt.Key.Key_L, _CONTROL)
        assert app.window.models_pane.filters.search.hasFocus()
        assert SettingsFile().load().shortcuts["field.send"] == "Ctrl+Return"
        keys.reset()
        assert SettingsFile().load().shortcuts == {}

    run_app(body)


def test_keys_of_the_find_bar_folders_and_an_edit_are_other_ones_at_once(run_app: RunApp) -> None:
    async def body(app: App) -> None:
        keys, pane = app.window.shortcuts, app.window.chat_pane
        await load(app)
        app.window.show()
        QTest.qWaitForWindowActive(app.window)
        app.chat.send("one two one")
        await until(lambda: not app.chat.is_busy)
        view = pane.thread_view
        view.show_find()
        bar = view.find_bar
        assert bar.on.toolTip() == "Next (Return)"
        bar.field.setText("one")
        await until(lambda: bar.count.text().startswith("1 of"))
        keys.rebind("find.next", "Ctrl+J")
        assert bar.on.toolTip() == "Next (Ctrl+J)"
        QTest.keyClick(bar.field, Qt.Key.Key_Return)
        await asyncio.sleep(0.05)
        assert bar.count.text().startswith("1 of")
        QTest.keyClick(bar.field, Qt.Key.Key_J, _CONTROL)
        await until(lambda: bar.count.text().startswith("2 of"))
        pane.composer.input.setFocus()
        QTest.keyClick(pane.composer.input, Qt.Key.Key_Escape)
        assert not bar.isVisible()
        assert pane.composer.input.hasFocus()

        keys.rebind("edit.keep", "Ctrl+S")
        pane.actions_offered.edit_last_question()
        dialog = app.window.findChild(EditDialog)
        assert dialog is not None
        await until(dialog.isActiveWindow)
        dialog.field.setPlainText("three")
        QTest.keyClick(dialog.field, Qt.Key.Key_Escape)
        assert "Ctrl+S keeps them" in dialog.hint.text()
        QTest.keyClick(dialog.field, Qt.Key.Key_Return, _CONTROL)
        assert dialog.isVisible()
        QTest.keyClick(dialog.field, Qt.Key.Key_S, _CONTROL)
        await until(lambda: app.chat.current.thread.entry(0).text == "three")
        await until(lambda: not app.chat.is_busy)

        folder = app.chat.list.add_folder("Work")
        assert folder is not None
        app.chat.list.move(app.chat.current, folder.id)
        chats = pane.side.list
        await until(lambda: any(row.kind is RowKind.FOLDER for row in chats.shown.rows))
        place = next(i for i, row in enumerate(chats.shown.rows) if row.kind is RowKind.FOLDER)
        chats.setCurrentIndex(chats.shown.index(place, 0))
        keys.rebind("chats.fold", "Ctrl+J")  # the find bar keeps it for itself
        QTest.keyClick(chats, Qt.Key.Key_Space)
        assert not chats.shown.rows[place].is_folded
        QTest.keyClick(chats, Qt.Key.Key_J, _CONTROL)
        assert chats.shown.rows[place].is_folded

    run_app(body)


def test_keys_change_hands_only_where_they_would_do_both(run_app: RunApp) -> None:
    async def body(app: App) -> None:
        dialog = _dialog_of(app)
        dialog.choose("chats.rename")
        dialog.edit.setKeySequence(QKeySequence("Del"))
        assert not dialog.assign.isEnabled()  # it would rename wherever one types in the pane
        dialog.choose("thread.next")
        dialog.edit.setKeySequence(QKeySequence("Del"))
        assert dialog.assign.isEnabled()  # the library has them, too
        assert dialog.note.text() == "Press the new keys for “Next place”."
        dialog.choose("chats.rename")
        dialog.edit.setKeySequence(QKeySequence("Shift+F3"))  # of the thread, which is in the pane
        assert "“Place before” would lose these keys" in dialog.note.text()
        dialog.choose("field.send")
        dialog.edit.setKeySequence(QKeySequence("Shift+Return"))
        assert "“New line” would lose these keys" in dialog.note.text()
        dialog.edit.setKeySequence(QKeySequence("Del"))
        assert not dialog.assign.isEnabled()
        dialog.choose("chat.new")
        dialog.edit.setKeySequence(QKeySequence("Ctrl+F"))
        assert "“Find in the chat”, “Search”, “Find” would" in dialog.note.text()
        QTest.mouseClick(dialog.assign, _LEFT)
        assert app.window.chat_pane.thread_view.find_keys["find"].key().isEmpty()

    run_app(body)


def test_tab_reaches_each_button_around_the_input(run_app: RunApp) -> None:
    async def body(app: App) -> None:
        app.window.show()
        QTest.qWaitForWindowActive(app.window)
        composer = app.window.chat_pane.composer
        composer.attach.setFocus()
        reached = []
        QTest.keyClicks(composer.input, "x")
        for _ in range(4):
            focused = QApplication.focusWidget()
            assert focused is not None
            reached.append(focused)
            QTest.keyClick(focused, Qt.Key.Key_Tab)
        assert reached == [composer.attach, composer.prompts, composer.input, composer.button]
        for widget in app.window.findChildren(QScrollArea):
            is_stop = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
            assert widget.accessibleName() or not is_stop

    run_app(body)


def test_versions_are_those_of_the_message_that_the_keys_are_on(run_app: RunApp) -> None:
    async def body(app: App) -> None:
        await load(app)
        chat, view = app.chat, app.window.chat_pane.thread_view
        for question in ("say: first", "say: second"):
            chat.send(question)
            await until(lambda: not chat.is_busy)
        for row in (0, 2):
            chat.edit(chat.current.thread.entry(row).id, f"say: other {row}")
            await until(lambda: not chat.is_busy)
            if row == 0:
                chat.send("say: second")
                await until(lambda: not chat.is_busy)
        QTest.keyClick(app.window, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
        assert chat.current.thread.entry(2).text == "say: second"
        view.setFocus()
        for _ in range(4):
            QTest.keyClick(view, Qt.Key.Key_Up, _CONTROL)
        assert view.focused_id == chat.current.thread.entry(0).id
        QTest.keyClick(view, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
        assert chat.current.thread.entry(0).text == "say: first"

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


def test_keys_are_changed_by_keys_alone(run_app: RunApp) -> None:
    async def body(app: App) -> None:
        dialog = _dialog_of(app)
        await until(dialog.search.hasFocus)

        def press(key: Qt.Key, modifier: Qt.KeyboardModifier = _NONE) -> None:
            focused = QApplication.focusWidget()
            assert focused is not None
            QTest.keyClick(focused, key, modifier)

        QTest.keyClicks(dialog.search, "models")
        press(Qt.Key.Key_Down)
        assert dialog.chosen is not None
        assert dialog.chosen.name == "view.models"
        press(Qt.Key.Key_Down)
        assert dialog.chosen is not None
        assert dialog.chosen.name == "view.get"
        press(Qt.Key.Key_Return)
        assert dialog.edit.hasFocus()
        press(Qt.Key.Key_G, _CONTROL | Qt.KeyboardModifier.AltModifier)
        assert dialog.assign.hasFocus()
        press(Qt.Key.Key_Return)
        assert _rows(dialog.list)["Get models"] == "Ctrl+Alt+G"
        assert dialog.list.hasFocus()

    run_app(body)


def test_tool_tips_name_the_keys_that_the_user_chose(run_app: RunApp) -> None:
    async def body(app: App) -> None:
        keys, pane = app.window.shortcuts, app.window.chat_pane
        assert pane.side.new.toolTip() == "New chat (Ctrl+N)"
        assert pane.composer.button.toolTip() == "Send (Return)"
        keys.rebind("chat.new", "Ctrl+Shift+N")
        keys.rebind("field.send", "Ctrl+Return")
        keys.rebind("chat.attach", "")
        assert pane.side.new.toolTip() == "New chat (Ctrl+Shift+N)"
        assert pane.composer.button.accessibleName() == "Send (Ctrl+Return)"
        assert pane.composer.attach.toolTip() == "Attach files…"

    run_app(body)

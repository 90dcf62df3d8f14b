"""Words are found in all messages, as they are shown; keys lead from message to message."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from phidesk.core.chat import Role
from phidesk.ui.thread.view import ThreadView
from phidesk.viewmodels.thread_model import ChatEntry, ThreadModel

FILLER = "Nothing of interest stands here.\n\n" * 20


def look_for(qtbot: QtBot, view: ThreadView, text: str) -> None:
    view.show_find()
    view._finding.bar.field.setText(text)
    qtbot.waitUntil(lambda: not view._finding.is_busy, timeout=10_000)


def test_matches_are_counted_marked_and_scrolled_to(
    qtbot: QtBot, view: ThreadView, model: ThreadModel
) -> None:
    model.add(ChatEntry(Role.USER, "Where is the needle?"))
    for _ in range(30):
        model.add(ChatEntry(Role.ASSISTANT, FILLER))
    table = "| a | b |\n|---|---|\n| x | NEEDLE |\n"
    text = f"{FILLER}A nee**dle** in the 干草堆 😀 needle.\n\n{table}"
    model.add(ChatEntry(Role.ASSISTANT, text))
    model.add(ChatEntry(Role.ASSISTANT, FILLER))
    view.verticalScrollBar().setValue(0)
    look_for(qtbot, view, "needle")
    bar = view._finding.bar
    assert bar.count.text() == "1 of 4"
    rows = []
    for _ in range(4):
        match = view._scene.current_mark
        assert match is not None
        rows.append(match.row)
        y = view._geometry.place_y(match.row, match.block, match.start)
        value = view.verticalScrollBar().value()
        assert value <= y < value + view.viewport().height()
        view.grab()
        QTest.keyClick(bar.field, Qt.Key.Key_Return)
    assert rows == [0, 31, 31, 31]
    assert bar.count.text() == "1 of 4"
    QTest.keyClick(bar.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert bar.count.text() == "4 of 4"
    model.remove_from(5)
    qtbot.waitUntil(lambda: bar.count.text() == "1 of 1")
    QTest.keyClick(bar.field, Qt.Key.Key_Escape)
    assert not bar.isVisible()
    assert view._scene.marks == {}


def test_signs_of_markdown_are_not_found(
    qtbot: QtBot, view: ThreadView, model: ThreadModel
) -> None:
    model.add(ChatEntry(Role.ASSISTANT, "**bold** [words](https://example.org/hidden)"))
    look_for(qtbot, view, "hidden")
    assert view._finding.bar.count.text() == "Not found"
    look_for(qtbot, view, "BOLD WORDS")
    assert view._finding.bar.count.text() == "1 of 1"


def test_keys_lead_from_message_to_message(view: ThreadView, model: ThreadModel) -> None:
    for number in range(10):
        model.add(ChatEntry(Role.ASSISTANT, f"{number}\n\n{FILLER}"))
    view.setFocus()
    control = Qt.KeyboardModifier.ControlModifier
    QTest.keyClick(view, Qt.Key.Key_Up, control)
    assert view.currentIndex().row() == 9
    QTest.keyClick(view, Qt.Key.Key_Up, control)
    QTest.keyClick(view, Qt.Key.Key_Up, control)
    assert view.currentIndex().row() == 7
    assert view.verticalScrollBar().value() == view._geometry.rows.top(7)
    view.grab()
    QTest.keyClick(view, Qt.Key.Key_Down, control)
    assert view.currentIndex().row() == 8

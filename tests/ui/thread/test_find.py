"""Words are found in all messages, as they are shown; keys lead from message to message."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from phidesk.core.chat import Role
from phidesk.ui.theme import LIGHT
from phidesk.ui.thread.blocks import Kind
from phidesk.ui.thread.marks import mark_rects
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


def test_folded_thoughts_are_searched_and_open_for_a_hit(
    qtbot: QtBot, view: ThreadView, model: ThreadModel
) -> None:
    model.add(ChatEntry(Role.ASSISTANT, f"<think>A needle.\n\n{FILLER}</think>One needle\n\nEnd"))
    model.add(ChatEntry(Role.ASSISTANT, FILLER))
    look_for(qtbot, view, "needle")
    count = view._finding.bar.count
    assert count.text() == "1 of 2"
    message = view._documents.message(0)

    def hides_thoughts() -> bool:
        return view._documents.message(0).hides_thoughts

    assert not hides_thoughts()

    def shown() -> str:
        match = view._scene.current_mark
        assert match is not None
        y = view._geometry.place_y(0, match.block + message.layout.body, match.start)
        value = view.verticalScrollBar().value()
        assert value <= y < value + view.viewport().height()
        return message.layout.items[match.block + message.layout.body].block.text

    assert shown() == "A needle."
    message.press(Kind.THOUGHT)  # what is found in the answer leaves them as they are
    view._updates.note(0, soon=True)
    qtbot.waitUntil(lambda: message.layout.body == 1)
    QTest.keyClick(view._finding.bar.field, Qt.Key.Key_Return)
    assert shown() == "One needle"
    assert hides_thoughts()
    view.grab()
    QTest.keyClick(view._finding.bar.field, Qt.Key.Key_Return)
    assert shown() == "A needle."


def test_a_hit_far_down_in_a_long_answer_is_shown_once_that_is_rendered(
    qtbot: QtBot, view: ThreadView, model: ThreadModel
) -> None:
    model.add(ChatEntry(Role.ASSISTANT, FILLER * 150 + "A needle.\n\n" + FILLER))
    model.add(ChatEntry(Role.USER, FILLER * 10))
    for _ in range(50):  # too many for all of them to stay laid out
        model.add(ChatEntry(Role.ASSISTANT, "Short."))
    look_for(qtbot, view, "needle")
    qtbot.waitUntil(lambda: view._wanted is None)
    match = view._scene.current_mark
    assert match is not None
    y = view._geometry.place_y(match.row, match.block, match.start)
    value = view.verticalScrollBar().value()
    assert value <= y < value + view.viewport().height()


def long_chat(model: ThreadModel) -> None:
    for _ in range(4):
        model.add(ChatEntry(Role.USER, "Where is the needle?"))
        model.add(ChatEntry(Role.ASSISTANT, FILLER))


def test_the_bar_comes_and_goes_without_moving_what_is_read(
    qtbot: QtBot, view: ThreadView, model: ThreadModel
) -> None:
    long_chat(model)
    qtbot.waitUntil(lambda: not view.is_working)
    scroll = view.verticalScrollBar()
    for distance in (20, 300):
        scroll.setValue(scroll.maximum() - distance)
        before = view.visualRect(model.index(7)).top()
        view.show_find()
        assert view.visualRect(model.index(7)).top() == before
        view._finding.close()
        assert view.visualRect(model.index(7)).top() == before
    view.scroll_to_end()
    view.show_find()
    assert scroll.value() == scroll.maximum()
    view._finding.close()
    assert scroll.value() == scroll.maximum()
    before = scroll.maximum()
    model.add(ChatEntry(Role.ASSISTANT, FILLER))
    assert scroll.value() == scroll.maximum() > before  # the end is followed as before


def test_leaving_a_chat_that_a_search_led_to_shows_the_end_of_the_next(
    qtbot: QtBot, view: ThreadView, model: ThreadModel
) -> None:
    long_chat(model)
    view.show_found("needle", 1)
    qtbot.waitUntil(lambda: view._finding.bar.count.text() == "2 of 4")
    other = ThreadModel()
    long_chat(other)
    view.setModel(other)
    assert not view._finding.bar.isVisible()
    assert view.verticalScrollBar().value() == view.verticalScrollBar().maximum()


def test_a_bar_that_a_search_opened_stays_when_one_types_in_it(
    qtbot: QtBot, view: ThreadView, model: ThreadModel
) -> None:
    model.add(ChatEntry(Role.ASSISTANT, "The needle [here](https://example.org/hidden)"))
    bar = view._finding.bar
    view.show_found("hidden", 0)
    qtbot.waitUntil(lambda: not bar.isVisible())  # there is nothing to be shown
    view.show_found("needle", 0)
    qtbot.waitUntil(lambda: bar.count.text() == "1 of 1")
    QTest.keyClicks(bar.field, "x")
    qtbot.waitUntil(lambda: bar.count.text() == "Not found")
    assert bar.isVisible()
    bar.field.clear()
    qtbot.waitUntil(lambda: bar.count.text() == "")
    qtbot.waitUntil(lambda: not view._finding.is_busy)
    assert bar.isVisible()


def test_many_hits_are_painted_where_they_stand(
    qtbot: QtBot, view: ThreadView, model: ThreadModel
) -> None:
    model.add(ChatEntry(Role.ASSISTANT, "hay needle " * 100))
    look_for(qtbot, view, "needle")
    item = view._documents.message(0).layout.items[0]
    assert item.document is not None
    match = view._scene.marks[0, 0][50]
    (rect,) = mark_rects(item.document, match.start, match.start + match.length)
    picture = view.grab().toImage()
    layout = item.document.documentLayout()
    inside = view._documents.message(0).layout.text_origin(item)
    top = view._geometry.origin(0).toPointF() + inside
    top.setY(top.y() - view.verticalScrollBar().value())
    corner = (rect.translated(top).topLeft()).toPoint()
    assert picture.pixelColor(corner + QPoint(1, 2)).name() == "#ffe9a8"
    assert picture.pixelColor(corner - QPoint(4, -2)).name() == LIGHT.surface
    assert layout.hitTest(rect.center(), Qt.HitTestAccuracy.ExactHit) in range(
        match.start, match.start + match.length + 1
    )


def test_no_hit_is_below_the_bar(qtbot: QtBot, view: ThreadView, model: ThreadModel) -> None:
    model.add(ChatEntry(Role.USER, "needle " * 30))
    view.resize(700, 260)
    model.add(ChatEntry(Role.ASSISTANT, "needle\n\n" * 40))
    view.verticalScrollBar().setValue(0)
    top = view.visualRect(model.index(0)).top()
    look_for(qtbot, view, "needle")
    bar = view._finding.bar
    edge = view.viewport().mapFrom(view, bar.geometry().bottomLeft()).y()
    for _ in range(len(view._finding._finder.matches)):
        match = view._scene.current_mark
        assert match is not None
        y = view._geometry.place_y(match.row, match.block, match.start)
        assert edge < y - view.verticalOffset() < view.viewport().height()
        QTest.keyClick(bar.field, Qt.Key.Key_Return)
    QTest.keyClick(bar.field, Qt.Key.Key_Escape)
    view.verticalScrollBar().setValue(0)
    assert view.visualRect(model.index(0)).top() == top

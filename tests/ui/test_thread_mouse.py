"""Selecting, copying and clicking in the conversation view."""

import pytest
from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QFontMetrics, QGuiApplication, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from phidesk.core.chat import Role
from phidesk.ui.thread.blocks import Kind
from phidesk.ui.thread.menu import ThreadMenu
from phidesk.ui.thread.view import ThreadView
from phidesk.viewmodels.thread_model import ChatEntry, ThreadModel

CODE = "def f(x):\n\treturn '<b>'  # 漢字\n\n\nprint(f(1))"
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def view_size() -> tuple[int, int]:
    return 900, 800


def point_of(view: ThreadView, row: int, word: str, offset: int = 0) -> QPoint:
    """Return the point in the viewport just before a word of a message."""
    layout = view._documents.message(row).layout
    for item in layout.items:
        document = layout.document(item)
        cursor = document.find(word) if document else QTextCursor()
        if document is None or cursor.isNull():
            continue
        block = document.findBlock(cursor.selectionStart())
        line = block.layout().lineForTextPosition(cursor.selectionStart() - block.position())
        position = cursor.selectionStart() + offset - block.position()
        found = line.cursorToX(position)
        assert isinstance(found, tuple)
        x = float(found[0])
        corner = document.documentLayout().blockBoundingRect(block).topLeft()
        inside = layout.text_origin(item) + corner + QPointF(x, line.y() + line.height() / 2)
        top = view._geometry.origin(row) - QPoint(0, view.verticalScrollBar().value())
        return top + inside.toPoint()
    raise LookupError(word)


def copy_button(view: ThreadView, row: int, index: int) -> QRect:
    layout = view._documents.message(row).layout
    width = QFontMetrics(layout.typesetter.small).horizontalAdvance("Copy")
    rect = layout.copy_button(layout.items[index], width)
    origin = view._geometry.origin(row) - QPoint(0, view.verticalScrollBar().value())
    return rect.translated(origin)


def drag(view: ThreadView, start: QPoint, end: QPoint) -> None:
    viewport = view.viewport()
    QTest.mousePress(viewport, LEFT, pos=start)
    QTest.mouseMove(viewport, (start + end) / 2)
    QTest.mouseMove(viewport, end)
    QTest.mouseRelease(viewport, LEFT, pos=end)


def clipboard() -> str:
    return QGuiApplication.clipboard().text()


def menu_texts(menu: QMenu) -> list[str]:
    return [action.text() for action in menu.actions() if action.text()]


def test_the_copy_button_copies_exactly_the_code(
    qtbot: QtBot, view: ThreadView, model: ThreadModel
) -> None:
    model.add(
        ChatEntry(
            Role.ASSISTANT, f"Code:\n\n- in a list\n\n  ```\n  a\n  ```\n\n```py\n{CODE}\n```\n"
        )
    )
    layout = view._documents.message(0).layout
    code = [i for i, item in enumerate(layout.items) if item.block.kind is Kind.CODE]
    button = copy_button(view, 0, code[1])
    QTest.mouseMove(view.viewport(), button.center())
    assert view.viewport().cursor().shape() is Qt.CursorShape.PointingHandCursor
    QTest.mouseClick(view.viewport(), LEFT, pos=button.center())
    assert clipboard() == CODE
    assert view._scene.copied == (0, code[1])
    view.grab()
    qtbot.waitUntil(lambda: view._scene.copied is None, timeout=5000)
    QTest.mouseClick(view.viewport(), LEFT, pos=copy_button(view, 0, code[0]).center())
    assert clipboard() == "a"
    assert view.selected_text() == ""


def test_a_long_listing_is_copied_whole(qtbot: QtBot, view: ThreadView, model: ThreadModel) -> None:
    code = "".join(f"def f{i}():\n    return {i}\n\n\n" for i in range(100)) + "x" * 9000
    model.add(ChatEntry(Role.ASSISTANT, f"```python\n{code}"))  # not even closed
    layout = view._documents.message(0).layout
    qtbot.waitUntil(lambda: not view.is_working)
    assert len(layout.items) > 5
    view.verticalScrollBar().setValue(0)
    QTest.mouseClick(view.viewport(), LEFT, pos=copy_button(view, 0, 0).center())
    assert clipboard() == code


def test_a_drag_across_messages_copies_both(view: ThreadView, model: ThreadModel) -> None:
    model.add(ChatEntry(Role.USER, "First question 😀 here"))
    model.add(
        ChatEntry(Role.ASSISTANT, "Some **bold** answer.\n\n1. one\n2. two\n\nThe last words")
    )
    drag(view, point_of(view, 0, "question"), point_of(view, 1, "last"))
    assert view.selected_text() == ("question 😀 here\n\nSome bold answer.\n1. one\n2. two\n\nThe ")
    QTest.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert clipboard() == view.selected_text()
    drag(view, point_of(view, 1, "answer"), point_of(view, 0, "here"))  # upwards
    assert view.selected_text() == "here\n\nSome bold "
    view.grab()


def test_a_click_selects_nothing_and_a_double_click_a_word(
    view: ThreadView, model: ThreadModel
) -> None:
    model.add(ChatEntry(Role.ASSISTANT, "Alpha beta gamma."))
    place = point_of(view, 0, "beta", 2)
    QTest.mouseClick(view.viewport(), LEFT, pos=place)
    assert view.selected_text() == ""
    QTest.mouseDClick(view.viewport(), LEFT, pos=place)
    assert view.selected_text() == "beta"
    QTest.mouseClick(view.viewport(), LEFT, pos=place)  # the third
    assert view.selected_text() == "Alpha beta gamma."


def test_select_all_takes_every_message(view: ThreadView, model: ThreadModel) -> None:
    model.add(ChatEntry(Role.USER, "Q"))
    table = "| a | b |\n|---|---|\n| 1 | 2 |\n"
    model.add(ChatEntry(Role.ASSISTANT, f"{table}\n> q\n\n```\nx\n```\n"))
    QTest.keyClick(view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert view.selected_text() == "Q\n\na\tb\n1\t2\n\nq\n\nx"


def test_part_of_a_table_is_copied_by_cells(view: ThreadView, model: ThreadModel) -> None:
    table = "| head | two |\n|---|---|\n| alpha | beta |\n| gamma | delta |\n"
    model.add(ChatEntry(Role.ASSISTANT, table))
    drag(view, point_of(view, 0, "alpha", 2), point_of(view, 0, "delta", 3))
    assert view.selected_text() == "pha\tbeta\ngamma\tdel"


def test_links_are_told_and_never_opened(
    qtbot: QtBot, view: ThreadView, model: ThreadModel
) -> None:
    good = "[good](https://example.org/x?a=1)"
    text = f"A {good} one, a [bad](file:///etc/passwd), a [mail](mailto:a@b.c)"
    model.add(ChatEntry(Role.ASSISTANT, text))
    place = point_of(view, 0, "good", 2)
    QTest.mouseMove(view.viewport(), place)
    assert view.viewport().cursor().shape() is Qt.CursorShape.PointingHandCursor
    with qtbot.waitSignal(view.link_activated) as clicked:
        QTest.mouseClick(view.viewport(), LEFT, pos=place)
    assert clicked.args is not None
    assert clicked.args[0].toString() == "https://example.org/x?a=1"
    with qtbot.assertNotEmitted(view.link_activated):
        drag(view, place, point_of(view, 0, "one"))
        for word in ("bad", "mail"):
            QTest.mouseClick(view.viewport(), LEFT, pos=point_of(view, 0, word, 1))


def test_the_context_menu_offers_what_fits(view: ThreadView, model: ThreadModel) -> None:
    source = f"See **[this](https://example.org/)**.\n\n```\n{CODE}\n```"
    model.add(ChatEntry(Role.ASSISTANT, source))

    def menu(word: str) -> QMenu:
        hit = view._mouse.hit(point_of(view, 0, word, 1))
        copy = None if view._scene.selection.is_empty else view.copy
        return ThreadMenu(view._mouse, hit, copy, view.selectAll, view)

    on_link = menu("this")
    assert menu_texts(on_link) == ["Copy message", "Copy link address", "Select all"]
    on_link.actions()[0].trigger()
    assert clipboard() == source
    on_link.actions()[1].trigger()
    assert clipboard() == "https://example.org/"
    on_code = menu("print")
    assert menu_texts(on_code) == ["Copy message", "Copy code", "Select all"]
    on_code.actions()[1].trigger()
    assert clipboard() == CODE
    view.selectAll()
    assert menu_texts(menu("print"))[0] == "Copy"


def test_keys_scroll_and_others_are_left_to_the_window(
    view: ThreadView, model: ThreadModel
) -> None:
    model.add(ChatEntry(Role.ASSISTANT, "line\n\n" * 100))
    QTest.keyClick(view, Qt.Key.Key_Home)
    assert view.verticalScrollBar().value() == 0
    QTest.keyClick(view, Qt.Key.Key_PageDown)
    assert view.verticalScrollBar().value() > 0
    QTest.keyClick(view, Qt.Key.Key_End)
    assert view.is_at_end


def test_dragging_beyond_the_edge_scrolls(
    qtbot: QtBot, view: ThreadView, model: ThreadModel
) -> None:
    model.add(ChatEntry(Role.ASSISTANT, "".join(f"line {i}\n\n" for i in range(200))))
    qtbot.waitUntil(lambda: not view.is_working)
    start = QPoint(300, 400)
    QTest.mousePress(view.viewport(), LEFT, pos=start)
    QTest.mouseMove(view.viewport(), QPoint(300, 300))
    QTest.mouseMove(view.viewport(), QPoint(300, -40))
    bar = view.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.value() < bar.maximum() - 300)
    QTest.mouseRelease(view.viewport(), LEFT, pos=QPoint(300, -40))
    assert len(view.selected_text().splitlines()) > 10

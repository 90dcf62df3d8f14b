"""The conversation view shows, streams and scrolls."""

import time

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QColor, QFontDatabase, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from phidesk.core.chat import GenerationResult, Role, StopReason
from phidesk.core.conversation import MessageState
from phidesk.ui.theme import DARK, LIGHT
from phidesk.ui.thread.blocks import Block, Kind
from phidesk.ui.thread.view import ThreadView
from phidesk.ui.thread.wording import Wording
from phidesk.viewmodels.thread_model import ChatEntry, ThreadModel

ANSWER = """# Title

A paragraph with **bold**, `code` and a [link](https://example.org/).

1. one
2. two
   - inner

```python
def f(x):
    return x + 1  # 漢字 😀
```

| a | b |
|---|--:|
| 1 | `2` |

> quoted

Done.
"""


def add(model: ThreadModel, text: str, speaker: Role = Role.ASSISTANT) -> int:
    return model.add(ChatEntry(speaker, text))


def blocks(view: ThreadView, row: int) -> list[Block]:
    message = view._documents.message(row)
    message.render_all()
    return [item.block for item in message.layout.items]


def heights(view: ThreadView, row: int) -> list[tuple[int, int]]:
    layout = view._documents.message(row).layout
    layout.measure(0, 1 << 30)
    return [(item.y, item.height) for item in layout.items]


def is_idle(view: ThreadView) -> bool:
    return not view._updates._rows and not view._updates._timer.isActive()


def colours(image: QImage) -> set[str]:
    return {
        image.pixelColor(x, y).name()
        for x in range(0, image.width(), 3)
        for y in range(0, image.height(), 3)
    }


@pytest.mark.parametrize("size", [3, 17, 90])
def test_streaming_ends_as_a_fresh_rendering(
    qtbot: QtBot, view: ThreadView, model: ThreadModel, size: int
) -> None:
    row = model.add(ChatEntry(Role.ASSISTANT, "", MessageState.WAITING))
    model.set_state(row, MessageState.STREAMING)
    for start in range(0, len(ANSWER), size):
        model.append_text(row, ANSWER[start : start + size])
        qtbot.wait(1)
    model.set_state(row, MessageState.DONE)
    qtbot.waitUntil(lambda: is_idle(view))
    fresh = add(model, ANSWER)
    assert blocks(view, row) == blocks(view, fresh)
    assert heights(view, row) == heights(view, fresh)
    texts = [
        [item.document.toPlainText() for item in view._documents.message(r).layout.items
         if item.document]
        for r in (row, fresh)
    ]  # fmt: skip
    assert texts[0] == texts[1]


def test_links_that_are_defined_at_the_end_work(
    qtbot: QtBot, view: ThreadView, model: ThreadModel
) -> None:
    row = model.add(ChatEntry(Role.ASSISTANT, "", MessageState.STREAMING))
    text = "See [this][a].\n\nmore\n\n[a]: https://example.org/a\n"
    for char in text:
        model.append_text(row, char)
    model.set_state(row, MessageState.DONE)
    qtbot.waitUntil(lambda: is_idle(view))
    assert any(span.link == "https://example.org/a" for span in blocks(view, row)[0].spans)


def test_text_added_to_a_finished_answer_appears(
    qtbot: QtBot, view: ThreadView, model: ThreadModel
) -> None:
    row = add(model, "first")
    model.set_state(row, MessageState.STREAMING)
    model.append_text(row, " second")
    model.set_state(row, MessageState.DONE)
    qtbot.waitUntil(lambda: is_idle(view))
    assert [block.text for block in blocks(view, row)] == ["first second"]


def test_scrolling_up_stops_following_and_the_end_resumes_it(
    qtbot: QtBot, view: ThreadView, model: ThreadModel
) -> None:
    add(model, "Tell me", Role.USER)
    row = model.add(ChatEntry(Role.ASSISTANT, "", MessageState.STREAMING))

    def stream(lines: int) -> None:
        for number in range(lines):
            model.append_text(row, f"Paragraph {number} of the answer.\n\n")
        qtbot.waitUntil(lambda: is_idle(view))

    stream(60)
    bar = view.verticalScrollBar()
    assert view.is_at_end
    assert bar.maximum() > 0
    assert not view._jump.isVisible()
    bar.setValue(bar.value() - 200)
    here = bar.value()
    stream(30)
    assert bar.value() == here
    assert view._jump.isVisible()
    QTest.mouseClick(view._jump, Qt.MouseButton.LeftButton)
    assert view.is_at_end
    assert not view._jump.isVisible()
    stream(30)
    assert view.is_at_end
    bar.setValue(0)
    bar.setValue(bar.maximum())
    stream(30)
    assert view.is_at_end


def test_a_new_question_is_scrolled_to(view: ThreadView, model: ThreadModel) -> None:
    add(model, "line\n\n" * 100)
    view.verticalScrollBar().setValue(0)
    add(model, "And?", Role.USER)
    assert view.is_at_end


def test_a_thousand_messages_open_fast_and_hold_still(
    qtbot: QtBot, view: ThreadView, model: ThreadModel
) -> None:
    long_thread = ThreadModel()
    for number in range(1000):
        long_thread.add(
            ChatEntry(Role.USER if number % 2 else Role.ASSISTANT, ANSWER[number % 90 :])
        )
    started = time.perf_counter()
    view.setModel(long_thread)
    view.grab()
    assert time.perf_counter() - started < 1.0  # some 50 ms: far from a layout of all
    assert view.is_at_end
    bar = view.verticalScrollBar()
    for _ in range(150):  # rows never seen come into view from above: the rest stays in place
        hit = view._mouse.hit(QPoint(450, 500))
        assert hit is not None
        before = view._geometry.origin(hit.place.row).y() + hit.item.y - bar.value()
        step = min(40, bar.value())
        old = bar.value()
        bar.setValue(bar.value() - step)
        assert bar.value() != old
        after = view._geometry.origin(hit.place.row).y() + hit.item.y - bar.value()
        assert after - before == step
    view.setModel(None)


def test_a_resize_keeps_the_place(qtbot: QtBot, view: ThreadView, model: ThreadModel) -> None:
    for _ in range(30):
        add(model, ANSWER)
    bar = view.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    hit = view._mouse.hit(QPoint(450, 10))
    assert hit is not None
    view.resize(500, 600)
    qtbot.wait(10)
    now = view._mouse.hit(QPoint(250, 10))
    assert now is not None
    assert now.place.row == hit.place.row
    assert abs(now.place.block - hit.place.block) <= 1


def test_waiting_dots_move_on_after_something_else_is_painted(
    qtbot: QtBot, view: ThreadView, model: ThreadModel
) -> None:
    model.add(ChatEntry(Role.USER, "Why?"))
    row = model.add(ChatEntry(Role.ASSISTANT, "", MessageState.WAITING))
    qtbot.waitUntil(view._dots_timer.isActive)
    for _ in range(3):
        with qtbot.waitSignal(view._dots_timer.timeout):
            view.viewport().repaint(0, 0, view.width(), 5)  # between two steps of the dots
    model.set_state(row, MessageState.DONE)
    qtbot.waitUntil(lambda: is_idle(view))
    qtbot.waitUntil(lambda: not view._dots_timer.isActive())


def test_states_are_shown(qtbot: QtBot, view: ThreadView, model: ThreadModel) -> None:
    result = GenerationResult(
        prompt_tokens=9,
        completion_tokens=128,
        ttft_s=0.12,
        tokens_per_second=87.4,
        stop_reason=StopReason.END,
    )
    row = model.add(ChatEntry(Role.ASSISTANT, "", MessageState.WAITING))
    assert [block.kind for block in blocks(view, row)] == [Kind.DOTS]
    view.grab()
    assert view._dots_timer.isActive()
    model.append_text(row, "Half an")
    model.set_state(row, MessageState.FAILED, error="No memory left")
    qtbot.waitUntil(lambda: is_idle(view))
    assert [block.text for block in blocks(view, row)] == ["Half an", "No memory left"]
    qtbot.waitUntil(lambda: not view._dots_timer.isActive())
    model.set_state(row, MessageState.DONE, result=result)
    qtbot.waitUntil(lambda: is_idle(view))
    note = "87.4 tok/s · 128 tokens · 0.12 s to first token · finished"
    assert [block.text for block in blocks(view, row)] == ["Half an", note]
    model.set_state(row, MessageState.STOPPED)
    qtbot.waitUntil(lambda: is_idle(view))
    assert blocks(view, row)[-1].text.endswith(" · stopped")


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (StopReason.END, "finished"),
        (StopReason.LENGTH, "length limit reached"),
        (StopReason.STOP_STRING, "stop text reached"),
    ],
)
def test_the_note_says_why_it_ended(reason: StopReason, words: str) -> None:
    result = GenerationResult(prompt_tokens=1, completion_tokens=1, stop_reason=reason)
    assert Wording().note(MessageState.DONE, result) == f"1 token · {words}"
    assert not Wording().note(MessageState.STREAMING, result)
    assert Wording().note(MessageState.STOPPED, None) == "stopped"
    assert Wording().failure(MessageState.FAILED, "") == "The answer failed."


def test_a_users_text_is_not_markdown(view: ThreadView, model: ThreadModel) -> None:
    row = add(model, "# no title\n**plain**  <b>", Role.USER)
    assert [block.text for block in blocks(view, row)] == ["# no title\u2028**plain**  <b>"]


def test_another_theme_paints_everything_anew(
    qtbot: QtBot, view: ThreadView, model: ThreadModel
) -> None:
    row = add(model, ANSWER)
    code = next(i for i in view._documents.message(row).layout.items if i.block.kind is Kind.CODE)
    qtbot.waitUntil(lambda: code.coloured is not None, timeout=5000)
    light = colours(view.grab().toImage())
    assert {LIGHT.surface, LIGHT.code} <= light
    view.set_theme(DARK)
    qtbot.waitUntil(lambda: code.coloured is not None, timeout=5000)
    dark = colours(view.grab().toImage())
    assert {DARK.surface, DARK.code} <= dark
    assert LIGHT.surface not in dark
    assert view._scene.theme is DARK


def test_code_gets_the_themes_colours(qtbot: QtBot, view: ThreadView, model: ThreadModel) -> None:
    if not QFontDatabase.families():
        pytest.skip("no fonts")
    row = add(model, "```python\nreturn None\n```")
    item = view._documents.message(row).layout.items[0]
    qtbot.waitUntil(lambda: item.coloured is not None, timeout=5000)
    assert item.document is not None
    formats = item.document.firstBlock().layout().formats()
    assert formats
    assert all(f.format.foreground().color() != QColor(LIGHT.text) for f in formats)


def test_removed_and_exchanged_models(qtbot: QtBot, view: ThreadView, model: ThreadModel) -> None:
    for _ in range(5):
        add(model, ANSWER)
    model.remove_from(2)
    assert len(view._geometry.rows) == 2
    view.grab()
    other = ThreadModel()
    other.add(ChatEntry(Role.USER, "hello"))
    view.setModel(other)
    model.remove_from(0)
    assert len(view._geometry.rows) == 1
    other.deleteLater()
    qtbot.waitUntil(lambda: len(view._geometry.rows) == 0)
    view.grab()


def test_assistive_technology_reads_the_messages(view: ThreadView, model: ThreadModel) -> None:
    add(model, "Hello", Role.USER)
    add(model, "**Hi**")
    interface = QAccessible.queryAccessibleInterface(view)
    assert interface.text(QAccessible.Text.Name) == "Conversation"
    assert interface.role() is QAccessible.Role.List
    children = [interface.child(number) for number in range(interface.childCount())]
    names = [child.text(QAccessible.Text.Name) for child in children]
    assert names == ["You: Hello", "Model: **Hi**"]
    index = model.index(1, 0)
    assert view.indexAt(view.visualRect(index).center()) == index


@pytest.mark.parametrize(
    "text",
    [
        ">" * 10_000 + " deep",
        "> " * 10_000 + "deep",
        "- " * 10_000 + "deep",
        "\n".join("  " * depth + "- x" for depth in range(300)),
        "[" * 20_000,
        "*" * 20_000 + "a" + "*" * 20_000,
        "`" * 10_000,
        "```\n" + "line\n" * 10_000,
        "word " * 20_000,
        "x" * 100_000,
    ],
    ids=["quotes", "spaced quotes", "lists", "steps", "brackets", "stars", "ticks", "fence",
         "paragraph", "one word"],
)  # fmt: skip
def test_odd_texts_do_not_freeze(
    qtbot: QtBot, view: ThreadView, model: ThreadModel, text: str
) -> None:
    started = time.perf_counter()
    row = model.add(ChatEntry(Role.ASSISTANT, "", MessageState.STREAMING))
    longest = 0.0
    size = max(1, len(text) // 30)
    for start in range(0, len(text), size):
        model.append_text(row, text[start : start + size])
        step = time.perf_counter()
        QApplication.processEvents()
        longest = max(longest, time.perf_counter() - step)
    model.set_state(row, MessageState.DONE)
    qtbot.waitUntil(lambda: is_idle(view), timeout=10_000)
    view.grab()
    assert time.perf_counter() - started < 10
    assert longest < 1.0  # generous: the machine of the tests may be busy

"""Scrolling moves the picture and paints only what it has to: the screen shows what it should."""

import os
import subprocess
import sys
from collections.abc import Iterable
from typing import cast

from PySide6.QtCore import QEvent, QObject, QPoint, QRect
from PySide6.QtGui import QCursor, QImage, QPaintEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from phidesk.core.chat import Role
from phidesk.core.conversation import MessageState
from phidesk.ui.thread.view import ThreadView
from phidesk.viewmodels.thread_model import ChatEntry, ThreadModel

ANSWER = """## Heading

A paragraph with **bold**, `code` and a [link](https://example.org/), long enough for two lines.

1. one
2. two, and more words than fit into a single line of the column that it stands in, by far
   - inner

100. [ ] to do

123456789) far

```python
def f(x):
    return x + 1
```

| a | b |
|---|--:|
| 1 | `2` |

> quoted
>
> > twice, with more words than fit into a single line of the column that it stands in, by far
"""
QUESTION = "Tell me\n\nשלום\n\n" + "why it is so, " * 12


class Area(QObject):
    """Adds up how many pixels are painted."""

    def __init__(self) -> None:
        super().__init__()
        self.pixels = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Add a painting."""
        if isinstance(event, QPaintEvent):
            pieces = cast("Iterable[QRect]", event.region())
            self.pixels += sum(piece.width() * piece.height() for piece in pieces)
        return super().eventFilter(watched, event)


def chat(view: ThreadView, model: ThreadModel, qtbot: QtBot) -> None:
    for number in range(12):
        model.add(ChatEntry(Role.USER, f"{number} {QUESTION}"))
        model.add(ChatEntry(Role.ASSISTANT, ANSWER * (1 + number % 3)))
    view.setModel(model)  # anew: what is not on screen is not laid out
    qtbot.waitUntil(lambda: is_still(view))


def is_still(view: ThreadView) -> bool:
    updates = view._updates
    timers = updates._colour_timer, updates._ahead_timer
    return not view.is_working and not any(timer.isActive() for timer in timers)


def on_screen(view: ThreadView) -> QImage:
    QApplication.sendPostedEvents()  # what waits to be painted is
    picture = view.window().backingStore().paintDevice()
    assert isinstance(picture, QImage)
    return picture.copy().convertToFormat(QImage.Format.Format_RGB32)


def painted_anew(view: ThreadView) -> QImage:
    view.viewport().update()
    return on_screen(view)


def are_alike(one: QImage, other: QImage) -> bool:
    """Return whether nobody sees a difference: a round corner may be cut where a piece ends."""
    size, left, right = one.bytesPerLine(), bytes(one.bits()), bytes(other.bits())
    lines = (slice(start, start + size) for start in range(0, len(left), size))
    return len(left) == len(right) and all(
        left[line] == right[line]
        or max(abs(a - b) for a, b in zip(left[line], right[line], strict=True)) <= 2
        for line in lines
    )


def move(qtbot: QtBot, view: ThreadView, step: int) -> None:
    """Scroll, and compare the screen with what it should show."""
    bar = view.verticalScrollBar()
    bar.setValue(bar.value() + step)
    qtbot.waitUntil(lambda: is_still(view))
    assert are_alike(on_screen(view), painted_anew(view)), (step, bar.value())


def test_the_screen_shows_the_same_as_a_new_painting_after_each_step(
    qtbot: QtBot, view: ThreadView, model: ThreadModel
) -> None:
    chat(view, model, qtbot)
    bar = view.verticalScrollBar()
    for step in [-64] * 12 + [-190, -7, 300, -400] * 4 + [150, 150, -33]:
        if step == -7:
            bar.setValue(bar.value() - 90)  # twice before it is painted
        move(qtbot, view, step)
    bar.setValue(0)
    for _ in range(12):  # into what was never seen, from above
        move(qtbot, view, 170)
    assert view._jump.isVisible()


def test_what_is_found_and_selected_is_whole_after_each_step(
    qtbot: QtBot, view: ThreadView, model: ThreadModel
) -> None:
    chat(view, model, qtbot)
    view.show_find()
    view._finding.bar.field.setText("words")
    qtbot.waitUntil(lambda: not view._finding.is_busy)
    for step in [-61, -64] * 4:
        move(qtbot, view, step)
    view._finding.close()
    view.selectAll()
    for step in [-47, -44] * 4:
        move(qtbot, view, step)


def test_the_screen_shows_the_same_at_other_scales() -> None:
    name = test_what_is_found_and_selected_is_whole_after_each_step.__name__
    test = f"{__file__}::{name}"
    command = [sys.executable, "-m", "pytest", "-n0", "-q", "-p", "no:cacheprovider", test]
    runs = [
        subprocess.Popen(
            command, env={**os.environ, "QT_SCALE_FACTOR": scale}, stdout=subprocess.PIPE, text=True
        )
        for scale in ("1.25", "2")
    ]
    for run in runs:
        output, _ = run.communicate()
        assert "1 passed" in output, output


def test_a_step_paints_what_comes_into_view(
    qtbot: QtBot, view: ThreadView, model: ThreadModel
) -> None:
    chat(view, model, qtbot)
    bar = view.verticalScrollBar()
    bar.setValue(bar.maximum() - 500)
    # Another test may have left the pointer where a step brings a listing, which is then lit.
    QCursor.setPos(view.mapToGlobal(QPoint(2 * view.width(), 0)))
    size, areas = view.viewport().size(), []
    for _ in range(30):
        qtbot.waitUntil(lambda: is_still(view))
        QApplication.processEvents()
        QApplication.sendPostedEvents()  # what a timer asked to be painted before
        area = Area()
        view.viewport().installEventFilter(area)
        bar.setValue(bar.value() - 60)
        QApplication.sendPostedEvents()  # no timer's work: only the step is painted
        view.viewport().removeEventFilter(area)
        areas.append(area.pixels / (size.width() * size.height()))
    assert view._jump.isVisible()
    assert 0.05 < min(areas) <= max(areas) < 0.5


def test_an_answer_out_of_sight_is_rendered_once_scrolling_is_over(
    qtbot: QtBot, view: ThreadView, model: ThreadModel
) -> None:
    chat(view, model, qtbot)
    row = model.add(ChatEntry(Role.ASSISTANT, "Begun", MessageState.STREAMING))
    qtbot.waitUntil(lambda: is_still(view))
    bar = view.verticalScrollBar()
    bar.setValue(bar.value() - 2 * view.height())
    model.append_text(row, ", and gone on.")
    layout = view._documents.message(row).layout
    bar.setValue(bar.value() - 10)
    view._updates._on_timeout()
    assert layout.items[0].block.text == "Begun"
    qtbot.waitUntil(lambda: is_still(view))
    assert layout.items[0].block.text == "Begun, and gone on."


def test_a_message_is_rendered_before_it_comes_into_view(
    qtbot: QtBot, view: ThreadView, model: ThreadModel
) -> None:
    chat(view, model, qtbot)
    first = view._geometry.rows.at(view.verticalScrollBar().value())

    def is_ready() -> bool:
        message = view._documents.cached(first - 1)
        return message is not None and not message.is_behind

    qtbot.waitUntil(is_ready)
    assert view._documents.cached(first - 2) is None

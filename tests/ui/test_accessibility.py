"""Every pane and dialog through Qt's accessibility interface, by keyboard, with large letters."""

import asyncio
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QScrollArea, QWidget

from phidesk.app import App
from phidesk.core.paths import models_dir
from phidesk.event_loop import EventLoop
from phidesk.ui.tab_order import is_reached_by_arrows
from tests.ui.conftest import forget, until
from tests.views import Views

pytestmark = [
    pytest.mark.engine,
    pytest.mark.skipif(find_spec("auto_round") is None, reason="the quantize steps need it"),
]

_SETTLED_S = 1.0
Look = Callable[[QWidget], list[str]]
Walk = Callable[[Look], list[str]]


@pytest.fixture
def walk(
    qapp: QApplication, qt_loop: EventLoop, user_folders: Path, tmp_path: Path
) -> Iterator[Walk]:
    """Look at all views, and return what was found, each with the name of its view."""

    def run(look: Look) -> list[str]:
        found: list[str] = []

        async def whole() -> None:
            views = Views(tmp_path)
            app = App(qapp, theme="light", spawn=views.spawn)
            try:
                async for name, widget in views.walk(app):
                    problems: list[str] = []

                    def is_well(widget: QWidget = widget, into: list[str] = problems) -> bool:
                        into[:] = look(widget)
                        return not into

                    with suppress(AssertionError):
                        await until(is_well, _SETTLED_S)  # it may still be laid out
                    found.extend(f"{name}: {problem}" for problem in problems)
            finally:
                app.window.hide()
                await app.shut_down()
                app.window.deleteLater()

        asyncio.set_event_loop(qt_loop)
        qt_loop.run_until_complete(whole())
        asyncio.set_event_loop(None)
        return found

    yield run
    forget(user_folders)
    shutil.rmtree(models_dir(), ignore_errors=True)


def test_every_control_has_a_name_and_tab_reaches_it_in_visual_order(walk: Walk) -> None:
    assert walk(lambda view: [*_nameless(view), *_out_of_order(view)]) == []


def test_nothing_is_cut_with_letters_of_twice_the_size(walk: Walk, qapp: QApplication) -> None:
    usual = qapp.font()
    large = qapp.font()
    large.setPointSizeF(2 * usual.pointSizeF())
    qapp.setFont(large)
    try:
        assert walk(_cut) == []
    finally:
        qapp.setFont(usual)


def _controls(view: QWidget) -> list[QWidget]:
    """Return what can be used, in no order: not what a control is made of."""
    return [
        part
        for part in view.findChildren(QWidget)
        if part.isVisible()
        and part.isEnabled()
        and part.window() is view
        and part.focusPolicy() & Qt.FocusPolicy.TabFocus
        and part.focusProxy() is None
        and not is_reached_by_arrows(part)
    ]


def _nameless(view: QWidget) -> list[str]:
    problems = []
    for control in _controls(view):
        interface = QAccessible.queryAccessibleInterface(control)
        is_area = isinstance(control, QScrollArea)
        if not interface.text(QAccessible.Text.Name):
            problems.append(f"no name: {_described(control)}")
        if interface.role() in (QAccessible.Role.NoRole, QAccessible.Role.Client) and not is_area:
            problems.append(f"no role: {_described(control)}")
    return problems


def _out_of_order(view: QWidget) -> list[str]:
    """Press Tab until it comes round: all controls have had their turn, from left or above."""
    wanted = set(_controls(view))
    view.activateWindow()
    first = _focused(view)
    visited: list[QWidget] = []
    places: list[tuple[int, int]] = []  # of each when it has its turn: later it is scrolled away
    for _ in range(len(wanted) + 1):
        QTest.keyClick(_focused(view) or view, Qt.Key.Key_Tab)
        now = _focused(view)
        if now is None or now in visited:
            break
        visited.append(now)
        places.append(_place(view, now))
    problems = [f"Tab misses {_described(part)}" for part in wanted - set(visited)]
    if visited:
        first_place = places.index(min(places))
        visited = visited[first_place:] + visited[:first_place]
    problems += [f"Tab goes back: {words}" for words in _steps_back(view, visited)]
    if first is not None:
        first.setFocus()
    return problems


def _focused(view: QWidget) -> QWidget | None:
    return view.focusWidget()


def _place(view: QWidget, part: QWidget) -> tuple[int, int]:
    corner = part.mapTo(view, QPoint())
    return corner.y(), corner.x()


def _steps_back(view: QWidget, visited: list[QWidget]) -> Iterator[str]:
    """Yield where the next of two siblings is above the one before, or left in the same row."""
    for one, other in pairwise(visited):
        if one.parentWidget() is other.parentWidget() and view.isAncestorOf(one):
            above = other.geometry().bottom() < one.geometry().top()
            same_row = not above and other.geometry().top() <= one.geometry().bottom()
            if (above and other.x() <= one.x()) or (same_row and other.x() < one.x()):
                yield f"{_described(one)} to {_described(other)}"


def _cut(view: QWidget) -> list[str]:
    """Return words that there is no room for, but for those that are made to give way."""
    problems = []
    for part in view.findChildren(QWidget):
        if not part.isVisible() or part.window() is not view:
            continue
        if isinstance(part, QLabel) and part.wordWrap():
            if part.heightForWidth(part.width()) > part.height() + 1:
                problems.append(f"too low: {_described(part)}")
        elif isinstance(part, QAbstractButton | QLabel) and part.text():
            gives_way = part.minimumWidth() > 0
            if part.sizeHint().width() > part.width() + 1 and not gives_way:
                problems.append(f"too narrow: {_described(part)}")
    return problems


def _described(part: QWidget) -> str:
    words = part.text() if isinstance(part, QAbstractButton | QLabel) else ""
    words = words or part.accessibleName()
    return f"{type(part).__name__} “{words}” in {type(part.parentWidget()).__name__}"

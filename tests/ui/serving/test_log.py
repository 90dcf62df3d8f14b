"""The Log pane: bounded, quick under a flood, at rest while hidden."""

import asyncio

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from phidesk.app import App
from phidesk.ui.log_pane import LogPane
from phidesk.viewmodels.engine_session import EngineState
from phidesk.viewmodels.log import MOST_LINES
from tests.ui.conftest import until
from tests.ui.serving.conftest import Run


def pane_of(app: App) -> LogPane:
    app.window.show_log()
    return app.window.log_pane


def lines(pane: LogPane) -> list[str]:
    return pane.view.toPlainText().splitlines()


def test_what_the_worker_logs_is_there_under_what_it_was_loading(run: Run) -> None:
    async def body(app: App) -> None:
        app.window.load_selected()
        await until(lambda: app.session.state is EngineState.READY)
        assert lines(pane_of(app)) == ["Phi-4-W4A16 with vLLM", "INFO loading Phi-4-W4A16"]

    run(body)


def test_new_lines_come_while_it_is_shown(run: Run) -> None:
    async def body(app: App) -> None:
        pane = pane_of(app)
        app.log.add("info", "first")
        await until(lambda: lines(pane) == ["first"])
        app.log.add("info", "second")
        await until(lambda: lines(pane) == ["first", "second"])
        assert "2 lines" in pane.count.text()

    run(body)


def test_a_flood_is_bounded(run: Run) -> None:
    async def body(app: App) -> None:
        pane = pane_of(app)
        for number in range(30_000):
            app.log.add("info", f"(EngineCore pid=1) INFO line {number} " + "x" * 120)
            if number % 1000 == 0:
                await asyncio.sleep(0.02)
        await until(lambda: "line 29999 " in pane.view.document().lastBlock().text())
        assert pane.view.blockCount() == MOST_LINES
        assert "line 25000 " in pane.view.document().firstBlock().text()

    run(body)


@pytest.mark.parametrize("more", [100, 1000])
def test_what_is_read_stays_while_lines_go_at_the_top(run: Run, more: int) -> None:
    async def body(app: App) -> None:
        pane = pane_of(app)
        for number in range(MOST_LINES):
            app.log.add("info", f"line {number}")
        bar = pane.view.verticalScrollBar()
        await until(lambda: bar.maximum() > 0 and bar.value() == bar.maximum())
        bar.setValue(2000)
        top = pane.view.firstVisibleBlock().text()
        for number in range(more):
            app.log.add("info", f"more {number}")
        last = f"more {more - 1}"
        await until(lambda: pane.view.document().lastBlock().text() == last)
        assert pane.view.firstVisibleBlock().text() == top

    run(body)


def test_nothing_is_done_while_hidden(run: Run) -> None:
    async def body(app: App) -> None:
        pane = pane_of(app)
        app.log.add("info", "before")
        await until(lambda: lines(pane) == ["before"])
        app.window.show_chat()
        told: list[int] = []
        app.log.grown.connect(lambda: told.append(1))
        for number in range(1000):
            app.log.add("info", f"line {number}")
        assert len(told) <= 1
        await asyncio.sleep(0.3)
        assert lines(pane) == ["before"]
        app.window.show_log()
        assert len(lines(pane)) == 1001

    run(body)


def test_the_end_is_followed_until_one_scrolls_up(run: Run) -> None:
    async def body(app: App) -> None:
        pane = pane_of(app)
        for number in range(200):
            app.log.add("info", f"line {number}")
        bar = pane.view.verticalScrollBar()
        await until(lambda: bar.maximum() > 0 and bar.value() == bar.maximum())
        bar.setValue(10)
        app.log.add("info", "more")
        await until(lambda: lines(pane)[-1] == "more")
        assert bar.value() == 10
        bar.setValue(bar.maximum())
        app.log.add("info", "the last")
        await until(lambda: lines(pane)[-1] == "the last")
        await until(lambda: bar.value() == bar.maximum())

    run(body)


def test_the_filter_copy_and_clear(run: Run) -> None:
    async def body(app: App) -> None:
        pane = pane_of(app)
        app.log.add("info", "WARNING the kernel is slow\nINFO 模型 is loaded\nERROR no room")
        await until(lambda: len(lines(pane)) == 3)
        QTest.keyClicks(pane.filter, "KERNEL")
        await until(lambda: lines(pane) == ["WARNING the kernel is slow"])
        app.log.add("info", "another line")
        app.log.add("info", "another kernel")
        await until(lambda: lines(pane)[1:] == ["another kernel"])
        QTest.mouseClick(pane.copy, Qt.MouseButton.LeftButton)
        copied = QGuiApplication.clipboard().text()
        assert copied == "WARNING the kernel is slow\nanother kernel"
        pane.filter.clear()
        await until(lambda: len(lines(pane)) == 5)
        QTest.mouseClick(pane.clear, Qt.MouseButton.LeftButton)
        assert pane.view.document().isEmpty()
        assert not pane.copy.isEnabled()
        app.log.add("info", "anew")
        await until(lambda: lines(pane) == ["anew"])

    run(body)


def test_levels_have_the_colours_of_the_theme(run: Run) -> None:
    async def body(app: App) -> None:
        pane = pane_of(app)
        app.log.add("info", "INFO a\n(EngineCore) WARNING 07-12 b\nERROR c")
        for mode in ("light", "dark"):
            app.look.set_mode(mode)
            await until(lambda: len(lines(pane)) == 3)
            colours = []
            for number in range(3):
                block = pane.view.document().findBlockByNumber(number)
                colours.append(block.begin().fragment().charFormat().foreground().color().name())
            theme = app.look.theme
            assert colours == [theme.text, theme.warning, theme.danger]

    run(body)

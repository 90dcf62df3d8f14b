"""The report card: made, shown, saved, failed, and of any two models."""

from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton

from phidesk.app import App
from phidesk.core.catalog import open_model
from phidesk.core.models import ModelRef
from phidesk.core.report import load_report
from phidesk.ui.quantize.pane import QuantizePane
from phidesk.viewmodels.report import ReportState
from tests.ui.conftest import until
from tests.ui.quantize.driving import Run, click, start
from tests.ui.quantize.script import Play, make_model

pytest.importorskip("torch")
pytest.importorskip("auto_round")
pytestmark = pytest.mark.engine


def test_the_window_closes_while_the_report_is_made(run: Run, play: Play, source: ModelRef) -> None:
    async def body(app: App, pane: QuantizePane) -> None:
        await start(app, pane, source)
        await until(lambda: app.quantize.report.state is ReportState.MAKING)
        await until(lambda: app.quantize.report.progress is not None)

    run(body)


def test_a_report_that_fails_says_why_and_the_copy_can_still_be_used(
    run: Run, play: Play, source: ModelRef
) -> None:
    play.report_fails = True

    async def body(app: App, pane: QuantizePane) -> None:
        out = await start(app, pane, source)
        await until(lambda: app.quantize.report.state is ReportState.FAILED)
        assert pane.report.line.text() == "Not enough memory."
        assert pane.report.chat.isVisible()
        assert load_report(out) is None
        click(pane.report.diagnostics)
        assert "the traceback" in QGuiApplication.clipboard().text()
        play.report_fails = False
        click(pane.report.again)
        await until(lambda: app.quantize.report.state is ReportState.READY)
        assert load_report(out) is not None

    run(body)


def test_the_report_card_shows_both_models_and_marks_the_first_difference(
    run: Run, play: Play, source: ModelRef
) -> None:
    play.kl, play.differs = 0.3, (1, 6)

    async def body(app: App, pane: QuantizePane) -> None:
        await start(app, pane, source)
        await until(lambda: app.quantize.report.state is ReportState.READY)
        card = pane.report.card
        assert card.verdict.text() == "Poor"
        rows = {row[0]: row[1:] for row in card.table_texts}
        assert rows["Speed"][:2] == ["12.5 tok/s", "12.5 tok/s"]
        assert rows["General English"] == ["12.00", "12.00", "0.3000", "97.0 %"]
        assert rows["All texts"] == ["", "", "0.3000", "97.0 %"]
        assert card.answers.same == 8
        original, copy = card.answers.cells[1]
        assert copy is not None
        assert "&lt;b&gt;" in original.text()
        assert '<span style="background-color' in copy.text()
        assert card.answers.cells[0][1] is None

    run(body)


def test_two_models_of_the_list_are_compared_and_the_saved_card_is_shown_again(
    run: Run, play: Play, source: ModelRef, tmp_path: Path
) -> None:
    other = make_model(tmp_path / "models" / "other", method="gptq")

    async def body(app: App, pane: QuantizePane) -> None:
        click(pane.compare)
        page = pane.compare_page
        for box, path in ((page.original, source.path), (page.copy, str(other))):
            paths = [box.itemData(n).path for n in range(box.count())]
            box.setCurrentIndex(paths.index(path))
        click(page.compare)
        await until(lambda: app.quantize.report.state is ReportState.READY)
        assert pane.report.isVisible()
        saved = load_report(other)
        assert saved is not None
        assert saved.original.path == source.path
        commands = len(play.commands)
        app.window.show_models()
        app.models.select(open_model(other))
        button = next(
            b
            for b in app.window.findChildren(QPushButton)
            if b.text() == "Report card" and b.isVisible()
        )
        click(button)
        assert pane.report.isVisible()
        assert app.quantize.report.report == saved
        assert len(play.commands) == commands

    run(body)

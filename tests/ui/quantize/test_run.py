"""The run of a quantization: progress, cancel, death, resume, the end of the window."""

import time

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton

from phidesk.app import App
from phidesk.core.jobs import JobState, partial_of, save_state
from phidesk.core.models import ModelRef
from phidesk.core.paths import models_dir
from phidesk.core.presets import Card
from phidesk.core.recipes import Algorithm, Recipe, SaveFormat
from phidesk.core.report import load_report
from phidesk.protocol.commands import Quantize
from phidesk.ui.quantize.pane import QuantizePane
from phidesk.viewmodels.engine_session import EngineState
from phidesk.viewmodels.quantize import QuantizeStep
from phidesk.viewmodels.quantize_run import RunState
from phidesk.viewmodels.report import ReportState
from tests.ui.conftest import until
from tests.ui.quantize.driving import Run, click, sent, start, tuned
from tests.ui.quantize.script import DEATH, LAYERS, Play

pytest.importorskip("torch")
pytest.importorskip("auto_round")
pytestmark = pytest.mark.engine


def test_the_whole_way_from_the_rail_to_a_chat_with_the_copy(
    run: Run, play: Play, source: ModelRef
) -> None:
    async def body(app: App, pane: QuantizePane) -> None:
        app.window.show_chat()
        QTest.keyClick(app.window, Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
        assert pane.isVisible()
        assert not pane.next.isEnabled()
        row = app.models.row_of(source)
        pane.source.list.setCurrentIndex(pane.source.list.model().index(row, 0))
        await until(pane.next.isEnabled)
        click(pane.next)
        click(pane.recipe.cards.cards[Card.BALANCED])
        click(pane.recipe.toggle)
        await tuned(app, source)
        click(pane.next)
        assert pane.check.headline.text() == "Ready to start"
        out = app.quantize.plan.out
        click(pane.next)
        await until(lambda: app.quantize.report.state is ReportState.READY)
        command = sent(play, Quantize)[0]
        assert isinstance(command, Quantize)
        assert command.model == source
        assert command.out == str(out)
        assert app.quantize.step is QuantizeStep.REPORT
        assert pane.report.card.verdict.text() == "Good"
        saved = load_report(out)
        assert saved is not None
        assert saved.recipe == command.recipe
        await until(lambda: not app.models.is_scanning)
        assert app.models.find(str(out)) is not None
        click(pane.report.chat)
        assert app.window.chat_pane.isVisible()
        await until(lambda: app.session.state is EngineState.READY)
        assert app.session.request is not None
        assert app.session.request.model.path == str(out)

    run(body)


def test_the_run_shows_layers_losses_times_and_memory(
    run: Run, play: Play, source: ModelRef
) -> None:
    play.ending, play.ends_at = "hangs", 3

    async def body(app: App, pane: QuantizePane) -> None:
        await start(app, pane, source)
        await until(lambda: app.quantize.run.done == 3)
        figures = pane.run.figures
        assert figures["layer"] == f"3 of {LAYERS}"
        assert figures["remaining"].startswith("about ")
        assert figures["memory"] == "1.0 GB"
        assert (pane.run.bar.value(), pane.run.bar.maximum()) == (3, LAYERS)
        assert pane.run.stage.text() == "Quantizing the layers…"
        assert [x.loss_after for x in app.quantize.run.layers] == [4e-4, 8e-4, 4e-4 * 3]
        assert pane.run.chart.shows_losses
        assert "Layer 3 of 4: loss 1.20e-03" in pane.run.chart.accessibleDescription()
        # What is chosen next can be looked at, but not started.
        app.quantize.go_to(QuantizeStep.CHECK)
        assert not pane.next.isEnabled()

    run(body)


def test_cancel_ends_within_two_seconds_and_resume_goes_on_at_the_next_layer(
    run: Run, play: Play, source: ModelRef
) -> None:
    play.ending, play.ends_at = "hangs", 2

    async def body(app: App, pane: QuantizePane) -> None:
        out = await start(app, pane, source)
        await until(lambda: app.quantize.run.done == 2)
        began = time.monotonic()
        click(pane.run.cancel)
        await until(lambda: app.quantize.run.state is RunState.CANCELLED)
        assert time.monotonic() - began < 2.0
        assert "2 of 4 layers are done and kept" in pane.run.outcome.text.text()
        assert pane.run.outcome.resume.text() == "Resume at layer 3"
        await until(lambda: not app.models.is_scanning)
        assert app.models.find(str(partial_of(out))) is None
        play.ending, play.ends_at = "well", LAYERS
        click(pane.run.outcome.resume)
        await until(lambda: app.quantize.run.state is RunState.DONE)
        resumed = sent(play, Quantize)[-1]
        assert isinstance(resumed, Quantize)
        assert resumed.resume
        assert resumed.out == str(out)
        assert [layer.number for layer in app.quantize.run.layers] == [1, 2, 3, 4]
        await until(lambda: app.models.find(str(out)) is not None)

    run(body)


def test_a_worker_that_dies_is_told_and_what_it_left_can_be_discarded(
    run: Run, play: Play, source: ModelRef
) -> None:
    play.ending, play.ends_at = "dies", 1

    async def body(app: App, pane: QuantizePane) -> None:
        out = await start(app, pane, source)
        await until(lambda: app.quantize.run.state is RunState.FAILED)
        outcome = pane.run.outcome
        assert DEATH.partition(". ")[0] in outcome.text.text()
        assert "Reload the model" not in outcome.text.text()
        assert outcome.resume.text() == "Resume at layer 2"
        click(outcome.copy)
        assert "the scripted log" in QGuiApplication.clipboard().text()
        assert partial_of(out).is_dir()
        click(outcome.discard)
        await until(lambda: not partial_of(out).exists())
        await until(lambda: not app.quantize.interrupted)
        await until(lambda: not outcome.resume.isVisible())

    run(body)


def test_a_failed_run_says_why_and_leads_back_to_the_recipe(
    run: Run, play: Play, source: ModelRef
) -> None:
    play.ending = "fails"

    async def body(app: App, pane: QuantizePane) -> None:
        await start(app, pane, source)
        await until(lambda: app.quantize.run.state is RunState.FAILED)
        outcome = pane.run.outcome
        assert "The disk is full: 3.1 GB are missing." in outcome.text.text()
        assert not outcome.resume.isVisible()
        click(outcome.change)
        assert app.quantize.step is QuantizeStep.RECIPE

    run(body)


def test_the_window_closes_during_a_run(run: Run, play: Play, source: ModelRef) -> None:
    play.ending, play.ends_at = "hangs", 1

    async def body(app: App, pane: QuantizePane) -> None:
        await start(app, pane, source)
        await until(lambda: app.quantize.run.done == 1)
        # The fixture shuts down, and looks for tasks and clients that are left.

    run(body)


def test_a_run_that_was_interrupted_earlier_is_offered_at_the_start(
    run: Run, play: Play, source: ModelRef
) -> None:
    out = models_dir() / "earlier"
    partial_of(out).mkdir(parents=True)
    (partial_of(out) / "done").write_text("3")
    recipe = Recipe(algorithm=Algorithm.SIGNROUND, format=SaveFormat.AUTO_ROUND, group_size=64)
    save_state(JobState(model=source, recipe=recipe, out=str(out), done=3, total=LAYERS))

    async def body(app: App, pane: QuantizePane) -> None:
        await until(lambda: bool(app.quantize.interrupted))
        buttons = {b.text(): b for b in pane.source.findChildren(QAbstractButton)}
        assert "Discard" in buttons
        click(buttons["Resume at layer 4"])
        assert app.quantize.step is QuantizeStep.RUN
        await until(lambda: app.quantize.run.state is RunState.DONE)
        assert [layer.number for layer in app.quantize.run.layers] == [4]
        assert app.models.find(str(partial_of(out))) is None
        await until(lambda: not app.quantize.interrupted)

    run(body)

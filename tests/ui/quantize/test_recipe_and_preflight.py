"""Source, recipe and pre-flight, as a person uses them."""

import asyncio
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QWidget

from phidesk.app import App
from phidesk.core.models import ModelRef
from phidesk.core.paths import models_dir
from phidesk.core.preflight import Level
from phidesk.core.presets import Card
from phidesk.core.recipes import Algorithm, SaveFormat
from phidesk.protocol.commands import TimeLayer
from phidesk.ui.quantize.pane import QuantizePane
from phidesk.viewmodels.layer_timing import TimingState
from phidesk.viewmodels.quantize import QuantizeStep
from tests.ui.conftest import until
from tests.ui.quantize.driving import Run, choose, click, sent, tuned
from tests.ui.quantize.script import Play, make_model

pytest.importorskip("torch")
pytest.importorskip("auto_round")
pytestmark = pytest.mark.engine


def test_what_cannot_be_quantized_is_disabled_with_its_reason(
    run: Run, source: ModelRef, tmp_path: Path
) -> None:
    make_model(tmp_path / "models" / "done", method="gptq")

    async def body(app: App, pane: QuantizePane) -> None:
        reasons = {}
        model = pane.source.list.model()
        for row in range(model.rowCount()):
            index = model.index(row, 0)
            if not index.flags() & Qt.ItemFlag.ItemIsEnabled:
                reasons[index.data()] = index.data(Qt.ItemDataRole.AccessibleTextRole)
        assert list(reasons) == ["done"]
        assert "quantized already (gptq 4-bit)" in reasons["done"]

    run(body)


def test_quantize_in_the_models_pane_jumps_to_the_recipe_of_that_model(
    run: Run, source: ModelRef
) -> None:
    async def body(app: App, pane: QuantizePane) -> None:
        app.window.show_models()
        app.models.select(source)
        button = next(
            b for b in app.window.findChildren(QAbstractButton) if b.text() == "Quantize…"
        )
        click(button)
        await until(lambda: app.quantize.step is QuantizeStep.RECIPE)
        assert pane.recipe.isVisible()
        assert app.quantize.plan.source == source
        assert app.quantize.plan.card is Card.BALANCED

    run(body)


def test_a_red_finding_forbids_the_start_and_its_button_mends_it(
    run: Run, play: Play, source: ModelRef
) -> None:
    async def body(app: App, pane: QuantizePane) -> None:
        await tuned(app, source, group_size=128)
        app.quantize.go_to(QuantizeStep.CHECK)
        assert not pane.next.isEnabled()
        assert pane.check.headline.text() == "One thing forbids the start"
        await asyncio.sleep(0.7)
        assert not sent(play, TimeLayer)
        row = pane.check.rows[0]
        assert row.remedy.text() == "Use 64"
        click(row.remedy)
        assert app.quantize.plan.recipe is not None
        assert app.quantize.plan.recipe.group_size == 64
        assert pane.next.isEnabled()
        assert pane.check.headline.text() == "Ready to start"
        await until(lambda: app.quantize.timing.state is TimingState.DONE)
        (timed,) = sent(play, TimeLayer)
        assert isinstance(timed, TimeLayer)
        assert timed.recipe.group_size == 64

    run(body)


def test_one_layer_is_timed_and_only_once_for_a_recipe(
    run: Run, play: Play, source: ModelRef
) -> None:
    async def body(app: App, pane: QuantizePane) -> None:
        await tuned(app, source)
        app.quantize.go_to(QuantizeStep.CHECK)
        texts = pane.check.findChildren(QWidget)
        await until(lambda: app.quantize.timing.state is TimingState.DONE)
        shown = [w.text() for w in texts if hasattr(w, "text")]
        assert "About 12 min (9 to 16)" in shown
        app.quantize.go_to(QuantizeStep.RECIPE)
        app.quantize.go_to(QuantizeStep.CHECK)
        await asyncio.sleep(0.7)
        assert len(sent(play, TimeLayer)) == 1

    run(body)


def test_a_timing_that_fails_says_why_and_does_not_forbid_the_start(
    run: Run, play: Play, source: ModelRef
) -> None:
    play.timing_fails = True

    async def body(app: App, pane: QuantizePane) -> None:
        await tuned(app, source)
        app.quantize.go_to(QuantizeStep.CHECK)
        await until(lambda: app.quantize.timing.state is TimingState.FAILED)
        texts = [w.text() for w in pane.check.findChildren(QWidget) if hasattr(w, "text")]
        assert any("The layer did not fit." in text for text in texts)
        assert pane.next.isEnabled()

    run(body)


def test_leaving_the_step_ends_the_timing(run: Run, play: Play, source: ModelRef) -> None:
    async def body(app: App, _pane: QuantizePane) -> None:
        await tuned(app, source)
        app.quantize.go_to(QuantizeStep.CHECK)
        assert app.quantize.timing.state is TimingState.WAITING
        app.quantize.go_to(QuantizeStep.SOURCE)
        await asyncio.sleep(0.7)
        assert not sent(play, TimeLayer)

    run(body)


def test_advanced_offers_only_what_goes_together(run: Run, source: ModelRef) -> None:
    async def body(app: App, pane: QuantizePane) -> None:
        from phidesk.ui.quantize.advanced import AdvancedForm

        await choose(app, source)
        app.quantize.go_to(QuantizeStep.RECIPE)
        click(pane.recipe.toggle)
        form = pane.recipe.advanced
        assert isinstance(form, AdvancedForm)
        pick(form.algorithm, Algorithm.AWQ)
        formats = [form.format.itemData(n) for n in range(form.format.count())]
        assert SaveFormat.AUTO_AWQ in formats
        assert SaveFormat.BITSANDBYTES not in formats
        assert not any(SaveFormat(f).is_gguf for f in formats)
        pick(form.format, SaveFormat.AUTO_AWQ)
        assert [form.bits.itemData(n) for n in range(form.bits.count())] == [4]
        assert not form.iters.isVisible()
        pick(form.algorithm, Algorithm.NF4)
        recipe = app.quantize.plan.recipe
        assert recipe is not None
        assert recipe.format is SaveFormat.BITSANDBYTES
        assert form.double_quant.isVisible()
        assert not form.samples.isVisible()
        assert not form.group_size.isVisible()
        pick(form.algorithm, Algorithm.SIGNROUND)
        pick(form.effort, "best")
        recipe = app.quantize.plan.recipe
        assert recipe is not None
        assert (recipe.iters, recipe.samples) == (1000, 512)
        form.seqlen.setValue(1024)
        assert app.quantize.plan.recipe is not None
        assert app.quantize.plan.recipe.seqlen == 1024
        assert app.quantize.plan.card is None
        assert "Your own recipe" in pane.recipe.own.text()

    def pick(box: object, data: object) -> None:
        from PySide6.QtWidgets import QComboBox

        assert isinstance(box, QComboBox)
        box.setCurrentIndex(box.findData(data))
        box.activated.emit(box.currentIndex())

    run(body)


def test_an_own_text_file_that_cannot_be_used_is_a_red_finding(
    run: Run, source: ModelRef, tmp_path: Path
) -> None:
    (tmp_path / "empty.jsonl").write_text("")

    async def body(app: App, pane: QuantizePane) -> None:
        await tuned(app, source, calibration=(str(tmp_path / "empty.jsonl"),))
        app.quantize.go_to(QuantizeStep.CHECK)
        await until(lambda: not pane.next.isEnabled())
        assert app.quantize.plan.preflight is not None
        texts = [f.text for f in app.quantize.plan.preflight.stops]
        assert any("empty.jsonl is empty" in text for text in texts)

    run(body)


@pytest.mark.parametrize("name", ["a/b", "..", ".hidden", "x.partial", "x" * 300])
def test_a_name_that_is_no_folder_name_is_refused(run: Run, source: ModelRef, name: str) -> None:
    async def body(app: App, pane: QuantizePane) -> None:
        await choose(app, source)
        app.quantize.go_to(QuantizeStep.RECIPE)
        pane.recipe.name.selectAll()
        QTest.keyClicks(pane.recipe.name, name)
        assert not app.quantize.may_start
        assert app.quantize.plan.preflight is not None
        assert "Name" in [f.topic for f in app.quantize.plan.preflight.stops]

    run(body)


def test_the_proposed_name_is_free_and_follows_the_recipe(run: Run, source: ModelRef) -> None:
    (models_dir() / "Small model 小模型 Q4_K_M").mkdir(parents=True)

    async def body(app: App, pane: QuantizePane) -> None:
        await choose(app, source)
        assert app.quantize.plan.name == "Small model 小模型 Q4_K_M 2"
        app.quantize.plan.choose_card(Card.SMALLEST)
        assert pane.recipe.name.text() == "Small model 小模型 Q3_K_M"
        app.quantize.plan.set_name("mine")
        app.quantize.plan.choose_card(Card.BEST)
        assert app.quantize.plan.name == "mine"

    run(body)


def test_the_pre_flight_names_every_finding_for_a_screen_reader(run: Run, source: ModelRef) -> None:
    async def body(app: App, pane: QuantizePane) -> None:
        await tuned(app, source)
        app.quantize.go_to(QuantizeStep.CHECK)
        assert app.quantize.plan.preflight is not None
        findings = app.quantize.plan.preflight.findings
        names = [row.accessibleName() for row in pane.check.rows]
        assert len(names) == len(findings)
        for finding in findings:
            assert any(finding.text in name for name in names)
        assert all(finding.level is not Level.STOP for finding in findings)

    run(body)


def test_every_control_can_be_named_and_reached(run: Run, source: ModelRef) -> None:
    async def body(app: App, pane: QuantizePane) -> None:
        await choose(app, source)
        app.quantize.go_to(QuantizeStep.RECIPE)
        click(pane.recipe.toggle)
        for button in pane.findChildren(QAbstractButton):
            if button.objectName().startswith("qt_") or not button.isVisible():
                continue
            assert button.text() or button.accessibleName()
            assert button.focusPolicy() & Qt.FocusPolicy.TabFocus or not button.isEnabled()
        for theme in ("dark", "light"):
            app.look.set_mode(theme)

    run(body)

"""The Models pane: options of vLLM, the live estimate, and what is remembered."""

import asyncio
import shutil
import threading
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox

from phidesk.app import App
from phidesk.core import engines, memory
from phidesk.core.catalog import open_model
from phidesk.core.engines import EngineName
from phidesk.core.load_options import (
    Dtype,
    KvDtype,
    LoadOptions,
    Place,
    Speculation,
    Startup,
)
from phidesk.core.models import Device, ModelRef
from phidesk.ui.load_form import LoadForm
from phidesk.viewmodels.engine_status import EngineState
from tests.ui.conftest import until
from tests.ui.serving.conftest import Run
from tests.ui.serving.machine import FakeMachine, make_model


def form_of(app: App) -> LoadForm:
    app.window.show_models()
    return app.window.models_pane.details.form


def choose(combo: QComboBox, value: str) -> None:
    """Choose an entry as a person does."""
    combo.setCurrentIndex(combo.findData(value))
    combo.activated.emit(combo.currentIndex())


def test_options_are_shown_only_where_the_engine_knows_them(run: Run) -> None:
    async def body(app: App) -> None:
        form = form_of(app)
        assert form.options.isVisible()
        assert not form.options.chats.isVisible()
        QTest.mouseClick(form.options.more, Qt.MouseButton.LeftButton)
        assert form.options.chats.isVisible()
        choose(form.engine, EngineName.TRANSFORMERS)
        assert not form.options.chats.isVisible()
        assert not form.options.more.isVisible()
        choose(form.engine, EngineName.VLLM)
        assert form.options.isVisible()

    run(body)


def test_speculation_is_offered_on_a_gpu_only(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    async def body(app: App) -> None:
        options = form_of(app).options
        QTest.mouseClick(options.more, Qt.MouseButton.LeftButton)
        assert options.speculation.isVisible()
        choose(options.speculation, Speculation.NGRAM)
        assert "Min-p has no effect" in options.speculation.toolTip()
        choose(options.speculation, Speculation.OFF)
        monkeypatch.setattr(engines, "vllm_device", lambda: Device.CPU)
        options.refresh()
        assert not options.speculation.isVisible()
        app.load_plan.set_options(LoadOptions(speculation=Speculation.NGRAM))
        assert not options.speculation.isHidden()  # to switch it off

    run(body)


def test_precision_and_device_where_they_can_be_chosen(run: Run, tmp_path: Path) -> None:
    plain = open_model(make_model(tmp_path / "plain", 1.0, quantization_config=None))

    async def body(app: App) -> None:
        form = form_of(app)
        choose(form.engine, EngineName.TRANSFORMERS)
        assert not form.options.dtype.isVisible()  # the weights are quantized
        assert form.options.place.isVisible()
        app.models.select(plain)
        choose(form.engine, EngineName.TRANSFORMERS)
        assert form.options.dtype.isVisible()
        await until(lambda: app.load_plan.estimate() is not None)
        on_gpu = app.load_plan.estimate()
        choose(form.options.place, Place.CPU)
        choose(form.options.dtype, Dtype.FP32)
        on_cpu = app.load_plan.estimate()
        assert on_gpu is not None
        assert on_cpu is not None
        assert (on_gpu.on_gpu, on_cpu.on_gpu) == (True, False)
        assert on_cpu.needs.kv == 2 * on_gpu.needs.kv
        request = app.load_plan.request()
        assert request is not None
        assert request.options == LoadOptions(dtype=Dtype.FP32, place=Place.CPU)

    run(body)


def test_every_field_reaches_the_load(run: Run) -> None:
    async def body(app: App) -> None:
        options = form_of(app).options
        choose(options.startup, Startup.OPTIMIZED)
        choose(options.kv_dtype, KvDtype.FP8)
        choose(options.speculation, Speculation.NGRAM)
        options.chats.setValue(3)
        options.offload.setValue(1.5)
        request = app.load_plan.request()
        assert request is not None
        assert request.options == LoadOptions(
            startup=Startup.OPTIMIZED,
            kv_dtype=KvDtype.FP8,
            speculation=Speculation.NGRAM,
            parallel_chats=3,
            cpu_offload_bytes=1_500_000_000,
        )
        for field in (options.startup, options.chats, options.offload, options.draft):
            assert field.accessibleName()
        assert "25 s" in options.startup.toolTip()

    run(body)


def test_the_number_of_gpus_is_asked_for_where_there_are_several(
    run: Run, machine: FakeMachine
) -> None:
    async def body(app: App) -> None:
        options = form_of(app).options
        options.more.setChecked(True)
        assert not options.gpus.isVisible()
        machine.gpus = 2
        app.gauges._on_timeout()
        await until(lambda: app.gauges.sample is not None and len(app.gauges.sample.gpus) == 2)
        await until(options.gpus.isVisible)
        options.gpus.setValue(2)
        assert app.load_plan.options.gpus == 2

    run(body)


def test_the_build_for_the_cpu_is_not_asked_about_graphics_cards(
    run: Run, machine: FakeMachine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "vllm_device", lambda: Device.CPU)
    machine.gpus = 2

    async def body(app: App) -> None:
        form = form_of(app)
        choose(form.engine, EngineName.VLLM)
        options = form.options
        options.more.setChecked(True)
        assert options.chats.isVisible()
        assert not options.offload.isVisible()
        assert not options.gpus.isVisible()
        # What another machine left behind can be taken back.
        app.load_plan.set_options(LoadOptions(cpu_offload_bytes=10**9, gpus=2))
        assert options.offload.isVisible()
        assert options.gpus.isVisible()

    run(body)


def test_a_draft_model_counts_once_it_is_chosen(run: Run, tmp_path: Path, model: ModelRef) -> None:
    make_model(tmp_path / "模型" / "small", 0.5)

    async def body(app: App) -> None:
        app.models.add_folder(str(Path(model.path).parent))
        await until(lambda: not app.models.is_scanning)
        options = form_of(app).options
        options.more.setChecked(True)
        choose(options.speculation, Speculation.DRAFT)
        assert options.draft.isVisible()
        assert app.load_plan.options == LoadOptions()
        names = [options.draft.itemText(n) for n in range(options.draft.count())]
        assert "small" in names
        assert model.name not in names
        options.draft.activated.emit(names.index("small"))
        assert app.load_plan.options.speculation is Speculation.DRAFT
        assert app.load_plan.options.draft_model == str(tmp_path / "模型" / "small")
        assert options.draft.currentText() == "small"
        choose(options.speculation, Speculation.OFF)
        assert app.load_plan.options.draft_model == ""
        assert not options.draft.isVisible()

    run(body)


@pytest.mark.parametrize(
    ("typed", "planned", "shown"),
    [
        ("9000000", 16_384, "16,384 tokens"),
        ("9" * 30, 16_384, "16,384 tokens"),
        ("100", 256, "256 tokens"),
        ("4096", 4096, "4,096 tokens"),
        ("0", None, "automatic"),
    ],
)
def test_a_context_beyond_the_limits_becomes_the_nearest(
    run: Run, typed: str, planned: int | None, shown: str
) -> None:
    async def body(app: App) -> None:
        field = form_of(app).context.number
        app.load_plan.set_context(2048)
        field.setFocus()
        field.selectAll()
        QTest.keyClicks(field, typed)
        assert field.lineEdit().text().removesuffix(" tokens") in (typed, "automatic")
        QTest.keyClick(field, Qt.Key.Key_Return)
        assert field.text() == shown
        assert app.models.context_length == planned
        assert "From 256 to 16,384" in field.toolTip()

    run(body)


def test_the_estimate_follows_and_says_what_does_not_fit(run: Run) -> None:
    async def body(app: App) -> None:
        form = form_of(app)
        estimate = form.estimate
        assert "weights 9.0\u00a0GB" in estimate.sums.text()
        assert "8,192 tokens" in estimate.sums.text()
        assert "of 19 GB free GPU memory" in estimate.total.text()
        assert not estimate.problem.isVisible()
        before = estimate.total.text()
        form.context.number.setValue(16384)
        assert "16,384 tokens" in estimate.sums.text()
        assert estimate.total.text() != before
        form.options.chats.setValue(8)
        assert "8 × 16,384 tokens" in estimate.sums.text()
        assert "“blender” holds 5.3 GB" in estimate.problem.text()
        assert estimate.problem.isVisible()
        assert estimate.total.property("role") == "danger"
        shown = app.load_plan.estimate()
        assert shown is not None
        assert shown.fitting == 5120
        QTest.mouseClick(estimate.fit, Qt.MouseButton.LeftButton)
        assert app.models.context_length == form.context.number.value() == shown.fitting
        assert not estimate.problem.isVisible()
        assert estimate.total.property("role") == ""

    run(body)


def test_the_slider_moves_the_estimate_and_finds_the_largest_context(run: Run) -> None:
    async def body(app: App) -> None:
        form = form_of(app)
        form.options.chats.setValue(8)
        form.context.slider.setValue(4096 // 256)
        assert app.models.context_length == form.context.number.value() == 4096
        assert "8 × 4,096 tokens" in form.estimate.sums.text()
        QTest.mouseClick(form.context.largest, Qt.MouseButton.LeftButton)
        largest = app.load_plan.largest_context()
        assert app.models.context_length == form.context.number.value() == largest
        assert form.context.slider.value() == largest // 256
        assert not form.estimate.problem.isVisible()
        form.context.slider.setValue(form.context.slider.value() + 1)
        assert form.estimate.problem.isVisible()

    run(body)


def test_a_load_teaches_the_next_estimate(run: Run, machine: FakeMachine) -> None:
    async def body(app: App) -> None:
        form = form_of(app)
        before = app.load_plan.estimate()
        assert before is not None
        assert before.quality is None
        assert not form.estimate.quality.isVisible()
        app.window.load_selected()
        await until(lambda: app.session.state is EngineState.READY)
        for _ in range(3):
            app.gauges._on_timeout()
            await asyncio.sleep(0.05)
        await until(lambda: app.estimates.quality(EngineName.VLLM, Device.CUDA) is not None)
        after = app.load_plan.estimate()
        assert after is not None
        assert machine.ours > before.needs.at_load + 10**9  # more than libraries can take
        assert after.needs.at_load == before.needs.at_load + 10**9
        assert form.estimate.quality.isVisible()
        assert "off" in form.estimate.quality.text()

    run(body)


def test_the_windows_thread_reads_no_files_for_estimates(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = make_model(tmp_path / "small", 0.5)
    read_by: set[threading.Thread] = set()
    read = memory._facts

    def watched(model: ModelRef, stamp: Any) -> memory.ModelFacts | None:
        read_by.add(threading.current_thread())
        return read(model, stamp)

    monkeypatch.setattr(memory, "_facts", watched)

    async def body(app: App) -> None:
        options = LoadOptions(speculation=Speculation.DRAFT, draft_model=str(draft))
        app.load_plan.set_options(options)
        await until(lambda: app.load_plan.estimate() is not None)
        app.window.load_selected()
        await until(lambda: app.session.state is EngineState.READY)
        for _ in range(3):
            app.gauges._on_timeout()
            await asyncio.sleep(0.05)
        await until(lambda: app.estimates.quality(EngineName.VLLM, Device.CUDA) is not None)
        assert read_by
        assert threading.main_thread() not in read_by

    run(body)


def test_another_program_that_grows_is_seen(run: Run, machine: FakeMachine) -> None:
    async def body(app: App) -> None:
        estimate = form_of(app).estimate
        machine.total //= 2
        app.gauges._on_timeout()
        await until(estimate.problem.isVisible)

    run(body)


def test_what_is_loaded_now_counts_as_free(run: Run, machine: FakeMachine) -> None:
    async def body(app: App) -> None:
        estimate = form_of(app).estimate
        machine.ours = 15_000_000_000
        app.gauges._on_timeout()
        await until(
            lambda: app.gauges.sample is not None and app.gauges.sample.gpus[0].ours_bytes > 0
        )
        assert "of 19 GB free GPU memory" in estimate.total.text()
        assert not estimate.problem.isVisible()

    run(body)


def test_why_vllm_is_not_chosen_is_told(
    run: Run, monkeypatch: pytest.MonkeyPatch, machine: FakeMachine
) -> None:
    machine.gpus = 0

    async def body(app: App) -> None:
        form = form_of(app)
        assert form.reason.text() == "Runs on Transformers: vLLM needs an NVIDIA GPU"
        choose(form.engine, EngineName.TRANSFORMERS)
        assert form.reason.text() == "Runs on Transformers"

    run(body)


def test_the_build_for_the_cpu_has_an_estimate_of_the_ram(
    run: Run, monkeypatch: pytest.MonkeyPatch, machine: FakeMachine
) -> None:
    monkeypatch.setattr(engines, "vllm_device", lambda: Device.CPU)
    machine.gpus = 0

    async def body(app: App) -> None:
        form = form_of(app)
        choose(form.engine, EngineName.VLLM)
        assert "starts slowly" in form.reason.text()
        assert "of 44 GB free RAM" in form.estimate.total.text()
        assert "workspace 1." in form.estimate.sums.text()
        choose(form.engine, EngineName.TRANSFORMERS)
        assert "of 44 GB free RAM" in form.estimate.total.text()

    run(body)


def test_a_model_is_loaded_as_it_was_remembered(run: Run, model: ModelRef, tmp_path: Path) -> None:
    other = open_model(make_model(tmp_path / "other", 1.0))
    options = LoadOptions(startup=Startup.EAGER, parallel_chats=2)

    async def body(app: App) -> None:
        form = form_of(app)
        form.remember.setChecked(True)
        app.load_plan.set_engine(EngineName.VLLM)
        app.load_plan.set_context(4096)
        app.load_plan.set_options(options)
        app.models.select(other)
        assert not form.remember.isChecked()
        assert (app.models.engine, app.models.context_length) == (None, None)
        app.models.select(model)
        assert form.remember.isChecked()
        assert (app.models.engine, app.models.context_length) == (EngineName.VLLM, 4096)
        assert form.options.chats.value() == 2
        assert form.context.number.value() == 4096

    async def next_time(app: App) -> None:
        assert app.models.context_length == 4096
        assert app.models.options == options
        form_of(app).remember.setChecked(False)

    async def the_time_after(app: App) -> None:
        assert app.models.context_length is None
        assert app.settings.load == {}

    run(body)
    run(next_time)
    run(the_time_after)


def test_a_draft_model_that_is_gone_is_not_remembered(
    run: Run, model: ModelRef, tmp_path: Path
) -> None:
    async def body(app: App) -> None:
        draft = make_model(tmp_path / "draft", 0.1)
        app.load_plan.set_options(
            LoadOptions(speculation=Speculation.DRAFT, draft_model=str(draft))
        )
        app.load_plan.set_remembered(True)
        shutil.rmtree(draft)
        app.models.select(None)
        app.models.select(model)
        assert app.models.options == LoadOptions()

    run(body)

"""Load and eject with vLLM: what fits, what falls back, what comes back."""

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from phidesk.app import App
from phidesk.core.engines import EngineName
from phidesk.core.load_options import LoadOptions, Startup
from phidesk.core.models import ModelFormat, ModelRef
from phidesk.protocol.events import FailureKind
from phidesk.viewmodels import load_preparation
from phidesk.viewmodels.engine_session import EngineState
from phidesk.viewmodels.load_request import Failure, LoadRequest
from phidesk.viewmodels.memory import MemoryReturn
from tests.ui.conftest import until
from tests.ui.serving.conftest import Run
from tests.ui.serving.machine import GB, FakeMachine, Play, failed


async def load(app: App) -> None:
    app.window.load_selected()
    await until(lambda: app.session.state is not EngineState.LOADING)


def test_vllm_is_chosen_on_a_gpu_and_is_told_the_options(run: Run, play: Play) -> None:
    async def body(app: App) -> None:
        options = LoadOptions(startup=Startup.EAGER, parallel_chats=2)
        app.load_plan.set_options(options)
        await load(app)
        assert app.session.state is EngineState.READY
        (command,) = play.loads
        assert (command.engine, command.options) == ("vllm", options)

    run(body)


def test_what_does_not_fit_is_refused_before_the_start_with_a_way_out(run: Run, play: Play) -> None:
    async def body(app: App) -> None:
        app.load_plan.set_options(LoadOptions(parallel_chats=8))
        await load(app)
        assert app.session.state is EngineState.FAILED
        assert play.loads == []
        banner = app.window.banner
        assert "“blender” holds 5.3 GB" in banner.text
        button, anyway = banner.actions_offered
        assert button.text() == "Load with a context of 5,120 tokens"
        assert anyway.text() == "Load anyway"
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        await until(lambda: app.session.state is EngineState.READY)
        assert play.loads[0].context_length == 5120
        assert app.models.context_length == 5120
        assert not banner.isVisible()

    run(body)


def test_who_knows_better_loads_anyway(run: Run, play: Play) -> None:
    async def body(app: App) -> None:
        app.load_plan.set_options(LoadOptions(parallel_chats=8))
        await load(app)
        QTest.mouseClick(app.window.banner.actions_offered[1], Qt.MouseButton.LeftButton)
        await until(lambda: app.session.state is EngineState.READY)
        assert play.loads[0].options.parallel_chats == 8

    run(body)


def test_the_library_offers_to_load_anyway_what_does_not_fit(run: Run, play: Play) -> None:
    async def body(app: App) -> None:
        app.window.show_models()
        pane = app.window.models_pane
        assert pane.details.load.isEnabled()
        assert not pane.details.anyway.isVisible()
        app.load_plan.set_options(LoadOptions(parallel_chats=8))
        assert not pane.details.load.isEnabled()
        assert "needs" in pane.details.load.toolTip()
        pane.table.load_requested.emit()  # as Enter does
        await until(lambda: app.session.state is EngineState.FAILED)
        assert pane.isVisible()
        QTest.mouseClick(pane.details.anyway, Qt.MouseButton.LeftButton)
        await until(lambda: app.session.state is EngineState.READY)
        assert play.loads[0].options.parallel_chats == 8

    run(body)


def test_the_memory_of_the_model_before_counts_as_free(
    run: Run, play: Play, machine: FakeMachine
) -> None:
    async def body(app: App) -> None:
        await load(app)
        assert machine.sample().gpus[0].used_bytes > 21 * GB
        await load(app)
        assert app.session.state is EngineState.READY
        assert len(play.loads) == 2

    run(body)


def test_what_cannot_fit_leaves_the_loaded_model_alone(run: Run, model: ModelRef) -> None:
    async def body(app: App) -> None:
        await load(app)
        loaded = app.session.loaded
        app.session.load(LoadRequest(model, options=LoadOptions(parallel_chats=64)))
        await until(lambda: app.session.state is not EngineState.LOADING)
        assert app.session.state is EngineState.READY
        assert app.session.loaded is loaded
        assert app.session.request is not None
        assert app.session.request.options.parallel_chats == 1
        assert "needs" in app.window.banner.text
        assert app.window.banner.isVisible()
        app.chat.send("still there?")
        await until(lambda: not app.chat.is_busy)
        assert app.chat.current.thread.entry(-1).text == "Paris"

    run(body)


@pytest.mark.parametrize("kind", [FailureKind.UNSUPPORTED, FailureKind.ENGINE_MISSING])
def test_what_vllm_refuses_by_itself_is_loaded_with_the_next_engine(
    run: Run, play: Play, kind: FailureKind
) -> None:
    async def body(app: App) -> None:
        play.refuses = failed(kind, "This architecture is unknown.")
        await load(app)
        assert app.session.state is EngineState.READY
        assert [command.engine for command in play.loads] == ["vllm", "transformers"]
        assert app.session.engine is EngineName.TRANSFORMERS
        words = "vLLM says: This architecture is unknown."
        assert app.session.fallback == words
        assert app.window.banner.isVisible()
        assert words in app.window.banner.text
        assert words in app.window.status.model.toolTip()

    run(body)


def test_the_next_engine_is_not_tried_where_it_has_too_little_memory(
    run: Run, play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def body(app: App) -> None:
        play.refuses = failed(FailureKind.UNSUPPORTED, "This architecture is unknown.")
        looked: list[EngineName] = []

        def problem(request: LoadRequest, engine: EngineName, *_: object) -> Failure | None:
            looked.append(engine)
            if engine is EngineName.TRANSFORMERS:
                return Failure(FailureKind.OUT_OF_MEMORY, "Too little.")
            return None

        monkeypatch.setattr(load_preparation, "memory_problem", problem)
        await load(app)
        assert app.session.state is EngineState.FAILED
        assert [command.engine for command in play.loads] == ["vllm"]
        assert looked[-1] is EngineName.TRANSFORMERS
        assert app.session.failure is not None
        assert app.session.failure.kind is FailureKind.OUT_OF_MEMORY

    run(body)


def test_an_engine_that_was_asked_for_has_no_fallback(run: Run, play: Play) -> None:
    async def body(app: App) -> None:
        play.refuses = failed(FailureKind.UNSUPPORTED, "No.")
        app.load_plan.set_engine(EngineName.VLLM)
        await load(app)
        assert app.session.state is EngineState.FAILED
        assert [command.engine for command in play.loads] == ["vllm"]

    run(body)


def test_other_failures_of_vllm_are_told(run: Run, play: Play) -> None:
    async def body(app: App) -> None:
        play.refuses = failed(FailureKind.CORRUPT_FILE, "It is cut off.")
        await load(app)
        assert app.session.state is EngineState.FAILED
        assert len(play.loads) == 1
        assert "cut off" in app.window.banner.text

    run(body)


def test_eject_says_what_came_back_and_who_holds_the_rest(run: Run) -> None:
    async def body(app: App) -> None:
        await load(app)
        told: list[MemoryReturn] = []
        app.session.memory_returned.connect(told.append)
        app.session.eject()
        await until(lambda: bool(told))
        assert told[0].gpu_freed == 16 * GB
        text = app.window.banner.text
        assert "16 GB of GPU memory and" in text
        assert "freed, 0 left." in text
        assert "“blender” holds 5.3 GB" in text

    run(body)


def test_a_crash_says_what_is_left_on_the_card(run: Run, play: Play) -> None:
    async def body(app: App) -> None:
        await load(app)
        await until(lambda: app.session._held is not None)  # what it holds has been looked at
        play.dies = True
        app.chat.send("hello")
        await until(lambda: app.session.state is EngineState.FAILED)
        banner = app.window.banner
        await until(lambda: "blender" in banner.text)
        assert banner.text.startswith("The engine process crashed (SIGSEGV).")
        assert "16 GB of GPU memory and 4.0 GB of RAM came back." in banner.text
        assert "0 is left on the graphics card" in banner.text
        assert [button.text() for button in banner.actions_offered] == ["Reload"]

    run(body)


def test_an_engine_that_needs_another_machine_is_refused_in_words(
    run: Run, play: Play, machine: FakeMachine, model: ModelRef
) -> None:
    async def body(app: App) -> None:
        machine.gpus = 0
        app.session.load(LoadRequest(model, engine=EngineName.VLLM))
        await until(lambda: app.session.state is not EngineState.LOADING)
        assert app.session.state is EngineState.FAILED
        assert "GPU" in app.window.banner.text or "CPU" in app.window.banner.text
        assert play.loads == []

    run(body)


def test_the_standby_worker_has_the_engine_of_this_machine(
    run: Run, model: ModelRef, machine: FakeMachine
) -> None:
    async def body(app: App) -> None:
        app._on_idle()
        await until(lambda: app.standby.engine == "vllm")
        machine.gpus = 0
        app.gauges._on_timeout()
        await until(lambda: app.gauges.sample is not None and not app.gauges.sample.gpus)
        app._on_idle()
        await until(lambda: app.standby.engine == "transformers")

    run(body)


def test_a_model_that_goes_while_another_is_looked_at_is_not_gone_back_to(
    run: Run, play: Play, model: ModelRef
) -> None:
    async def body(app: App) -> None:
        await load(app)
        app.session.load(LoadRequest(model, options=LoadOptions(parallel_chats=64)))
        play.clients[-1].kill()
        await until(lambda: app.session.state is not EngineState.LOADING)
        assert app.session.state is EngineState.FAILED
        assert "needs" in app.window.banner.text

    run(body)


def test_cancel_while_the_machine_is_looked_at_ejects_what_was_loaded(
    run: Run, play: Play, model: ModelRef
) -> None:
    async def body(app: App) -> None:
        await load(app)
        first = play.clients[-1]
        app.session.load(LoadRequest(replace(model, name="another")))
        app.session.eject()
        await until(lambda: app.session.state is EngineState.EMPTY)
        await until(lambda: first.closed)
        assert len(play.loads) == 1

    run(body)


def test_a_gguf_model_is_not_measured_against_the_card(run: Run, play: Play) -> None:
    async def body(app: App) -> None:
        gguf = ModelRef(name="g", path="g", format=ModelFormat.GGUF, method="gguf", size_bytes=99)
        app.session.load(LoadRequest(gguf, options=LoadOptions(parallel_chats=64)))
        await until(lambda: app.session.state is EngineState.READY)
        assert play.loads[0].engine == "llamacpp"

    run(body)

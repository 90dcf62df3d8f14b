"""What fills the memory, how well guessing goes, and the status bar."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from phidesk.app import App
from phidesk.ui.gauges_pane import GaugesPane
from phidesk.viewmodels.engine_session import EngineState
from tests.ui.conftest import until
from tests.ui.serving.conftest import Run
from tests.ui.serving.machine import FakeMachine, Play

SLOW = "This copy runs on the slow kernel: quantize with group size 128."


async def load_and_ask(app: App) -> GaugesPane:
    app.window.load_selected()
    await until(lambda: app.session.state is EngineState.READY)
    app.chat.send("What is the capital of France?")
    await until(lambda: not app.chat.is_busy)
    pane = app.window.findChild(GaugesPane)
    assert pane is not None
    return pane


async def look(app: App) -> None:
    """Take a sample, and have it shown."""
    await app.gauges._take_sample()
    app.gauges.changed.emit()


def test_the_gpu_is_made_of_parts_with_figures(run: Run, machine: FakeMachine) -> None:
    async def body(app: App) -> None:
        pane = await load_and_ask(app)
        await look(app)
        (gpu,) = pane.gpus
        assert gpu.legend.isVisible()
        assert gpu.legend.texts == [
            "Weights 9.0 GB",
            "KV cache, used 1.0 GB",
            "KV cache, reserved 3.0 GB",
            "Graphs and workspace 3.0 GB",
            "Other programs 5.3 GB",
        ]
        assert "“blender” holds 5.3 GB" in gpu.toolTip()
        assert not pane.ram.legend.isVisible()
        app.session.eject()
        await until(lambda: app.session.state is EngineState.EMPTY)
        await look(app)
        assert not gpu.legend.isVisible()

    run(body)


def test_without_a_gpu_the_ram_is_made_of_parts(run: Run, machine: FakeMachine, play: Play) -> None:
    machine.gpus, play.device = 0, "cpu"

    async def body(app: App) -> None:
        pane = await load_and_ask(app)
        await look(app)
        assert pane.gpus == []
        assert pane.ram.legend.texts == [
            "Weights 1.0 GB",
            "KV cache, used 500 MB",
            "KV cache, reserved 1.5 GB",
            "Engine and workspace 1.0 GB",
            "Other programs 16 GB",
        ]

    run(body)


def test_the_share_of_kept_guesses_is_told(run: Run) -> None:
    async def body(app: App) -> None:
        pane = await load_and_ask(app)
        await look(app)
        assert pane.acceptance.isVisible()
        assert "61 %" in pane.acceptance.text()
        view = app.window.chat_pane.thread_view
        app.window.grab()
        note = next(
            text
            for y in range(view.viewport().height())
            if (text := view.hint_at(QPoint(view.viewport().width() // 2, y)))
        )
        assert "1,536 tokens from cache" in note
        assert view.hint_at(QPoint(view.viewport().width() // 2, 30)) == ""
        app.session.eject()
        await until(lambda: app.session.state is EngineState.EMPTY)
        assert not pane.acceptance.isVisible()

    run(body)


def test_the_status_bar_names_kernel_and_attention(run: Run) -> None:
    async def body(app: App) -> None:
        await load_and_ask(app)
        status = app.window.status
        assert status.text == "Phi-4-W4A16 · vLLM · Machete · FlashAttention 3 · cuda"
        assert not status.slow.isVisible()

    run(body)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_slow_kernel_is_marked_and_explained(run: Run, play: Play, theme: str) -> None:
    play.slow = SLOW

    async def body(app: App) -> None:
        app.look.set_mode(theme)
        await load_and_ask(app)
        status = app.window.status
        assert status.slow.isVisible()
        assert status.slow.text() == "Exllama"
        assert status.slow.toolTip() == SLOW
        assert "Exllama" in status.slow.accessibleName()
        banner = app.window.banner
        assert not banner.isVisible()
        QTest.mouseClick(status.slow, Qt.MouseButton.LeftButton)
        assert banner.isVisible()
        assert banner.text == SLOW
        app.session.eject()
        await until(lambda: app.session.state is EngineState.EMPTY)
        assert not status.slow.isVisible()

    run(body)


def test_the_stage_of_the_load_is_told_in_words(run: Run, play: Play) -> None:
    async def body(app: App) -> None:
        seen: list[str] = []
        app.session.progress_changed.connect(lambda: seen.append(app.window.model_bar.stage))
        await load_and_ask(app)
        assert "Capturing graphs…" in seen

    run(body)

"""Composition root: builds, wires and shuts down the window and everything behind it."""

import asyncio
import contextlib
import os
import signal
import sys

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from phidesk.client.interface import WorkerClient
from phidesk.client.process import ProcessWorkerClient
from phidesk.client.standby import Spawn, Standby
from phidesk.core.catalog import ModelNotFoundError
from phidesk.core.settings import SettingsFile
from phidesk.core.starter import STARTER_KEY, default_sampling
from phidesk.event_loop import EventLoop
from phidesk.hardware.sampler import HardwareSampler
from phidesk.ui.main_window import MainWindow
from phidesk.ui.theme import Look
from phidesk.viewmodels.chat import ChatViewModel
from phidesk.viewmodels.engine_session import EngineSession, EngineState
from phidesk.viewmodels.gauges import GaugesViewModel
from phidesk.viewmodels.load_plan import LoadPlan
from phidesk.viewmodels.log import LogViewModel
from phidesk.viewmodels.models import ModelsViewModel
from phidesk.viewmodels.quantize import QuantizeViewModel

STANDBY_DELAY_MS = 1500
WARM_UP_DELAY_MS = 400
SHUTDOWN_S = 3.0


def _spawn_here(engine: str) -> WorkerClient:
    """Make a worker in this Python, with the engine's imports behind it."""
    return ProcessWorkerClient(preload=engine)


class App:
    """Everything that a window needs, made in order and ended in reverse."""

    def __init__(
        self, qt: QApplication, *, theme: str = "system", spawn: Spawn = _spawn_here
    ) -> None:
        # The workers have to be ended before the event loop is.
        qt.setQuitOnLastWindowClosed(False)
        self.settings_file = SettingsFile()
        self.settings = self.settings_file.load()
        self.look = Look(qt, theme if theme != "system" else self.settings.theme)
        self.sampler = HardwareSampler()
        self.standby = Standby(spawn)
        self.session = EngineSession(self.standby, self.sampler)
        self.models = ModelsViewModel(self.settings, self.settings_file)
        self.chat = ChatViewModel(self.session)
        self.gauges = GaugesViewModel(self.session, self.sampler)
        self.load_plan = LoadPlan(self.models, self.gauges, self.settings, self.settings_file)
        self.quantize = QuantizeViewModel(self.models, self.gauges, self.sampler, spawn)
        self.log = LogViewModel()
        self.session.log_received.connect(self.log.add)
        self.session.load_started.connect(self.log.begin)
        self.quantize.run.log_received.connect(self.log.add)
        self.quantize.run.started.connect(self.log.begin)
        self.window = MainWindow(
            self.session,
            self.models,
            self.load_plan,
            self.chat,
            self.gauges,
            self.quantize,
            self.log,
            self.look,
            self.settings,
            self.settings_file,
        )
        self._preparing: asyncio.Task[None] | None = None
        self._standby_timer = QTimer()
        self._standby_timer.setSingleShot(True)
        self._standby_timer.setInterval(STANDBY_DELAY_MS)
        self._standby_timer.timeout.connect(self._on_idle)
        self.models.selection_changed.connect(self._on_selection_changed)
        self.session.state_changed.connect(self._standby_timer.start)
        self.load_plan.changed.connect(self._standby_timer.start)

    def start(self, model: str = STARTER_KEY) -> None:
        """Show the window and load the model; needs a running event loop."""
        try:
            self.models.start(model)
        except ModelNotFoundError as error:
            self.models.start(STARTER_KEY)
            self.window.banner.show_error(str(error), "", [])
        self.window.show()
        self.gauges.start()
        self.window.load_selected()
        QTimer.singleShot(WARM_UP_DELAY_MS, self.window, self.window.warm_up)

    async def shut_down(self) -> None:
        """End every process that was started."""
        self.session.state_changed.disconnect(self._standby_timer.start)
        self.load_plan.changed.disconnect(self._standby_timer.start)
        self._standby_timer.stop()
        if self._preparing is not None:
            self._preparing.cancel()
            await asyncio.wait([self._preparing])
        self.models.stop()
        self.load_plan.shut_down()
        # Side by side: the window waits for the slowest, not for each in turn.
        await asyncio.gather(self.quantize.shut_down(), self.session.shut_down())
        await self.gauges.stop()

    def _on_selection_changed(self) -> None:
        if self.models.selected is not None:
            self.chat.set_default_sampling(default_sampling(self.models.selected))

    def _on_idle(self) -> None:
        """Keep a worker ready for what would be loaded next."""
        if self.session.state is EngineState.LOADING:
            return
        engine = self.load_plan.engine
        if engine is not None:
            self._preparing = asyncio.ensure_future(self.standby.prepare(engine.value))


def run_window(model: str, *, theme: str = "system") -> int:
    """Open the window and run until it is closed; returns the exit status."""
    qt = QApplication(sys.argv[:1])
    qt.setApplicationName("phidesk")
    qt.setDesktopFileName("phidesk")
    loop = EventLoop(qt)
    asyncio.set_event_loop(loop)
    with loop:
        loop.run_until_complete(_run(qt, model, theme))
    # Qt's own teardown has nothing left to save, and can only crash or wait.
    sys.stdout.flush()
    os._exit(0)


async def _run(qt: QApplication, model: str, theme: str) -> None:
    app = App(qt, theme=theme)
    closed = asyncio.Event()
    app.window.closed.connect(closed.set)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: loop.call_soon_threadsafe(closed.set))
    app.start(model)
    await closed.wait()
    # What is late ends with the end of its stdin.
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(app.shut_down(), SHUTDOWN_S)

"""Composition root: builds, wires and shuts down the window and everything behind it."""

import asyncio
import contextlib
import gc
import logging
import os
import signal
import sys
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QCoreApplication,
    QMessageLogContext,
    QTimer,
    QtMsgType,
    qInstallMessageHandler,
)
from PySide6.QtWidgets import QApplication

from phidesk.client.interface import WorkerClient
from phidesk.client.process import DOWNLOAD_PURPOSE, ProcessWorkerClient
from phidesk.client.standby import Spawn, Standby
from phidesk.core.catalog import ModelNotFoundError
from phidesk.core.engines import EngineName
from phidesk.core.estimate_history import EstimateHistory
from phidesk.core.models import ModelRef
from phidesk.core.paths import choose_models_dir
from phidesk.core.settings import SettingsFile
from phidesk.core.shown_chat import keep_shown_chat, shown_chat
from phidesk.core.starter import STARTER_KEY
from phidesk.event_loop import EventLoop
from phidesk.hardware.sampler import HardwareSampler
from phidesk.ui.language import use_language
from phidesk.ui.main_window import MainWindow
from phidesk.ui.theme import QT_ARGUMENTS, Look
from phidesk.viewmodels.answerer import Answerer
from phidesk.viewmodels.chat import ChatViewModel
from phidesk.viewmodels.chat_defaults import ChatDefaults
from phidesk.viewmodels.chat_options import ChatOptionsViewModel
from phidesk.viewmodels.context_fit import ContextFit
from phidesk.viewmodels.context_meter import ContextMeter
from phidesk.viewmodels.draft import DraftViewModel
from phidesk.viewmodels.drafts import Drafts
from phidesk.viewmodels.engine_session import EngineSession, EngineState
from phidesk.viewmodels.estimate_recorder import EstimateRecorder
from phidesk.viewmodels.gauges import GaugesViewModel
from phidesk.viewmodels.load_plan import LoadPlan
from phidesk.viewmodels.load_request import Failure, LoadRequest
from phidesk.viewmodels.log import LogViewModel
from phidesk.viewmodels.models import ModelsViewModel
from phidesk.viewmodels.preferences import Preferences
from phidesk.viewmodels.presets import PresetsViewModel
from phidesk.viewmodels.privacy import PrivacyViewModel
from phidesk.viewmodels.prompt_library import PromptLibraryViewModel
from phidesk.viewmodels.prompting import Prompting
from phidesk.viewmodels.saving import saving_problem

if TYPE_CHECKING:
    from phidesk.core.crash import CrashWatch
    from phidesk.desktop.notifications import Notifier
    from phidesk.desktop.sleep import Awake
    from phidesk.instance import Instance
    from phidesk.ui.engines.panel import EnginesPanel
    from phidesk.viewmodels.chat_exchange import ChatExchange
    from phidesk.viewmodels.chat_keeper import ChatKeeper
    from phidesk.viewmodels.engines import EnginesViewModel
    from phidesk.viewmodels.get_models import GetModelsViewModel
    from phidesk.viewmodels.library import LibraryViewModel
    from phidesk.viewmodels.long_jobs import LongJobs
    from phidesk.viewmodels.quantize import QuantizeViewModel
    from phidesk.viewmodels.statistics import StatisticsViewModel
    from phidesk.viewmodels.trust import TrustViewModel

STANDBY_DELAY_MS = 1500
CHATS_DELAY_MS = 30
OPENING_SHOWN_MS = 500
WARM_UP_DELAY_MS = 400
SHUTDOWN_S = 3.0
_ENDING_SIGNALS = [signal.SIGINT, signal.SIGTERM]
if hasattr(signal, "SIGHUP"):  # the end of the desktop's session
    _ENDING_SIGNALS.append(signal.SIGHUP)
_QT_LEVELS = {
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


def _spawn_here(engine: str) -> WorkerClient:
    """Make a worker in this Python, with the engine's imports behind it."""
    return ProcessWorkerClient(preload=engine)


def _spawn_job(engine: str) -> WorkerClient:
    """Make a worker for a quantization or a report: torch's Python, whatever it imports first."""
    return ProcessWorkerClient(engine=engine or EngineName.TRANSFORMERS.value, preload=engine)


def _spawn_download(_engine: str) -> WorkerClient:
    """Make a worker whose connections are those that the user started."""
    return ProcessWorkerClient(arguments=DOWNLOAD_PURPOSE)


class App:
    """Everything that a window needs, made in order and ended in reverse."""

    def __init__(
        self, qt: QApplication, *, theme: str = "system", spawn: Spawn = _spawn_here
    ) -> None:
        # The workers have to be ended before the event loop is.
        qt.setQuitOnLastWindowClosed(False)
        self._spawn = spawn
        self.settings_file = SettingsFile()
        self.settings = self.settings_file.load()
        if self.settings.models_folder:
            choose_models_dir(self.settings.models_folder)
        use_language(qt, self.settings.language)
        self.look = Look(qt, theme if theme != "system" else self.settings.theme)
        self.sampler = HardwareSampler()
        self.standby = Standby(spawn)
        self.estimates = EstimateHistory()
        self.session = EngineSession(
            self.standby, self.sampler, self.estimates, self._is_agreed, self._refusal
        )
        self.models = ModelsViewModel(self.settings, self.settings_file)
        self.chat_options = ChatOptionsViewModel()
        self.context = ContextFit(
            self.session, self.chat_options, self.settings, self.settings_file
        )
        self.chat = ChatViewModel(self.session, self.context, self.chat_options)
        self.draft = DraftViewModel(self.session)
        self.drafts = Drafts(self.chat)
        self.meter = ContextMeter(
            self.session, self.context, self.chat.prompt, lambda: self.chat.is_busy
        )
        self.chat.current_changed.connect(self.meter.recount)
        self.chat.busy_changed.connect(self.meter.recount)
        self.chat.path_changed.connect(self.meter.recount)
        self.chat.parameters_changed.connect(self.meter.recount)
        self.answerer = Answerer(self.session, self.models)
        self.presets = presets = PresetsViewModel()
        self.defaults = ChatDefaults(self.settings, presets, self.chat, self.answerer)
        self.preferences = Preferences(self.settings, self.settings_file, self.models)
        self.preferences.chats_changed.connect(self.defaults.apply)
        prompting = Prompting(
            session=self.session,
            answerer=self.answerer,
            chat=self.chat,
            draft=self.draft,
            drafts=self.drafts,
            context=self.context,
            meter=self.meter,
            options=self.chat_options,
            presets=presets,
            prompts=PromptLibraryViewModel(),
        )
        self.gauges = GaugesViewModel(self.session, self.sampler)
        self.load_plan = LoadPlan(
            self.models, self.gauges, self.settings, self.settings_file, self.estimates
        )
        self.recorder = EstimateRecorder(self.session, self.gauges, self.estimates)
        self.privacy = PrivacyViewModel(self.settings, self.settings_file)
        self.log = LogViewModel()
        self.session.log_received.connect(self.log.add)
        self.session.load_started.connect(self.log.begin)
        self.window = MainWindow(
            self.session,
            self.models,
            lambda: self.library,
            self.load_plan,
            self.chat,
            self.gauges,
            lambda: self.quantize,
            lambda: self.trust,
            self.privacy,
            self.log,
            self.look,
            self.settings,
            self.settings_file,
            lambda: self.get_models,
            lambda: self.statistics,
            lambda: self.exchange,
            self._has_unsaved,
            prompting,
            self.preferences,
        )
        self.look.apply()
        self.window.engines_requested.connect(self._show_engines)
        self.window.settings_dialogs.engines_widget = self._engines_panel
        self._preparing: asyncio.Task[None] | None = None
        self._is_ending = False
        self.resumes = False
        """whether the chat that the last window was cut off in is shown once it can be read"""
        self._is_shown_kept = False
        """whether the chats can be read: before, that of the last window is remembered"""
        self.chat.current_changed.connect(self._keep_shown)
        self._standby_timer = QTimer()
        self._standby_timer.setSingleShot(True)
        self._standby_timer.setInterval(STANDBY_DELAY_MS)
        self._standby_timer.timeout.connect(self._on_idle)
        self.session.state_changed.connect(self._standby_timer.start)
        self.session.state_changed.connect(self._remember_loaded)
        self.load_plan.changed.connect(self._standby_timer.start)

    @cached_property
    def library(self) -> "LibraryViewModel":
        """The library's view-model, made when it is first asked for."""
        from phidesk.viewmodels.library import LibraryViewModel

        made = LibraryViewModel(self.models, self.load_plan, self.gauges, self.session)
        made.failed.connect(self.models.failed)
        return made

    @cached_property
    def quantize(self) -> "QuantizeViewModel":
        """The quantize view-model, made when it is first asked for: the window is up sooner."""
        from phidesk.viewmodels.quantize import QuantizeViewModel

        spawn = _spawn_job if self._spawn is _spawn_here else self._spawn
        made = QuantizeViewModel(self.models, self.gauges, self.sampler, spawn)
        made.run.log_received.connect(self.log.add)
        made.run.started.connect(self.log.begin)
        self.jobs.watch_quantize(made.run, made.report)
        return made

    @cached_property
    def get_models(self) -> "GetModelsViewModel":
        """The view-model of Get models, made when it is first asked for."""
        from phidesk.client.tokens import TokenStore
        from phidesk.viewmodels.get_models import GetModelsViewModel

        spawn = _spawn_download if self._spawn is _spawn_here else self._spawn
        made = GetModelsViewModel(
            self.settings, self.settings_file, spawn, TokenStore(), self.privacy
        )
        made.downloads.finished.connect(self.models.rescan)
        self.jobs.watch_downloads(made.downloads)
        made.downloads.log_received.connect(self.log.add)
        return made

    @cached_property
    def jobs(self) -> "LongJobs":
        """The jobs that take long, made with the first that may have one."""
        from phidesk.viewmodels.long_jobs import LongJobs

        made = LongJobs()
        made.changed.connect(self._on_jobs_changed)
        made.ended.connect(self._on_job_ended)
        return made

    @cached_property
    def awake(self) -> "Awake":
        """What keeps the machine from sleeping."""
        from phidesk.desktop.sleep import Awake

        return Awake()

    @cached_property
    def notifier(self) -> "Notifier":
        """What speaks to a user who looks elsewhere."""
        from phidesk.desktop.notifications import Notifier

        return Notifier()

    @cached_property
    def keeper(self) -> "ChatKeeper":
        """What keeps the chats, made once the window is up."""
        from phidesk.viewmodels.chat_keeper import ChatKeeper

        return ChatKeeper()

    @cached_property
    def exchange(self) -> "ChatExchange":
        """What imports and exports chats, made when it is first asked for."""
        from phidesk.viewmodels.chat_exchange import ChatExchange

        return ChatExchange(self.chat, self.keeper)

    @cached_property
    def statistics(self) -> "StatisticsViewModel":
        """The figures of the models over time, made when they are first asked for."""
        from phidesk.viewmodels.statistics import StatisticsViewModel

        return StatisticsViewModel(self.keeper)

    @cached_property
    def engines(self) -> "EnginesViewModel":
        """The engine environments, made when they are first asked for."""
        from phidesk.viewmodels.engines import EnginesViewModel

        made = EnginesViewModel(
            lambda: bool(self.sampler.sample().gpus), lambda: self.settings.offline
        )
        made.engines_changed.connect(self._on_engines_changed)
        self.jobs.watch_engines(made)
        return made

    @cached_property
    def trust(self) -> "TrustViewModel":
        """The trust view-model, made when a model asks for trust."""
        from phidesk.viewmodels.trust import TrustViewModel

        made = TrustViewModel(self.settings, self.settings_file)
        made.inspected.connect(self.window.show_concerns)
        return made

    def start(self, model: str = "", path: str = "") -> None:
        """Show the window and load the model, or what was loaded last; needs a running event loop.

        Where that is gone, the starter model takes its place, with a word. path: a model that is
        shown in place of it, for the user to load.
        """
        try:
            self.models.start(model or self.settings.last_model or STARTER_KEY)
        except ModelNotFoundError as error:
            self.models.start(STARTER_KEY)
            self.window.loads.say_instead(str(error))
        self.window.restore(self.settings.window)
        self.window.show()
        self.window.chat_pane.composer.input.setFocus()
        self.gauges.start()
        self.privacy.start()
        if path:
            self.open(path)
        else:
            self.window.load_selected()
        QTimer.singleShot(CHATS_DELAY_MS, self.window, self._on_painted)
        QTimer.singleShot(WARM_UP_DELAY_MS, self.window, self.window.warm_up)

    def remember_window(self) -> None:
        """Let the next window be as this one is."""
        self.settings.window = self.window.state
        saving_problem(self.settings_file, self.settings)  # nobody is left to be told

    def _on_painted(self) -> None:
        if self._is_ending:  # closed at once: nobody would close the file of the chats again
            return
        self.window.fit_screen()
        self.open_chats()
        self.window.restore_page(self.settings.window)

    def open(self, path: str) -> None:
        """Raise the window, and show a model in it for the user to load; "" for none."""
        self.window.come_forward()
        if not path:
            return
        try:
            self.models.open(path)
        except ModelNotFoundError as error:
            self.window.banner.show_error(str(error))
        else:
            self.window.show_models()

    def open_chats(self) -> None:
        """Have the chats that are kept shown soon, and keep those of this window."""
        self.window.fill()
        self.keeper.trouble_changed.connect(self._on_trouble_changed)
        self.keeper.opened.connect(self._on_chats_opened)
        self.chat.use(self.keeper)
        self.keeper.open()
        QTimer.singleShot(OPENING_SHOWN_MS, self.window, self._say_opening)

    async def shut_down(self) -> None:
        """End every process that was started."""
        self._is_ending = True
        self.session.state_changed.disconnect(self._standby_timer.start)
        self.load_plan.changed.disconnect(self._standby_timer.start)
        self._standby_timer.stop()
        self.drafts.keep_now()
        if self._preparing is not None:
            self._preparing.cancel()
            await asyncio.wait([self._preparing])
        await self.load_plan.shut_down()
        await self.recorder.shut_down()
        # Side by side: the window waits for the slowest, not for each in turn.
        ends = [self.session.shut_down(), self.models.shut_down(), self.chat.shut_down()]
        ends += [self.draft.shut_down(), self.meter.shut_down()]
        if "quantize" in self.__dict__:  # it was made
            ends.append(self.quantize.shut_down())
        if "get_models" in self.__dict__:
            ends.append(self.get_models.shut_down())
        if "engines" in self.__dict__:
            ends.append(self.engines.shut_down())
        if "trust" in self.__dict__:
            ends.append(self.trust.shut_down())
        if "library" in self.__dict__:
            ends.append(self.library.shut_down())
        if "statistics" in self.__dict__:
            ends.append(self.statistics.shut_down())
        if "exchange" in self.__dict__:
            ends.append(self.exchange.shut_down())
        await asyncio.gather(*ends)
        if "keeper" in self.__dict__:
            await self.keeper.shut_down()
        if "awake" in self.__dict__:
            self.awake.release()
        await self.gauges.stop()
        await asyncio.to_thread(self.privacy.stop)

    def _on_jobs_changed(self) -> None:
        percent = self.jobs.percent
        self.window.show_percent(percent)
        if percent is None:
            self.awake.release()
        else:
            why = QCoreApplication.translate(
                "App",
                "A model is being quantized, measured or downloaded, or engines are installed",
            )
            self.awake.hold(why)

    def _on_job_ended(self, what: str, name: str) -> None:
        if not self.window.isActiveWindow():
            QApplication.alert(self.window)
            self.notifier.notify(what, name)

    def _has_unsaved(self) -> bool:
        """Return whether what is in memory only would be lost with the window."""
        if "keeper" not in self.__dict__:
            return False
        is_in_doubt = self.keeper.is_opening or bool(self.keeper.trouble)
        return is_in_doubt and (self.keeper.unsaved_count > 0 or self.drafts.is_at_risk)

    def _say_opening(self) -> None:
        self.window.chat_pane.side.show_opening(self.keeper.is_opening)

    def _on_chats_opened(self) -> None:
        self.window.chat_pane.side.show_opening(False)
        was_blank = self.drafts.is_blank  # what was left in a new chat comes back by the start
        self.chat.start()
        self.drafts.start()
        if self.resumes and was_blank:
            self.chat.resume(shown_chat())
        self.resumes = False
        self._is_shown_kept = True
        self._keep_shown()
        if self.keeper.notice:
            self.window.banner.show_warning(self.keeper.notice)
            self.keeper.notice = ""

    def _keep_shown(self) -> None:
        if self._is_shown_kept:
            keep_shown_chat(self.chat.current.id)

    def _on_trouble_changed(self) -> None:
        self.window.chat_pane.side.show_opening(False)
        self.window.show_keeping(self.keeper.trouble)

    def _engines_panel(self) -> "EnginesPanel":
        from phidesk.ui.engines.panel import EnginesPanel

        return EnginesPanel(self.engines)

    def _show_engines(self) -> None:
        from phidesk.ui.engines.dialog import EnginesDialog

        dialog = EnginesDialog(self.engines, self.window)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _on_engines_changed(self) -> None:
        """Have everything that asks what runs here ask again."""
        self.models.rescan()
        self.models.selection_changed.emit()
        self._preparing = asyncio.ensure_future(self._renew_standby())

    async def _renew_standby(self) -> None:
        await self.standby.close()  # it may be of the Python that is no longer used
        self._standby_timer.start()

    def _remember_loaded(self) -> None:
        request = self.session.request
        if self.session.state is not EngineState.READY or request is None:
            return
        path = "" if request.model.is_starter else request.model.path
        if path != self.settings.last_model:
            self.settings.last_model = path
            if problem := saving_problem(self.settings_file, self.settings):
                self.models.failed.emit(problem)

    async def _is_agreed(self, model: ModelRef) -> bool:
        return bool(self.settings.consents) and await self.trust.is_agreed(model)

    async def _refusal(self, request: LoadRequest) -> Failure | None:
        if request.without_code or request.model.is_starter:
            return None
        return await self.trust.refusal(request)

    def _on_idle(self) -> None:
        """Keep a worker ready for what would be loaded next."""
        if self.session.state is EngineState.LOADING:
            return
        engine = self.load_plan.engine
        if engine is not None:
            self._preparing = asyncio.ensure_future(self.standby.prepare(engine.value))


def run_window(
    model: str,
    *,
    theme: str = "system",
    path: str = "",
    instance: "Instance | None" = None,
    crash: "CrashWatch | None" = None,
) -> int:
    """Open the window and run until it is closed; returns the exit status.

    path: a model to be shown. instance: hears of later starts. crash: knows how the last one ended.
    """
    if crash is not None:
        qInstallMessageHandler(_log_qt)
    qt = QApplication([*sys.argv[:1], *QT_ARGUMENTS])
    qt.setApplicationName("phidesk")
    qt.setDesktopFileName("phidesk")
    loop = EventLoop(qt)
    asyncio.set_event_loop(loop)
    with loop:
        loop.run_until_complete(_run(qt, model, theme, path, instance, crash))
    if crash is not None:
        crash.end()
    if instance is not None:
        instance.release()
    # Qt's own teardown has nothing left to save, and can only crash or wait.
    sys.stdout.flush()
    os._exit(0)


def _log_qt(kind: QtMsgType, _where: QMessageLogContext, words: str) -> None:
    logging.getLogger("qt").log(_QT_LEVELS.get(kind, logging.DEBUG), "%s", words)


def _collect_garbage() -> None:
    """Search for garbage from now on, not in what the start has made and the window keeps."""
    gc.freeze()
    gc.enable()


async def _run(
    qt: QApplication,
    model: str,
    theme: str,
    path: str,
    instance: "Instance | None",
    crash: "CrashWatch | None",
) -> None:
    app = App(qt, theme=theme)
    closed = asyncio.Event()
    app.window.closed.connect(closed.set)
    loop = asyncio.get_running_loop()
    for number in _ENDING_SIGNALS:
        signal.signal(number, lambda *_: loop.call_soon_threadsafe(closed.set))
    app.resumes = crash is not None and crash.was_cut_off
    app.start(model, path)
    if crash is not None and crash.report:
        app.window.show_crash(crash.report)
    QTimer.singleShot(2 * WARM_UP_DELAY_MS, _collect_garbage)
    if instance is not None:
        instance.asked.connect(app.open)
        if crash is not None:  # the next window would take the trace of this one for a crash
            instance.lost.connect(crash.end)
        QTimer.singleShot(WARM_UP_DELAY_MS, instance, instance.listen)
    await closed.wait()
    app.remember_window()
    if instance is not None:
        instance.close()  # a start from now on waits for the lock, and gets a window that stays
    # What is late ends with the end of its stdin.
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(app.shut_down(), SHUTDOWN_S)

"""The window: rail, model bar, panes, side panel, status bar."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, Qt, Signal
from PySide6.QtGui import QCloseEvent, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMainWindow,
    QVBoxLayout,
    QWidget,
)

from phidesk.core.models import ModelRef
from phidesk.core.settings import Settings, SettingsFile, WindowState
from phidesk.ui.chat_pane import ChatPane
from phidesk.ui.icons import app_icon
from phidesk.ui.load_banners import LoadBanners
from phidesk.ui.model_bar import ModelBar
from phidesk.ui.pages import Pages
from phidesk.ui.rail import Rail
from phidesk.ui.settings_dialogs import SettingsDialogs
from phidesk.ui.shortcuts import Shortcuts
from phidesk.ui.side_panel import SidePanel
from phidesk.ui.status_bar import StatusBar
from phidesk.ui.theme import SPACE_M, SPACE_S, Look, scaled
from phidesk.ui.thread.offers import ACTIONS, Act
from phidesk.ui.widgets import Banner, IconButton, frame
from phidesk.ui.window_dialogs import WindowDialogs
from phidesk.ui.window_keys import add_window_actions, attach_models, name_keys
from phidesk.viewmodels.chat import ChatViewModel
from phidesk.viewmodels.engine_session import EngineSession
from phidesk.viewmodels.gauges import GaugesViewModel
from phidesk.viewmodels.load_plan import LoadPlan
from phidesk.viewmodels.log import LogViewModel
from phidesk.viewmodels.models import ModelsViewModel
from phidesk.viewmodels.preferences import Preferences
from phidesk.viewmodels.privacy import PrivacyViewModel
from phidesk.viewmodels.prompting import Prompting
from phidesk.viewmodels.saving import saving_problem

if TYPE_CHECKING:
    from phidesk.core.trust import Trust
    from phidesk.ui.get_models.pane import GetModelsPane
    from phidesk.ui.log_pane import LogPane
    from phidesk.ui.models_pane import ModelsPane
    from phidesk.ui.quantize.pane import QuantizePane
    from phidesk.ui.statistics.pane import StatisticsPane
    from phidesk.viewmodels.chat_exchange import ChatExchange
    from phidesk.viewmodels.get_models import GetModelsViewModel
    from phidesk.viewmodels.library import LibraryViewModel
    from phidesk.viewmodels.quantize import QuantizeViewModel
    from phidesk.viewmodels.statistics import StatisticsViewModel
    from phidesk.viewmodels.trust import TrustViewModel

_CHAT, _MODELS, _QUANTIZE, _LOG, _GET, _STATISTICS = range(6)
_NARROW = 1000  # chats, panel and rail beside a thread that can still be read


class MainWindow(QMainWindow):
    """Arranges the panes and turns what the view-models say into banners."""

    closed = Signal()
    engines_requested = Signal()

    def __init__(
        self,
        session: EngineSession,
        models: ModelsViewModel,
        library: "Callable[[], LibraryViewModel]",
        load_plan: LoadPlan,
        chat: ChatViewModel,
        gauges: GaugesViewModel,
        quantize: "Callable[[], QuantizeViewModel]",
        trust: "Callable[[], TrustViewModel]",
        privacy: PrivacyViewModel,
        log: LogViewModel,
        look: Look,
        settings: Settings,
        settings_file: SettingsFile,
        get_models: "Callable[[], GetModelsViewModel]",
        statistics: "Callable[[], StatisticsViewModel]",
        exchange: "Callable[[], ChatExchange]",
        unsaved: Callable[[], bool],
        prompting: Prompting,
        preferences: Preferences,
    ) -> None:
        super().__init__()
        self._preferences = preferences
        self._session = session
        self._models = models
        self._load_plan = load_plan
        self._chat = chat
        self._gauges = gauges
        self._quantize = quantize
        self._trust = trust
        self._privacy = privacy
        self._look = look
        self._settings = settings
        self._settings_file = settings_file
        self.setWindowTitle("phidesk")
        self.setWindowIcon(app_icon())
        self.resize(1280, 800)
        self.setMinimumSize(760, 480)
        self.banner = Banner(look)
        self.keeping = Banner(look)
        self._unsaved = unsaved
        self._may_lose = False
        self._is_narrow = False
        self._page = _CHAT
        self.model_bar = ModelBar(session, models, load_plan, look)
        self._pages = Pages(
            chat,
            models,
            library,
            load_plan,
            gauges,
            quantize,
            log,
            look,
            get_models,
            statistics,
            prompting,
        )
        self._panel = SidePanel(gauges, prompting, look)
        self.status = StatusBar(session, gauges, prompting.meter, privacy, look)
        names = (
            self.tr("Chat"),
            self.tr("Models"),
            self.tr("Quantize"),
            self.tr("Log"),
            self.tr("Get models"),
            self.tr("Statistics"),
        )
        icons = ("chat", "models", "quantize", "log", "download", "statistics")
        self._rail = Rail(look, list(zip(icons, names, strict=True)))
        self.shortcuts = Shortcuts(settings.shortcuts, self)
        self.loads = LoadBanners(self, self.banner, session, models, load_plan, trust, look)
        self.dialogs = WindowDialogs(
            self, self.banner, self.shortcuts, privacy, trust, exchange, look
        )
        self.settings_dialogs = SettingsDialogs(
            self, self.dialogs, preferences, models, get_models, prompting.presets, look
        )
        self._build()
        self._connect(prompting)
        self._add_shortcuts()
        if settings_file.problem:
            self.banner.show_error(settings_file.problem)

    def restore(self, state: WindowState) -> None:
        """Be as the last window was; Qt keeps it on a screen that there is."""
        if state.geometry:
            self.restoreGeometry(QByteArray.fromBase64(state.geometry.encode()))
        self.chat_pane.side_frame.setVisible(state.shows_chats)

    def restore_page(self, state: WindowState) -> None:
        """Show the page that the last window showed, unless another was chosen by now."""
        if self._pages.currentWidget() is self._pages.chat and state.page in range(
            len(self._shows)
        ):
            self._shows[state.page]()

    def fit_screen(self) -> None:
        """Make room for the frame that the desktop drew around a window of the screen's size."""
        room, frame = self.screen().availableGeometry(), self.frameGeometry().size()
        over = frame - frame.boundedTo(room.size())
        if self.isMaximized() or self.isFullScreen() or over.isNull():
            return
        if self.size().boundedTo(room.size()) == self.size():
            self.resize(self.size() - over)
            self.move(room.topLeft())

    @property
    def state(self) -> WindowState:
        """How the window would be restored."""
        return WindowState(
            geometry=bytes(self.saveGeometry().toBase64().data()).decode(),
            page=self._page,
            shows_chats=not self.chat_pane.side_frame.isHidden(),
        )

    def come_forward(self) -> None:
        """Be in front, as far as the desktop lets a window."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def load_selected(self) -> None:
        """Load the model that is chosen, as the load options say."""
        request = self._load_plan.request()
        if request is not None:
            self._session.load(request)

    def warm_up(self) -> None:
        """Make what was left for later, in an idle moment."""
        self.chat_pane.thread_view  # noqa: B018 - made by the first look at it
        self._pages.models  # noqa: B018 - as well
        if not self._preferences.settings.first_run_done:
            self.settings_dialogs.welcome(self.chat_pane)
        self._trust()  # reading its rules takes some 40 ms

    @property
    def chat_pane(self) -> ChatPane:
        """The chat pane."""
        return self._pages.chat

    @property
    def models_pane(self) -> "ModelsPane":
        """The models pane."""
        return self._pages.models

    @property
    def log_pane(self) -> "LogPane":
        """The log pane."""
        return self._pages.log

    @property
    def quantize_pane(self) -> "QuantizePane":
        """The quantize pane."""
        return self._pages.quantize

    @property
    def get_models_pane(self) -> "GetModelsPane":
        """The pane where models come from."""
        return self._pages.get_models

    @property
    def statistics_pane(self) -> "StatisticsPane":
        """The pane of what the models have answered."""
        return self._pages.statistics

    def show_chat(self) -> None:
        """Show the chat pane."""
        self._show_page(_CHAT, self._pages.chat)

    def show_models(self) -> None:
        """Show the models pane."""
        self._show_page(_MODELS, self._pages.models)

    def show_quantize(self) -> None:
        """Show the quantize pane."""
        self._show_page(_QUANTIZE, self._pages.quantize)

    def show_concerns(self, trust: "Trust") -> None:
        """Mark a model with what a closer look has found."""
        self._pages.models.details.show_concerns(trust.path, trust.concerns)

    def show_log(self) -> None:
        """Show the log pane."""
        self._show_page(_LOG, self._pages.log)

    def show_get_models(self) -> None:
        """Show the pane where models come from."""
        self._show_page(_GET, self._pages.get_models)

    def show_statistics(self) -> None:
        """Show what the models have answered over time."""
        self._show_page(_STATISTICS, self._pages.statistics)

    def show_keeping(self, trouble: str) -> None:
        """Say why chats cannot be saved, "" once they can, until that changes."""
        if trouble:
            self.keeping.show_warning(trouble)
        else:
            self.keeping.hide()

    def show_percent(self, percent: int | None) -> None:
        """Say in the title how far long jobs are; None for none."""
        words = self.tr("{0} % – phidesk")
        self.setWindowTitle("phidesk" if percent is None else words.format(percent))

    def show_crash(self, report: str) -> None:
        """Say that the last window did not end by being closed, and offer what it left."""
        banner = Banner(self._look)
        under_the_bar = 1
        self._middle.insertWidget(under_the_bar, banner)
        words = self.tr("phidesk ended unexpectedly last time.")
        show = (self.tr("Show report"), lambda: self.dialogs.show_crash(report))
        banner.show_warning(words, [show])

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """Go at once; what runs is ended behind the scenes. Ask first where words would be lost."""
        if self._unsaved() and not self._may_lose:
            event.ignore()
            self.dialogs.ask_to_lose(self.keeping.text, self._on_leave)
            return
        event.accept()
        self.closed.emit()

    def focusNextPrevChild(self, forwards: bool) -> bool:  # noqa: N802
        """Go with Tab from part to part as they are laid out, not as they were made."""
        from phidesk.ui.tab_order import focus_next

        return focus_next(self, forwards=forwards)

    def _on_leave(self) -> None:
        self._may_lose = True
        self.close()

    def _build(self) -> None:
        bar = frame("bar")
        row = QHBoxLayout(bar)
        row.setContentsMargins(SPACE_M, SPACE_S, SPACE_M, SPACE_S)
        self._side_button = IconButton(self._look, "sidebar", self.tr("Chats"))
        self._side_button.clicked.connect(self.toggle_side)
        self._panel_button = IconButton(self._look, "panel", self.tr("Gauges and parameters"))
        self._panel_button.clicked.connect(self.toggle_panel)
        row.addWidget(self._side_button)
        row.addStretch(1)
        row.addWidget(self.model_bar)
        row.addStretch(1)
        row.addWidget(self._panel_button)
        self._middle = middle = QVBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(bar)
        middle.addWidget(self.keeping)
        middle.addWidget(self.banner)
        middle.addWidget(self._pages, 1)
        upper = QHBoxLayout()
        upper.setSpacing(0)
        upper.addWidget(self._rail)
        upper.addLayout(middle, 1)
        upper.addWidget(self._panel)
        whole = QVBoxLayout()
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(upper, 1)
        whole.addWidget(self.status)
        centre = QWidget()
        centre.setLayout(whole)
        self.setCentralWidget(centre)
        self._panel.setVisible(self._settings.show_panel)

    def _connect(self, prompting: Prompting) -> None:
        self._shows = (
            self.show_chat,
            self.show_models,
            self.show_quantize,
            self.show_log,
            self.show_get_models,
            self.show_statistics,
        )
        self._rail.page_chosen.connect(lambda page: self._shows[page]())
        self._rail.theme_toggled.connect(self._on_theme_toggled)
        self.settings_dialogs.get_requested.connect(self.show_get_models)
        self.settings_dialogs.add_folder_requested.connect(self._on_add_folder)
        self._rail.settings_requested.connect(self.settings_dialogs.show_settings)
        self.model_bar.load_requested.connect(self.load_selected)
        self.model_bar.add_folder_requested.connect(self._on_add_folder)
        self._pages.add_folder_requested.connect(self._on_add_folder)
        self._pages.load_requested.connect(self._on_load_from_list)
        self._pages.load_anyway_requested.connect(self._on_load_anyway)
        self._pages.quantize_requested.connect(self._on_quantize_requested)
        self._pages.trust_requested.connect(self.loads.show_trust_of_selected)
        self._pages.engines_requested.connect(self.engines_requested)
        self._pages.report_requested.connect(self._on_report_requested)
        self._pages.said.connect(self.banner.show_info)
        self._pages.chat_requested.connect(self._on_chat_requested)
        self._pages.get_requested.connect(self.show_get_models)
        self._pages.show_requested.connect(self._on_show_requested)
        self.chat_pane.link_activated.connect(self.dialogs.show_link)
        self.chat_pane.load_requested.connect(self._on_chat_requested)
        self.chat_pane.context_wanted.connect(self.loads.load_with_context)
        self._chat.model_needed.connect(self.load_selected)
        self._chat.failed.connect(self.banner.show_error)
        self._chat.list.import_requested.connect(self.dialogs.import_chats)
        self._chat.list.export_requested.connect(self.dialogs.export_chats)
        self.status.explained.connect(self.banner.show_warning)
        self.status.shield.clicked.connect(self.dialogs.show_privacy)
        self._preferences.failed.connect(self.banner.show_error)
        self._privacy.failed.connect(self.banner.show_error)
        self._load_plan.failed.connect(self.banner.show_error)
        for said in (prompting.draft.failed, prompting.context.failed,
                     prompting.presets.failed, prompting.prompts.failed):  # fmt: skip
            said.connect(self.banner.show_error)
        self._models.failed.connect(self.banner.show_error)

    def _add_shortcuts(self) -> None:
        add_window_actions(self, self._chat)
        name_keys(self.shortcuts, self.chat_pane, self._rail)
        self.shortcuts.follow("view.chats", self.tr("Chats"), self._side_button.rename)
        words = self.tr("Gauges and parameters")
        self.shortcuts.follow("view.panel", words, self._panel_button.rename)
        self.shortcuts.changed.connect(self._save_settings)
        self._pages.models_made.connect(lambda pane: attach_models(self.shortcuts, pane))
        self._pages.log_made.connect(lambda pane: self.shortcuts.attach("log.find", pane.find_keys))
        self.chat_pane.keys_of = self.chat_pane.actions_offered.keys_of = self._keys_of
        self.chat_pane.actions_offered.keep_keys = lambda: self.shortcuts.keys_of("edit.keep")

    def _keys_of(self, act: Act) -> str:
        return self.shortcuts.keys_of(ACTIONS.get(act, ""))

    def _on_load_from_list(self) -> None:
        is_refused = self._load_plan.shortage is not None
        self.load_selected()
        if not is_refused:  # else the way out is beside the estimate
            self.show_chat()

    def _on_load_anyway(self) -> None:
        shortage = self._load_plan.shortage
        if shortage is not None and shortage.anyway is not None:
            self._session.load(shortage.anyway)

    def _on_add_folder(self) -> None:
        from PySide6.QtWidgets import QFileDialog

        folder = QFileDialog.getExistingDirectory(self, self.tr("A folder with models"))
        if folder:
            self._models.add_folder(folder)
            if self._pages.currentWidget() is self._pages.chat:
                self.show_models()

    def _on_quantize_requested(self) -> None:
        if self._models.selected is not None:
            self.show_quantize()
            self._quantize().begin(self._models.selected)

    def _on_report_requested(self) -> None:
        if self._models.selected is not None:
            self.show_quantize()
            self._quantize().show_report(self._models.selected)

    def _on_chat_requested(self, model: ModelRef) -> None:
        self._models.select(model)
        self._on_load_from_list()

    def _on_show_requested(self, path: str) -> None:
        model = self._models.find(path)
        if model is not None:
            self._models.select(model)
        self.show_models()

    def _on_theme_toggled(self) -> None:
        self._preferences.set_theme(self._look.toggle())

    def _show_page(self, number: int, page: QWidget) -> None:
        self._page = number
        self._pages.setCurrentWidget(page)
        self._rail.show_page(number)
        self._panel.show_chat_part(number == _CHAT)

    def fill(self) -> None:
        """Make what stands beside the thread, once the window is up."""
        self._panel.fill()
        self.chat_pane.side.show()

    def search_chats(self) -> None:
        """Go to the field that searches all chats."""
        self.show_chat()
        self.chat_pane.side_frame.show()
        self.chat_pane.side.search()

    def toggle_side(self) -> None:
        """Show or hide the list of chats."""
        frame = self.chat_pane.side_frame
        frame.setVisible(not frame.isVisible())

    def toggle_panel(self) -> None:
        """Show or hide the panel at the right edge."""
        shown = not self._panel.isVisible()
        self._panel.setVisible(shown)
        if not self._is_narrow:  # there it is but for a look
            self._settings.show_panel = shown
            self._save_settings()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Leave the room to the chat where there is little."""
        super().resizeEvent(event)
        is_narrow = self.width() < scaled(_NARROW)
        if is_narrow != self._is_narrow:
            self._is_narrow = is_narrow
            self._panel.setVisible(self._settings.show_panel and not is_narrow)

    def _save_settings(self) -> None:
        if problem := saving_problem(self._settings_file, self._settings):
            self.banner.show_error(problem)

"""The window: rail, model bar, panes, side panel, status bar."""

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QMainWindow,
    QMessageBox,
    QVBoxLayout,
    QWidget,
)

from phidesk.core.models import ModelRef
from phidesk.core.settings import Settings, SettingsFile
from phidesk.ui.chat_pane import ChatPane
from phidesk.ui.icons import app_icon
from phidesk.ui.model_bar import ModelBar
from phidesk.ui.pages import Pages
from phidesk.ui.rail import Rail
from phidesk.ui.shortcuts import Shortcuts
from phidesk.ui.side_panel import SidePanel
from phidesk.ui.status_bar import StatusBar
from phidesk.ui.theme import SPACE_M, SPACE_S, Look
from phidesk.ui.thread.offers import ACTIONS
from phidesk.ui.widgets import Banner, IconButton, frame
from phidesk.ui.window_keys import add_window_actions, fixed_keys
from phidesk.ui.wording import left_text, returned_text
from phidesk.viewmodels.chat import ChatViewModel
from phidesk.viewmodels.engine_session import EngineSession, EngineState
from phidesk.viewmodels.gauges import GaugesViewModel
from phidesk.viewmodels.load_plan import LoadPlan
from phidesk.viewmodels.load_request import Failure, LoadRequest
from phidesk.viewmodels.log import LogViewModel
from phidesk.viewmodels.memory import MemoryReturn
from phidesk.viewmodels.models import ModelsViewModel
from phidesk.viewmodels.privacy import PrivacyViewModel
from phidesk.viewmodels.prompting import Prompting
from phidesk.viewmodels.saving import saving_problem

if TYPE_CHECKING:
    from phidesk.core.trust import Trust
    from phidesk.ui.chats.exchange import ExchangeDialogs
    from phidesk.ui.get_models.pane import GetModelsPane
    from phidesk.ui.log_pane import LogPane
    from phidesk.ui.models_pane import ModelsPane
    from phidesk.ui.quantize.pane import QuantizePane
    from phidesk.ui.statistics.pane import StatisticsPane
    from phidesk.viewmodels.chat_exchange import ChatExchange
    from phidesk.viewmodels.conversation import Conversation
    from phidesk.viewmodels.get_models import GetModelsViewModel
    from phidesk.viewmodels.library import LibraryViewModel
    from phidesk.viewmodels.quantize import QuantizeViewModel
    from phidesk.viewmodels.statistics import StatisticsViewModel
    from phidesk.viewmodels.trust import TrustViewModel

_CHAT, _MODELS, _QUANTIZE, _LOG, _GET, _STATISTICS = range(6)


class MainWindow(QMainWindow):
    """Arranges the panes and turns what the view-models say into banners."""

    closed = Signal()

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
    ) -> None:
        super().__init__()
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
        self._exchange = exchange
        self._unsaved = unsaved
        self._may_lose = False
        self._instead = ""
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
        self._build()
        self._connect(prompting)
        self.shortcuts = Shortcuts(settings.shortcuts, self)
        self._add_shortcuts()
        if settings_file.problem:
            self.banner.show_error(settings_file.problem)

    def load_selected(self) -> None:
        """Load the model that is chosen, as the load options say."""
        request = self._load_plan.request()
        if request is not None:
            self._session.load(request)

    def say_instead(self, words: str) -> None:
        """Say why another model than the wanted one is loaded: once it is, if there is one."""
        if self._models.selected is None:
            self.banner.show_error(words)
        else:
            self._instead = self.tr("{0} “{1}” is loaded in its place.").format(
                words, self._models.selected.name
            )

    def warm_up(self) -> None:
        """Make what was left for later, in an idle moment."""
        self.chat_pane.thread_view  # noqa: B018 - made by the first look at it
        self._pages.models  # noqa: B018 - as well
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

    def show_shortcuts(self) -> None:
        """Show the keyboard shortcuts, and let them be changed."""
        from phidesk.ui.shortcuts_dialog import ShortcutsDialog

        ShortcutsDialog(self.shortcuts, fixed_keys(self), self).open()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """Go at once; what runs is ended behind the scenes. Ask first where words would be lost."""
        if self._unsaved() and not self._may_lose:
            event.ignore()
            self._ask_to_lose()
            return
        event.accept()
        self.closed.emit()

    def focusNextPrevChild(self, forwards: bool) -> bool:  # noqa: N802
        """Go with Tab from part to part as they are laid out, not as they were made."""
        from phidesk.ui.tab_order import focus_next

        return focus_next(self, forwards=forwards)

    def _ask_to_lose(self) -> None:
        box = QMessageBox(self)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setWindowTitle(self.tr("Not saved"))
        box.setText(self.tr("What was last said is not saved, and would be lost."))
        box.setInformativeText(self.keeping.text)
        stay = box.addButton(self.tr("Keep open"), QMessageBox.ButtonRole.RejectRole)
        leave = box.addButton(self.tr("Close and lose it"), QMessageBox.ButtonRole.DestructiveRole)
        box.setDefaultButton(stay)
        leave.clicked.connect(self._on_leave)
        box.open()

    def _on_leave(self) -> None:
        self._may_lose = True
        self.close()

    def _build(self) -> None:
        bar = frame("bar")
        row = QHBoxLayout(bar)
        row.setContentsMargins(SPACE_M, SPACE_S, SPACE_M, SPACE_S)
        self._side_button = IconButton(self._look, "sidebar", self.tr("Chats (Ctrl+B)"))
        self._side_button.clicked.connect(self.toggle_side)
        self._panel_button = IconButton(self._look, "panel", self.tr("Gauges and parameters"))
        self._panel_button.clicked.connect(self.toggle_panel)
        row.addWidget(self._side_button)
        row.addStretch(1)
        row.addWidget(self.model_bar)
        row.addStretch(1)
        row.addWidget(self._panel_button)
        middle = QVBoxLayout()
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
        shows = (
            self.show_chat,
            self.show_models,
            self.show_quantize,
            self.show_log,
            self.show_get_models,
            self.show_statistics,
        )
        self._rail.page_chosen.connect(lambda page: shows[page]())
        self._rail.theme_toggled.connect(self._on_theme_toggled)
        self.model_bar.load_requested.connect(self.load_selected)
        self.model_bar.add_folder_requested.connect(self._on_add_folder)
        self._pages.add_folder_requested.connect(self._on_add_folder)
        self._pages.load_requested.connect(self._on_load_from_list)
        self._pages.load_anyway_requested.connect(self._on_load_anyway)
        self._pages.quantize_requested.connect(self._on_quantize_requested)
        self._pages.trust_requested.connect(self._on_trust_requested)
        self._pages.report_requested.connect(self._on_report_requested)
        self._pages.said.connect(self.banner.show_info)
        self._pages.chat_requested.connect(self._on_chat_requested)
        self._pages.get_requested.connect(self.show_get_models)
        self._pages.show_requested.connect(self._on_show_requested)
        self.chat_pane.link_activated.connect(self._on_link)
        self.chat_pane.load_requested.connect(self._on_chat_requested)
        self._chat.model_needed.connect(self.load_selected)
        self._chat.failed.connect(self.banner.show_error)
        self._session.state_changed.connect(self._on_state_changed)
        self._session.load_refused.connect(self._on_load_refused)
        self._session.failure_detailed.connect(self._on_failure_detailed)
        self._chat.list.import_requested.connect(self._on_import_requested)
        self._chat.list.export_requested.connect(self._on_export_requested)
        self.status.explained.connect(self.banner.show_warning)
        self.status.shield.clicked.connect(self._on_shield_clicked)
        self._privacy.failed.connect(self.banner.show_error)
        self._load_plan.failed.connect(self.banner.show_error)
        self._session.memory_returned.connect(self._on_memory_returned)
        for said in (prompting.draft.failed, prompting.context.failed, prompting.options.failed,
                     prompting.presets.failed, prompting.prompts.failed):  # fmt: skip
            said.connect(self.banner.show_error)
        self._models.selection_changed.connect(self._on_selection_changed)
        self._models.failed.connect(self.banner.show_error)

    def _add_shortcuts(self) -> None:
        add_window_actions(self, self._chat)
        self.shortcuts.changed.connect(self._save_settings)
        self.chat_pane.keys_of = lambda act: self.shortcuts.keys_of(ACTIONS.get(act, ""))

    def _on_state_changed(self) -> None:
        failure, request = self._session.failure, self._session.request
        is_ready = self._session.state is EngineState.READY
        self._load_plan.set_loaded(request if is_ready else None)
        match self._session.state:
            case EngineState.FAILED if failure is not None:
                self._show_failure(failure)
            case EngineState.LOADING:
                self.banner.hide()
            case EngineState.READY:
                self.banner.hide()
                if self._session.fallback and self._session.engine is not None:
                    words = self.tr("Loaded with {0}. {1}")
                    engine = self._session.engine.label
                    self.banner.show_warning(words.format(engine, self._session.fallback))
                    self.banner.about = request.model.path if request is not None else ""
                elif self._instead:
                    self.banner.show_warning(self._instead)
                self._instead = ""
            case _:
                pass

    def _show_failure(self, failure: Failure) -> None:
        actions: list[tuple[str, Callable[[], None]]]
        actions = [(self.tr("Reload"), self._session.reload)]
        if failure.needs_consent:
            actions = self._ways_to_agree(self._session.request)
        elif failure.retry is not None or failure.anyway is not None:
            actions = self._ways_out(failure)
        text = failure.message
        if failure.returned is not None:
            text = f"{text} {left_text(self, failure.returned)}"
        self.banner.show_error(text, failure.details, actions)
        request = self._session.request
        self.banner.about = request.model.path if request is not None else ""

    def _ways_to_agree(self, request: LoadRequest | None) -> list[tuple[str, Callable[[], None]]]:
        if request is None:
            return []
        agreed = replace(request, without_code=True)
        return [
            (self.tr("What was found…"), lambda: self._show_trust(request)),
            (self.tr("Load once"), lambda: self._session.load(agreed)),
        ]

    def _show_trust(self, request: LoadRequest) -> None:
        from phidesk.ui.trust_dialog import TrustDialog

        dialog = TrustDialog(self._trust(), request.model, self._look, self)
        dialog.load_requested.connect(
            lambda once: self._session.load(replace(request, without_code=once))
        )
        dialog.open()

    def _on_selection_changed(self) -> None:
        model = self._models.selected
        if self.banner.about and (model is None or model.path != self.banner.about):
            self.banner.hide()  # it is about another one
        if model is not None and not model.is_starter and not model.problem:
            self._trust().look(model)

    def _on_trust_requested(self) -> None:
        request = self._load_plan.request()
        if request is not None:
            self._show_trust(request)

    def _on_shield_clicked(self) -> None:
        from phidesk.ui.privacy_dialog import PrivacyDialog

        PrivacyDialog(self._privacy, self._trust(), self._look, self).open()

    def _ways_out(self, failure: Failure) -> list[tuple[str, Callable[[], None]]]:
        found: list[tuple[str, Callable[[], None]]] = []
        retry, anyway = failure.retry, failure.anyway
        if retry is not None and retry.context_length is not None:
            words = self.tr("Load with a context of {0} tokens")
            text = words.format(f"{retry.context_length:,}")
            found.append((text, lambda: self._on_retry(retry)))
        if anyway is not None:
            found.append((self.tr("Load anyway"), lambda: self._session.load(anyway)))
        return found

    def _on_retry(self, request: LoadRequest) -> None:
        if self._models.selected == request.model:
            self._load_plan.set_context(request.context_length)
        self._session.load(request)

    def _on_load_refused(self, failure: Failure) -> None:
        if failure.needs_consent:
            actions = self._ways_to_agree(failure.retry)
        else:
            actions = self._ways_out(failure)
        self.banner.show_error(failure.message, failure.details, actions)
        if self._models.selected is not None:
            self.banner.about = self._models.selected.path

    def _on_failure_detailed(self) -> None:
        failure = self._session.failure
        if failure is not None and self.banner.isVisible():
            self._show_failure(failure)

    def _on_memory_returned(self, returned: MemoryReturn) -> None:
        self.banner.show_info(returned_text(self, returned))

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

    def _on_link(self, url: QUrl) -> None:
        from phidesk.ui.link_dialog import LinkDialog

        LinkDialog(url, self).open()

    @cached_property
    def exchange_dialogs(self) -> "ExchangeDialogs":
        """The dialogs of import and export, made when they are first asked for."""
        from phidesk.ui.chats.exchange import ExchangeDialogs

        exchange = self._exchange()
        exchange.done.connect(self.banner.show_info)
        exchange.failed.connect(self.banner.show_error)
        return ExchangeDialogs(exchange, self)

    def _on_import_requested(self) -> None:
        self.exchange_dialogs.import_chats()

    def _on_export_requested(self, chats: "list[Conversation]") -> None:
        self.exchange_dialogs.export_chats(chats)

    def _on_theme_toggled(self) -> None:
        self._settings.theme = self._look.toggle()
        self._save_settings()

    def _show_page(self, number: int, page: QWidget) -> None:
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
        self.chat_pane.side.search()

    def toggle_side(self) -> None:
        """Show or hide the list of chats."""
        frame = self.chat_pane.side_frame
        frame.setVisible(not frame.isVisible())

    def toggle_panel(self) -> None:
        """Show or hide the panel at the right edge."""
        self._settings.show_panel = not self._panel.isVisible()
        self._panel.setVisible(self._settings.show_panel)
        self._save_settings()

    def _save_settings(self) -> None:
        if problem := saving_problem(self._settings_file, self._settings):
            self.banner.show_error(problem)

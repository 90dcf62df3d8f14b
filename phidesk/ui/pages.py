"""The pages of the window, each made when it is first shown."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget

from phidesk.ui.chat_pane import ChatPane
from phidesk.ui.theme import Look
from phidesk.viewmodels.chat import ChatViewModel
from phidesk.viewmodels.gauges import GaugesViewModel
from phidesk.viewmodels.load_plan import LoadPlan
from phidesk.viewmodels.log import LogViewModel
from phidesk.viewmodels.models import ModelsViewModel
from phidesk.viewmodels.prompting import Prompting

if TYPE_CHECKING:
    from phidesk.ui.get_models.pane import GetModelsPane
    from phidesk.ui.log_pane import LogPane
    from phidesk.ui.models_pane import ModelsPane
    from phidesk.ui.quantize.pane import QuantizePane
    from phidesk.ui.statistics.pane import StatisticsPane
    from phidesk.viewmodels.get_models import GetModelsViewModel
    from phidesk.viewmodels.library import LibraryViewModel
    from phidesk.viewmodels.quantize import QuantizeViewModel
    from phidesk.viewmodels.statistics import StatisticsViewModel


class Pages(QStackedWidget):
    """All panes, each made when it is first shown: a window with the chat alone is up sooner."""

    load_requested = Signal()
    load_anyway_requested = Signal()
    add_folder_requested = Signal()
    quantize_requested = Signal()
    chat_requested = Signal(object)
    """a ModelRef, to be loaded and talked to"""
    report_requested = Signal()
    get_requested = Signal()
    show_requested = Signal(str)
    """the path of a model, to be shown in the list"""
    trust_requested = Signal()
    engines_requested = Signal()
    models_made = Signal(object)
    log_made = Signal(object)
    """a pane is there that has keys of its own"""
    said = Signal(str)
    """what has happened, for a person"""

    def __init__(
        self,
        chat: ChatViewModel,
        models: ModelsViewModel,
        library: "Callable[[], LibraryViewModel]",
        load_plan: LoadPlan,
        gauges: GaugesViewModel,
        quantize: "Callable[[], QuantizeViewModel]",
        log: LogViewModel,
        look: Look,
        get_models: "Callable[[], GetModelsViewModel]",
        statistics: "Callable[[], StatisticsViewModel]",
        prompting: Prompting,
    ) -> None:
        super().__init__()
        self._models = models
        self._library = library
        self._load_plan = load_plan
        self._gauges = gauges
        self._quantize = quantize
        self._log = log
        self._look = look
        self._get_models = get_models
        self._statistics = statistics
        self._statistics_pane: StatisticsPane | None = None
        self._get_models_pane: GetModelsPane | None = None
        self._log_pane: LogPane | None = None
        self._models_pane: ModelsPane | None = None
        self._quantize_pane: QuantizePane | None = None
        self.chat = ChatPane(chat, models, prompting, look)
        self.chat.add_folder_requested.connect(self.add_folder_requested)
        self.addWidget(self.chat)

    @property
    def models(self) -> "ModelsPane":
        """The models pane."""
        if self._models_pane is None:
            from phidesk.ui.models_pane import ModelsPane

            self._models_pane = pane = ModelsPane(
                self._models, self._library(), self._load_plan, self._gauges, self._look
            )
            pane.said.connect(self.said)
            pane.load_requested.connect(self.load_requested)
            pane.load_anyway_requested.connect(self.load_anyway_requested)
            pane.add_folder_requested.connect(self.add_folder_requested)
            pane.quantize_requested.connect(self.quantize_requested)
            pane.report_requested.connect(self.report_requested)
            pane.get_requested.connect(self.get_requested)
            pane.trust_requested.connect(self.trust_requested)
            pane.engines_requested.connect(self.engines_requested)
            self.addWidget(pane)
            self.models_made.emit(pane)
        return self._models_pane

    @property
    def quantize(self) -> "QuantizePane":
        """The quantize pane."""
        if self._quantize_pane is None:
            from phidesk.ui.quantize.pane import QuantizePane

            self._quantize_pane = pane = QuantizePane(self._quantize(), self._models, self._look)
            pane.add_folder_requested.connect(self.add_folder_requested)
            pane.chat_requested.connect(self.chat_requested)
            self.addWidget(pane)
        return self._quantize_pane

    @property
    def get_models(self) -> "GetModelsPane":
        """The pane where models come from."""
        if self._get_models_pane is None:
            from phidesk.ui.get_models.pane import GetModelsPane

            get = self._get_models()
            self._get_models_pane = pane = GetModelsPane(get, self._look)
            pane.show_requested.connect(self.show_requested)
            self.addWidget(pane)
            get.downloads.find_unfinished()
        return self._get_models_pane

    @property
    def statistics(self) -> "StatisticsPane":
        """The pane of what the models have answered; its figures are those of now."""
        if self._statistics_pane is None:
            from phidesk.ui.statistics.pane import StatisticsPane

            self._statistics_pane = StatisticsPane(self._statistics(), self._look)
            self.addWidget(self._statistics_pane)
        self._statistics().refresh()
        return self._statistics_pane

    @property
    def log(self) -> "LogPane":
        """The log pane."""
        if self._log_pane is None:
            from phidesk.ui.log_pane import LogPane

            self._log_pane = LogPane(self._log, self._look)
            self.addWidget(self._log_pane)
            self.log_made.emit(self._log_pane)
        return self._log_pane

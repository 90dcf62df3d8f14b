"""The window: rail, model bar, panes, side panel, status bar."""

from collections.abc import Callable

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QCloseEvent, QDesktopServices, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QButtonGroup,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QMainWindow,
    QMessageBox,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from phidesk.core.settings import Settings, SettingsFile
from phidesk.ui.chat_pane import ChatPane
from phidesk.ui.format import size
from phidesk.ui.gauges_pane import GaugesPane
from phidesk.ui.icons import app_icon
from phidesk.ui.model_bar import ModelBar
from phidesk.ui.parameters import ParametersForm
from phidesk.ui.status_bar import StatusBar
from phidesk.ui.theme import SPACE_L, SPACE_M, SPACE_S, SPACE_XS, Look
from phidesk.ui.widgets import Banner, IconButton, frame, label
from phidesk.viewmodels.chat import ChatViewModel
from phidesk.viewmodels.engine_session import EngineSession, EngineState, LoadRequest
from phidesk.viewmodels.gauges import GaugesViewModel
from phidesk.viewmodels.memory import MemoryReturn
from phidesk.viewmodels.models import ModelsViewModel

_PANEL_WIDTH = 300


class MainWindow(QMainWindow):
    """Arranges the panes and turns what the view-models say into banners."""

    closed = Signal()

    def __init__(
        self,
        session: EngineSession,
        models: ModelsViewModel,
        chat: ChatViewModel,
        gauges: GaugesViewModel,
        look: Look,
        settings: Settings,
        settings_file: SettingsFile,
    ) -> None:
        super().__init__()
        self._session = session
        self._models = models
        self._chat = chat
        self._gauges = gauges
        self._look = look
        self._settings = settings
        self._settings_file = settings_file
        self.setWindowTitle("phidesk")
        self.setWindowIcon(app_icon())
        self.resize(1280, 800)
        self.setMinimumSize(760, 480)
        self.banner = Banner(look)
        self.chat_pane = ChatPane(chat, models, look)
        self._models_pane: QWidget | None = None
        self.model_bar = ModelBar(session, models, look)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.chat_pane)
        self._panel = self._make_panel()
        self._build()
        self._connect()
        self._add_shortcuts()

    def load_selected(self) -> None:
        """Load the model that is chosen, as the load options say."""
        model = self._models.selected
        if model is not None:
            request = LoadRequest(model, self._models.engine, self._models.context_length)
            self._session.load(request)

    def warm_up(self) -> None:
        """Make what was left for later, in an idle moment."""
        self.chat_pane.thread_view  # noqa: B018 - made by the first look at it
        self._make_models_pane()

    def show_models(self) -> None:
        """Show the models pane."""
        self._pages.setCurrentWidget(self._make_models_pane())

    def show_chat(self) -> None:
        """Show the chat pane."""
        self._pages.setCurrentWidget(self.chat_pane)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """Go at once; what runs is ended behind the scenes."""
        event.accept()
        self.closed.emit()

    def _build(self) -> None:
        bar = frame("bar")
        row = QHBoxLayout(bar)
        row.setContentsMargins(SPACE_M, SPACE_S, SPACE_M, SPACE_S)
        self._side_button = IconButton(self._look, "sidebar", self.tr("Chats (Ctrl+B)"))
        self._side_button.clicked.connect(self._toggle_side)
        self._panel_button = IconButton(self._look, "panel", self.tr("Gauges and parameters"))
        self._panel_button.clicked.connect(self._toggle_panel)
        row.addWidget(self._side_button)
        row.addStretch(1)
        row.addWidget(self.model_bar)
        row.addStretch(1)
        row.addWidget(self._panel_button)
        middle = QVBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(bar)
        middle.addWidget(self.banner)
        middle.addWidget(self._pages, 1)
        upper = QHBoxLayout()
        upper.setSpacing(0)
        upper.addWidget(self._make_rail())
        upper.addLayout(middle, 1)
        upper.addWidget(self._panel)
        whole = QVBoxLayout()
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(upper, 1)
        whole.addWidget(StatusBar(self._session, self._gauges))
        centre = QWidget()
        centre.setLayout(whole)
        self.setCentralWidget(centre)
        self._panel.setVisible(self._settings.show_panel)

    def _make_models_pane(self) -> QWidget:
        if self._models_pane is None:
            from phidesk.ui.models_pane import ModelsPane

            pane = ModelsPane(self._models, self._look)
            pane.load_requested.connect(self._on_load_from_list)
            pane.add_folder_requested.connect(self._on_add_folder)
            self._pages.addWidget(pane)
            self._models_pane = pane
        return self._models_pane

    def _make_rail(self) -> QFrame:
        rail = frame("rail")
        column = QVBoxLayout(rail)
        column.setContentsMargins(SPACE_S, SPACE_M, SPACE_S, SPACE_M)
        column.setSpacing(SPACE_XS)
        group = QButtonGroup(rail)
        for page, (icon, name) in enumerate(
            (("chat", self.tr("Chat")), ("models", self.tr("Models")))
        ):
            button = IconButton(self._look, icon, name, size=24)
            button.setCheckable(True)
            button.setChecked(page == 0)
            group.addButton(button, page)
            column.addWidget(button)
        group.button(0).clicked.connect(self.show_chat)
        group.button(1).clicked.connect(self.show_models)
        self._pages.currentChanged.connect(lambda page: group.button(page).setChecked(True))
        column.addStretch(1)
        self._theme_button = IconButton(self._look, "moon", self.tr("Light or dark"), size=22)
        self._theme_button.clicked.connect(self._on_theme_clicked)
        column.addWidget(self._theme_button)
        return rail

    def _make_panel(self) -> QWidget:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_L)
        column.setSpacing(SPACE_M)
        column.addWidget(GaugesPane(self._gauges, self._look))
        column.addSpacing(SPACE_M)
        column.addWidget(label(self.tr("This chat"), "title"))
        column.addWidget(ParametersForm(self._chat))
        column.addStretch(1)
        panel = QScrollArea()
        panel.setWidget(inside)
        panel.setWidgetResizable(True)
        panel.setFixedWidth(_PANEL_WIDTH)
        panel.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        panel.setObjectName("panel")
        return panel

    def _connect(self) -> None:
        self.model_bar.load_requested.connect(self.load_selected)
        self.model_bar.add_folder_requested.connect(self._on_add_folder)
        self.chat_pane.add_folder_requested.connect(self._on_add_folder)
        self.chat_pane.link_activated.connect(self._on_link)
        self._chat.model_needed.connect(self.load_selected)
        self._session.state_changed.connect(self._on_state_changed)
        self._session.load_refused.connect(
            lambda failure: self.banner.show_error(failure.message, failure.details, [])
        )
        self._session.memory_returned.connect(self._on_memory_returned)
        self._models.failed.connect(lambda text: self.banner.show_error(text, "", []))
        self._look.changed.connect(self._show_theme)
        self._show_theme()

    def _add_shortcuts(self) -> None:
        for keys, act in (
            ("Ctrl+N", self._chat.new_conversation),
            ("Ctrl+B", self._toggle_side),
            ("Esc", self._chat.stop),
            ("Ctrl+R", self._chat.regenerate),
            ("Ctrl+1", self.show_chat),
            ("Ctrl+2", self.show_models),
            ("Ctrl+Q", self.close),
        ):
            QShortcut(QKeySequence(keys), self).activated.connect(act)

    def _on_state_changed(self) -> None:
        failure = self._session.failure
        match self._session.state:
            case EngineState.FAILED if failure is not None:
                actions: list[tuple[str, Callable[[], None]]]
                actions = [(self.tr("Reload"), self._session.reload)]
                if failure.can_load_without_code:
                    words = self.tr("Load without its code")
                    actions = [(words, lambda: self._session.reload(without_code=True))]
                self.banner.show_error(failure.message, failure.details, actions)
            case EngineState.LOADING | EngineState.READY:
                self.banner.hide()
            case _:
                pass

    def _on_memory_returned(self, returned: MemoryReturn) -> None:
        freed = size(returned.ram_freed)
        if returned.gpu_freed:
            freed = self.tr("{0} of GPU memory and {1}").format(size(returned.gpu_freed), freed)
        words = self.tr(
            "Ejected: {0} given back, {1} engine processes left. "
            "Memory in use: {2} before the load, {3} now."
        ).format(
            freed,
            returned.processes_left,
            size(returned.used_before_load),
            size(returned.used_now),
        )
        self.banner.show_info(words)

    def _on_load_from_list(self) -> None:
        self.load_selected()
        self.show_chat()

    def _on_add_folder(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, self.tr("A folder with models"))
        if folder:
            self._models.add_folder(folder)
            self.show_models()

    def _on_link(self, url: QUrl) -> None:
        answer = QMessageBox.question(
            self,
            self.tr("Open a link"),
            self.tr("Open this address in your browser?\n\n{0}").format(url.toDisplayString()),
        )
        if answer is QMessageBox.StandardButton.Yes:
            QDesktopServices.openUrl(url)

    def _on_theme_clicked(self) -> None:
        self._settings.theme = self._look.toggle()
        self._save_settings()

    def _show_theme(self) -> None:
        self._theme_button.set_icon_name("sun" if self._look.theme.is_dark else "moon")

    def _toggle_side(self) -> None:
        self.chat_pane.side.setVisible(not self.chat_pane.side.isVisible())

    def _toggle_panel(self) -> None:
        self._settings.show_panel = not self._panel.isVisible()
        self._panel.setVisible(self._settings.show_panel)
        self._save_settings()

    def _save_settings(self) -> None:
        try:
            self._settings_file.save(self._settings)
        except OSError as error:
            words = self.tr("Your settings cannot be saved: {0}").format(error)
            self.banner.show_error(words, "", [])

"""The model selector at the top of the window, with Load, Cancel and Eject."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QProgressBar, QPushButton, QWidget

from phidesk.core.models import ModelRef
from phidesk.ui.icons import tinted_icon
from phidesk.ui.theme import SPACE_S, Look
from phidesk.ui.widgets import label
from phidesk.ui.wording import stage_text
from phidesk.viewmodels.engine_session import EngineSession, EngineState
from phidesk.viewmodels.models import ModelRole, ModelsViewModel

_ADD_FOLDER = "add folder"


class ModelBar(QWidget):
    """Shows which model is chosen and what becomes of it."""

    load_requested = Signal()
    add_folder_requested = Signal()

    def __init__(self, session: EngineSession, models: ModelsViewModel, look: Look) -> None:
        super().__init__()
        self._session = session
        self._models = models
        self._look = look
        self._selector = QComboBox()
        self._selector.setAccessibleName(self.tr("Model"))
        self._selector.setMinimumWidth(300)
        self._selector.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._selector.setMaximumWidth(460)
        self._selector.activated.connect(self._on_activated)
        self._stage = label(role="muted")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedSize(QSize(140, 6))
        self._load = QPushButton(self.tr("Load"))
        self._load.setProperty("primary", True)
        self._load.clicked.connect(self.load_requested)
        self._eject = QPushButton()
        self._eject.clicked.connect(session.eject)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_S)
        row.addWidget(self._selector)
        row.addWidget(self._load)
        row.addWidget(self._eject)
        row.addWidget(self._bar)
        row.addWidget(self._stage)
        models.modelReset.connect(self._fill)
        models.selection_changed.connect(self._fill)
        session.state_changed.connect(self._refresh)
        session.progress_changed.connect(self._refresh_progress)
        look.changed.connect(self._refresh)
        self._fill()

    @property
    def stage(self) -> str:
        """What the load is doing, in words."""
        return self._stage.text()

    def _fill(self) -> None:
        self._selector.clear()
        for row in range(self._models.rowCount()):
            index = self._models.index(row)
            ref = self._models.data(index, ModelRole.REF)
            if isinstance(ref, ModelRef):
                self._selector.addItem(ref.name, ref)
                self._selector.setItemData(row, ref.path, Qt.ItemDataRole.ToolTipRole)
        if self._selector.count():
            self._selector.insertSeparator(self._selector.count())
        self._selector.addItem(self.tr("Add folder…"), _ADD_FOLDER)
        self._show_selected()
        self._refresh()

    def _show_selected(self) -> None:
        self._selector.setCurrentIndex(self._models.row_of(self._models.selected))

    def _on_activated(self, place: int) -> None:
        chosen = self._selector.itemData(place)
        if chosen == _ADD_FOLDER:
            self._show_selected()
            self.add_folder_requested.emit()
        elif isinstance(chosen, ModelRef):
            self._models.select(chosen)
            self._refresh()

    def _refresh(self) -> None:
        state, request = self._session.state, self._session.request
        loading = state is EngineState.LOADING
        ready = state is EngineState.READY
        chosen = self._models.selected
        # Where another model is chosen than the one that is loaded, both can be acted on.
        running = ready and request is not None and request.model == chosen
        theme = self._look.theme
        self._load.setVisible(not loading and not running)
        self._load.setEnabled(chosen is not None and state is not EngineState.EJECTING)
        self._load.setIcon(tinted_icon("models", theme.on_accent))
        self._eject.setVisible(loading or ready)
        self._eject.setText(self.tr("Cancel") if loading else self.tr("Eject"))
        self._eject.setIcon(QIcon() if loading else tinted_icon("eject", theme.text))
        self._selector.setEnabled(not loading)
        self._bar.setVisible(loading)
        self._stage.setVisible(loading)
        self._refresh_progress()

    def _refresh_progress(self) -> None:
        progress = self._session.progress
        if progress is None or not progress.total:
            self._bar.setRange(0, 0)
        else:
            self._bar.setRange(0, 1000)
            self._bar.setValue(round(1000 * progress.done / progress.total))
        self._stage.setText(stage_text(self, progress.stage if progress else "start"))

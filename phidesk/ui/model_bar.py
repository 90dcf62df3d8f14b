"""The model selector at the top of the window, with Load, Cancel and Eject."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QIcon, QWheelEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QListView,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QStyledItemDelegate,
    QWidget,
)

from phidesk.core.models import ModelRef
from phidesk.ui.icons import tinted_icon
from phidesk.ui.theme import SPACE_S, Look
from phidesk.ui.widgets import label
from phidesk.ui.wording import stage_text
from phidesk.viewmodels.engine_session import EngineSession, EngineState
from phidesk.viewmodels.load_plan import LoadPlan
from phidesk.viewmodels.models import ModelsViewModel, natural
from phidesk.viewmodels.words import in_words

_ADD_FOLDER = "add folder"
_WIDTH, _LEAST_WIDTH = 340, 160
_MOST_VISIBLE = 18


class _Selector(QComboBox):
    """A combo box that asks for its items when somebody is about to look at them."""

    wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.is_filled = False
        self.setMaxVisibleItems(_MOST_VISIBLE)
        view = QListView()  # a thousand names have one height
        view.setUniformItemSizes(True)
        view.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setView(view)
        self.setItemDelegate(QStyledItemDelegate(self))

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return the same width whatever names are listed."""
        return QSize(_WIDTH, super().sizeHint().height())

    def showPopup(self) -> None:  # noqa: N802
        """Show the list, with all models in it."""
        self._fill()
        super().showPopup()

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Have all models there for the keys."""
        self._fill()
        super().focusInEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Have all models there for the wheel."""
        self._fill()
        super().wheelEvent(event)

    def _fill(self) -> None:
        if not self.is_filled:
            self.is_filled = True
            self.wanted.emit()


class ModelBar(QWidget):
    """Shows which model is chosen and what becomes of it."""

    load_requested = Signal()
    add_folder_requested = Signal()

    def __init__(
        self, session: EngineSession, models: ModelsViewModel, plan: LoadPlan, look: Look
    ) -> None:
        super().__init__()
        self._session = session
        self._models = models
        self._plan = plan
        self._look = look
        self.selector = _Selector()
        self.selector.wanted.connect(self._fill)
        self.selector.setAccessibleName(self.tr("Model"))
        self.selector.setMinimumWidth(_LEAST_WIDTH)
        self.selector.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.selector.activated.connect(self._on_activated)
        self._stage = label(role="muted")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedSize(QSize(140, 6))
        self.load = QPushButton()
        self.load.setProperty("primary", True)
        self.load.clicked.connect(self.load_requested)
        self._eject = QPushButton()
        self._eject.clicked.connect(session.eject)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_S)
        row.addWidget(self.selector)
        row.addWidget(self.load)
        row.addWidget(self._eject)
        row.addWidget(self._bar)
        row.addWidget(self._stage)
        models.modelReset.connect(self._show_selected)
        models.selection_changed.connect(self._show_selected)
        session.state_changed.connect(self._refresh)
        session.progress_changed.connect(self._refresh_progress)
        plan.changed.connect(self._refresh)
        look.changed.connect(self._refresh)
        self._show_selected()

    @property
    def stage(self) -> str:
        """What the load is doing, in words."""
        return self._stage.text()

    def _fill(self) -> None:
        """List all models: only when somebody wants to choose, there may be a thousand."""
        refs = sorted(self._models.refs, key=lambda ref: (not ref.is_starter, natural(ref.name)))
        self._list(refs)
        chosen = self._models.selected
        paths = [ref.path for ref in refs]
        is_listed = chosen is not None and chosen.path in paths
        self.selector.setCurrentIndex(paths.index(chosen.path) if chosen and is_listed else -1)

    def _show_selected(self) -> None:
        chosen = self._models.selected
        self._list([chosen] if chosen is not None else [])
        self.selector.setCurrentIndex(0 if chosen is not None else -1)
        self.selector.is_filled = False
        self._refresh()

    def _list(self, refs: list[ModelRef]) -> None:
        self.selector.clear()
        for place, ref in enumerate(refs):
            self.selector.addItem(self._models.label(ref), ref)
            self.selector.setItemData(place, ref.path, Qt.ItemDataRole.ToolTipRole)
        if refs:
            self.selector.insertSeparator(self.selector.count())
        self.selector.addItem(self.tr("Add folder…"), _ADD_FOLDER)

    def _on_activated(self, place: int) -> None:
        chosen = self.selector.itemData(place)
        if chosen == _ADD_FOLDER:
            self._show_selected()
            self.add_folder_requested.emit()
        elif isinstance(chosen, ModelRef):
            self._models.select(chosen)
            self._show_selected()

    def _refresh(self) -> None:
        state, request = self._session.state, self._session.request
        loading = state is EngineState.LOADING
        ready = state is EngineState.READY
        chosen = self._models.selected
        # Where another model is chosen than the one that is loaded, both can be acted on.
        loaded = request.model.path if ready and request is not None else None
        running = chosen is not None and chosen.path == loaded
        theme = self._look.theme
        differs, obstacle = running and self._plan.differs, self._plan.obstacle
        self.load.setText(self.tr("Reload to apply") if differs else self.tr("Load"))
        self.load.setVisible(not loading and (differs or not running))
        can_load = chosen is not None and obstacle is None
        self.load.setEnabled(can_load and state is not EngineState.EJECTING)
        self.load.setToolTip(in_words(obstacle.message) if obstacle is not None else "")
        self.load.setIcon(tinted_icon("models", theme.on_accent if can_load else theme.muted))
        self._eject.setVisible(loading or ready)
        self._eject.setText(self.tr("Cancel") if loading else self.tr("Eject"))
        self._eject.setIcon(QIcon() if loading else tinted_icon("eject", theme.text))
        self.selector.setEnabled(not loading)
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

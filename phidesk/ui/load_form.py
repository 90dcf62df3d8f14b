"""How the chosen model is to be loaded: engine, memory, context, and the engine's options."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from phidesk.core.engine_python import is_managed
from phidesk.core.engines import (
    EngineName,
    NoEngineError,
    choose_engine,
    lacking,
    obstacle,
    rows_for,
)
from phidesk.core.machine import Machine
from phidesk.core.models import Concern, ModelRef
from phidesk.core.serving import serving_context
from phidesk.ui.context_field import ContextField
from phidesk.ui.load_options import LABEL_WIDTH, LoadOptionsForm
from phidesk.ui.memory_estimate import MemoryEstimate
from phidesk.ui.theme import SPACE_M, SPACE_S, Look
from phidesk.ui.widgets import label, let_wheel_scroll
from phidesk.viewmodels.load_plan import LoadPlan
from phidesk.viewmodels.models import ModelsViewModel
from phidesk.viewmodels.words import in_words

_LEAST_LETTERS = 10


class LoadForm(QWidget):
    """Edits the plan as one types."""

    engines_requested = Signal()

    def __init__(self, models: ModelsViewModel, plan: LoadPlan, look: Look) -> None:
        super().__init__()
        self._models = models
        self._plan = plan
        self._showing = False
        self._machine: Machine | None = None
        self.engine = QComboBox()
        self.engine.setAccessibleName(self.tr("Engine"))
        self.engine.setMinimumContentsLength(_LEAST_LETTERS)  # a long name must not widen the form
        self.engine.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.engine.activated.connect(self._on_engine_chosen)
        self.reason = label(role="muted", wrap=True)
        self.install = QPushButton(self.tr("Install the engines…"))
        self.install.clicked.connect(self.engines_requested)
        self.install.hide()
        self.estimate = MemoryEstimate(plan, look)
        self.context = ContextField()
        self.context.edited.connect(self._on_context_edited)
        self.context.largest_wanted.connect(self._on_largest_wanted)
        self.options = LoadOptionsForm(plan, models, look)
        self.remember = QCheckBox(self.tr("Remember for this model"))
        self.remember.setToolTip(self.tr("Engine, context and options are kept for the next time."))
        self.remember.toggled.connect(self._on_remember_toggled)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_M)
        column.addLayout(_row(self.tr("Engine"), self.engine))
        column.addWidget(self.reason)
        column.addWidget(self.install)
        column.addWidget(self.estimate)
        column.addWidget(self.context)
        column.addWidget(self.options)
        column.addWidget(self.remember)
        let_wheel_scroll(self)

    def refresh(self) -> None:
        """Show the plan of the chosen model."""
        self._showing = True
        model = self._models.selected
        self._machine = self._plan.machine
        self._show_context(model)
        self.remember.setChecked(self._plan.remembered)
        self.remember.setEnabled(model is not None)
        self._fill_engines(model)
        self.options.refresh()
        self.estimate.refresh()
        self._showing = False

    def refresh_machine(self) -> None:
        """Show what another sample of the machine changes."""
        before, now = self._machine, self._plan.machine
        same = before and now and (before.device, before.gpus) == (now.device, now.gpus)
        if not same:
            self.refresh()
        else:
            self.estimate.refresh()

    def _show_context(self, model: ModelRef | None) -> None:
        automatic = serving_context(model, None) if model else 0
        longest = model.context_length if model else None
        self.context.show_tokens(self._models.context_length, automatic, longest)
        self.context.setEnabled(model is not None)

    def _fill_engines(self, model: ModelRef | None) -> None:
        self.engine.clear()
        self.engine.addItem(self.tr("Automatic"), None)
        self.reason.setText("")
        self.install.hide()
        if model is None:
            return
        for row in rows_for(model):
            if self.engine.findData(row.engine) > 0:
                continue  # the same engine on another device
            rows = [r for r in rows_for(model) if r.engine is row.engine]
            why = [obstacle(r, self._machine) for r in rows]
            usable = [r for r, problem in zip(rows, why, strict=True) if not problem]
            name = row.engine.label
            self.engine.addItem(
                name if usable else self.tr("{0} (not usable here)").format(name), row.engine
            )
            hint = in_words(usable[0].note if usable else why[0])
            self.engine.setItemData(self.engine.count() - 1, hint, Qt.ItemDataRole.ToolTipRole)
        self.engine.setCurrentIndex(max(0, self.engine.findData(self._models.engine)))
        self.reason.setText(self._explanation(model))

    def _explanation(self, model: ModelRef) -> str:
        if Concern.PICKLE in model.concerns:
            return self.tr("Nothing here reads pickles.")
        try:
            engine = choose_engine(model, self._models.engine, self._machine)
        except NoEngineError as error:
            lacks = [row for row in rows_for(model) if lacking(row)]
            self.install.setVisible(bool(lacks) and is_managed())
            return in_words(str(error))
        rows = [row for row in rows_for(model) if row.engine is engine]
        note = next((row.note for row in rows if not obstacle(row, self._machine)), "")
        words = self.tr("Runs on {0}").format(engine.label)
        reasons = [in_words(part) for part in (self._plan.reason, note) if part]
        if not reasons:
            return words
        return self.tr("{0}: {1}").format(words, self.tr("; ").join(reasons))

    def _on_engine_chosen(self, place: int) -> None:
        chosen = self.engine.itemData(place)
        self._plan.set_engine(EngineName(chosen) if chosen else None)

    def _on_context_edited(self, value: int) -> None:
        if not self._showing:
            self._plan.set_context(value or None)

    def _on_largest_wanted(self) -> None:
        if tokens := self._plan.largest_context():
            self._plan.set_context(tokens)

    def _on_remember_toggled(self, wanted: bool) -> None:
        if not self._showing:
            self._plan.set_remembered(wanted)


def _row(name: str, field: QWidget) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(SPACE_S)
    grid.setColumnMinimumWidth(0, LABEL_WIDTH)
    grid.setColumnStretch(1, 1)
    title = label(name, "muted")
    title.setBuddy(field)
    grid.addWidget(title, 0, 0)
    grid.addWidget(field, 0, 1)
    return grid

"""The chosen model: facts, warnings, how it is to be loaded, and Load."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from phidesk.core.checkpoint import tokenizer_problem
from phidesk.core.models import Concern, ModelRef
from phidesk.core.preflight import Level, source_finding
from phidesk.core.report import saved_report
from phidesk.ui.format import breakable, size
from phidesk.ui.library.facts import ModelFacts
from phidesk.ui.library.wording import parameters_text
from phidesk.ui.load_form import LoadForm
from phidesk.ui.theme import SPACE_L, SPACE_M, SPACE_S, Look, scaled
from phidesk.ui.widgets import IconButton, label
from phidesk.ui.wording import concern_text
from phidesk.viewmodels.gauges import GaugesViewModel
from phidesk.viewmodels.library import LibraryViewModel
from phidesk.viewmodels.load_plan import LoadPlan
from phidesk.viewmodels.models import ModelsViewModel
from phidesk.viewmodels.words import in_words

_BESIDE_PATH = 153  # pixels for margins and the names of the facts


class ModelDetails(QWidget):
    """What is known scrolls; the buttons are always there."""

    menu_requested = Signal(object)
    """the global position"""

    def __init__(
        self,
        models: ModelsViewModel,
        library: LibraryViewModel,
        plan: LoadPlan,
        gauges: GaugesViewModel,
        look: Look,
    ) -> None:
        super().__init__()
        self._models = models
        self._library = library
        self._plan = plan
        self._found: tuple[str, tuple[Concern, ...]] = ("", ())
        self._name = label(role="title", wrap=True)
        self._warning = label(role="danger", wrap=True)
        self.trust = QPushButton(self.tr("What was found…"))
        self._facts = QFormLayout()
        self._facts.setVerticalSpacing(SPACE_S)
        self._values: dict[str, QLabel] = {}
        for key, name in (
            ("format", self.tr("Format")),
            ("parameters", self.tr("Parameters")),
            ("size", self.tr("Size on disk")),
            ("context", self.tr("Context length")),
            ("path", self.tr("Path")),
        ):
            self._values[key] = label(wrap=key != "path")
            self._facts.addRow(label(name, "muted"), self._values[key])
        self._values["path"].setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._values["path"].setMinimumWidth(10)
        self.facts = ModelFacts(library, look)
        self.more = IconButton(look, "more", self.tr("More actions"))
        self.more.clicked.connect(self._on_more)
        self.form = LoadForm(models, plan, look)
        self.load = QPushButton(self.tr("Load"))
        self.load.setProperty("primary", True)
        self.load.setMinimumSize(QSize(0, 36))
        self.differs = label(
            self.tr("What you changed holds once the model is loaded again."), "muted", wrap=True
        )
        self.anyway = QPushButton(self.tr("Load anyway"))
        self.anyway.setToolTip(self.tr("For those who know better: it may fail, or say nonsense."))
        self.quantize = QPushButton(self.tr("Quantize…"))
        self.report = QPushButton(self.tr("Report card"))
        inside = QWidget()
        upper = QVBoxLayout(inside)
        upper.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_S)
        upper.setSpacing(SPACE_M)
        head = QHBoxLayout()
        head.addWidget(self._name, 1)
        head.addWidget(self.more, 0, Qt.AlignmentFlag.AlignTop)
        upper.addLayout(head)
        upper.addWidget(self._warning)
        upper.addWidget(self.trust, 0, Qt.AlignmentFlag.AlignLeft)
        upper.addLayout(self._facts)
        upper.addWidget(self.facts)
        upper.addSpacing(SPACE_S)
        upper.addWidget(self.form)
        upper.addStretch(1)
        self.area = QScrollArea()
        self.area.setAccessibleName(self.tr("Details of the model"))
        self.area.setWidget(inside)
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inside.setAutoFillBackground(False)
        self.area.viewport().setAutoFillBackground(False)
        lower = QVBoxLayout()
        lower.setContentsMargins(SPACE_L, SPACE_S, SPACE_L, SPACE_L)
        lower.setSpacing(SPACE_M)
        for part in (self.report, self.quantize, self.differs, self.anyway, self.load):
            lower.addWidget(part)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.area, 1)
        column.addLayout(lower)
        models.selection_changed.connect(self._on_selection_changed)
        plan.changed.connect(self._on_plan_changed)
        library.rows_changed.connect(self._show_row)
        gauges.changed.connect(self._on_sampled)
        self._show()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Look again whether the model has a report card, and what is free."""
        super().showEvent(event)
        self._show()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Show as much of the path as there is room for."""
        super().resizeEvent(event)
        if (model := self._models.selected) is not None:
            self._show_path(model)

    def show_concerns(self, path: str, concerns: tuple[Concern, ...]) -> None:
        """Mark the model at a path with what was found, while it is the chosen one."""
        self._found = (path, concerns)
        self._show()

    def _on_selection_changed(self) -> None:
        self.area.verticalScrollBar().setValue(0)
        self._show()

    def _on_plan_changed(self) -> None:
        self.form.refresh()
        self._show_load()

    def _on_sampled(self) -> None:
        if self.isVisible():
            self.form.refresh_machine()
            self._show_load()

    def _show(self) -> None:
        model = self._models.selected
        if model is None:
            self._name.setText(self.tr("No model chosen"))
        else:
            self._show_facts(model)
        warnings = [in_words(model.problem)] if model and model.problem else []
        if model is not None and not model.problem and (lacking := tokenizer_problem(model)):
            warnings.append(in_words(lacking))
        concerns = list(model.concerns) if model else []
        if model is not None and model.path == self._found[0]:
            concerns = list(dict.fromkeys([*concerns, *self._found[1]]))
        warnings += [concern_text(self, concern) for concern in concerns]
        self._warning.setText(breakable("\n".join(warnings)))
        self._warning.setVisible(bool(warnings))
        self.trust.setVisible(bool(concerns))
        finding = source_finding(model) if model is not None else None
        self.quantize.setEnabled(finding is not None and finding.level is not Level.STOP)
        self.report.setVisible(model is not None and saved_report(model) is not None)
        self.quantize.setToolTip(in_words(finding.text) if finding is not None else "")
        self.form.refresh()
        self._show_load()

    def _show_load(self) -> None:
        obstacle, differs = self._plan.obstacle or self._plan.shortage, self._plan.differs
        self.load.setEnabled(self._models.selected is not None and obstacle is None)
        self.load.setText(self.tr("Reload to apply") if differs else self.tr("Load"))
        self.load.setToolTip(in_words(obstacle.message) if obstacle is not None else "")
        self.differs.setVisible(differs)
        self.anyway.setVisible(obstacle is not None and obstacle.anyway is not None)

    def _show_facts(self, model: ModelRef) -> None:
        most = model.context_length
        self._name.setText(breakable(model.name))
        kind = self.tr("pickle") if Concern.PICKLE in model.concerns else model.format.value
        self._set("format", f"{kind} · {model.quantization}".strip(" ·"))
        self._set("size", size(model.size_bytes))
        self._set("context", self.tr("{0} tokens").format(f"{most:,}") if most else "—")
        self._show_path(model)
        self._show_row()

    def _show_path(self, model: ModelRef) -> None:
        left, room = Qt.TextElideMode.ElideLeft, self.width() - scaled(_BESIDE_PATH)
        self._set("path", self.fontMetrics().elidedText(model.path, left, room))
        self._values["path"].setToolTip(model.path)

    def _show_row(self) -> None:
        """Show what the library knows of the chosen model."""
        model = self._models.selected
        row = self._library.row(model.path) if model is not None else None
        self.facts.show_row(row)
        self.more.setEnabled(row is not None)
        self._set("parameters", parameters_text(row.entry.parameters if row else None))

    def _on_more(self) -> None:
        self.menu_requested.emit(self.more.mapToGlobal(self.more.rect().bottomLeft()))

    def _set(self, key: str, text: str) -> None:
        self._values[key].setText(text)

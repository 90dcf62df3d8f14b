"""The first step: which model; and what was interrupted earlier."""

from pathlib import Path

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QListView, QPushButton, QVBoxLayout, QWidget

from phidesk.core.jobs import JobState
from phidesk.core.models import ModelRef
from phidesk.core.preflight import Level, source_finding
from phidesk.ui.icons import tinted_icon
from phidesk.ui.quantize.source_list import SourceDelegate, SourceModel
from phidesk.ui.theme import SPACE_L, SPACE_M, SPACE_S, Look
from phidesk.ui.widgets import frame, label
from phidesk.viewmodels.models import ModelRole, ModelsViewModel
from phidesk.viewmodels.quantize import QuantizeViewModel
from phidesk.viewmodels.words import in_words


class SourceStep(QWidget):
    """Interrupted runs, the list of models, and what is to be known about the chosen one."""

    add_folder_requested = Signal()
    activated = Signal()
    """a double click or Enter: go on"""

    def __init__(self, quantize: QuantizeViewModel, models: ModelsViewModel, look: Look) -> None:
        super().__init__()
        self._quantize = quantize
        self._models = models
        self._interrupted = QVBoxLayout()
        self._interrupted.setSpacing(SPACE_S)
        self._add = QPushButton(self.tr("Add a folder…"))
        self._add.clicked.connect(self.add_folder_requested)
        head = QHBoxLayout()
        question = label(self.tr("Which model do you want to make smaller?"), "title", wrap=True)
        head.addWidget(question, 1)
        head.addWidget(self._add)
        self.list = QListView()
        self.list.setAccessibleName(self.tr("Models to quantize"))
        self.list.setModel(SourceModel(models, self))
        self.list.setItemDelegate(SourceDelegate(look, self.list))
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.list.setUniformItemSizes(True)
        self.list.setMouseTracking(True)
        self.list.selectionModel().currentChanged.connect(self._on_current_changed)
        self.list.activated.connect(self._on_activated)
        self._note = label(wrap=True)
        self._note_icon = label()
        self._note_icon.setAlignment(Qt.AlignmentFlag.AlignTop)
        note = QHBoxLayout()
        note.setSpacing(SPACE_S)
        note.addWidget(self._note_icon)
        note.addWidget(self._note, 1)
        self._look = look
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_M)
        column.addLayout(self._interrupted)
        column.addLayout(head)
        column.addLayout(note)
        column.addWidget(self.list, 1)
        quantize.plan.source_changed.connect(self._show_source)
        quantize.interrupted_changed.connect(self._show_interrupted)
        models.modelReset.connect(self._show_source)
        look.changed.connect(self._tint)
        self._tint()
        self._show_interrupted()

    def _tint(self) -> None:
        self._add.setIcon(tinted_icon("folder", self._look.theme.text))
        self._show_source()

    def _show_source(self) -> None:
        plan, theme = self._quantize.plan, self._look.theme
        row = self._models.row_of(plan.source)
        self.list.setCurrentIndex(self.list.model().index(row, 0))
        if plan.source is None:
            self._note.setText(self.tr("The original stays as it is: a copy is made."))
            icon, colour = "check", theme.muted
        elif plan.shape_problem:
            self._note.setText(in_words(plan.shape_problem))
            icon, colour = "alert", theme.danger
        else:
            finding = source_finding(plan.source)
            self._note.setText(in_words(finding.text))
            good = finding.level is Level.GOOD
            icon, colour = ("check", theme.good) if good else ("alert", theme.warning)
        self._note_icon.setPixmap(tinted_icon(icon, colour).pixmap(20, 20))

    def _show_interrupted(self) -> None:
        while self._interrupted.count():
            item = self._interrupted.takeAt(0)
            if item is not None and (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for job in self._quantize.interrupted:
            self._interrupted.addWidget(InterruptedCard(self._quantize, job))

    def _on_current_changed(self, current: QModelIndex, _previous: QModelIndex) -> None:
        ref = current.data(ModelRole.REF)
        if isinstance(ref, ModelRef):
            self._quantize.plan.choose_source(ref)

    def _on_activated(self, index: QModelIndex) -> None:
        if index.flags() & Qt.ItemFlag.ItemIsEnabled:
            self.activated.emit()


class InterruptedCard(QWidget):
    """One interrupted run: go on with it, or delete it."""

    def __init__(self, quantize: QuantizeViewModel, job: JobState) -> None:
        super().__init__()
        card = frame("card")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(card)
        name = Path(job.out).name
        if job.resumable:
            words = self.tr("“{0}” was interrupted after layer {1} of {2}.")
            on = self.tr("Resume at layer {0}").format(job.done + 1)
        else:
            words = self.tr("“{0}” was interrupted. It has to begin anew.")
            on = self.tr("Start again")
        self.resume = QPushButton(on)
        self.resume.setProperty("primary", True)
        self.resume.setEnabled(not quantize.run.is_active)
        self.resume.clicked.connect(lambda: quantize.resume(job))
        self.discard = QPushButton(self.tr("Discard"))
        self.discard.clicked.connect(lambda: quantize.discard(job))
        row = QHBoxLayout(card)
        row.setContentsMargins(SPACE_L, SPACE_S, SPACE_S, SPACE_S)
        row.setSpacing(SPACE_S)
        row.addWidget(label(words.format(name, job.done, job.total), wrap=True), 1)
        row.addWidget(self.resume)
        row.addWidget(self.discard)

"""The fourth step: the quantization as it happens, and what to do when it was interrupted."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from phidesk.ui.format import size
from phidesk.ui.quantize.layer_chart import LayerChart
from phidesk.ui.quantize.wording import duration, stage_words
from phidesk.ui.theme import SPACE_L, SPACE_M, SPACE_S, SPACE_XL, SPACE_XS, Look
from phidesk.ui.widgets import DiagnosticsButton, frame, label
from phidesk.viewmodels.quantize import QuantizeViewModel
from phidesk.viewmodels.quantize_run import QuantizeRun, RunState
from phidesk.viewmodels.words import in_words


class RunStep(QWidget):
    """Progress, figures and the chart; below them the way out of an interruption."""

    recipe_requested = Signal()
    """after a failure: choose another recipe"""

    def __init__(self, quantize: QuantizeViewModel, look: Look) -> None:
        super().__init__()
        self._quantize = quantize
        self._run = run = quantize.run
        self.title = label(role="title", wrap=True)
        self.stage = label(role="muted")
        self.cancel = QPushButton(self.tr("Cancel"))
        self.cancel.clicked.connect(run.cancel)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(8)
        self.bar.setAccessibleName(self.tr("Layers done"))
        self._figures: dict[str, QLabel] = {}
        figures = QGridLayout()
        figures.setHorizontalSpacing(SPACE_XL)
        figures.setVerticalSpacing(SPACE_XS)
        for place, (key, name) in enumerate(
            (
                ("layer", self.tr("Layer")),
                ("elapsed", self.tr("Elapsed")),
                ("remaining", self.tr("Remaining")),
                ("memory", self.tr("Peak memory")),
            )
        ):
            self._figures[key] = label("—", "figure")
            figures.addWidget(label(name, "muted"), 0, place)
            figures.addWidget(self._figures[key], 1, place)
            figures.setColumnStretch(place, 1)
        head = QHBoxLayout()
        head.setSpacing(SPACE_M)
        names = QVBoxLayout()
        names.setSpacing(SPACE_XS)
        names.addWidget(self.title)
        names.addWidget(self.stage)
        head.addLayout(names, 1)
        head.addWidget(self.cancel)
        card = frame("card")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_L)
        inside.setSpacing(SPACE_M)
        inside.addLayout(head)
        inside.addWidget(self.bar)
        inside.addLayout(figures)
        chart_card = frame("card")
        chart_column = QVBoxLayout(chart_card)
        chart_column.setContentsMargins(SPACE_S, SPACE_M, SPACE_S, SPACE_S)
        self.chart = LayerChart(look)
        chart_column.addWidget(self.chart)
        self.outcome = Outcome(quantize)
        self.outcome.recipe_requested.connect(self.recipe_requested)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_M)
        column.addWidget(self.outcome)
        column.addWidget(card)
        column.addWidget(chart_card, 1)
        run.state_changed.connect(self._show)
        run.progress_changed.connect(self._show_progress)
        self._show()

    @property
    def figures(self) -> dict[str, str]:
        """What is shown under the bar."""
        return {key: value.text() for key, value in self._figures.items()}

    def _show(self) -> None:
        run = self._run
        name = Path(run.command.out).name if run.command else ""
        words = {
            RunState.DONE: self.tr("“{0}” is ready"),
            RunState.CANCELLED: self.tr("“{0}” was cancelled"),
            RunState.FAILED: self.tr("“{0}” could not be made"),
        }
        if run.unfinished is not None:
            words[RunState.FAILED] = self.tr("“{0}” was interrupted")
        self.title.setText(words.get(run.state, self.tr("Making “{0}”")).format(name))
        self.cancel.setVisible(run.is_active)
        self.cancel.setEnabled(run.state is RunState.RUNNING)
        self._show_progress()

    def _show_progress(self) -> None:
        run = self._run
        self.bar.setRange(0, max(1, run.total))
        self.bar.setValue(run.done if run.state is not RunState.DONE else max(1, run.total))
        self.stage.setText(_stage_of(self, run))
        self._figures["layer"].setText(
            self.tr("{0} of {1}").format(run.done, run.total) if run.total else "—"
        )
        self._figures["elapsed"].setText(duration(self, run.elapsed_s))
        left = run.remaining_s
        if run.state is RunState.RUNNING and run.total and run.done == run.total:
            words = self.tr("finishing…")
        elif left is not None and left < 1:
            words = self.tr("a moment…")
        elif left is not None:
            words = self.tr("about {0}").format(duration(self, left))
        else:
            words = "—"
        self._figures["remaining"].setText(words)
        memory = size(run.peak_ram) if run.peak_ram else "—"
        if run.peak_vram:
            memory = self.tr("{0} GPU, {1} RAM").format(size(run.peak_vram), memory)
        self._figures["memory"].setText(memory)
        self.chart.set_layers(run.layers, run.total)


class Outcome(QWidget):
    """Why a run ended without a copy, and the buttons that lead on."""

    recipe_requested = Signal()

    def __init__(self, quantize: QuantizeViewModel) -> None:
        super().__init__()
        self._quantize = quantize
        self._frame = QFrame()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._frame)
        self.text = label(wrap=True)
        self.resume = QPushButton()
        self.resume.setProperty("primary", True)
        self.resume.clicked.connect(self._on_resume)
        self.discard = QPushButton(self.tr("Discard"))
        self.discard.clicked.connect(self._on_discard)
        self.change = QPushButton(self.tr("Change the recipe"))
        self.change.clicked.connect(self.recipe_requested)
        self.copy = DiagnosticsButton(
            lambda: quantize.run.failure.diagnostics if quantize.run.failure else ""
        )
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE_S)
        for button in (self.resume, self.change, self.discard, self.copy):
            buttons.addWidget(button)
        buttons.addStretch(1)
        column = QVBoxLayout(self._frame)
        column.setContentsMargins(SPACE_L, SPACE_M, SPACE_L, SPACE_M)
        column.setSpacing(SPACE_M)
        column.addWidget(self.text)
        column.addLayout(buttons)
        quantize.run.state_changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        run = self._quantize.run
        failed = run.state is RunState.FAILED
        self.setVisible(failed or run.state is RunState.CANCELLED)
        self._frame.setProperty("role", "danger" if failed else "card")
        self._frame.style().polish(self._frame)
        job = run.unfinished
        parts = [in_words(run.failure.message)] if run.failure else []
        if job is not None and job.resumable:
            words = self.tr("{0} of {1} layers are done and kept.").format(job.done, job.total)
            parts.append(words)
            self.resume.setText(self.tr("Resume at layer {0}").format(job.done + 1))
        elif job is not None:
            parts.append(
                self.tr("This recipe cannot go on where it stopped: it has to begin anew.")
            )
            self.resume.setText(self.tr("Start again"))
        elif not failed:
            parts.append(self.tr("Nothing of it was kept. The original is untouched."))
        self.text.setText(" ".join(parts))
        self.resume.setVisible(job is not None)
        self.discard.setVisible(job is not None)
        self.change.setVisible(job is None)
        self.copy.setVisible(failed)
        self.copy.reset()

    def _on_resume(self) -> None:
        job = self._quantize.run.unfinished
        if job is not None:
            self._quantize.resume(job)

    def _on_discard(self) -> None:
        job = self._quantize.run.unfinished
        if job is not None:
            self._quantize.discard(job)


def _stage_of(where: QWidget, run: QuantizeRun) -> str:
    match run.state:
        case RunState.RUNNING:
            return in_words(run.text) or stage_words(where, run.stage)
        case RunState.CANCELLING:
            return where.tr("Ending the worker…")
        case RunState.DONE if run.made is not None:
            words = where.tr("{0}, made in {1}")
            return words.format(size(run.made.size_bytes), duration(where, run.made.seconds))
        case _:
            return ""

"""The last step: the report card, while it is made and when it is there."""

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from phidesk.core.models import ModelRef
from phidesk.core.report import folder_of, report_file
from phidesk.ui.icons import tinted_icon
from phidesk.ui.quantize.report_card import ReportCard
from phidesk.ui.quantize.wording import pack_name
from phidesk.ui.theme import SPACE_L, SPACE_M, SPACE_S, Look, scaled
from phidesk.ui.widgets import DiagnosticsButton, direction, label
from phidesk.viewmodels.quantize import QuantizeViewModel
from phidesk.viewmodels.report import MakingProgress, ReportState
from phidesk.viewmodels.words import in_words

_STEPS = 1000
_NARROW, _NARROW_TABLES = 560, 840


class ReportStep(QScrollArea):
    """Says what is measured, then shows the card; the copy can be used all the while."""

    chat_requested = Signal(object)
    """a ModelRef"""

    def __init__(self, quantize: QuantizeViewModel, look: Look) -> None:
        super().__init__()
        self._report = report = quantize.report
        self._look = look
        self.title = label(role="title", wrap=True)
        self.line = label(role="muted", wrap=True)
        self._meanwhile = label(
            self.tr(
                "Both models answer ten prompts and read texts that the quantization has not seen, "
                "one after the other. You can use the copy already."
            ),
            "muted",
            wrap=True,
        )
        self.bar = QProgressBar()
        self.bar.setRange(0, _STEPS)
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(8)
        self.bar.setAccessibleName(self.tr("Progress of the report card"))
        self.chat = QPushButton(self.tr("Chat with it"))
        self.chat.setProperty("primary", True)
        self.chat.clicked.connect(self._on_chat)
        self.folder = QPushButton(self.tr("Show in folder"))
        self.folder.clicked.connect(self._on_folder)
        self.stop = QPushButton(self.tr("Stop"))
        self.stop.clicked.connect(report.stop)
        self.again = QPushButton(self.tr("Try again"))
        self.again.clicked.connect(report.again)
        self.diagnostics = DiagnosticsButton(
            lambda: report.failure.diagnostics if report.failure else ""
        )
        names = QVBoxLayout()
        names.addWidget(self.title)
        names.addWidget(self.line)
        names.addWidget(self.bar)
        names.setSpacing(SPACE_S)
        names.addWidget(self._meanwhile)
        buttons = QWidget()
        row = QHBoxLayout(buttons)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_S)
        for button in (self.again, self.chat, self.folder, self.stop, self.diagnostics):
            row.addWidget(button)
        row.addStretch(1)
        self._head = QFrame()
        self._parts = QBoxLayout(QBoxLayout.Direction.TopToBottom, self._head)
        self._parts.setSpacing(SPACE_M)
        self._parts.addLayout(names, 1)
        self._parts.addWidget(buttons)
        self.card = ReportCard(look)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, SPACE_S, SPACE_L)
        column.setSpacing(SPACE_M)
        column.addWidget(self._head)
        column.addWidget(self.card)
        column.addStretch(1)
        self.setWidget(page)
        self.setAccessibleName(self.tr("Report card"))
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        report.state_changed.connect(self._show)
        report.progress_changed.connect(self._show_progress)
        look.changed.connect(self._tint)
        self._tint()
        self._show()

    def _tint(self) -> None:
        self.chat.setIcon(tinted_icon("chat", self._look.theme.on_accent))
        self.folder.setIcon(tinted_icon("folder", self._look.theme.text))

    def _show(self) -> None:
        report, state = self._report, self._report.state
        name = report.copy.name if report.copy else ""
        titles = {
            ReportState.MAKING: self.tr("Measuring “{0}” against its original"),
            ReportState.READY: "{0}",
            ReportState.FAILED: self.tr("“{0}” could not be measured"),
            ReportState.STOPPED: self.tr("“{0}” was not measured"),
        }
        self.title.setText(titles.get(state, "").format(name))
        making, failed = state is ReportState.MAKING, state is ReportState.FAILED
        self._arrange()
        self.bar.setVisible(making)
        self._meanwhile.setVisible(making)
        self.stop.setVisible(making)
        self.again.setVisible(failed or state is ReportState.STOPPED)
        self.diagnostics.setVisible(failed)
        self.diagnostics.reset()
        self.chat.setVisible(report.copy is not None)
        self.folder.setVisible(report.copy is not None)
        self.card.setVisible(state is ReportState.READY)
        if report.report is not None and state is ReportState.READY:
            self.card.show_report(report.report)
            self.verticalScrollBar().setValue(0)
        self._show_progress()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Put the buttons below the words where there is little room."""
        super().resizeEvent(event)
        self._fit_width()

    def _fit_width(self) -> None:
        compact = self._report.state is ReportState.READY
        self._parts.setDirection(direction(not compact or self.width() < scaled(_NARROW)))
        self.card.set_narrow(self.width() < scaled(_NARROW_TABLES))

    def _arrange(self) -> None:
        """A line above the card, or a card of its own while there is none."""
        self._fit_width()
        compact = self._report.state is ReportState.READY
        margin = 0 if compact else SPACE_L
        self._parts.setContentsMargins(margin, margin, margin, margin)
        self._head.setProperty("role", "" if compact else "card")
        self._head.style().polish(self._head)

    def _show_progress(self) -> None:
        report = self._report
        problem = False
        match report.state:
            case ReportState.MAKING:
                words = self._progress_words(report.progress)
                share = report.progress.share if report.progress else 0.0
                self.bar.setValue(round(_STEPS * share))
            case ReportState.READY:
                words = in_words(report.save_problem)
                problem = bool(words)
                if not words and report.copy is not None:
                    words = self.tr("Saved as {0}").format(report_file(report.copy))
            case ReportState.FAILED:
                words = in_words(report.failure.message) if report.failure else ""
                problem = True
            case _:
                words = self.tr("The copy is complete and can be used.")
        self.line.setProperty("role", "danger" if problem else "muted")
        self.line.style().polish(self.line)
        self.line.setText(words)

    def _progress_words(self, progress: MakingProgress | None) -> str:
        if progress is None:
            return self.tr("Starting…")
        match progress.stage:
            case "load":
                return self.tr("{0}: loading…").format(progress.model)
            case "answer":
                return self.tr("{0}: “{1}”").format(progress.model, progress.detail)
            case _:
                words = self.tr("{0}: reading the texts “{1}”…")
                return words.format(progress.model, pack_name(self, progress.detail))

    def _on_chat(self) -> None:
        copy: ModelRef | None = self._report.copy
        if copy is not None:
            self.chat_requested.emit(copy)

    def _on_folder(self) -> None:
        if self._report.copy is not None:
            folder = folder_of(self._report.copy)
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

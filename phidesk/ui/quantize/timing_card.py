"""How long it will take: one real layer, timed on this machine."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from phidesk.ui.format import size
from phidesk.ui.quantize.wording import estimate_words
from phidesk.ui.theme import SPACE_L, SPACE_M, SPACE_XS
from phidesk.ui.widgets import frame, label
from phidesk.viewmodels.layer_timing import TimingState
from phidesk.viewmodels.quantize import QuantizeViewModel
from phidesk.viewmodels.words import in_words


class TimingCard(QWidget):
    """The estimate with its range, or what stands in its way."""

    def __init__(self, quantize: QuantizeViewModel) -> None:
        super().__init__()
        self._quantize = quantize
        self._timing = timing = quantize.timing
        card = frame("card")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(card)
        self.estimate = label(role="figure")
        self._words = label(role="muted", wrap=True)
        self._bar = QProgressBar()
        self._bar.setRange(0, 0)
        self._bar.setTextVisible(False)
        self._bar.setFixedSize(QSize(140, 6))
        self._bar.setAccessibleName(self.tr("Timing one layer"))
        self._again = QPushButton(self.tr("Try again"))
        self._again.clicked.connect(timing.again)
        text = QVBoxLayout()
        text.setSpacing(SPACE_XS)
        text.addWidget(self.estimate)
        text.addWidget(self._words)
        row = QHBoxLayout(card)
        row.setContentsMargins(SPACE_L, SPACE_M, SPACE_L, SPACE_M)
        row.setSpacing(SPACE_M)
        row.addLayout(text, 1)
        row.addWidget(self._bar)
        row.addWidget(self._again)
        timing.changed.connect(self._show)
        quantize.plan.checked.connect(self._show)
        self._show()

    def _show(self) -> None:
        timing, state = self._timing, self._timing.state
        busy = state in (TimingState.WAITING, TimingState.RUNNING)
        self._bar.setVisible(busy)
        self._again.setVisible(state is TimingState.FAILED)
        estimate = timing.estimate if state is TimingState.DONE else None
        if busy:
            title = self.tr("Timing one layer…")
            words = self.tr("One real layer is quantized and thrown away. You can start meanwhile.")
        elif estimate is not None:
            title = estimate_words(self, estimate)
            peak = size(estimate.peak_vram or estimate.peak_ram)
            words = self.tr("From one real layer on this machine, which took {0} of memory.")
            words = words.format(peak)
        elif timing.failure is not None:
            title = self.tr("How long it takes is not known")
            words = self.tr("Timing one layer failed: {0}").format(in_words(timing.failure.message))
        else:
            title = self.tr("How long will it take?")
            words = self.tr("One layer is timed once nothing forbids the start.")
        self.estimate.setText(title[:1].upper() + title[1:])
        self._words.setText(words)

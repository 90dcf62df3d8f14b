"""What a load will take of the memory that is free, as a bar and in words."""

from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from phidesk.ui.format import size
from phidesk.ui.meters import PartsBar
from phidesk.ui.theme import SPACE_XS, Look
from phidesk.ui.widgets import label
from phidesk.viewmodels.load_plan import Estimate, LoadPlan
from phidesk.viewmodels.words import in_words


class MemoryEstimate(QWidget):
    """Weights, KV cache and workspace; red, with a way out, where it does not fit."""

    def __init__(self, plan: LoadPlan, look: Look) -> None:
        super().__init__()
        self._plan = plan
        self._bar = PartsBar(look, self.tr("Memory for the load"))
        self.sums = label(role="small", wrap=True)
        self.total = label(wrap=True)
        self.doubled = label(role="small", wrap=True)
        self.quality = label(role="small", wrap=True)
        self.problem = label(role="danger", wrap=True)
        self.fit = QPushButton()
        self.fit.clicked.connect(self._on_fit_clicked)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_XS)
        column.addWidget(self.total)
        column.addWidget(self._bar)
        for part in (self.sums, self.doubled, self.quality, self.problem, self.fit):
            column.addWidget(part)
        self.hide()

    def refresh(self) -> None:
        """Show the plan's estimate; hidden where there is none."""
        estimate = self._plan.estimate()
        if self._plan.is_reading:
            return  # what is shown stays for the moment
        self.setVisible(estimate is not None)
        if estimate is None:
            return
        needs = estimate.needs
        most = max(estimate.free, needs.total, 1)
        parts = [
            ("accent", needs.weights / most),
            ("kv_used", needs.kv / most),
            ("workspace", needs.workspace / most),
        ]
        if estimate.problem:
            parts = [("danger", 1.0)]
        self._bar.set_parts(parts)
        self._set_role("danger" if estimate.problem else "")
        self.total.setText(self._total(estimate))
        self.sums.setText(self._sums(estimate))
        self.doubled.setText(self._doubled(estimate))
        self.doubled.setVisible(bool(estimate.doubled))
        self.quality.setText(self._quality(estimate))
        self.quality.setVisible(estimate.quality is not None)
        self.problem.setText(in_words(estimate.problem))
        self.problem.setVisible(bool(estimate.problem))
        fits = 0 < estimate.fitting < needs.context
        self.fit.setVisible(fits)
        self.fit.setText(self.tr("Use a context of {0} tokens").format(f"{estimate.fitting:,}"))

    def _total(self, estimate: Estimate) -> str:
        place = self.tr("GPU memory") if estimate.on_gpu else self.tr("RAM")
        words = self.tr("{0} of {1} free {2}")
        return words.format(size(estimate.needs.total), size(estimate.free), place)

    def _sums(self, estimate: Estimate) -> str:
        needs = estimate.needs
        tokens = f"{needs.context:,}"
        if needs.chats > 1:
            tokens = self.tr("{0} × {1}").format(needs.chats, tokens)
        parts = [
            self.tr("weights {0}").format(_unbroken(needs.weights)),
            self.tr("KV cache for {0} tokens {1}").format(tokens, _unbroken(needs.kv)),
        ]
        parts.append(self.tr("workspace {0}").format(_unbroken(needs.workspace)))
        return " + ".join(parts)

    def _doubled(self, estimate: Estimate) -> str:
        words = self.tr(
            "Counted with 16 bits for each number. The first load measures what this processor "
            "is faster with: with 32 bits it takes {0}."
        )
        return words.format(size(estimate.doubled))

    def _quality(self, estimate: Estimate) -> str:
        if estimate.quality is None:
            return ""
        words = self.tr("Estimates of {0} loads here were {1} off on average.")
        if estimate.quality.loads == 1:
            words = self.tr("The estimate of the last load here was {1} off.")
        return words.format(estimate.quality.loads, f"{estimate.quality.mean:.1%}")

    def _set_role(self, role: str) -> None:
        if self.total.property("role") != role:
            self.total.setProperty("role", role)
            self.total.style().polish(self.total)

    def _on_fit_clicked(self) -> None:
        estimate = self._plan.estimate()
        if estimate is not None and estimate.fitting:
            self._plan.set_context(estimate.fitting)


def _unbroken(count: int) -> str:
    """Return a size that no end of a line parts from its unit."""
    return size(count).replace(" ", "\u00a0")

"""The third step: what would happen, found out before it does."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from phidesk.core.preflight import Finding, Level
from phidesk.ui.icons import tinted_icon
from phidesk.ui.language import counted
from phidesk.ui.meters import PartsBar
from phidesk.ui.quantize.timing_card import TimingCard
from phidesk.ui.theme import SPACE_L, SPACE_M, SPACE_S, SPACE_XS, Look, scaled
from phidesk.ui.widgets import frame, label
from phidesk.viewmodels.quantize import QuantizeViewModel
from phidesk.viewmodels.words import in_words

_TOPIC_WIDTH, _LINE = 104, 22
_MARKS = {
    Level.GOOD: ("check", "good"),
    Level.CARE: ("alert", "warning"),
    Level.STOP: ("close", "danger"),
}


class FindingRow(QWidget):
    """A mark, what it is about, what was found, and the button that mends it."""

    def __init__(self, quantize: QuantizeViewModel, look: Look) -> None:
        super().__init__()
        self._quantize = quantize
        self._look = look
        self._finding: Finding | None = None
        self._mark = label()
        self._topic = label()
        self._topic.setFixedWidth(scaled(_TOPIC_WIDTH))
        self._text = label(wrap=True)
        self._bar = PartsBar(look, "")
        self.remedy = QPushButton()
        self.remedy.clicked.connect(self._on_remedy)
        words = QVBoxLayout()
        words.setSpacing(SPACE_XS + 2)
        words.addWidget(self._text)
        words.addWidget(self._bar)
        words.addStretch(1)
        for part in (self._mark, self._topic, self._text):
            part.setMinimumHeight(_LINE)
            part.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        top = Qt.AlignmentFlag.AlignTop
        row = QHBoxLayout(self)
        row.setContentsMargins(0, SPACE_XS, 0, SPACE_XS)
        row.setSpacing(SPACE_M)
        row.addWidget(self._mark, 0, top)
        row.addWidget(self._topic, 0, top)
        row.addLayout(words, 1)
        row.addWidget(self.remedy, 0, top)

    def show_finding(self, finding: Finding, share: float | None) -> None:
        """Show a finding; share: needed of what is free, for a bar."""
        self._finding = finding
        icon, colour = _MARKS[finding.level]
        self._mark.setPixmap(tinted_icon(icon, getattr(self._look.theme, colour)).pixmap(20, 20))
        levels = {
            Level.GOOD: self.tr("good"),
            Level.CARE: self.tr("worth a look"),
            Level.STOP: self.tr("forbids the start"),
        }
        self._mark.setAccessibleName(levels[finding.level])
        topic, text = in_words(finding.topic), in_words(finding.text)
        self._topic.setText(topic)
        self._text.setText(text)
        said = self.tr("{0}: {1}. {2}").format(topic, levels[finding.level], text)
        self.setAccessibleName(said)
        self._bar.setVisible(share is not None)
        self._bar.setAccessibleName(topic)
        if share is not None:
            role = {Level.GOOD: "accent", Level.CARE: "warning", Level.STOP: "danger"}
            self._bar.set_parts([(role[finding.level], share)])
        self.remedy.setVisible(finding.remedy is not None)
        self.remedy.setText(in_words(finding.remedy_label))
        primary = finding.level is Level.STOP
        if self.remedy.property("primary") != primary:
            self.remedy.setProperty("primary", primary)
            self.remedy.style().polish(self.remedy)

    def _on_remedy(self) -> None:
        if self._finding is not None:
            self._quantize.plan.apply_remedy(self._finding)


class CheckStep(QScrollArea):
    """All findings, what forbids the start first, and how long it will take."""

    def __init__(self, quantize: QuantizeViewModel, look: Look) -> None:
        super().__init__()
        self._quantize = quantize
        self._look = look
        self._rows: list[FindingRow] = []
        self.headline = label(role="title")
        self._what = label(role="muted", wrap=True)
        card = frame("card")
        self._findings = QVBoxLayout(card)
        self._findings.setContentsMargins(SPACE_L, SPACE_M, SPACE_L, SPACE_M)
        self._findings.setSpacing(SPACE_S)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, SPACE_S, 0)
        column.setSpacing(SPACE_M)
        column.addWidget(self.headline)
        column.addWidget(self._what)
        column.addWidget(card)
        column.addWidget(TimingCard(quantize))
        column.addStretch(1)
        self.setWidget(inside)
        self.setAccessibleName(self.tr("Pre-flight"))
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        quantize.plan.checked.connect(self._show)
        quantize.plan.target_changed.connect(self._show)
        quantize.run.state_changed.connect(self._show)
        look.changed.connect(self._show)
        self._show()

    @property
    def rows(self) -> list[FindingRow]:
        """The rows that are shown."""
        return [row for row in self._rows if not row.isHidden()]

    def _show(self) -> None:
        plan = self._quantize.plan
        if plan.preflight is None or plan.source is None or plan.recipe is None:
            return
        found, theme = plan.preflight, self._look.theme
        order = [Level.STOP, Level.CARE, Level.GOOD]
        findings = sorted(found.findings, key=lambda finding: order.index(finding.level))
        stops = len(found.stops)
        if self._quantize.run.is_active:
            words, colour = self.tr("Another quantization is running"), theme.text
        elif stops:
            words = self.tr("{0} things forbid the start", None, counted(stops)).format(stops)
            colour = theme.danger
        else:
            words, colour = self.tr("Ready to start"), theme.good
        self.headline.setText(words)
        self.headline.setStyleSheet(f"color: {colour};")
        self._what.setText(self.tr("{0} → {1}").format(plan.source.name, plan.name or "—"))
        while len(self._rows) < len(findings):
            self._rows.append(FindingRow(self._quantize, self._look))
            self._findings.addWidget(self._rows[-1])
        shares = plan.shares
        for place, row in enumerate(self._rows):
            row.setVisible(place < len(findings))
            if place < len(findings):
                row.show_finding(findings[place], shares.get(findings[place].topic))

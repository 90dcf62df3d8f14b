"""The verdict of a report in words and on its scale: the thresholds are always stated."""

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from phidesk.core.report import THRESHOLDS, Report, Verdict
from phidesk.ui.theme import RADIUS, SPACE_S, Look, Theme


def verdict_name(where: QObject, verdict: Verdict) -> str:
    """Return the verdict as one word."""
    return {
        Verdict.EXCELLENT: where.tr("Excellent"),
        Verdict.GOOD: where.tr("Good"),
        Verdict.FAIR: where.tr("Fair"),
        Verdict.POOR: where.tr("Poor"),
    }[verdict]


def verdict_colour(theme: Theme, verdict: Verdict) -> str:
    """Return the colour of a verdict."""
    return {
        Verdict.EXCELLENT: theme.good,
        Verdict.GOOD: theme.good,
        Verdict.FAIR: theme.warning,
        Verdict.POOR: theme.danger,
    }[verdict]


def verdict_words(where: QObject, report: Report) -> str:
    """Return what the verdict means, with the two figures that it rests on."""
    meaning = {
        Verdict.EXCELLENT: where.tr("You will hardly notice a difference to the original."),
        Verdict.GOOD: where.tr("A small loss that most uses do not notice."),
        Verdict.FAIR: where.tr("A loss that shows in harder questions: compare the answers below."),
        Verdict.POOR: where.tr("Much is lost: take more bits, smaller groups or more effort."),
    }[report.verdict]
    figures = where.tr("Mean KL divergence {0} nats, the same likeliest token in {1} % of places.")
    figures = figures.format(f"{report.mean_kl:.4f}", f"{100 * report.agreement:.1f}")
    return f"{meaning} {figures}"


class VerdictScale(QWidget):
    """All four verdicts with what each asks for; the one that was reached is marked."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._chips: dict[Verdict, QLabel] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_S)
        for verdict in Verdict:
            chip = QLabel()
            chip.setWordWrap(True)
            chip.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
            name = verdict_name(self, verdict)
            if verdict in THRESHOLDS:
                kl, agreement = THRESHOLDS[verdict]
                words = self.tr("{0}\nKL ≤ {1:g} nats\nagreement ≥ {2:.0f} %")
                chip.setText(words.format(name, kl, 100 * agreement))
            else:
                chip.setText(self.tr("{0}\neverything else").format(name))
            self._chips[verdict] = chip
            row.addWidget(chip, 1)

    def show_report(self, report: Report) -> None:
        """Mark the verdict of a report."""
        theme = self._look.theme
        for verdict, chip in self._chips.items():
            reached = verdict is report.verdict
            colour = verdict_colour(theme, verdict)
            border = f"2px solid {colour}" if reached else f"1px solid {theme.border}"
            text = theme.text if reached else theme.muted
            chip.setStyleSheet(
                f"border: {border}; border-radius: {RADIUS - 2}px; padding: 6px 10px;"
                f"color: {text}; background: {theme.window};"
                f"font-weight: {600 if reached else 400};"
            )

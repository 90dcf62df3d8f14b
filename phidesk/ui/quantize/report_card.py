"""The report card: a verdict with its thresholds, what changed, and the answers side by side."""

from PySide6.QtCore import QDateTime, QLocale, Qt
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QLabel, QVBoxLayout, QWidget

from phidesk.core.engines import EngineName
from phidesk.core.report import Report, Side
from phidesk.ui.format import size, speed
from phidesk.ui.quantize.report_answers import AnswersView
from phidesk.ui.quantize.verdict import VerdictScale, verdict_colour, verdict_name, verdict_words
from phidesk.ui.quantize.wording import pack_name
from phidesk.ui.theme import SPACE_L, SPACE_M, SPACE_S, SPACE_XS, Look, Theme
from phidesk.ui.widgets import direction, frame, label

_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class ReportCard(QWidget):
    """Shows one report; it knows nothing of where that comes from."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._report: Report | None = None
        self.verdict = label()
        font = self.verdict.font()
        font.setPointSizeF(font.pointSizeF() * 2.2)
        font.setBold(True)
        self.verdict.setFont(font)
        self._words = label(wrap=True)
        self._names = label(role="muted", wrap=True)
        self._scale = VerdictScale(look)
        head = frame("card")
        head_column = QVBoxLayout(head)
        head_column.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_L)
        head_column.setSpacing(SPACE_XS + 2)
        head_column.addWidget(self.verdict)
        head_column.addWidget(self._words)
        head_column.addWidget(self._names)
        head_column.addSpacing(SPACE_S)
        head_column.addWidget(self._scale)
        self._cost = _Table(self.tr("What it costs"))
        self._quality = _Table(self.tr("How close it is, by text"))
        self._tables = tables = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        tables.setSpacing(SPACE_M)
        tables.addWidget(self._cost, 4)
        tables.addWidget(self._quality, 6)
        self.answers = AnswersView(look)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_M)
        column.addWidget(head)
        column.addLayout(tables)
        column.addWidget(self.answers)
        look.changed.connect(self._refresh)

    def set_narrow(self, narrow: bool) -> None:
        """Put the tables below one another where there is little room."""
        self._tables.setDirection(direction(narrow))

    def show_report(self, report: Report) -> None:
        """Show a report."""
        self._report = report
        self._refresh()

    @property
    def table_texts(self) -> list[list[str]]:
        """All rows of both tables, for tests and for the clipboard."""
        return [*self._cost.texts, *self._quality.texts]

    def _refresh(self) -> None:
        report = self._report
        if report is None:
            return
        theme = self._look.theme
        self.verdict.setText(verdict_name(self, report.verdict))
        self.verdict.setStyleSheet(f"color: {verdict_colour(theme, report.verdict)};")
        self._words.setText(verdict_words(self, report))
        self._names.setText(self._origin(report))
        self._scale.show_report(report)
        self._fill_cost(report, theme)
        self._fill_quality(report)
        self.answers.show_answers(report.answers)

    def _origin(self, report: Report) -> str:
        names = self.tr("{0} against {1}").format(report.copy.name, report.original.name)
        made = QDateTime.fromString(report.created, Qt.DateFormat.ISODate).toLocalTime()
        when = QLocale().toString(made, QLocale.FormatType.ShortFormat)
        return f"{names} · {when}" if when else names

    def _fill_cost(self, report: Report, theme: Theme) -> None:
        one, two = report.original, report.copy
        table = self._cost
        table.begin([self.tr("Original"), self.tr("Copy"), self.tr("Change")])
        table.add(self.tr("Weights"), [_kind(one), _kind(two), ""])
        table.add(self.tr("Engine"), [_engine(one), _engine(two), ""])
        for name, before, after, shown, less_is_better in (
            (self.tr("Size on disk"), one.size_bytes, two.size_bytes, size, True),
            (self.tr("Memory loaded"), one.memory_bytes, two.memory_bytes, size, True),
            (self.tr("Speed"), one.tokens_per_second, two.tokens_per_second, speed, False),
        ):
            change, colour = "", ""
            if before and after:
                percent = round(100 * (after / before - 1))
                change = f"{percent:+d} %".replace("-", "−")
                better = (percent < 0) == less_is_better
                if abs(percent) >= 1:
                    colour = theme.good if better else theme.warning
            values = [shown(v) if v else "—" for v in (before, after)]
            table.add(name, [*values, change], colour)
        table.finish()

    def _fill_quality(self, report: Report) -> None:
        table = self._quality
        table.begin(
            [
                self.tr("Perplexity\noriginal"),
                self.tr("Perplexity\ncopy"),
                self.tr("KL divergence\nin nats"),
                self.tr("Top-1\nagreement"),
            ]
        )
        for pack in report.tokens:
            before = report.original.perplexity.get(pack)
            after = report.copy.perplexity.get(pack)
            values = [
                _number(before),
                _number(after),
                f"{report.kl_divergence.get(pack, 0.0):.4f}",
                f"{100 * report.top1_agreement.get(pack, 0.0):.1f} %",
            ]
            table.add(pack_name(self, pack), values)
        mean = ["", "", f"{report.mean_kl:.4f}", f"{100 * report.agreement:.1f} %"]
        table.add(self.tr("All texts"), mean, bold=True)
        table.finish()


class _Table(QWidget):
    """A card with a title and rows of figures under column heads."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.setAccessibleName(title)
        card = frame("card")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(card)
        self._column = QVBoxLayout(card)
        self._column.setContentsMargins(SPACE_L, SPACE_M, SPACE_L, SPACE_L)
        self._column.setSpacing(SPACE_S)
        self._column.addWidget(label(title, "figure"))
        self._inside: QWidget | None = None
        self._grid = QGridLayout()
        self.texts: list[list[str]] = []

    def begin(self, heads: list[str]) -> None:
        """Clear the table."""
        if self._inside is not None:
            self._inside.hide()
            self._inside.deleteLater()
        self._inside = QWidget()
        self._grid = QGridLayout(self._inside)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(SPACE_M)
        self._grid.setVerticalSpacing(SPACE_S)
        self._grid.setColumnStretch(0, 1)
        self.texts = []
        for column, head in enumerate(heads, start=1):
            shown = label(head, "muted")
            shown.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom)
            self._grid.addWidget(shown, 0, column)

    def add(self, name: str, values: list[str], colour: str = "", *, bold: bool = False) -> None:
        """Add a row; colour: of the last value."""
        row = self._grid.rowCount()
        parts: list[QLabel] = [label(name, "" if bold else "muted")]
        parts += [label(value) for value in values]
        for column, part in enumerate(parts):
            if column:
                part.setAlignment(_RIGHT)
                part.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            if bold:
                part.setStyleSheet("font-weight: 600;")
            self._grid.addWidget(part, row, column)
        if colour:
            parts[-1].setStyleSheet(f"color: {colour}; font-weight: 600;")
        self.texts.append([name, *values])

    def finish(self) -> None:
        """Show what was added."""
        if self._inside is not None:
            self._grid.setRowStretch(self._grid.rowCount(), 1)
            self._column.addWidget(self._inside, 1)


def _kind(side: Side) -> str:
    return side.quantization or "—"


def _engine(side: Side) -> str:
    try:
        return EngineName(side.engine).label
    except ValueError:
        return side.engine or "—"


def _number(value: float | None) -> str:
    if value is None:
        return "—"
    return f"{value:.2f}" if value < 1000 else f"{value:,.0f}"

"""The page of what the models have answered over time."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QStackedWidget,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from phidesk.ui.format import speed
from phidesk.ui.statistics.chart import DaysChart, colour_of
from phidesk.ui.theme import SPACE_L, SPACE_M, SPACE_S, SPACE_XL, Look
from phidesk.ui.widgets import label
from phidesk.viewmodels.statistics import PERIODS, ModelSum, StatisticsViewModel

_DOT = 10
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class StatisticsPane(QWidget):
    """Bars of the tokens of each day above a table with a row for each model."""

    def __init__(self, statistics: StatisticsViewModel, look: Look) -> None:
        super().__init__()
        self._statistics = statistics
        self._look = look
        self.period = QComboBox()
        self.period.setAccessibleName(self.tr("Period"))
        for days in PERIODS:
            words = self.tr("Last {0} days").format(days) if days else self.tr("All the time")
            self.period.addItem(words, days)
        self.period.setCurrentIndex(PERIODS.index(statistics.period))
        self.period.currentIndexChanged.connect(self._on_period_changed)
        self.chart = DaysChart(look)
        self.table = self._make_table()
        head = QHBoxLayout()
        head.setSpacing(SPACE_S)
        head.addWidget(label(self.tr("Statistics"), "title"))
        head.addStretch(1)
        head.addWidget(self.period)
        figures = QWidget()
        column = QVBoxLayout(figures)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_L)
        column.addWidget(label(self.tr("Tokens of each day, by model"), "muted"))
        column.addWidget(self.chart)
        column.addWidget(self.table, 1)
        self._empty = label(
            self.tr("No answer in this time. What the models answer in chats is counted here."),
            "muted",
            wrap=True,
        )
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack = QStackedWidget()
        self._stack.addWidget(figures)
        self._stack.addWidget(self._empty)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(SPACE_XL, SPACE_L, SPACE_XL, SPACE_L)
        whole.setSpacing(SPACE_M)
        whole.addLayout(head)
        whole.addWidget(self._stack, 1)
        statistics.changed.connect(self._show)
        look.changed.connect(self._show)
        self._show()

    def _make_table(self) -> QTableWidget:
        heads = (
            self.tr("Model"),
            self.tr("Answers"),
            self.tr("Tokens written"),
            self.tr("Tokens read"),
            self.tr("Speed"),
            self.tr("TTFT"),
        )
        table = QTableWidget(0, len(heads))
        table.setObjectName("statistics")
        table.setHorizontalHeaderLabels(heads)
        table.setAccessibleName(self.tr("Figures of each model"))
        table.verticalHeader().hide()
        table.setShowGrid(False)
        table.setFrameShape(QFrame.Shape.NoFrame)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.horizontalHeader().setHighlightSections(False)
        table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        table.horizontalHeader().setDefaultAlignment(_RIGHT)
        first = table.horizontalHeaderItem(0)
        if first is not None:
            first.setTextAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return table

    def _show(self) -> None:
        models = self._statistics.models
        self._stack.setCurrentIndex(0 if models else 1)
        self.chart.set_days(self._statistics.days, [m.model for m in models])
        self.table.setRowCount(len(models))
        for row, model in enumerate(models):
            name = QTableWidgetItem(self._dot(row), model.model or self.tr("unknown"))
            self.table.setItem(row, 0, name)
            for column, words in enumerate(self._words(model), start=1):
                item = QTableWidgetItem(words)
                item.setTextAlignment(_RIGHT)
                self.table.setItem(row, column, item)

    def _words(self, model: ModelSum) -> tuple[str, ...]:
        return (
            f"{model.answers:,}",
            f"{model.completion_tokens:,}",
            f"{model.prompt_tokens:,}",
            speed(model.tokens_per_second) if model.tokens_per_second else "—",
            self.tr("{0} s").format(f"{model.ttft_s:.2f}") if model.ttft_s is not None else "—",
        )

    def _dot(self, row: int) -> QIcon:
        pixmap = QPixmap(2 * _DOT, 2 * _DOT)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colour_of(self._look.theme, row)))
        painter.drawEllipse(_DOT // 2, _DOT // 2, _DOT, _DOT)
        painter.end()
        return QIcon(pixmap)

    def _on_period_changed(self) -> None:
        self._statistics.set_period(self.period.currentData())

"""Any two models against each other: the same report card as after a quantization."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from phidesk.core.models import ModelRef
from phidesk.core.report import saved_report
from phidesk.ui.format import size
from phidesk.ui.quantize.source_list import facts_of
from phidesk.ui.theme import SPACE_L, SPACE_M, SPACE_S, SPACE_XL
from phidesk.ui.widgets import frame, label
from phidesk.viewmodels.models import ModelRole, ModelsViewModel
from phidesk.viewmodels.quantize import QuantizeViewModel
from phidesk.viewmodels.report import ReportState


class ComparePage(QWidget):
    """Two choices and a button; a report that is there already can be shown at once."""

    closed = Signal()

    def __init__(self, quantize: QuantizeViewModel, models: ModelsViewModel) -> None:
        super().__init__()
        self._quantize = quantize
        self._models = models
        self.original, self.copy = QComboBox(), QComboBox()
        self.original.setAccessibleName(self.tr("Original"))
        self.copy.setAccessibleName(self.tr("Copy"))
        self._facts = (label(role="muted"), label(role="muted"))
        self.compare = QPushButton(self.tr("Compare"))
        self.compare.setProperty("primary", True)
        self.compare.clicked.connect(self._on_compare)
        self.saved = QPushButton(self.tr("Show the saved report card"))
        self.saved.clicked.connect(self._on_saved)
        close = QPushButton(self.tr("Cancel"))
        close.clicked.connect(self.closed)
        self._hint = label(role="muted", wrap=True)
        card = frame("card")
        grid = QGridLayout(card)
        grid.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_L)
        grid.setHorizontalSpacing(SPACE_L)
        grid.setVerticalSpacing(SPACE_S)
        grid.setColumnStretch(1, 1)
        names = (self.tr("Original"), self.tr("Copy"))
        for place, (name, box) in enumerate(zip(names, (self.original, self.copy), strict=True)):
            grid.addWidget(label(name, "muted"), 2 * place, 0)
            grid.addWidget(box, 2 * place, 1)
            grid.addWidget(self._facts[place], 2 * place + 1, 1)
            box.setMinimumWidth(200)
            box.setSizeAdjustPolicy(
                QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
            )
            box.currentIndexChanged.connect(self._show)
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE_S)
        buttons.addWidget(self.compare)
        buttons.addWidget(self.saved)
        buttons.addWidget(close)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_M)
        column.addWidget(label(self.tr("Compare two models"), "title"))
        column.addWidget(
            label(
                self.tr(
                    "Both answer ten prompts and read the same texts. The report card says how "
                    "close the copy comes to the original, and what it saves."
                ),
                "muted",
                wrap=True,
            )
        )
        column.addWidget(card)
        column.addWidget(self._hint)
        column.addLayout(buttons)
        column.addSpacing(SPACE_XL)
        column.addStretch(1)
        models.modelReset.connect(self._fill)
        quantize.report.state_changed.connect(self._show)
        self._fill()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Look again for saved reports."""
        super().showEvent(event)
        self._show()

    def _fill(self) -> None:
        for box in (self.original, self.copy):
            before = box.currentData()
            box.blockSignals(True)
            box.clear()
            for row in range(self._models.rowCount()):
                ref = self._models.data(self._models.index(row), ModelRole.REF)
                if isinstance(ref, ModelRef) and not ref.problem:
                    box.addItem(ref.name, ref)
            paths = [box.itemData(n).path for n in range(box.count())]
            wanted = before.path if isinstance(before, ModelRef) else None
            last = 0 if box is self.original else box.count() - 1
            box.setCurrentIndex(paths.index(wanted) if wanted in paths else last)
            box.blockSignals(False)
        self._show()

    def _show(self) -> None:
        one, two = self.original.currentData(), self.copy.currentData()
        both = isinstance(one, ModelRef) and isinstance(two, ModelRef)
        for ref, facts in zip((one, two), self._facts, strict=True):
            known = isinstance(ref, ModelRef)
            facts.setText(f"{facts_of(ref)} · {size(ref.size_bytes)}" if known else "")
        same = both and one.path == two.path
        busy = self._quantize.report.state is ReportState.MAKING
        self.compare.setEnabled(both and not same and not busy)
        self.saved.setVisible(isinstance(two, ModelRef) and saved_report(two) is not None)
        self.saved.setEnabled(not busy)
        self._hint.setVisible(busy or same)
        if busy:
            self._hint.setText(self.tr("Another report card is being made."))
        elif same:
            self._hint.setText(self.tr("Choose two different models."))

    def _on_compare(self) -> None:
        self._quantize.compare(self.original.currentData(), self.copy.currentData())
        self.closed.emit()

    def _on_saved(self) -> None:
        self._quantize.show_report(self.copy.currentData())
        self.closed.emit()

"""The Quantize pane: the stepper, the step that is shown, and the buttons that lead on."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from phidesk.ui.icons import tinted_icon
from phidesk.ui.quantize.check_step import CheckStep
from phidesk.ui.quantize.compare_page import ComparePage
from phidesk.ui.quantize.recipe_step import RecipeStep
from phidesk.ui.quantize.report_step import ReportStep
from phidesk.ui.quantize.run_step import RunStep
from phidesk.ui.quantize.source_step import SourceStep
from phidesk.ui.quantize.stepper import Stepper
from phidesk.ui.theme import SPACE_L, SPACE_M, SPACE_S, SPACE_XL, Look
from phidesk.ui.widgets import Banner, frame, label
from phidesk.viewmodels.models import ModelsViewModel
from phidesk.viewmodels.quantize import QuantizeStep, QuantizeViewModel
from phidesk.viewmodels.quantize_run import RunState
from phidesk.viewmodels.report import ReportState
from phidesk.viewmodels.words import in_words

_COLUMN_WIDTH = 1080
_ORDER = list(QuantizeStep)


class QuantizePane(QWidget):
    """Leads through the steps; each is a widget of its own."""

    add_folder_requested = Signal()
    chat_requested = Signal(object)
    """a ModelRef"""

    def __init__(self, quantize: QuantizeViewModel, models: ModelsViewModel, look: Look) -> None:
        super().__init__()
        self._quantize = quantize
        self._look = look
        self.stepper = Stepper(look)
        self.stepper.chosen.connect(self._on_step_chosen)
        self.banner = Banner(look)
        self.source = SourceStep(quantize, models, look)
        self.recipe = RecipeStep(quantize.plan, look)
        self.check = CheckStep(quantize, look)
        self.run = RunStep(quantize, look)
        self.report = ReportStep(quantize, look)
        self._pages: dict[QuantizeStep, QWidget] = {
            QuantizeStep.SOURCE: self.source,
            QuantizeStep.RECIPE: self.recipe,
            QuantizeStep.CHECK: self.check,
            QuantizeStep.RUN: self.run,
            QuantizeStep.REPORT: self.report,
        }
        self.compare_page = ComparePage(quantize, models)
        self.compare_page.closed.connect(self._on_compare_closed)
        self.compare = QPushButton(self.tr("Compare two models…"))
        self.compare.clicked.connect(self._on_compare)
        self._stack = QStackedWidget()
        for page in (*self._pages.values(), self.compare_page):
            self._stack.addWidget(page)
        self.back = QPushButton(self.tr("Back"))
        self.back.clicked.connect(self._on_back)
        self.next = QPushButton()
        self.next.setProperty("primary", True)
        self.next.setMinimumSize(150, 36)
        self.next.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the icon after the text
        self.next.clicked.connect(self._on_next)
        self.hint = label(role="muted")
        self.hint.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._build()
        self._connect(models)
        quantize.find_interrupted()
        self._show_step()

    def _build(self) -> None:
        top, foot = frame("bar"), frame("foot")
        bar = _centred(top, SPACE_S)
        bar.addWidget(self.stepper, 1)
        bar.addWidget(self.compare)
        row = _centred(foot, SPACE_M)
        row.addWidget(self.back)
        row.addWidget(self.hint, 1)
        row.addWidget(self.next)
        self._foot = foot
        middle = QWidget()
        _centred(middle, SPACE_L).addWidget(self._stack)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(top)
        column.addWidget(self.banner)
        column.addWidget(middle, 1)
        column.addWidget(foot)

    def _connect(self, models: ModelsViewModel) -> None:
        quantize = self._quantize
        self.source.add_folder_requested.connect(self.add_folder_requested)
        self.source.activated.connect(self._on_next)
        self.report.chat_requested.connect(self.chat_requested)
        self.run.recipe_requested.connect(lambda: quantize.go_to(QuantizeStep.RECIPE))
        quantize.step_changed.connect(self._show_step)
        quantize.failed.connect(self.banner.show_error)
        quantize.plan.source_changed.connect(self._show)
        quantize.plan.recipe_changed.connect(self._show)
        quantize.plan.checked.connect(self._show)
        quantize.run.state_changed.connect(self._show)
        quantize.report.state_changed.connect(self._show)
        models.modelReset.connect(self._show)
        self._look.changed.connect(self._show)

    def _on_step_chosen(self, step: QuantizeStep) -> None:
        self._quantize.go_to(step)
        self._show_step()

    def _show_step(self) -> None:
        """Show the step, also where the comparison is on top of it."""
        self._stack.setCurrentWidget(self._pages[self._quantize.step])
        self._foot.show()
        self._show()

    def _show(self) -> None:
        if self._stack.currentWidget() is self.compare_page:
            return
        quantize, step = self._quantize, self._quantize.step
        reachable = {s for s in QuantizeStep if quantize.can_go_to(s)}
        done = {s for s in _ORDER[: _ORDER.index(step)] if s in reachable}
        if quantize.run.state is RunState.DONE:
            done.add(QuantizeStep.RUN)
        if quantize.report.state is ReportState.READY:
            done.add(QuantizeStep.REPORT)
        self.stepper.show_steps(step, reachable, done)
        self.back.setVisible(step is not QuantizeStep.SOURCE)
        words = {
            QuantizeStep.SOURCE: self.tr("Choose a recipe"),
            QuantizeStep.RECIPE: self.tr("Pre-flight"),
            QuantizeStep.CHECK: self.tr("Start"),
            QuantizeStep.RUN: self.tr("Report card"),
            QuantizeStep.REPORT: self.tr("Quantize another"),
        }
        self.next.setText(words[step])
        starts = step is QuantizeStep.CHECK
        self.next.setEnabled(
            quantize.may_start if starts else step is QuantizeStep.REPORT or self._has_next()
        )
        colour = self._look.theme.on_accent if self.next.isEnabled() else self._look.theme.muted
        self.next.setIcon(tinted_icon("quantize" if starts else "arrow-right", colour))
        self.hint.setText(self._hint())

    def _on_compare(self) -> None:
        self._stack.setCurrentWidget(self.compare_page)
        reachable = {s for s in QuantizeStep if self._quantize.can_go_to(s)}
        self.stepper.show_steps(None, reachable, set())
        self._foot.hide()
        self.compare_page.original.setFocus()

    def _on_compare_closed(self) -> None:
        self._show_step()

    def _has_next(self) -> bool:
        place = _ORDER.index(self._quantize.step) + 1
        return place < len(_ORDER) and self._quantize.can_go_to(_ORDER[place])

    def _hint(self) -> str:
        quantize, plan = self._quantize, self._quantize.plan
        step = quantize.step
        if step is QuantizeStep.SOURCE and plan.is_reading and plan.recipe is None:
            return self.tr("Reading the model’s files…")
        if step in (QuantizeStep.RECIPE, QuantizeStep.CHECK) and plan.preflight is not None:
            if quantize.run.is_active:
                return self.tr("Another quantization is running.")
            stops = plan.preflight.stops
            if stops:
                return self.tr("{0}: {1}").format(
                    in_words(stops[0].topic), self.tr("not possible like this")
                )
        return ""

    def _on_back(self) -> None:
        place = _ORDER.index(self._quantize.step) - 1
        while place > 0 and not self._quantize.can_go_to(_ORDER[place]):
            place -= 1
        self._quantize.go_to(_ORDER[max(0, place)])

    def _on_next(self) -> None:
        step = self._quantize.step
        if step is QuantizeStep.CHECK:
            self._quantize.start()
        elif step is QuantizeStep.REPORT:
            self._quantize.go_to(QuantizeStep.SOURCE)
        else:
            self._quantize.go_to(_ORDER[_ORDER.index(step) + 1])


def _centred(outside: QWidget, margin: int) -> QHBoxLayout:
    """Return a row inside a widget that stays as wide as can be read, in its middle."""
    inside = QWidget()
    inside.setMaximumWidth(_COLUMN_WIDTH)
    row = QHBoxLayout(inside)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(SPACE_M)
    around = QHBoxLayout(outside)
    around.setContentsMargins(SPACE_XL, margin, SPACE_XL, margin)
    around.addStretch(1)
    around.addWidget(inside, 1000)
    around.addStretch(1)
    return row

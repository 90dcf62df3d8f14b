"""The slim row at the top of the pane: which step is shown, and which can be."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from phidesk.ui.icons import tinted_icon
from phidesk.ui.quantize.wording import step_name
from phidesk.ui.theme import RADIUS, SPACE_S, SPACE_XS, Look
from phidesk.viewmodels.quantize import QuantizeStep

_CIRCLE, _LEAST_LINE = 22, 6


class StepButton(QAbstractButton):
    """A number in a circle and the step's name."""

    def __init__(self, look: Look, number: int, name: str) -> None:
        super().__init__()
        self._look = look
        self._number = number
        self.is_done = False
        self.is_short = False
        """whether the name is left out, where the step is not the current one"""
        self.setText(name)
        self.setAccessibleName(self.tr("Step {0}: {1}").format(number, name))
        self.setToolTip(name)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return room for the circle and, where it is shown, the name in bold."""
        if self.is_short and not self.isChecked():
            return QSize(_CIRCLE + 2 * SPACE_XS, _CIRCLE + 2 * SPACE_XS)
        return QSize(self.full_width, _CIRCLE + 2 * SPACE_XS)

    @property
    def full_width(self) -> int:
        """The width with the name."""
        width = self.fontMetrics().horizontalAdvance(self.text()) * 1.12
        return int(width) + _CIRCLE + 3 * SPACE_S

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Paint the circle, the number or a check mark, and the name."""
        theme = self._look.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.hasFocus():
            painter.setPen(QColor(theme.accent))
            outline = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
            painter.drawRoundedRect(outline, RADIUS, RADIUS)
        circle = QRectF(SPACE_XS, (self.height() - _CIRCLE) / 2, _CIRCLE, _CIRCLE)
        current, enabled = self.isChecked(), self.isEnabled()
        done = self.is_done and not current
        painter.setPen(QPen(QColor(theme.accent if enabled else theme.border), 1.4))
        filled = theme.accent if current else theme.accent_soft if done else theme.window
        painter.setBrush(QColor(filled))
        painter.drawEllipse(circle.adjusted(1, 1, -1, -1))
        if done:
            tinted_icon("check", theme.accent).paint(
                painter, circle.adjusted(4, 4, -4, -4).toRect()
            )
        else:
            font = QFont(self.font())
            font.setPointSizeF(font.pointSizeF() * 0.85)
            font.setBold(True)
            painter.setFont(font)
            ink = theme.on_accent if current else theme.accent if enabled else theme.muted
            painter.setPen(QColor(ink))
            painter.drawText(circle, Qt.AlignmentFlag.AlignCenter, str(self._number))
        if self.is_short and not current:
            return
        font = QFont(self.font())
        font.setBold(current)
        painter.setFont(font)
        painter.setPen(QColor(theme.text if enabled else theme.muted))
        words = QRectF(self.rect()).adjusted(_CIRCLE + SPACE_XS + SPACE_S, 0, 0, 0)
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(words, int(left), self.text())


class _Line(QWidget):
    """Joins two steps."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.setFixedHeight(2)
        self.setMaximumWidth(56)
        self.setMinimumWidth(_LEAST_LINE)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        painter = QPainter(self)
        painter.setPen(QPen(QColor(self._look.theme.border), 1.4))
        painter.drawLine(QPointF(0, 1), QPointF(self.width(), 1))


class Stepper(QWidget):
    """All steps in a row."""

    chosen = Signal(object)
    """a QuantizeStep"""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.buttons: dict[QuantizeStep, StepButton] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_XS)
        for number, step in enumerate(QuantizeStep, start=1):
            if self.buttons:
                row.addWidget(_Line(look), 1)
            button = StepButton(look, number, step_name(self, step))
            button.clicked.connect(lambda _=False, step=step: self.chosen.emit(step))
            self.buttons[step] = button
            row.addWidget(button)
        row.addStretch(1)
        look.changed.connect(self.update)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Leave out all names but the current step's where there is no room for them."""
        super().resizeEvent(event)
        lines = (_LEAST_LINE + 2 * SPACE_XS) * (len(self.buttons) - 1)
        needed = sum(button.full_width for button in self.buttons.values()) + lines
        for button in self.buttons.values():
            button.is_short = needed > self.width()
            button.updateGeometry()

    def show_steps(
        self, current: QuantizeStep | None, reachable: set[QuantizeStep], done: set[QuantizeStep]
    ) -> None:
        """Mark the steps."""
        for step, button in self.buttons.items():
            button.setEnabled(step in reachable)
            button.setChecked(step is current)
            button.is_done = step in done
            button.updateGeometry()
            button.update()

"""The round button that leads back to the end of the thread."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from phidesk.ui.theme import Theme

_SIZE = 36


class JumpButton(QAbstractButton):
    """An arrow down in a circle."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.theme = theme
        self.setFixedSize(_SIZE, _SIZE)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(self.tr("Jump to the end"))
        self.setToolTip(self.tr("Jump to the end"))
        self.hide()

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return the fixed size."""
        return QSize(_SIZE, _SIZE)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Paint the circle and the arrow."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        lit = self.underMouse() or self.isDown()
        edge = self.theme.accent if self.hasFocus() else self.theme.border
        painter.setPen(QPen(QColor(edge), 1))
        painter.setBrush(QColor(self.theme.hover if lit else self.theme.raised))
        painter.drawEllipse(QRectF(1.5, 1.5, _SIZE - 3, _SIZE - 3))
        pen = QPen(QColor(self.theme.text), 1.8)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        middle = _SIZE / 2
        painter.drawLine(QPointF(middle, middle - 6), QPointF(middle, middle + 6))
        painter.drawPolyline(
            [
                QPointF(middle - 5, middle + 1),
                QPointF(middle, middle + 6),
                QPointF(middle + 5, middle + 1),
            ]
        )

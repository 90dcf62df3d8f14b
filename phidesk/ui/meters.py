"""Painted gauges: a bar of parts and a sparkline."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from phidesk.ui.theme import Look

_BAR_HEIGHT = 8


class PartsBar(QWidget):
    """A bar whose parts fill it from the left; each part has a colour role of the theme."""

    def __init__(self, look: Look, name: str) -> None:
        super().__init__()
        self._look = look
        self._name = name
        self._parts: tuple[tuple[str, float], ...] = ()
        self.setAccessibleName(name)
        self.setFixedHeight(_BAR_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        look.changed.connect(self.update)

    def set_parts(self, parts: Sequence[tuple[str, float]]) -> None:
        """Show parts as (colour role, share of the whole from 0 to 1)."""
        rounded = tuple((role, round(share, 3)) for role, share in parts)
        if rounded != self._parts:
            self._parts = rounded
            percent = round(100 * sum(share for _, share in rounded))
            self.setAccessibleDescription(f"{percent} %")
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Paint the track and the parts."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        outline = QPainterPath()
        outline.addRoundedRect(QRectF(self.rect()), _BAR_HEIGHT / 2, _BAR_HEIGHT / 2)
        painter.setClipPath(outline)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._look.theme.raised))
        painter.drawRect(self.rect())
        left = 0.0
        for role, share in self._parts:
            width = min(1.0, max(0.0, share)) * self.width()
            painter.setBrush(QColor(getattr(self._look.theme, role)))
            painter.drawRect(QRectF(left, 0, width, self.height()))
            left += width


class Sparkline(QWidget):
    """The last values of a figure as a line, scaled to its highest."""

    def __init__(self, look: Look, name: str) -> None:
        super().__init__()
        self._look = look
        self._values: tuple[float, ...] = ()
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        look.changed.connect(self.update)

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return the usual size."""
        return QSize(120, 44)

    def set_values(self, values: Sequence[float]) -> None:
        """Show the values, oldest first."""
        if tuple(values) != self._values:
            self._values = tuple(values)
            self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Paint the line over a soft area."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self._look.theme
        base = self.height() - 1.5
        painter.setPen(QPen(QColor(theme.border), 1))
        painter.drawLine(QPointF(0, base), QPointF(self.width(), base))
        if len(self._values) < 2:
            return
        highest = max(self._values) or 1.0
        step = self.width() / (len(self._values) - 1)
        points = [
            QPointF(n * step, base - value / highest * (base - 3))
            for n, value in enumerate(self._values)
        ]
        area = QPolygonF([QPointF(0, base), *points, QPointF(self.width(), base)])
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.accent_soft))
        painter.drawPolygon(area)
        painter.setPen(QPen(QColor(theme.accent), 1.6))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(QPolygonF(points))

"""A live chart of the layers: losses before and after on a log scale, or seconds."""

import math
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from phidesk.ui.scale import LinearScale
from phidesk.ui.theme import SPACE_L, SPACE_M, SPACE_S, Look
from phidesk.viewmodels.quantize_run import Layer

_LEFT, _BOTTOM, _TOP = 64, 40, 34
_DOT = 3.0
_MOST_DOTS = 60


class LayerChart(QWidget):
    """One point a layer, at its number of all layers."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._layers: tuple[Layer, ...] = ()
        self._total = 0
        self.setAccessibleName(self.tr("Loss of each layer"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        look.changed.connect(self.update)

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return the usual size."""
        return QSize(480, 260)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Return the smallest size at which the axes can be read."""
        return QSize(240, 180)

    @property
    def shows_losses(self) -> bool:
        """Whether the algorithm tunes; otherwise the seconds of each layer are shown."""
        return any(layer.loss_after is not None for layer in self._layers)

    def set_layers(self, layers: Sequence[Layer], total: int) -> None:
        """Show the layers that are done, of a total."""
        if tuple(layers) == self._layers and total == self._total:
            return
        self._layers, self._total = tuple(layers), total
        if self._layers:
            last = self._layers[-1]
            loss = f"{last.loss_after:.2e}" if last.loss_after is not None else "—"
            words = self.tr("Layer {0} of {1}: loss {2}, {3} s")
            self.setAccessibleDescription(
                words.format(last.number, total, loss, f"{last.seconds:.1f}")
            )
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Paint axes, grid, lines and legend."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = QFont(self.font())
        font.setPointSizeF(font.pointSizeF() * 0.88)
        painter.setFont(font)
        area = QRectF(_LEFT, _TOP, self.width() - _LEFT - SPACE_L, self.height() - _TOP - _BOTTOM)
        theme = self._look.theme
        series: list[tuple[str, str, list[float | None]]]
        if self.shows_losses:
            series = [
                (self.tr("before tuning"), theme.muted, [x.loss_before for x in self._layers]),
                (self.tr("after tuning"), theme.accent, [x.loss_after for x in self._layers]),
            ]
            title, is_log = self.tr("Loss of each layer (mean squared error, log scale)"), True
        else:
            series = [("", theme.accent, [x.seconds for x in self._layers])]
            title, is_log = self.tr("Seconds of each layer"), False
        painter.setPen(QColor(theme.muted))
        painter.drawText(QPointF(SPACE_S, 16), title)
        values = [
            v for _, _, line in series for v in line if v is not None and (v > 0 or not is_log)
        ]
        scale = _LogScale(values) if is_log else LinearScale(values)
        self._paint_axes(painter, area, scale)
        self._paint_legend(painter, [(name, colour) for name, colour, _ in series if name])
        for _, colour, line in series:
            points = [
                QPointF(self._x(area, layer.number), scale.y(area, value))
                for layer, value in zip(self._layers, line, strict=True)
                if value is not None and (value > 0 or not is_log)
            ]
            _paint_line(painter, points, colour, dots=self._total <= _MOST_DOTS)

    def _x(self, area: QRectF, number: int) -> float:
        return area.left() + (number - 0.5) / max(1, self._total) * area.width()

    def _paint_axes(self, painter: QPainter, area: QRectF, scale: "_Scale") -> None:
        theme = self._look.theme
        for value, text in scale.ticks():
            y = scale.y(area, value)
            painter.setPen(QPen(QColor(theme.border), 1))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(QColor(theme.muted))
            box = QRectF(0, y - 10, _LEFT - SPACE_S, 20)
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(box, int(right), text)
        painter.setPen(QColor(theme.muted))
        for number in _layer_ticks(self._total, area.width()):
            box = QRectF(self._x(area, number) - 24, area.bottom() + 4, 48, 16)
            painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), str(number))
        box = QRectF(area.left(), area.bottom() + 20, area.width(), 18)
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), self.tr("Layer"))

    def _paint_legend(self, painter: QPainter, entries: list[tuple[str, str]]) -> None:
        x = float(self.width() - SPACE_L)
        for name, colour in reversed(entries):
            width = painter.fontMetrics().horizontalAdvance(name)
            x -= width
            painter.setPen(QColor(self._look.theme.text))
            painter.drawText(QPointF(x, 16), name)
            x -= SPACE_M
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colour))
            painter.drawEllipse(QPointF(x + 3, 12), 4, 4)
            x -= SPACE_M


class _LogScale:
    """Whole powers of ten around the values."""

    def __init__(self, values: list[float]) -> None:
        logs = [math.log10(v) for v in values] or [-4.0, -2.0]
        self._low, self._high = math.floor(min(logs)), math.ceil(max(logs))
        if self._low == self._high:
            self._high += 1

    def y(self, area: QRectF, value: float) -> float:
        share = (math.log10(value) - self._low) / (self._high - self._low)
        return area.bottom() - share * area.height()

    def ticks(self) -> list[tuple[float, str]]:
        every = max(1, math.ceil((self._high - self._low) / 5))
        powers = range(self._low, self._high + 1, every)
        return [(10.0**p, f"1e{p}") for p in powers]


_Scale = LinearScale | _LogScale


def _layer_ticks(total: int, width: float) -> list[int]:
    """Return the layer numbers to write: the first, the last and round ones in between."""
    if total < 1:
        return []
    room = max(2, int(width / 40))
    step = next((s for s in (1, 2, 5, 10, 20, 50, 100) if total / s <= room), 200)
    ticks = [1, *(n for n in range(step, total + 1, step) if n > 0.75 * step + 1 or step == 1)]
    ticks = list(dict.fromkeys(ticks))
    if total - ticks[-1] >= max(1, step // 2):
        ticks.append(total)
    return ticks


def _paint_line(painter: QPainter, points: list[QPointF], colour: str, *, dots: bool) -> None:
    painter.setPen(QPen(QColor(colour), 1.8))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if len(points) > 1:
        painter.drawPolyline(QPolygonF(points))
    if dots or len(points) == 1:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colour))
        for point in points:
            painter.drawEllipse(point, _DOT, _DOT)

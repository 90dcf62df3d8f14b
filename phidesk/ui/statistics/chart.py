"""Bars of the tokens of each day, one colour a model."""

import datetime
from collections.abc import Sequence

from PySide6.QtCore import QDate, QEvent, QLocale, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from phidesk.ui.language import counted
from phidesk.ui.scale import LinearScale
from phidesk.ui.theme import SPACE_L, SPACE_S, SPACE_XS, Look, Theme

_LEFT, _TOP, _BOTTOM = 64, 12, 28
_WIDEST = 48
_DATE_WIDTH = 64
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_CENTRE = Qt.AlignmentFlag.AlignCenter
COLOURS = ("accent", "kv_used", "workspace", "good", "others")
"""colour roles of the models, the one with the most tokens first; the last is for all others"""


class DaysChart(QWidget):
    """One bar a day; its parts are the models, in the order of the legend."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._days: Sequence[tuple[datetime.date, dict[str, int]]] = ()
        self._models: Sequence[str] = ()
        self.setAccessibleName(self.tr("Tokens of each day"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        look.changed.connect(self.update)

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return the usual size."""
        return QSize(480, 220)

    def set_days(
        self, days: Sequence[tuple[datetime.date, dict[str, int]]], models: Sequence[str]
    ) -> None:
        """Show days and the models by name, the one with the most tokens first."""
        self._days, self._models = days, models
        total = sum(sum(tokens.values()) for _, tokens in days)
        words = self.tr("{0} tokens on {1} days", None, counted(len(days)))
        self.setAccessibleDescription(words.format(f"{total:,}", len(days)))
        self.update()

    def event(self, event: QEvent) -> bool:
        """Say the figures of the day under the mouse."""
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            text = self._words_at(event.pos().x())
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().event(event)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Paint the axis, the days and their bars."""
        if not self._days:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = QFont(self.font())
        font.setPointSizeF(font.pointSizeF() * 0.88)
        painter.setFont(font)
        area, theme = self._area, self._look.theme
        scale = LinearScale(float(sum(tokens.values())) for _, tokens in self._days)
        for value, _ in scale.ticks():
            y = scale.y(area, value)
            painter.setPen(QPen(QColor(theme.border), 1))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(QColor(theme.muted))
            box = QRectF(0, y - 10, _LEFT - SPACE_S, 20)
            painter.drawText(box, int(_RIGHT), self._short(value))
        every = max(1, -(-_DATE_WIDTH * len(self._days) // max(1, int(area.width()))))
        for place, (day, tokens) in enumerate(self._days):
            self._paint_bar(painter, scale, place, tokens)
            if (len(self._days) - 1 - place) % every == 0:
                painter.setPen(QColor(theme.muted))
                middle = area.left() + (place + 0.5) * self._step
                box = QRectF(middle - _DATE_WIDTH / 2, area.bottom() + SPACE_XS, _DATE_WIDTH, 18)
                painter.drawText(box, int(_CENTRE), self._date(day))

    def _paint_bar(
        self, painter: QPainter, scale: LinearScale, place: int, tokens: dict[str, int]
    ) -> None:
        area = self._area
        width = min(_WIDEST, self._step * 0.7)
        left = area.left() + (place + 0.5) * self._step - width / 2
        below = 0
        painter.setPen(Qt.PenStyle.NoPen)
        for number, model in enumerate(self._models):
            count = tokens.get(model, 0)
            if not count:
                continue
            top, bottom = scale.y(area, below + count), scale.y(area, below)
            painter.setBrush(QColor(colour_of(self._look.theme, number)))
            painter.drawRect(QRectF(left, top, width, bottom - top))
            below += count

    @property
    def _area(self) -> QRectF:
        return QRectF(_LEFT, _TOP, self.width() - _LEFT - SPACE_L, self.height() - _TOP - _BOTTOM)

    @property
    def _step(self) -> float:
        return self._area.width() / max(1, len(self._days))

    def _words_at(self, x: int) -> str:
        place = int((x - _LEFT) // self._step) if self._days else -1
        if not 0 <= place < len(self._days):
            return ""
        day, tokens = self._days[place]
        lines = [QLocale().toString(_qdate(day), QLocale.FormatType.LongFormat)]
        for model in self._models:
            if count := tokens.get(model):
                words = self.tr("{0}: {1} tokens", None, counted(count))
                lines.append(words.format(model, f"{count:,}"))
        return "\n".join(lines)

    def _date(self, day: datetime.date) -> str:
        return QLocale().toString(_qdate(day), self.tr("d MMM"))

    def _short(self, count: float) -> str:
        if count >= 1e6:
            return f"{count / 1e6:g} M"
        return f"{count / 1e3:g} k" if count >= 1e3 else f"{count:g}"


def colour_of(theme: Theme, number: int) -> str:
    """Return the colour of the model in a place of the legend."""
    colour: str = getattr(theme, COLOURS[min(number, len(COLOURS) - 1)])
    return colour


def _qdate(day: datetime.date) -> QDate:
    return QDate(day.year, day.month, day.day)

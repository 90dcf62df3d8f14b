"""The parts of a bar by name, each with its colour and its figure."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from phidesk.ui.theme import SPACE_S, SPACE_XS, Look
from phidesk.ui.widgets import label

_SWATCH = 8


class _Swatch(QWidget):
    """A small square in a colour role of the theme."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.role = "accent"
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        look.changed.connect(self.update)

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return the usual size."""
        return QSize(_SWATCH, _SWATCH)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Paint the square."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(getattr(self._look.theme, self.role)))
        top = (self.height() - _SWATCH) / 2
        painter.drawRoundedRect(QRectF(0, top, _SWATCH, _SWATCH), 2, 2)


class Legend(QWidget):
    """One line for each part."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._shown: tuple[tuple[str, str, str], ...] = ()
        self._rows: list[tuple[_Swatch, QLabel, QLabel]] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(SPACE_S)
        self._grid.setVerticalSpacing(SPACE_XS // 2)
        self._grid.setColumnStretch(1, 1)

    @property
    def texts(self) -> list[str]:
        """What is shown, a line each."""
        return [f"{name} {figure}" for _, name, figure in self._shown]

    def set_lines(self, lines: Sequence[tuple[str, str, str]]) -> None:
        """Show lines of (colour role, name, figure)."""
        if tuple(lines) == self._shown:
            return
        self._shown = tuple(lines)
        while len(self._rows) < len(lines):
            self._add_row()
        for place, row in enumerate(self._rows):
            for part in row:
                part.setVisible(place < len(lines))
        for (swatch, name, figure), line in zip(self._rows, lines, strict=False):
            if swatch.role != line[0]:
                swatch.role = line[0]
                swatch.update()
            name.setText(line[1])
            figure.setText(line[2])

    def _add_row(self) -> None:
        row = (_Swatch(self._look), label(role="small"), label(role="small"))
        row[2].setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        for column, part in enumerate(row):
            self._grid.addWidget(part, len(self._rows), column)
        self._rows.append(row)

"""Paints the cells of the library: two lines for the name, one for all else."""

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPointF, QRect, Qt
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from phidesk.ui.icons import tinted_icon
from phidesk.ui.library.wording import cell_text, second_line
from phidesk.ui.theme import SPACE_M, SPACE_S, Look, Theme, scaled
from phidesk.viewmodels.library import Column, LibraryViewModel, Row
from phidesk.viewmodels.library_fit import Fit

_RIGHT = frozenset({Column.PARAMETERS, Column.SIZE, Column.CONTEXT})
_DOT = 4
_ICON = 18


class LibraryDelegate(QStyledItemDelegate):
    """Paints from the view-model's rows; hovered: the row that the mouse is over, or -1."""

    def __init__(self, library: LibraryViewModel, look: Look, parent: QObject) -> None:
        super().__init__(parent)
        self._library = library
        self._look = look
        self._columns = tuple(Column)
        self.hovered = -1

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Paint a cell and its part of the row's ground."""
        rows = self._library.rows
        if index.row() >= len(rows):
            return
        row, column, theme = rows[index.row()], self._columns[index.column()], self._look.theme
        rect = option.rect
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, QColor(theme.accent_soft))
            if column is Column.NAME:
                painter.fillRect(rect.left(), rect.top(), 3, rect.height(), QColor(theme.accent))
        elif index.row() == self.hovered:
            painter.fillRect(rect, QColor(theme.raised))
        painter.setPen(QColor(theme.border))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        inner = rect.adjusted(SPACE_M, 0, -SPACE_M, 0)
        if column is Column.NAME:
            self._paint_name(painter, inner, option.font, row)
        elif column is Column.FIT:
            self._paint_fit(painter, inner, option.font, row)
        else:
            side = Qt.AlignmentFlag.AlignRight if column in _RIGHT else Qt.AlignmentFlag.AlignLeft
            is_main = column in (Column.SIZE, Column.BITS)
            painter.setPen(QColor(theme.text if is_main else theme.muted))
            _text(painter, inner, cell_text(self, row, column), option.font, side)

    def _paint_name(self, painter: QPainter, inner: QRect, font: QFont, row: Row) -> None:
        theme, ref = self._look.theme, row.ref
        if ref.problem or ref.concerns:
            colour = theme.danger if ref.problem else theme.warning
            place = QRect(inner.right() - _ICON, inner.center().y() - _ICON // 2, _ICON, _ICON)
            tinted_icon("alert", colour).paint(painter, place)
            inner = inner.adjusted(0, 0, -_ICON - SPACE_S, 0)
        middle = inner.center().y()
        upper = QRect(inner.left(), inner.top() + 5, inner.width(), middle - inner.top() - 4)
        lower = QRect(inner.left(), middle, inner.width(), inner.bottom() - middle - 4)
        bold = QFont(font)
        bold.setWeight(QFont.Weight.DemiBold)
        painter.setPen(QColor(theme.text))
        left, middle_of = Qt.AlignmentFlag.AlignLeft, Qt.TextElideMode.ElideMiddle
        _text(painter, upper, ref.name, bold, left, middle_of)
        small = QFont(font)
        small.setPixelSize(scaled(11))
        painter.setPen(QColor(theme.danger if ref.problem else theme.muted))
        _text(painter, lower, second_line(self, row), small, left)

    def _paint_fit(self, painter: QPainter, inner: QRect, font: QFont, row: Row) -> None:
        theme, fit = self._look.theme, row.fit.fit
        colour = _fit_colour(theme, fit)
        if fit is not Fit.UNKNOWN:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colour))
            painter.drawEllipse(QPointF(inner.left() + _DOT, inner.center().y() + 0.5), _DOT, _DOT)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
            inner = inner.adjusted(2 * _DOT + 6, 0, 0, 0)
        painter.setPen(QColor(colour))
        _text(painter, inner, cell_text(self, row, Column.FIT), font, Qt.AlignmentFlag.AlignLeft)


def _fit_colour(theme: Theme, fit: Fit) -> str:
    colours = {Fit.FITS: theme.good, Fit.TIGHT: theme.warning, Fit.TOO_LARGE: theme.danger}
    return colours.get(fit, theme.muted)


def _text(
    painter: QPainter,
    rect: QRect,
    text: str,
    font: QFont,
    side: Qt.AlignmentFlag,
    elide: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
) -> None:
    painter.setFont(font)
    shown = painter.fontMetrics().elidedText(text, elide, rect.width())
    painter.drawText(rect, int(side | Qt.AlignmentFlag.AlignVCenter), shown)

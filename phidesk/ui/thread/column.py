"""A list view whose geometry is its own: rows of any height, measured when they are seen."""

from collections.abc import Iterable
from typing import cast

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
)
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QRegion, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyleOptionViewItem,
    QWidget,
)

from phidesk.ui.thread.geometry import Geometry

_Index = QModelIndex | QPersistentModelIndex
_WHEEL_STEP = 32
_PASSES = 10
_AT_END = 4
_OVERHANG = 24
_MOST_PIECES = 4
"""of the picture that are painted one by one"""


class ColumnView(QListView):
    """Takes the place of QListView's geometry, which lays out all rows when one grows.

    It stays a QListView for what assistive technology knows about lists.
    """

    def __init__(self, geometry: Geometry, background: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self._geometry = geometry
        self.set_background(background)
        self._follows = True
        self._end = 0
        self._is_settling = True  # until the subclass is complete
        self._may_blit = True
        self._floating: list[QWidget] = []
        """Children of the viewport that stay where they are when it is scrolled."""
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.viewport().setMouseTracking(True)
        # Every pixel is painted here, so scrolling may move what is on screen already.
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def set_background(self, colour: str) -> None:
        """Paint on another colour."""
        self._background = QColor(colour)
        self.setStyleSheet(f"ColumnView {{ background: {colour}; }}")  # beside the scroll bar

    @property
    def is_at_end(self) -> bool:
        """Whether the end of the thread is on screen."""
        bar = self.verticalScrollBar()
        return bar.value() >= bar.maximum() - _AT_END

    def scroll_to_end(self) -> None:
        """Show the end, and follow it while an answer grows."""
        self._follows = True
        self.settle()

    def settle(self, changed_y: int | None = None) -> None:
        """Measure what is on screen, keep it in place or follow the end, and repaint.

        changed_y: the height of the content from which on something is different.
        """
        if self._is_settling:
            return
        self._is_settling = True
        bar, height = self.verticalScrollBar(), self.viewport().height()
        anchor = self._geometry.anchor(bar.value(), bar.value() + height)
        follows = self._follows and not self.holds_still()
        # Where all below the anchor is certain already, only what is above it can change.
        keeps = changed_y is None and not follows and anchor is not None and anchor.is_last
        value = maximum = wanted = 0
        for _ in range(_PASSES):
            maximum = max(0, self._geometry.rows.total - height)
            wanted = maximum if follows else bar.value() + self._geometry.shift(anchor)
            value = max(0, min(maximum, wanted))
            moved = self._geometry.measure(value, value + height)
            if moved is None:
                break
            changed_y = moved if changed_y is None else min(changed_y, moved)
        self._may_blit = follows or value == bar.value()
        bar.setPageStep(height)
        bar.setSingleStep(_WHEEL_STEP)
        bar.setRange(0, maximum)
        bar.setValue(value)
        if anchor is not None and keeps and value == wanted:
            if changed_y is not None:
                self.update_band(value, anchor.y + self._geometry.shift(anchor))
        elif not self._may_blit:
            self.viewport().update()
        elif changed_y is not None:
            end = max(self._end, self._geometry.rows.total)  # below it is nothing, and was not
            self.update_band(changed_y, min(end, value + height))
        self._end = self._geometry.rows.total
        self._may_blit, self._is_settling = True, False
        self.settled(value, value + height)

    def settled(self, top: int, bottom: int) -> None:
        """Be told what is on screen; for subclasses."""

    def holds_still(self) -> bool:
        """Whether the end is not to be followed just now; for subclasses."""
        return False

    def update_band(self, top: int, bottom: int) -> None:
        """Repaint what lies between two heights of the content."""
        y = max(0, top - self.verticalScrollBar().value() - 1)
        height = bottom - top + 2
        viewport = self.viewport()
        viewport.update(0, y, viewport.width(), min(height, viewport.height() - y))

    def update_row(self, row: int) -> None:
        """Repaint a row."""
        if 0 <= row < len(self._geometry.rows):
            top = self._geometry.rows.top(row)
            self.update_band(top, top + self._geometry.rows.height(row))

    # --- what QListView asks of its geometry ---

    def doItemsLayout(self) -> None:  # noqa: N802
        """Do nothing: rows are measured when they are seen."""

    def updateGeometries(self) -> None:  # noqa: N802
        """Adapt to the viewport's size."""
        self._geometry.set_viewport_width(self.viewport().width())
        self.settle()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Adapt to the new size."""
        super().resizeEvent(event)
        self.updateGeometries()
        self.viewport().update()

    def scrollContentsBy(self, dx: int, dy: int) -> None:  # noqa: N802
        """Move the picture, and measure what has come into view."""
        if self._may_blit:
            # The margins are empty; what stands in them (numbers of lists) is close by.
            x, width = self._geometry.x - _OVERHANG, self._geometry.documents.width + 2 * _OVERHANG
            self.viewport().scroll(dx, dy, QRect(x, 0, width, self.viewport().height()))
            for widget in self._floating:
                if widget.isVisible():  # its picture was moved, too
                    self.viewport().update(widget.geometry())
                    self.viewport().update(widget.geometry().translated(dx, dy))
        if not self._is_settling:
            self._follows = self.is_at_end
            self.settle()

    def verticalOffset(self) -> int:  # noqa: N802
        """Return how far the thread is scrolled."""
        return self.verticalScrollBar().value()

    def horizontalOffset(self) -> int:  # noqa: N802
        """Return 0: nothing is wider than the view."""
        return 0

    def visualRect(self, index: _Index) -> QRect:  # noqa: N802
        """Return where a row is in the viewport."""
        if not index.isValid() or index.row() >= len(self._geometry.rows):
            return QRect()
        rect = self._geometry.row_rect(index.row())
        return rect.translated(0, -self.verticalOffset())

    def indexAt(self, point: QPoint) -> QModelIndex:  # noqa: N802
        """Return the row at a point of the viewport."""
        y = point.y() + self.verticalOffset()
        row = self._geometry.rows.at(y) if len(self._geometry.rows) else -1
        if row < 0 or not self._geometry.row_rect(row).contains(point.x(), y):
            return QModelIndex()
        return self.model().index(row, 0)

    def scrollTo(  # noqa: N802
        self,
        index: _Index,
        hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible,
    ) -> None:
        """Scroll to the beginning of a row unless it is on screen."""
        rect = self.visualRect(index)
        is_seen = 0 <= rect.top() < self.viewport().height()
        if index.isValid() and (hint is not self.ScrollHint.EnsureVisible or not is_seen):
            self.verticalScrollBar().setValue(self._geometry.rows.top(index.row()))

    def moveCursor(  # noqa: N802
        self, _action: QAbstractItemView.CursorAction, _modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        """Return no row: there is no current one."""
        return QModelIndex()

    def setSelection(  # noqa: N802
        self, rect: QRect, command: QItemSelectionModel.SelectionFlag
    ) -> None:
        """Do nothing: text is selected, not rows."""

    def visualRegionForSelection(self, _selection: QItemSelection) -> QRegion:  # noqa: N802
        """Return an empty region."""
        return QRegion()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint the rows that need it."""
        painter, region = QPainter(self.viewport()), event.region()
        # At 1.25 the edge of a piece may lie within a pixel, where it would be seen.
        is_whole = self.devicePixelRatio().is_integer() and region.rectCount() <= _MOST_PIECES
        for clip in cast("Iterable[QRect]", region) if is_whole else [event.rect()]:
            self._paint(painter, clip)
        painter.end()

    def _paint(self, painter: QPainter, clip: QRect) -> None:
        painter.setClipRect(clip)
        painter.fillRect(clip, self._background)
        option = QStyleOptionViewItem()
        delegate, model = self.itemDelegate(), self.model()
        offset = self.verticalOffset()
        for row in self._geometry.rows.between(clip.top() + offset, clip.bottom() + offset):
            index = model.index(row, 0)
            option.rect = self.visualRect(index)
            delegate.paint(painter, option, index)

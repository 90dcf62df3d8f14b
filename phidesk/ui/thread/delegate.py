"""The delegate that paints the rows of the thread."""

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPoint, QRect, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from phidesk.ui.thread.documents import ROW_PADDING, Documents
from phidesk.ui.thread.footer import Part, footer, paint_footer
from phidesk.ui.thread.painting import Scene, paint_message
from phidesk.ui.thread.rows import Rows

_Index = QModelIndex | QPersistentModelIndex


class ThreadDelegate(QStyledItemDelegate):
    """Paints messages from the cache of documents."""

    def __init__(
        self, documents: Documents, rows: Rows, scene: Scene, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._documents = documents
        self._rows = rows
        self._scene = scene
        self.painted_dots: set[int] = set()
        """Rows whose waiting sign was painted since the list was last emptied."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint a row's message into option.rect."""
        message = self._documents.message(index.row())
        rect = option.rect
        origin = rect.topLeft() + QPoint(0, ROW_PADDING)
        clip = painter.clipBoundingRect().toAlignedRect() if painter.hasClipping() else rect
        clip = clip.intersected(rect)
        if paint_message(painter, self._scene, index.row(), message.layout, origin, clip):
            self.painted_dots.add(index.row())
        parts = self.footer(index, rect)
        if parts:
            row, act = self._scene.footer_hovered or (-1, None)
            hovered = act if row == index.row() else None
            font = self._documents.typesetter.small
            paint_footer(painter, parts, self._scene.theme, font, hovered)

    def footer(self, index: _Index, rect: QRect) -> list[Part]:
        """Return what stands below the message whose row has a rectangle."""
        return footer(index, rect, self._scene.offers, self._documents.typesetter.small)

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:  # noqa: N802
        """Return the size of a row, an estimate for one never seen."""
        return QSize(self._documents.width, self._rows.height(index.row()))

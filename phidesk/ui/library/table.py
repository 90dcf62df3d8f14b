"""The table of models: its columns follow the width, its keys are those of a file manager."""

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from phidesk.ui.library.delegate import LibraryDelegate
from phidesk.ui.library.table_model import LibraryTableModel
from phidesk.ui.theme import Look, scaled
from phidesk.viewmodels.library import Column, LibraryViewModel
from phidesk.viewmodels.models import ModelsViewModel

_ROW = 46
_MOST_HEIGHT = 2**24 - 1  # Qt's own
_NAME_WIDTH = 210
# What is worth its place most comes first.
_WIDTHS = {
    Column.FIT: 100,
    Column.SIZE: 84,
    Column.BITS: 104,
    Column.PARAMETERS: 82,
    Column.CONTEXT: 84,
    Column.ENGINES: 172,
    Column.LICENCE: 112,
    Column.FAMILY: 108,
}


class LibraryTable(QTableView):
    """Shows the rows and keeps the chosen model current."""

    load_requested = Signal()
    rename_requested = Signal()
    trash_requested = Signal()
    menu_requested = Signal(object)
    """the global position"""

    def __init__(self, library: LibraryViewModel, models: ModelsViewModel, look: Look) -> None:
        super().__init__()
        self._library = library
        self._models = models
        self._restoring = False
        self._shown = LibraryTableModel(library, self)
        self._delegate = LibraryDelegate(library, look, self)
        self.setModel(self._shown)
        self.setItemDelegate(self._delegate)
        self.setAccessibleName(self.tr("Models"))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setShowGrid(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        rows, heads = self.verticalHeader(), self.horizontalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(scaled(_ROW))
        heads.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        heads.setHighlightSections(False)
        heads.setSectionsClickable(True)
        heads.setSortIndicatorShown(True)
        place = self._shown.columns.index(library.column)
        heads.setSortIndicator(place, Qt.SortOrder.AscendingOrder)
        heads.sortIndicatorChanged.connect(self._on_sort_changed)
        self.doubleClicked.connect(lambda _: self.load_requested.emit())
        self.entered.connect(self._on_entered)
        self.selectionModel().currentRowChanged.connect(self._on_current_changed)
        library.rows_changed.connect(self.show_selected)
        models.selection_changed.connect(self.show_selected)
        self.show_selected()

    def show_selected(self) -> None:
        """Make the chosen model's row the current one, where it is shown."""
        chosen = self._models.selected
        row = self._shown.row_of(chosen.path) if chosen is not None else -1
        if row == self.currentIndex().row() and row >= 0:
            return
        self._restoring = True
        if row < 0:
            self.clearSelection()
        else:
            self.setCurrentIndex(self._shown.index(row, 0))
        self._restoring = False

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Show as many columns as there is room for."""
        super().resizeEvent(event)
        self._fit_columns()

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        """No row is under the mouse any more."""
        super().leaveEvent(event)
        self._hover(-1)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Follow the mouse, also below the last row."""
        super().mouseMoveEvent(event)
        self._hover(self.indexAt(event.position().toPoint()).row())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
        """Offer what can be done with the row."""
        if self.currentIndex().isValid():
            self.menu_requested.emit(event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Enter loads, F2 renames, Delete moves to the trash, Home and End go to the ends."""
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if self.currentIndex().isValid():
                self.load_requested.emit()
            case Qt.Key.Key_F2 if self.currentIndex().isValid():
                self.rename_requested.emit()
            case Qt.Key.Key_Delete if self.currentIndex().isValid():
                self.trash_requested.emit()
            case Qt.Key.Key_Home:
                self.setCurrentIndex(self._shown.index(0, 0))
            case Qt.Key.Key_End:
                self.setCurrentIndex(self._shown.index(self._shown.rowCount() - 1, 0))
            case _:
                super().keyPressEvent(event)

    def show_only_rows(self, wanted: bool) -> None:
        """Take no more height than the rows need, or all that there is."""
        needed = (
            self.horizontalHeader().sizeHint().height() + scaled(_ROW) * self._shown.rowCount() + 1
        )
        self.setMaximumHeight(needed if wanted else _MOST_HEIGHT)

    def shown_columns(self) -> list[Column]:
        """Return the columns for which there is room."""
        columns = enumerate(self._shown.columns)
        return [column for place, column in columns if not self.isColumnHidden(place)]

    def _fit_columns(self) -> None:
        room = self.viewport().width() - scaled(_NAME_WIDTH)
        shown: list[Column] = []
        widths = {column: scaled(width) for column, width in _WIDTHS.items()}
        for column, width in widths.items():
            if room < width and shown:  # one is shown in any case
                break
            room -= width
            shown.append(column)
        for place, column in enumerate(self._shown.columns):
            if column is Column.NAME:
                self.setColumnWidth(place, scaled(_NAME_WIDTH) + room)
                continue
            self.setColumnHidden(place, column not in shown)
            if column in shown:
                self.setColumnWidth(place, widths[column])

    def _hover(self, row: int) -> None:
        if row != self._delegate.hovered:
            self._delegate.hovered = row
            self.viewport().update()

    def _on_entered(self, index: QModelIndex | QPersistentModelIndex) -> None:
        self._hover(index.row())

    def _on_sort_changed(self, section: int, order: Qt.SortOrder) -> None:
        column = self._shown.columns[section]
        self._library.sort(column, descending=order is Qt.SortOrder.DescendingOrder)

    def _on_current_changed(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if not self._restoring and 0 <= current.row() < len(self._library.rows):
            self._models.select(self._library.rows[current.row()].ref)

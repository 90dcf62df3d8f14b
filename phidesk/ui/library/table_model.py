"""The rows of LibraryViewModel as a model that a table view shows."""

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from phidesk.ui.library.wording import cell_text, column_title, fit_text, second_line
from phidesk.ui.widgets import plain_tip
from phidesk.viewmodels.library import Column, LibraryViewModel

_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_RIGHT = frozenset({Column.PARAMETERS, Column.SIZE, Column.CONTEXT})


class LibraryTableModel(QAbstractTableModel):
    """One row a model, one column a Column; text only, the delegate paints from the rows."""

    def __init__(self, library: LibraryViewModel, parent: QObject) -> None:
        super().__init__(parent)
        self._library = library
        self.columns = tuple(Column)
        library.rows_changed.connect(self._on_rows_changed)
        library.fits_changed.connect(self._on_fits_changed)

    def rowCount(self, parent: _Index = _ROOT) -> int:  # noqa: N802
        """Return the number of rows that are shown."""
        return 0 if parent.isValid() else len(self._library.rows)

    def columnCount(self, parent: _Index = _ROOT) -> int:  # noqa: N802
        """Return the number of columns."""
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return what the role asks for."""
        if not index.isValid() or index.row() >= len(self._library.rows):
            return None
        row, column = self._library.rows[index.row()], self.columns[index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return cell_text(self, row, column)
            case Qt.ItemDataRole.AccessibleTextRole:
                words = cell_text(self, row, column)
                if column is Column.NAME:
                    return f"{words}. {second_line(self, row)}"
                return f"{column_title(self, column)}: {words}"
            case Qt.ItemDataRole.ToolTipRole:
                if column is Column.FIT:
                    return fit_text(self, row.fit)
                tip = row.ref.path if column is Column.NAME else cell_text(self, row, column)
                return plain_tip(tip)
            case Qt.ItemDataRole.TextAlignmentRole:
                side = (
                    Qt.AlignmentFlag.AlignRight if column in _RIGHT else Qt.AlignmentFlag.AlignLeft
                )
                return int(side | Qt.AlignmentFlag.AlignVCenter)
            case _:
                return None

    def headerData(  # noqa: N802
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Return the head of a column."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        column = self.columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return column_title(self, column)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if column in _RIGHT else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        return None

    def row_of(self, path: str) -> int:
        """Return the row that shows a model, or -1."""
        return next((n for n, row in enumerate(self._library.rows) if row.ref.path == path), -1)

    def _on_rows_changed(self) -> None:
        self.beginResetModel()
        self.endResetModel()

    def _on_fits_changed(self) -> None:
        place = self.columns.index(Column.FIT)
        if self.rowCount():
            self.dataChanged.emit(self.index(0, place), self.index(self.rowCount() - 1, place))

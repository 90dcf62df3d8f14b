"""Search and filters above the table."""

from dataclasses import replace

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QToolButton,
    QWidget,
)

from phidesk.core.library.places import Source
from phidesk.core.models import ModelFormat
from phidesk.ui.icons import tinted_icon
from phidesk.ui.library.wording import source_text
from phidesk.ui.theme import SPACE_S, Look
from phidesk.ui.widgets import SearchField, direction
from phidesk.viewmodels.library import LibraryViewModel

_TYPING_MS = 80
_LEAST_WIDTH = 80


class FilterBar(QWidget):
    """Edits the library's filters."""

    left = Signal()
    """Down or Enter in the search field: on to the table"""

    def __init__(self, library: LibraryViewModel, look: Look) -> None:
        super().__init__()
        self._library = library
        self._look = look
        self.search = _LibrarySearch()
        self.search.setPlaceholderText(self.tr("Search models"))
        self.search.setAccessibleName(self.tr("Search models"))
        self.search.setToolTip(self.tr("Name, family, format, licence or repository"))
        self.search.setClearButtonEnabled(True)
        self.search.left.connect(self.left)
        self._glass = QAction(self)
        self.search.addAction(self._glass, QLineEdit.ActionPosition.LeadingPosition)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_MS)
        self._typing.timeout.connect(self._apply)
        self.search.textChanged.connect(lambda _: self._typing.start())
        self.format = _combo(self.tr("Format"))
        self.format.addItem(self.tr("All formats"), None)
        self.format.addItem("GGUF", ModelFormat.GGUF)
        self.format.addItem("safetensors", ModelFormat.SAFETENSORS)
        self.source = _combo(self.tr("Place"))
        self.fits = QToolButton()
        self.fits.setProperty("role", "toggle")
        self.fits.setText(self.tr("Fits"))
        self.fits.setToolTip(self.tr("Only models that fit into the memory that is free now"))
        self.fits.setAccessibleName(self.tr("Only models that fit"))
        self.fits.setCheckable(True)
        self.fits.toggled.connect(lambda _: self._apply())
        for combo in (self.format, self.source):
            combo.activated.connect(lambda _: self._apply())
        fields = QHBoxLayout()
        fields.setSpacing(SPACE_S)
        for field in (self.format, self.source, self.fits):
            fields.addWidget(field)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(SPACE_S)
        self._row.addWidget(self.search, 1)
        self._row.addLayout(fields)
        library.rows_changed.connect(self._fill_sources)
        look.changed.connect(self._tint)
        self._fill_sources()
        self._tint()

    def set_narrow(self, narrow: bool) -> None:
        """Stand in two rows, or in one."""
        self._row.setDirection(direction(narrow))

    def clear(self) -> None:
        """Show everything."""
        self.search.clear()
        self.format.setCurrentIndex(0)
        self.source.setCurrentIndex(0)
        self.fits.setChecked(False)
        self._apply()

    def _apply(self) -> None:
        self._typing.stop()
        found, source = self.format.currentData(), self.source.currentData()
        filters = replace(
            self._library.filters,
            text=self.search.text(),
            format=ModelFormat(found) if found else None,
            source=Source(source) if source else None,
            only_fitting=self.fits.isChecked(),
        )
        if filters != self._library.filters:
            self._library.set_filters(filters)

    def _fill_sources(self) -> None:
        sources = self._library.sources
        if [self.source.itemData(n) for n in range(self.source.count())] == [None, *sources]:
            return
        self.source.clear()
        self.source.addItem(self.tr("All places"), None)
        for source in sources:
            self.source.addItem(source_text(self, source), source)
        wanted = self._library.filters.source
        self.source.setCurrentIndex(max(0, self.source.findData(wanted)) if wanted else 0)
        if wanted is not None and wanted not in sources:
            self._library.set_filters(replace(self._library.filters, source=None))

    def _tint(self) -> None:
        self._glass.setIcon(tinted_icon("search", self._look.theme.muted))


def _combo(name: str) -> QComboBox:
    combo = QComboBox()
    combo.setAccessibleName(name)
    combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
    combo.setMinimumWidth(_LEAST_WIDTH)  # where there is no room for all words
    return combo


class _LibrarySearch(SearchField):
    """Down and Enter leave it."""

    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """See the class."""
        match event.key():
            case Qt.Key.Key_Down | Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.left.emit()
            case _:
                super().keyPressEvent(event)

"""The library: every model of this computer, and how the chosen one is to be loaded."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from phidesk.core.library.removal import Removal
from phidesk.ui.format import size
from phidesk.ui.icons import tinted_icon
from phidesk.ui.library.actions import LibraryActions
from phidesk.ui.library.empty import EmptyLibrary
from phidesk.ui.library.filter_bar import FilterBar
from phidesk.ui.library.table import LibraryTable
from phidesk.ui.model_details import ModelDetails
from phidesk.ui.theme import SPACE_L, SPACE_M, SPACE_XL, Look, scaled
from phidesk.ui.widgets import IconButton, direction, frame, in_card, label
from phidesk.viewmodels.gauges import GaugesViewModel
from phidesk.viewmodels.library import LibraryViewModel
from phidesk.viewmodels.load_plan import LoadPlan
from phidesk.viewmodels.models import ModelsViewModel
from phidesk.viewmodels.words import in_words

_NARROW = 860
_DETAILS_WIDTH, _DETAILS_WIDTH_NARROW = 340, 300


class ModelsPane(QWidget):
    """Search, filters and the table on the left, details and load options on the right."""

    load_requested = Signal()
    load_anyway_requested = Signal()
    add_folder_requested = Signal()
    quantize_requested = Signal()
    report_requested = Signal()
    get_requested = Signal()
    trust_requested = Signal()
    engines_requested = Signal()
    said = Signal(str)
    """what has happened, for a person"""

    def __init__(
        self,
        models: ModelsViewModel,
        library: LibraryViewModel,
        plan: LoadPlan,
        gauges: GaugesViewModel,
        look: Look,
    ) -> None:
        super().__init__()
        self._models = models
        self._library = library
        self._look = look
        self.filters = FilterBar(library, look)
        self.table = LibraryTable(library, models, look)
        self.empty = EmptyLibrary(look)
        self.hint = EmptyLibrary(look)
        self.hint.hide()
        self.actions_of_model = LibraryActions(library, models, self)
        self.details = ModelDetails(models, library, plan, gauges, look)
        self._count = label(role="muted")
        self._rescan = IconButton(look, "refresh", self.tr("Scan again"))
        self.folders = IconButton(look, "folder", self.tr("Added folders"))
        self.folders.clicked.connect(self._show_folders)
        self._add = QPushButton(self.tr("Add folder…"))
        self.get = QPushButton(self.tr("Get models…"))
        self._build()
        self._connect()
        self._tint()
        self._refresh()

    def _build(self) -> None:
        title = QHBoxLayout()
        title.setSpacing(SPACE_M)
        title.addWidget(label(self.tr("Models"), "title"))
        title.addWidget(self._count)
        title.addStretch(1)
        title.addWidget(self._rescan)
        title.addWidget(self.folders)
        ways = QHBoxLayout()
        ways.setSpacing(SPACE_M)
        ways.addWidget(self._add)
        ways.addWidget(self.get)
        self._head = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._head.setSpacing(SPACE_M)
        self._head.addLayout(title, 1)
        self._head.addLayout(ways)
        card = frame("card")
        self._stack = QStackedLayout(card)
        self._stack.setContentsMargins(1, 1, 1, 1)
        self._listing = QWidget()
        listing = QVBoxLayout(self._listing)
        listing.setContentsMargins(0, 0, 0, 0)
        listing.setSpacing(0)
        listing.addWidget(self.table)
        listing.addWidget(self.hint, 1)
        self._stack.addWidget(self._listing)
        self._stack.addWidget(self.empty)
        left = QVBoxLayout()
        left.setSpacing(SPACE_M)
        left.addLayout(self._head)
        left.addWidget(self.filters)
        left.addWidget(card, 1)
        self._right = in_card(self.details)
        self._row = QHBoxLayout(self)
        self._row.addLayout(left, 1)
        self._row.addWidget(self._right)
        self._fit_width()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Put the parts closer together where there is little room."""
        super().resizeEvent(event)
        self._fit_width()

    def _fit_width(self) -> None:
        narrow = self.width() < scaled(_NARROW)
        space = SPACE_M if narrow else SPACE_XL
        self._row.setContentsMargins(space, SPACE_L, space, SPACE_L)
        self._row.setSpacing(SPACE_M if narrow else SPACE_L)
        width = scaled(_DETAILS_WIDTH_NARROW if narrow else _DETAILS_WIDTH)
        self._right.setFixedWidth(max(_DETAILS_WIDTH_NARROW, min(width, self.width() * 2 // 5)))
        self._head.setDirection(direction(narrow))
        self.filters.set_narrow(narrow)

    def folder_menu(self) -> QMenu:
        """Make the menu of the folders that the user added: a click takes one off the list."""
        menu = QMenu(self)
        for folder in self._models.folders:
            action = menu.addAction(self.tr("Stop listing {0}").format(folder))
            action.triggered.connect(lambda _=False, f=folder: self._models.remove_folder(f))
        if not self._models.folders:
            menu.addAction(self.tr("You have not added a folder yet")).setEnabled(False)
        return menu

    def _show_folders(self) -> None:
        menu = self.folder_menu()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.folders.mapToGlobal(self.folders.rect().bottomLeft()))

    def _connect(self) -> None:
        actions = self.actions_of_model
        self.table.load_requested.connect(self.load_requested)
        self.table.rename_requested.connect(actions.rename)
        self.table.trash_requested.connect(actions.trash)
        self.table.menu_requested.connect(actions.open_menu)
        actions.load_requested.connect(self.load_requested)
        actions.quantize_requested.connect(self.quantize_requested)
        self.details.load.clicked.connect(self.load_requested)
        self.details.anyway.clicked.connect(self.load_anyway_requested)
        self.details.trust.clicked.connect(self.trust_requested)
        self.details.form.engines_requested.connect(self.engines_requested)
        self.details.report.clicked.connect(self.report_requested)
        self.details.quantize.clicked.connect(self.quantize_requested)
        self.details.menu_requested.connect(actions.open_menu)
        self.filters.left.connect(self.table.setFocus)
        for empty in (self.empty, self.hint):
            empty.add_folder_requested.connect(self.add_folder_requested)
            empty.get_requested.connect(self.get_requested)
        self.empty.clear_requested.connect(self.filters.clear)
        self._add.clicked.connect(self.add_folder_requested)
        self.get.clicked.connect(self.get_requested)
        self._rescan.clicked.connect(self._models.rescan)
        self._library.rows_changed.connect(self._refresh)
        self._library.trashed.connect(self._on_trashed)
        self._models.scanning_changed.connect(self._refresh)
        self._look.changed.connect(self._tint)
        self.find_keys = QShortcut(QKeySequence("Ctrl+F"), self)
        self.find_keys.activated.connect(self._on_search_wanted)

    def _refresh(self) -> None:
        shown, count = len(self._library.rows), self._library.count
        scanning = self._models.is_scanning
        if scanning:
            words = self.tr("reading folders…")
        elif shown < count:
            words = self.tr("{0} of {1}").format(f"{shown:,}", f"{count:,}")
        else:
            words = self.tr("{0} found").format(f"{count:,}")
        self._count.setText(words)
        problems = self._models.library.problems
        self._count.setToolTip(
            "\n".join(f"{where}: {in_words(why)}" for where, why in problems.items())
        )
        self._rescan.setEnabled(not scanning)
        if shown:
            self._stack.setCurrentWidget(self._listing)
            self._show_hint(scanning)
            return
        if count:
            self.empty.show_no_match()
        elif scanning:
            self.empty.show_scanning()
        else:
            self.empty.show_nothing()
        self._stack.setCurrentWidget(self.empty)

    def _show_hint(self, scanning: bool) -> None:
        """Lead on below the table while there is nothing in it but the starter model."""
        rows, is_all = self._library.rows, self._library.filters.is_empty
        is_alone = is_all and len(rows) == 1 and rows[0].ref.is_starter
        self.table.show_only_rows(is_alone)
        self.hint.setVisible(is_alone)
        if is_alone:
            show = self.hint.show_scanning if scanning else self.hint.show_only_starter
            show()

    def _on_search_wanted(self) -> None:
        self.filters.search.setFocus()
        self.filters.search.selectAll()

    def _on_trashed(self, name: str, removal: Removal) -> None:
        words = self.tr("“{0}” is in the trash: {1} are free once that is emptied.")
        self.said.emit(words.format(name, size(removal.frees)))

    def _tint(self) -> None:
        self._add.setIcon(tinted_icon("folder", self._look.theme.text))

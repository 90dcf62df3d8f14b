"""All settings in one dialog that can be searched."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QListWidget,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from phidesk.ui.settings.general import Chats, General, Other
from phidesk.ui.settings.models import Downloads, Engines, Folders
from phidesk.ui.settings.rows import Section
from phidesk.ui.theme import SPACE_L, SPACE_M, SPACE_S, SPACE_XL, scaled
from phidesk.ui.widgets import SearchField, label, let_wheel_scroll, resize_dialog

_SIZE = (840, 640)
_LIST_WIDTH = 168


class SettingsDialog(QDialog):
    """Sections below one another; the list at the left leads to them, the search leaves some."""

    about_requested = Signal()

    def __init__(
        self,
        general: General,
        folders: Folders,
        downloads: Downloads,
        chats: Chats,
        engines: Engines,
        other: Other,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.general, self.folders, self.downloads = general, folders, downloads
        self.chats, self.engines, self.other = chats, engines, other
        parts: tuple[General | Folders | Downloads | Chats | Engines | Other, ...]
        parts = (general, folders, downloads, chats, engines, other)
        for part in parts:
            part.setParent(self)
        self.sections = [Section(part.title, part.rows) for part in parts]
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Settings"))
        resize_dialog(self, *_SIZE)
        self.search = SearchField()
        self.search.setPlaceholderText(self.tr("Search settings"))
        self.search.setAccessibleName(self.tr("Search settings"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._filter)
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Sections"))
        self.list.setFixedWidth(scaled(_LIST_WIDTH))
        self.list.ensurePolished()  # a row's height is that of the style from the beginning
        self.list.addItems([section.title for section in self.sections])
        self.list.currentRowChanged.connect(self._on_section)
        about = QPushButton(self.tr("About phidesk"))
        about.setAutoDefault(False)
        about.clicked.connect(self.about_requested)
        close = QPushButton(self.tr("Close"))
        close.setAutoDefault(False)
        close.clicked.connect(self.accept)
        left = QVBoxLayout()
        left.setSpacing(SPACE_M)
        left.addWidget(self.list, 1)
        self._area = self._make_area()
        middle = QHBoxLayout()
        middle.setSpacing(SPACE_L)
        middle.addLayout(left)
        middle.addWidget(self._area, 1)
        foot = QHBoxLayout()
        foot.setSpacing(SPACE_S)
        foot.addWidget(about)
        foot.addStretch(1)
        foot.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_XL, SPACE_L, SPACE_XL, SPACE_L)
        column.setSpacing(SPACE_M)
        column.addWidget(self.search)
        column.addLayout(middle, 1)
        column.addLayout(foot)
        let_wheel_scroll(self)
        self.list.setCurrentRow(0)
        self.search.setFocus()

    def _make_area(self) -> QScrollArea:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, SPACE_M, 0)
        column.setSpacing(SPACE_M)
        for section in self.sections:
            column.addWidget(section)
        self.nothing = label(self.tr("No setting is called that."), "muted")
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.nothing.hide()
        column.addWidget(self.nothing)
        column.addStretch(1)
        area = QScrollArea()
        area.setAccessibleName(self.tr("Settings"))
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inside)
        return area

    def _on_section(self, row: int) -> None:
        section = self.sections[row]
        if section.isVisible():
            self._area.verticalScrollBar().setValue(section.y())

    def _filter(self, text: str) -> None:
        wanted = text.casefold().split()
        found = [section.filter(wanted) for section in self.sections]
        for row, is_found in enumerate(found):
            item = self.list.item(row)
            if item is not None:
                item.setHidden(not is_found)
        self.nothing.setVisible(not any(found))

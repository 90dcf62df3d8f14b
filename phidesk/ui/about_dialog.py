"""What phidesk is, and what it is made of."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from phidesk import __version__
from phidesk.ui.icons import app_icon
from phidesk.ui.theme import SPACE_L, SPACE_M, SPACE_XL, SPACE_XS, fixed_font
from phidesk.ui.widgets import SearchField, in_card, label, resize_dialog
from phidesk.viewmodels.about import AboutViewModel, words

_SIZE = (680, 600)
_ICON = 56


class AboutDialog(QDialog):
    """Lists versions and licences; the words of a licence stand below."""

    def __init__(self, about: AboutViewModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._about = about
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("About phidesk"))
        resize_dialog(self, *_SIZE)
        self.search = SearchField()
        self.search.setPlaceholderText(self.tr("Search parts and licences"))
        self.search.setAccessibleName(self.tr("Search parts and licences"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._filter)
        self.list = self._make_list()
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setFont(fixed_font())
        self.text.setAccessibleName(self.tr("Text of the licence"))
        close = QPushButton(self.tr("Close"))
        close.setDefault(True)
        close.clicked.connect(self.accept)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_XL, SPACE_L, SPACE_XL, SPACE_L)
        column.setSpacing(SPACE_M)
        column.addLayout(self._make_head())
        column.addWidget(self.search)
        column.addWidget(in_card(self.list), 3)
        column.addWidget(self.text, 2)
        column.addLayout(foot)
        about.changed.connect(self._show)
        self._show()
        about.look()

    def _make_head(self) -> QHBoxLayout:
        picture = QLabel()
        picture.setPixmap(app_icon().pixmap(_ICON, _ICON))
        said = QVBoxLayout()
        said.setSpacing(SPACE_XS)
        said.addWidget(label(f"phidesk {__version__}", "title"))
        what = self.tr("Local language models: load, quantize, prove, chat. Apache License 2.0.")
        said.addWidget(label(what, "muted", wrap=True))
        head = QHBoxLayout()
        head.setSpacing(SPACE_L)
        head.addWidget(picture)
        head.addLayout(said, 1)
        return head

    def _make_list(self) -> QTreeWidget:
        made = QTreeWidget()
        made.setObjectName("connections")
        made.setAccessibleName(self.tr("Parts of phidesk"))
        made.setRootIsDecorated(False)
        made.setUniformRowHeights(True)
        made.setHeaderLabels([self.tr("Part"), self.tr("Version"), self.tr("Licence")])
        made.header().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft)
        made.header().setStretchLastSection(True)
        for column in (0, 1):
            made.header().setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        made.currentItemChanged.connect(self._on_chosen)
        return made

    def _show(self) -> None:
        self.list.clear()
        self.list.addTopLevelItems(
            [
                QTreeWidgetItem([part.name, part.version, part.licence or "—"])
                for part in self._about.parts
            ]
        )
        is_read = bool(self._about.parts)
        self.text.setPlaceholderText(
            self.tr("Choose a part to read its licence.") if is_read else self.tr("Reading…")
        )
        self._filter()

    def _filter(self) -> None:
        wanted = self.search.text().casefold().split()
        for row, part in enumerate(self._about.parts):
            text = f"{part.name} {part.licence}".casefold()
            item = self.list.topLevelItem(row)
            if item is not None:
                item.setHidden(not all(word in text for word in wanted))

    def _on_chosen(self, item: QTreeWidgetItem | None) -> None:
        row = self.list.indexOfTopLevelItem(item) if item is not None else -1
        if row < 0:
            self.text.clear()
            return
        none = self.tr("The part brings no text of its licence.")
        self.text.setPlainText(words(self._about.parts[row]) or none)

"""The page where models come from: search on the left, the choice on the right, downloads below."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from phidesk.core.hub import Source
from phidesk.ui.get_models.connection import Connection
from phidesk.ui.get_models.details import RepoDetails
from phidesk.ui.get_models.queue import Queue
from phidesk.ui.get_models.results import Results
from phidesk.ui.icons import tinted_icon
from phidesk.ui.theme import SPACE_L, SPACE_M, SPACE_S, SPACE_XL, Look, scaled
from phidesk.ui.widgets import Banner, SearchField, direction, in_card, label
from phidesk.viewmodels.get_models import GetModelsViewModel

_NARROW = 860
_DETAILS_WIDTH, _DETAILS_WIDTH_NARROW = 340, 290


class GetModelsPane(QWidget):
    """Arranges the parts; each follows the view-model by itself."""

    show_requested = Signal(str)
    """the path of a finished model"""

    def __init__(self, get: GetModelsViewModel, look: Look) -> None:
        super().__init__()
        self._get = get
        self._look = look
        self.banner = Banner(look)
        self.source = QComboBox()
        self.source.setAccessibleName(self.tr("Where to search"))
        for source in Source:
            self.source.addItem(source.label, source)
        self.source.activated.connect(self._on_source_chosen)
        self.field = SearchField()
        self.field.setAccessibleName(self.tr("Search for models"))
        self.field.setPlaceholderText(self.tr("Name of a model, or the address of its page"))
        self.field.setClearButtonEnabled(True)
        self.field.returnPressed.connect(self._on_search)
        self.button = QPushButton(self.tr("Search"))
        self.button.setProperty("primary", True)
        self.button.clicked.connect(self._on_search)
        self.fold = QToolButton()
        self.fold.setText(self.tr("Connection"))
        self.fold.setToolTip(self.tr("Offline, mirror, access token, downloads at once"))
        self.fold.setProperty("role", "fold")
        self.fold.setCheckable(True)
        self.fold.setIconSize(QSize(12, 12))
        self.fold.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.fold.toggled.connect(self._on_fold)
        self.connection = Connection(get)
        self.results = Results(get, look)
        self.results.chosen.connect(self._on_chosen)
        self.details = RepoDetails(get, look)
        self._right = QStackedWidget()
        self._right.addWidget(self.details)
        self._right.addWidget(_scrolled(self.connection))
        self.queue = Queue(get.downloads, look)
        self.queue.show_requested.connect(self.show_requested)
        self._build()
        get.failed.connect(self.banner.show_error)
        get.search.results_changed.connect(self._show_source)
        get.settings_changed.connect(self._show_settings)
        look.changed.connect(self._tint)
        self._show_settings()
        self._tint()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Write into the search field at once."""
        super().showEvent(event)
        self.field.setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Leave the downloads a part of the height, and the results enough of the width."""
        super().resizeEvent(event)
        self.queue.set_room(self.height() * 3 // 10)
        self._fit_width()

    def _build(self) -> None:
        head = QHBoxLayout()
        head.addWidget(label(self.tr("Get models"), "title"))
        head.addStretch(1)
        head.addWidget(self.fold)
        ask = QHBoxLayout()
        ask.setSpacing(SPACE_S)
        ask.addWidget(self.field, 1)
        ask.addWidget(self.button)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._row.setSpacing(SPACE_S)
        self._row.addWidget(self.source)
        self._row.addLayout(ask, 1)
        left = QVBoxLayout()
        left.setSpacing(SPACE_M)
        left.addLayout(self._row)
        left.addWidget(self.results, 1)
        self._card = in_card(self._right)
        middle = QHBoxLayout()
        middle.setSpacing(SPACE_L)
        middle.addLayout(left, 1)
        middle.addWidget(self._card)
        self._column = column = QVBoxLayout()
        column.setSpacing(SPACE_M)
        column.addLayout(head)
        column.addLayout(middle, 1)
        column.addWidget(self.queue)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.banner)
        whole.addLayout(column, 1)
        self._fit_width()

    def _fit_width(self) -> None:
        narrow = self.width() < scaled(_NARROW)
        space = SPACE_M if narrow else SPACE_XL
        self._column.setContentsMargins(space, SPACE_L, space, SPACE_L)
        width = scaled(_DETAILS_WIDTH_NARROW if narrow else _DETAILS_WIDTH)
        self._card.setFixedWidth(max(_DETAILS_WIDTH_NARROW, min(width, self.width() * 9 // 20)))
        self._row.setDirection(direction(narrow))

    def _show_source(self) -> None:
        self.source.setCurrentIndex(self.source.findData(self._get.search.source))

    def _show_settings(self) -> None:
        self.button.setEnabled(not self._get.offline)

    def _tint(self) -> None:
        icon = "chevron-up" if self.fold.isChecked() else "chevron-down"
        self.fold.setIcon(tinted_icon(icon, self._look.theme.muted))

    def _on_source_chosen(self, row: int) -> None:
        self._get.search.set_source(Source(self.source.itemData(row)))

    def _on_search(self) -> None:
        self._get.search.search(self.field.text())

    def _on_chosen(self, repo: str) -> None:
        self.fold.setChecked(False)
        self._get.search.open(repo)

    def _on_fold(self, unfolded: bool) -> None:
        self._tint()
        self._right.setCurrentIndex(int(unfolded))
        if unfolded:
            self._get.look_for_token()


def _scrolled(form: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # its fields take the focus, and are scrolled to
    area.setWidget(form)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    form.setAutoFillBackground(False)
    area.viewport().setAutoFillBackground(False)
    return area

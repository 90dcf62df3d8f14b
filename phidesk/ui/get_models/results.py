"""What a search found: the list, and what stands in its place while there is none."""

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QListView,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from phidesk.core.hub import RepoSummary
from phidesk.ui.card import Card, paint_card
from phidesk.ui.get_models.wording import facts_of
from phidesk.ui.icons import tinted_icon
from phidesk.ui.theme import SPACE_M, SPACE_XL, SPACE_XS, Look
from phidesk.ui.widgets import label, plain_tip
from phidesk.viewmodels.get_models import GetModelsViewModel
from phidesk.viewmodels.hub_search import LookState
from phidesk.viewmodels.words import in_words

_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_ICON = 40


class ResultsModel(QAbstractListModel):
    """The repositories that were found."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._repos: tuple[RepoSummary, ...] = ()

    def show(self, repos: tuple[RepoSummary, ...]) -> None:
        """Show other ones."""
        self.beginResetModel()
        self._repos = repos
        self.endResetModel()

    def at(self, row: int) -> RepoSummary:
        """Return the repository of a row."""
        return self._repos[row]

    def rowCount(self, parent: _Index = _ROOT) -> int:  # noqa: N802
        """Return the number of repositories."""
        return 0 if parent.isValid() else len(self._repos)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return what the role asks for."""
        if not index.isValid():
            return None
        repo = self._repos[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return repo.repo
            case Qt.ItemDataRole.ToolTipRole:
                return plain_tip(repo.repo)
            case Qt.ItemDataRole.AccessibleTextRole:
                gated = self.tr("gated") if repo.gated else ""
                return ", ".join(part for part in (repo.repo, gated, facts_of(self, repo)) if part)
            case Qt.ItemDataRole.UserRole:
                return repo
            case _:
                return None


class ResultDelegate(QStyledItemDelegate):
    """Name in the first line, facts in the second, and a mark where access has to be asked for."""

    def __init__(self, look: Look, parent: QObject) -> None:
        super().__init__(parent)
        self._look = look

    def sizeHint(self, option: QStyleOptionViewItem, _index: _Index) -> QSize:  # noqa: N802
        """Return room for two lines."""
        return QSize(200, 2 * option.fontMetrics.lineSpacing() + 2 * SPACE_M + SPACE_XS + 4)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint a card."""
        repo = index.data(Qt.ItemDataRole.UserRole)
        if not isinstance(repo, RepoSummary):
            return
        theme = self._look.theme
        gated = self.tr("gated") if repo.gated else ""
        card = Card(repo.repo, facts_of(self, repo), gated, theme.warning, SPACE_M)
        paint_card(painter, option, theme, card)


class Results(QStackedWidget):
    """The list, or why there is none."""

    chosen = Signal(str)
    """the name of a repository"""

    def __init__(self, get: GetModelsViewModel, look: Look) -> None:
        super().__init__()
        self._get = get
        self._search = get.search
        self._look = look
        self._model = ResultsModel(self)
        self.list = QListView()
        self.list.setAccessibleName(self.tr("Models that were found"))
        self.list.setModel(self._model)
        self.list.setItemDelegate(ResultDelegate(look, self.list))
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.list.setUniformItemSizes(True)
        self.list.setMouseTracking(True)
        self.list.selectionModel().currentChanged.connect(self._on_current_changed)
        self._icon = label()
        self._icon.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.words = label(role="muted", wrap=True)
        self.words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._busy = QProgressBar()
        self._busy.setRange(0, 0)
        self._busy.setTextVisible(False)
        self._busy.setFixedSize(160, 6)
        self._busy.setAccessibleName(self.tr("Searching"))
        self.act = QPushButton()
        self.act.clicked.connect(self._on_act)
        self._note = QWidget()
        column = QVBoxLayout(self._note)
        column.setContentsMargins(SPACE_XL, SPACE_XL, SPACE_XL, SPACE_XL)
        column.setSpacing(SPACE_M)
        column.addStretch(1)
        column.addWidget(self._icon)
        column.addWidget(self.words)
        centre = Qt.AlignmentFlag.AlignHCenter
        column.addWidget(self._busy, 0, centre)
        column.addWidget(self.act, 0, centre)
        column.addStretch(2)
        self.addWidget(self.list)
        self.addWidget(self._note)
        self._search.results_changed.connect(self._show)
        get.settings_changed.connect(self._show)
        look.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        search = self._search
        asking = search.state is LookState.ASKING
        if search.state is LookState.ANSWERED and search.results:
            self._model.show(search.results)
            self.setCurrentWidget(self.list)
            if search.repo:
                self.list.setCurrentIndex(self._model.index(0))
            return
        self._model.show(())
        self.setCurrentWidget(self._note)
        self._busy.setVisible(asking)
        self._icon.setVisible(not asking)
        self.act.hide()
        theme = self._look.theme
        icon, colour = "download", theme.muted
        if self._get.offline:
            icon = "alert"
            self.words.setText(
                self.tr("phidesk is offline: nothing is searched or downloaded, nothing goes out.")
            )
            self._offer(self.tr("Go online"))
        elif asking:
            words = self.tr("Searching {0} for “{1}”…")
            self.words.setText(words.format(search.source.label, search.text))
        elif search.state is LookState.FAILED and search.failure is not None:
            icon, colour = "alert", theme.danger
            self.words.setText(in_words(search.failure.message))
            self._offer(self.tr("Try again"))
        elif search.state is LookState.ANSWERED:
            words = self.tr("{0} has nothing for “{1}”. Fewer words find more.")
            self.words.setText(words.format(search.source.label, search.text))
        else:
            self.words.setText(
                self.tr(
                    "Search for a model by its name, or paste the address of its page.\n"
                    "Only safetensors and GGUF files are fetched: they cannot run code."
                )
            )
        self._icon.setPixmap(tinted_icon(icon, colour).pixmap(_ICON, _ICON))

    def _offer(self, words: str) -> None:
        self.act.setText(words)
        self.act.show()

    def _on_act(self) -> None:
        if self._get.offline:
            self._get.set_offline(False)
        else:
            self._search.search(self._search.text)

    def _on_current_changed(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if current.isValid():
            repo = self._model.at(current.row()).repo
            if repo != self._search.repo:
                self.chosen.emit(repo)

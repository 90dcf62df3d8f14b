"""The chosen repository: what is known, which files, how much, and Download."""

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QPushButton,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from phidesk.core.downloads import DownloadPlan
from phidesk.core.hub import Source, takes_token
from phidesk.ui.format import size
from phidesk.ui.get_models.wording import variant_words
from phidesk.ui.theme import SPACE_L, SPACE_M, Look
from phidesk.ui.widgets import label
from phidesk.viewmodels.download_item import DownloadState
from phidesk.viewmodels.get_models import GetModelsViewModel
from phidesk.viewmodels.hub_search import LookState
from phidesk.viewmodels.words import in_words

_Index = QModelIndex | QPersistentModelIndex


class VariantDelegate(QStyledItemDelegate):
    """A variant's name, and at the right what it is made of."""

    def __init__(self, look: Look, parent: QObject) -> None:
        super().__init__(parent)
        self._look = look

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint the row as the style does, and the facts over its end."""
        super().paint(painter, option, index)
        painter.save()
        painter.setPen(QColor(self._look.theme.muted))
        right = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        rect = option.rect.adjusted(0, 0, -SPACE_M, 0)
        painter.drawText(rect, right, str(index.data(Qt.ItemDataRole.UserRole)))
        painter.restore()


class RepoDetails(QWidget):
    """Empty until a repository is chosen."""

    def __init__(self, get: GetModelsViewModel, look: Look) -> None:
        super().__init__()
        self._get = get
        self._search = search = get.search
        self._look = look
        self.title = label(role="title", wrap=True)
        self._facts = label(role="muted", wrap=True)
        self._busy = QProgressBar()
        self._busy.setRange(0, 0)
        self._busy.setTextVisible(False)
        self._busy.setFixedHeight(6)
        self._busy.setAccessibleName(self.tr("Reading the list of files"))
        self.note = label(role="danger", wrap=True)
        self.retry = QPushButton(self.tr("Try again"))
        self.retry.clicked.connect(lambda: search.open(search.repo))
        self._which = label(self.tr("Which files?"), "muted")
        self.variants = QListWidget()
        self.variants.setAccessibleName(self.tr("Variants of the model"))
        self.variants.setItemDelegate(VariantDelegate(look, self.variants))
        self.variants.currentRowChanged.connect(self._on_row_changed)
        self.needs = label(wrap=True)
        self.download = QPushButton(self.tr("Download"))
        self.download.setProperty("primary", True)
        self.download.setMinimumSize(QSize(0, 36))
        self.download.clicked.connect(get.download)
        self._hint = label(
            self.tr("Choose a model on the left to see its files and how large they are."),
            "muted",
            wrap=True,
        )
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_L)
        column.setSpacing(SPACE_M)
        column.addWidget(self._hint, 1)
        column.addWidget(self.title)
        column.addWidget(self._facts)
        column.addWidget(self._busy)
        column.addWidget(self.note)
        row = QHBoxLayout()
        row.addWidget(self.retry)
        row.addStretch(1)
        column.addLayout(row)
        column.addWidget(self._which)
        column.addWidget(self.variants, 1)
        self._space = QWidget()  # keeps what is above together where there is no list
        column.addWidget(self._space, 1)
        column.addWidget(self.needs)
        column.addWidget(self.download)
        search.listing_changed.connect(self._show)
        search.variant_changed.connect(self._show_needs)
        get.downloads.items_changed.connect(self._show_needs)
        get.settings_changed.connect(self._show_needs)
        self._show()

    def _show(self) -> None:
        search = self._search
        chosen = search.listing_state is not LookState.IDLE
        listing = search.listing
        self._hint.setVisible(not chosen)
        self.title.setVisible(chosen)
        self.title.setText(search.repo.replace("/", "/\u200b"))  # a long name may be broken there
        self._facts.setVisible(listing is not None)
        if listing is not None:
            facts = [listing.licence and self.tr("licence {0}").format(listing.licence)]
            facts.append(self.tr("commit {0}").format(listing.commit[:8]))
            self._facts.setText(" · ".join(part for part in facts if part))
        self._busy.setVisible(search.listing_state is LookState.ASKING)
        self._show_note()
        several = bool(search.variants)
        self._which.setVisible(several)
        self.variants.setVisible(several)
        self._space.setVisible(chosen and not several)
        self.variants.blockSignals(True)
        self.variants.clear()
        for variant in search.variants:
            name, facts_of_it = variant_words(self, variant)
            item = QListWidgetItem(name, self.variants)
            item.setData(Qt.ItemDataRole.UserRole, facts_of_it)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{name}, {facts_of_it}")
        if search.variant is not None:
            self.variants.setCurrentRow(search.variants.index(search.variant))
        self.variants.blockSignals(False)
        self._show_needs()

    def _show_note(self) -> None:
        search, listing = self._search, self._search.listing
        words, role = "", "danger"
        if search.listing_failure is not None and search.listing_state is LookState.FAILED:
            words = in_words(search.listing_failure.message)
        elif listing is not None and not search.variants:
            words = self.tr(
                "This repository has neither safetensors nor GGUF files. phidesk fetches nothing "
                "else: other files can run code when they are read."
            )
        elif listing is not None and listing.gated and listing.source is Source.HUGGINGFACE:
            role = "muted"
            words = self.tr(
                "This model is gated: accept its conditions on its page at huggingface.co, and "
                "give phidesk your access token under “Connection”."
            )
            if not takes_token(listing.endpoint):
                words = self.tr(
                    "This model is gated, and a mirror gets no access token: clear the mirror's "
                    "address under “Connection” to get it."
                )
        self.note.setProperty("role", role)
        self.note.style().polish(self.note)
        self.note.setText(words)
        self.note.setVisible(bool(words))
        self.retry.setVisible(search.listing_state is LookState.FAILED)

    def _show_needs(self) -> None:
        plan = self._get.plan
        self.needs.setVisible(plan is not None)
        self.download.setVisible(plan is not None)
        if plan is None:
            return
        problem = in_words(self._get.problem(plan))
        free = self._get.free
        words = self.tr("{0} to fetch").format(size(plan.total))
        if free is not None:
            words = self.tr("{0} to fetch, {1} free on the disk").format(
                size(plan.total), size(free)
            )
        self.needs.setText(problem or words)
        self.needs.setProperty("role", "danger" if problem else "muted")
        self.needs.style().polish(self.needs)
        self._name_button(plan, problem)

    def _name_button(self, plan: DownloadPlan, problem: str) -> None:
        known = self._get.downloads.find(plan)
        state = known.state if known is not None else None
        words = self.tr("Download")
        if state in (DownloadState.PAUSED, DownloadState.FAILED):
            words = self.tr("Go on with the download")
        elif state is DownloadState.DONE:
            words = self.tr("Downloaded")
        elif state is DownloadState.REMOVING:
            words = self.tr("Is being deleted")
        elif state is not None:
            words = self.tr("Is being downloaded")
        self.download.setText(words)
        ready = state in (None, DownloadState.PAUSED, DownloadState.FAILED)
        self.download.setEnabled(ready and not problem and not self._get.offline)

    def _on_row_changed(self, row: int) -> None:
        if 0 <= row < len(self._search.variants):
            self._search.choose(self._search.variants[row])

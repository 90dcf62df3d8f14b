"""The downloads: one card each, with its bar and its buttons."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from phidesk.ui.get_models.wording import progress_words
from phidesk.ui.theme import SPACE_M, SPACE_S, SPACE_XS, Look
from phidesk.ui.widgets import IconButton, frame, label
from phidesk.viewmodels.download_item import DownloadItem, DownloadState
from phidesk.viewmodels.downloads import DownloadsViewModel
from phidesk.viewmodels.words import in_words

_STEPS = 1000  # of a bar: bytes would not fit into its numbers


class DownloadCard(QFrame):
    """One download."""

    show_requested = Signal(str)
    """the path of a finished model"""

    def __init__(self, downloads: DownloadsViewModel, item: DownloadItem, look: Look) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._downloads = downloads
        self.item = item
        self._name = label(item.plan.name)
        font = self._name.font()
        font.setBold(True)
        self._name.setFont(font)
        self._name.setMinimumWidth(10)
        self._name.setToolTip(str(item.plan.target))
        self.words = label(role="muted")
        self.words.setMinimumWidth(10)
        self.error = label(role="danger", wrap=True)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(6)
        self.bar.setRange(0, _STEPS)
        self.bar.setAccessibleName(self.tr("Progress of {0}").format(item.plan.name))
        self.show_model = QPushButton(self.tr("Show in Models"))
        self.show_model.clicked.connect(lambda: self.show_requested.emit(item.path))
        self.go = IconButton(look, "play", self.tr("Resume"), size=18)
        self.go.clicked.connect(lambda: downloads.resume(item))
        self.pause = IconButton(look, "pause", self.tr("Pause"), size=18)
        self.pause.clicked.connect(item.pause)
        self.remove = IconButton(look, "close", self.tr("Cancel and delete what came"), size=18)
        self.remove.clicked.connect(lambda: downloads.remove(item))
        texts = QVBoxLayout()
        texts.setSpacing(SPACE_XS)
        texts.addWidget(self._name)
        texts.addWidget(self.words)
        row = QHBoxLayout()
        row.setSpacing(SPACE_XS)
        row.addLayout(texts, 1)
        for button in (self.show_model, self.go, self.pause, self.remove):
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_M, SPACE_S, SPACE_S, SPACE_M)
        column.setSpacing(SPACE_S)
        column.addLayout(row)
        column.addWidget(self.error)
        column.addWidget(self.bar)
        item.progress_changed.connect(self._show_progress)
        item.state_changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        item, state = self.item, self.item.state
        stopped = state in (DownloadState.PAUSED, DownloadState.FAILED)
        self.go.setVisible(stopped)
        self.go.rename(self.tr("Try again") if state is DownloadState.FAILED else self.tr("Resume"))
        self.pause.setVisible(state in (DownloadState.RUNNING, DownloadState.WAITING))
        done = state is DownloadState.DONE
        self.remove.rename(
            self.tr("Remove from the list") if done else self.tr("Cancel and delete what came")
        )
        ending = (DownloadState.STOPPING, DownloadState.REMOVING)
        self.remove.setEnabled(state not in ending)
        self.show_model.setVisible(done)
        self.bar.setVisible(not done)
        self.error.setVisible(item.failure is not None)
        self.error.setText(in_words(item.failure.message) if item.failure is not None else "")
        self._show_progress()

    def _show_progress(self) -> None:
        item = self.item
        share = item.done / item.total if item.total else 0.0
        self.bar.setValue(round(_STEPS * min(1.0, share)))
        self.words.setText(progress_words(self, item))


class Queue(QWidget):
    """All downloads; hidden while there is none."""

    show_requested = Signal(str)

    def __init__(self, downloads: DownloadsViewModel, look: Look) -> None:
        super().__init__()
        self._downloads = downloads
        self._look = look
        self.cards: list[DownloadCard] = []
        self._room = 200
        self._column = QVBoxLayout()
        self._column.setContentsMargins(0, 0, SPACE_S, 0)
        self._column.setSpacing(SPACE_S)
        inside = QWidget()
        whole = QVBoxLayout(inside)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addLayout(self._column)
        whole.addStretch(1)
        self._area = QScrollArea()
        self._area.setAccessibleName(self.tr("Downloads"))
        self._area.setWidget(inside)
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        inside.setAutoFillBackground(False)
        self._area.viewport().setAutoFillBackground(False)
        self._title = label(role="muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_S)
        line = frame("foot")
        line.setFixedHeight(1)
        column.addWidget(line)
        column.addWidget(self._title)
        column.addWidget(self._area)
        downloads.items_changed.connect(self._show)
        self._show()

    def set_room(self, height: int) -> None:
        """Say how high the list may become; the rest of it is scrolled to."""
        if height != self._room:
            self._room = height
            self._fit()

    def _fit(self) -> None:
        wanted = sum(card.sizeHint().height() + SPACE_S for card in self.cards)
        self._area.setFixedHeight(min(wanted, self._room))

    def _show(self) -> None:
        items = self._downloads.items
        for card in [card for card in self.cards if card.item not in items]:
            self.cards.remove(card)
            self._column.removeWidget(card)
            card.hide()
            card.deleteLater()
        shown = [card.item for card in self.cards]
        for item in items:
            if item not in shown:
                card = DownloadCard(self._downloads, item, self._look)
                card.show_requested.connect(self.show_requested)
                self.cards.append(card)
                self._column.addWidget(card)
        self.setVisible(bool(items))
        running = self._downloads.running
        words = self.tr("Downloads: {0} running, {1} in all").format(running, len(items))
        self._title.setText(words)
        self._fit()

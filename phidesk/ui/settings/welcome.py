"""The first start: a card in the empty chat, with a few steps that may all be passed over."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from phidesk.ui.flow import FlowLayout
from phidesk.ui.settings.general import General
from phidesk.ui.settings.models import Engines, Folders
from phidesk.ui.theme import SPACE_L, SPACE_M, SPACE_S
from phidesk.ui.widgets import label
from phidesk.viewmodels.models import ModelsViewModel


class Welcome(QFrame):
    """Whoever just wants to chat does so below it; what is changed counts at once."""

    done = Signal()
    """it is not to be shown again"""
    get_requested = Signal()
    add_folder_requested = Signal()

    def __init__(
        self, general: General, folders: Folders, engines: Engines, models: ModelsViewModel
    ) -> None:
        super().__init__()
        self.setProperty("role", "card")
        parts: tuple[QObject, ...] = (general, folders, engines)
        for part in parts:
            part.setParent(self)
        self._folders = folders
        self._models = models
        self._pages: list[QWidget] = []
        installed = engines.rows[1:]  # the default can wait
        for rows in (general.rows, folders.rows[:1], installed):
            self._add_page(rows)
        self._add_page([self._make_start()])
        self._count = label(role="muted")
        self.skip = QPushButton(self.tr("Not now"))
        self.skip.setToolTip(self.tr("All of it is in the settings"))
        self.back = QPushButton(self.tr("Back"))
        self.next = QPushButton()
        self.next.setProperty("primary", True)
        self.skip.clicked.connect(self._on_done)
        self.back.clicked.connect(lambda: self._go(-1))
        self.next.clicked.connect(lambda: self._go(1))
        head = QHBoxLayout()
        head.addWidget(label(self.tr("Welcome to phidesk"), "title", wrap=True), 1)
        head.addWidget(self._count)
        foot = QHBoxLayout()
        foot.setSpacing(SPACE_S)
        foot.addWidget(self.skip)
        foot.addStretch(1)
        foot.addWidget(self.back)
        foot.addWidget(self.next)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_L)
        column.setSpacing(SPACE_M)
        column.addLayout(head)
        area = _Steps(self._pages)
        self._step = 0
        area.setAccessibleName(self.tr("Welcome to phidesk"))
        column.addWidget(area)
        column.addLayout(foot)
        models.library_changed.connect(self._show_start)
        self._show_start()
        self._go(0)

    @property
    def step(self) -> int:
        """The number of the step that is shown, from 0 on."""
        return self._step

    def _make_start(self) -> QWidget:
        self._start = label(wrap=True)
        self.get = QPushButton(self.tr("Get models…"))
        self.get.clicked.connect(self.get_requested)
        self.add = QPushButton(self.tr("Add a folder with models…"))
        self.add.clicked.connect(self.add_folder_requested)
        made = QWidget()
        buttons = FlowLayout()
        buttons.addWidget(self.get)
        buttons.addWidget(self.add)
        column = QVBoxLayout(made)
        column.setContentsMargins(0, SPACE_S, 0, 0)
        column.setSpacing(SPACE_M)
        column.addWidget(self._start)
        column.addLayout(buttons)
        return made

    def _show_start(self) -> None:
        if any(model.is_starter for model in self._models.refs):
            words = self.tr(
                "A small starter model is there already: ask it something below. Larger models "
                "know more; phidesk lists those on this computer, and finds others online."
            )
        else:
            words = self.tr("There is no model yet. Find one online, or add a folder with models.")
        self._start.setText(words)

    def _add_page(self, parts: Sequence[QWidget]) -> None:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in parts:
            column.addWidget(part)
        self._pages.append(page)

    def _go(self, steps: int) -> None:
        step = self.step + steps
        if step == len(self._pages):
            self._on_done()
            return
        self._step = step
        for number, page in enumerate(self._pages):
            page.setVisible(number == step)
        is_last = step == len(self._pages) - 1
        self.back.setVisible(step > 0)
        self.skip.setVisible(not is_last)
        self.next.setText(self.tr("Done") if is_last else self.tr("Next"))
        self._count.setText(self.tr("{0} of {1}").format(step + 1, len(self._pages)))

    def _on_done(self) -> None:
        self.hide()
        self.done.emit()
        self.deleteLater()


class _Steps(QScrollArea):
    """As high as the step that is shown, where the window has room for that."""

    def __init__(self, pages: Sequence[QWidget]) -> None:
        super().__init__()
        self.setObjectName("steps")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._inside = QWidget()
        self._inside.setObjectName("steps-inside")
        column = QVBoxLayout(self._inside)
        column.setContentsMargins(0, 0, 0, 0)
        for page in pages:
            column.addWidget(page)
        self.setWidget(self._inside)

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return the height that the words need in the width that there is."""
        return QSize(self.width(), self._inside.heightForWidth(self.width()))

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Need another height in another width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Follow the step: an install under way has more to say."""
        if watched is self._inside and event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)

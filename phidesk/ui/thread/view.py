"""The conversation view."""

import time

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
    QTimer,
    QUrl,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QRegion,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QMenu,
    QStyleOptionViewItem,
    QWidget,
)

from phidesk.core.chat import Role
from phidesk.ui.theme import Theme
from phidesk.ui.thread.delegate import ThreadDelegate
from phidesk.ui.thread.documents import Documents
from phidesk.ui.thread.geometry import Geometry
from phidesk.ui.thread.jump import JumpButton
from phidesk.ui.thread.menu import context_menu
from phidesk.ui.thread.mouse import Mouse
from phidesk.ui.thread.painting import Scene
from phidesk.ui.thread.selection import Place, Selection
from phidesk.ui.thread.typesetter import Typesetter
from phidesk.ui.thread.updates import Updates
from phidesk.ui.thread.wording import Wording
from phidesk.viewmodels.thread_model import ThreadRole

_Index = QModelIndex | QPersistentModelIndex
_WHEEL_STEP = 32
_PASSES = 10
_DOTS_MS = 70
_DOTS_ROUND_MS = 1200


class ThreadView(QListView):
    """Shows a ThreadModel as a conversation in a centred column.

    The rows' geometry is the view's own, not QListView's: an answer that grows must not cost
    a layout of all rows, and heights are measured only when rows are seen.
    """

    link_activated = Signal(QUrl)
    """A link was clicked; nothing is opened here."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._wording = Wording(self)
        self._documents = Documents(Typesetter(theme, self.font()), self._wording)
        self._geometry = Geometry(self._documents)
        self._scene = Scene(theme, Selection(), self.tr("Copy"), self.tr("Copied"))
        self._delegate = ThreadDelegate(self._documents, self._geometry.rows, self._scene, self)
        self._follows = True
        self._is_settling = False
        self._may_blit = True
        self._set_up_widget()
        self._jump = JumpButton(theme, self)
        self._jump.clicked.connect(self.scroll_to_end)
        self._mouse = Mouse(self, self._geometry, self._scene)
        self._mouse.link_activated.connect(self.link_activated)
        self._mouse.selection_changed.connect(self.viewport().update)
        self._mouse.button_changed.connect(self._on_button_changed)
        self._updates = Updates(self._geometry, self)
        self._updates.changed.connect(self._settle)
        self._updates.coloured.connect(self._update_from)
        self._dots_timer = QTimer(self, singleShot=True, interval=_DOTS_MS)
        self._dots_timer.timeout.connect(self._on_dots_timeout)

    def _set_up_widget(self) -> None:
        self.setItemDelegate(self._delegate)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setAccessibleName(self.tr("Conversation"))
        self.viewport().setMouseTracking(True)
        # Every pixel is painted here, so scrolling may move what is on screen already.
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def set_theme(self, theme: Theme) -> None:
        """Show everything in another theme."""
        self._theme = self._scene.theme = self._jump.theme = theme
        self._jump.update()
        self._restyle()

    def scroll_to_end(self) -> None:
        """Show the end, and follow it while an answer grows."""
        self._follows = True
        self._settle()

    def selected_text(self) -> str:
        """Return the selected text as plain text."""
        return self._scene.selection.text(self._documents)

    def copy(self) -> None:
        """Put the selected text on the clipboard."""
        if not self._scene.selection.is_empty:
            QGuiApplication.clipboard().setText(self.selected_text())

    def selectAll(self) -> None:  # noqa: N802
        """Select the text of all messages."""
        rows = len(self._geometry.rows)
        if rows:
            items = self._documents.message(rows - 1).layout.items
            end = Place(rows - 1, max(0, len(items) - 1), 1 << 30)
            self._scene.selection.set(Place(0, 0, 0), end)
            self.viewport().update()

    # --- the model ---

    def setModel(self, model: QAbstractItemModel | None) -> None:  # noqa: N802
        """Show a model, from its end."""
        before = self.model()
        if before is not None:
            before.rowsRemoved.disconnect(self._on_rows_removed)
        self._documents.model = model
        super().setModel(model)
        if model is not None:
            model.rowsRemoved.connect(self._on_rows_removed)
        self._reload()

    def reset(self) -> None:
        """Show the model anew."""
        super().reset()
        if hasattr(self, "_updates"):
            self._reload()

    def _reload(self) -> None:
        self._updates.clear()
        self._documents.forget()
        self._scene.selection.set(None, None)
        model = self._documents.model
        count = model.rowCount() if model else 0
        self._geometry.rows.reset(self._documents.estimate(row) for row in range(count))
        self._follows = True
        self._settle()
        self.viewport().update()

    def rowsInserted(self, parent: _Index, start: int, end: int) -> None:  # noqa: N802
        """Take new messages; one from the user is scrolled to."""
        super().rowsInserted(parent, start, end)
        if start < len(self._geometry.rows):
            self._documents.forget(start)
        heights = [self._documents.estimate(row) for row in range(start, end + 1)]
        self._geometry.rows.insert(start, heights)
        model = self._documents.model
        if model and model.data(model.index(end, 0), ThreadRole.SPEAKER) == Role.USER:
            self._follows = True
        self._settle()
        self.viewport().update()

    def _on_rows_removed(self, _parent: QModelIndex, first: int, last: int) -> None:
        self._updates.clear()
        self._documents.forget(first)
        self._geometry.rows.remove(first, last)
        self._scene.selection.set(None, None)
        self._settle()
        self.viewport().update()

    def dataChanged(  # noqa: N802
        self, first: _Index, last: _Index, roles: list[int] | None = None
    ) -> None:
        """Note which messages have changed; they are rendered at the next tick."""
        only_text = roles is not None and list(roles) == [ThreadRole.TEXT]
        if not only_text:
            super().dataChanged(first, last, roles or [])
        for row in range(first.row(), last.row() + 1):
            self._updates.note(row, soon=not only_text)

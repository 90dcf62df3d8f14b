"""The messages of a conversation on screen: rendered as they come and change."""

import time
from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QMetaObject,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QTimer,
)
from PySide6.QtGui import QGuiApplication, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from phidesk.core.chat import Role
from phidesk.ui.theme import Theme
from phidesk.ui.thread.column import ColumnView
from phidesk.ui.thread.delegate import ThreadDelegate
from phidesk.ui.thread.documents import Documents
from phidesk.ui.thread.excerpt import markdown
from phidesk.ui.thread.formulas import Formulas
from phidesk.ui.thread.geometry import Geometry
from phidesk.ui.thread.painting import Scene
from phidesk.ui.thread.selection import Place, Selection
from phidesk.ui.thread.typesetter import Typesetter
from phidesk.ui.thread.updates import Updates
from phidesk.ui.thread.wording import Wording
from phidesk.viewmodels.thread_model import ThreadRole

_Index = QModelIndex | QPersistentModelIndex
_DOTS_MS = 70
_DOTS_ROUND_MS = 1260
_WARM_UP_MS = 700
_FORMULA_MS = 60
"""Formulas that are set in this time are shown together."""


class MessageView(ColumnView):
    """Follows a ThreadModel: what changes is rendered at the next tick, what is seen is measured.

    What mouse and keys do is up to a subclass, which says when it is complete.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        self._wording = Wording()
        self._formulas = Formulas()
        typesetter = Typesetter(theme, QGuiApplication.font(), self._formulas)
        self._documents = Documents(typesetter, self._wording)
        super().__init__(Geometry(self._documents), theme.surface, parent)
        self._wording.setParent(self)
        self._formulas.setParent(self)
        self._formula_timer = QTimer(self, singleShot=True, interval=_FORMULA_MS)
        self._formula_timer.timeout.connect(self._on_formulas_ready)
        self._formulas.ready.connect(self._formula_timer.start)
        self._scene = Scene(theme, Selection(), self.tr("Copy"), self.tr("Copied"), self.tr("Save"))
        self._delegate = ThreadDelegate(self._documents, self._geometry.rows, self._scene, self)
        self.setItemDelegate(self._delegate)
        self._updates = Updates(self._geometry, self)
        self._updates.changed.connect(self._on_rendered)
        self._updates.coloured.connect(self.update_band)
        self._dots_timer = QTimer(self, singleShot=True, interval=_DOTS_MS)
        self._dots_timer.timeout.connect(self._on_dots_timeout)
        self._connections: list[QMetaObject.Connection] = []

    def set_complete(self) -> None:
        """Be told that the subclass is complete: Qt calls much of this while it is not."""
        self._is_ready = True
        self._is_settling = False

    def set_theme(self, theme: Theme) -> None:
        """Show everything in another theme."""
        self._scene.theme = theme
        self.set_background(theme.surface)
        self._documents.restyle(Typesetter(theme, self.font(), self._formulas))
        self.settle()
        self.viewport().update()

    def selected_text(self) -> str:
        """Return the selected text as plain text."""
        return self._scene.selection.text(self._documents)

    def copy(self) -> None:
        """Put the selected text on the clipboard."""
        if not self._scene.selection.is_empty:
            QGuiApplication.clipboard().setText(self.selected_text())

    def copy_markdown(self) -> None:
        """Put the selected text on the clipboard as Markdown."""
        if not self._scene.selection.is_empty:
            text = markdown(self._scene.selection, self._documents)
            QGuiApplication.clipboard().setText(text)

    def selectAll(self) -> None:  # noqa: N802
        """Select the text of all messages."""
        rows = len(self._geometry.rows)
        self._scene.selection.set(Place(0, 0, 0), Place(rows, 0, 0) if rows else None)
        self.viewport().update()

    @property
    def is_working(self) -> bool:
        """Whether messages on screen are still being rendered."""
        return self._updates.is_busy

    # --- the model ---

    def setModel(self, model: QAbstractItemModel | None) -> None:  # noqa: N802
        """Show a model, from its end."""
        for connection in self._connections:
            QObject.disconnect(connection)
        self._documents.model = model
        super().setModel(model)
        self._connections = []
        if model is not None:
            self._connections = [
                model.rowsRemoved.connect(self._on_rows_removed),
                model.destroyed.connect(self._on_model_destroyed),
            ]
        self._reload()

    def reset(self) -> None:
        """Show the model anew."""
        super().reset()
        if getattr(self, "_is_ready", False):
            self._reload()

    def rowsInserted(self, parent: _Index, start: int, end: int) -> None:  # noqa: N802
        """Take new messages; one from the user is scrolled to."""
        super().rowsInserted(parent, start, end)
        if start < len(self._geometry.rows):
            self._documents.forget(start)
        heights = [self._documents.estimate(row) for row in range(start, end + 1)]
        self._geometry.rows.insert(start, heights)
        if self._documents.source(end).speaker is Role.USER:
            self._follows = True
        self.settle()
        self.viewport().update()

    def dataChanged(  # noqa: N802
        self, first: _Index, last: _Index, roles: Sequence[int] = ()
    ) -> None:
        """Note which messages have changed; they are rendered at the next tick."""
        only_text = list(roles) == [ThreadRole.TEXT]
        if not only_text:
            super().dataChanged(first, last, roles)
        for row in range(first.row(), last.row() + 1):
            self._updates.note(row, soon=not only_text)

    def _reload(self) -> None:
        self._updates.clear()
        self._documents.forget()
        self._scene.selection.set(None, None)
        count = self._documents.count()
        self._geometry.rows.reset(self._documents.estimate(row) for row in range(count))
        self._follows = True
        self.settle()
        self.viewport().update()

    def _on_model_destroyed(self) -> None:
        self._documents.model = None
        self._reload()

    def _on_rows_removed(self, _parent: QModelIndex, first: int, last: int) -> None:
        self._updates.clear()
        self._documents.forget(first)
        self._geometry.rows.remove(first, last)
        self._scene.selection.set(None, None)
        self._scene.copied = self._scene.hovered = None
        self.settle()
        self.viewport().update()

    # --- what is on screen ---

    def settled(self, top: int, bottom: int) -> None:
        """Go on with what is on screen and not rendered yet."""
        self._updates.look_at(top, bottom)

    def _on_rendered(self, changed_y: int) -> None:
        self.settle(changed_y)

    def _on_formulas_ready(self) -> None:
        self._documents.refresh_formulas()
        self.settle()
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint, and keep the waiting dots moving while they are seen."""
        started = time.perf_counter()
        super().paintEvent(event)
        self._updates.painted(time.perf_counter() - started)
        if self._delegate.painted_dots and not self._dots_timer.isActive():
            self._dots_timer.start()

    def _on_dots_timeout(self) -> None:
        self._scene.phase = (self._scene.phase + _DOTS_MS / _DOTS_ROUND_MS) % 1.0
        rows = self._delegate.painted_dots.copy()
        self._delegate.painted_dots.clear()  # those that are still seen are painted now
        for row in rows:
            self.update_row(row)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Prepare for the first answer once the window is there."""
        super().showEvent(event)
        QTimer.singleShot(_WARM_UP_MS, self, self._updates.warm_up)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Follow the font of the application."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange and getattr(self, "_is_ready", False):
            self.set_theme(self._scene.theme)

"""The conversation view."""

import time
from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QMetaObject,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
    QTimer,
    QUrl,
    Signal,
)
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QGuiApplication,
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPaintEvent,
    QShortcut,
    QShowEvent,
)
from PySide6.QtWidgets import QAbstractSlider, QToolTip, QWidget

from phidesk.core.chat import GenerationResult, Role
from phidesk.ui.theme import SPACE_L, SPACE_S, Theme
from phidesk.ui.thread.blocks import Kind
from phidesk.ui.thread.column import ColumnView
from phidesk.ui.thread.delegate import ThreadDelegate
from phidesk.ui.thread.documents import Documents
from phidesk.ui.thread.excerpt import markdown
from phidesk.ui.thread.finder import Match
from phidesk.ui.thread.finding import Finding
from phidesk.ui.thread.formulas import Formulas
from phidesk.ui.thread.geometry import Geometry
from phidesk.ui.thread.jump import JumpButton
from phidesk.ui.thread.menu import ThreadMenu
from phidesk.ui.thread.message_bar import MessageBar
from phidesk.ui.thread.mouse import Mouse, listing
from phidesk.ui.thread.offers import Act, KeysOf, Offers, no_keys
from phidesk.ui.thread.painting import Scene
from phidesk.ui.thread.saving import add_action, save_code
from phidesk.ui.thread.selection import Place, Selection
from phidesk.ui.thread.typesetter import Typesetter
from phidesk.ui.thread.updates import Updates
from phidesk.ui.thread.wording import Wording
from phidesk.viewmodels.thread_model import ThreadRole

_Index = QModelIndex | QPersistentModelIndex
_DOTS_MS = 70
_DOTS_ROUND_MS = 1260
_JUMP_FROM = 24
_WARM_UP_MS = 700
_FORMULA_MS = 60
"""Formulas that are set in this time are shown together."""
_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
COPY_MARKDOWN = QKeySequence("Ctrl+Shift+C")
_KEYS = {
    Qt.Key.Key_Up: QAbstractSlider.SliderAction.SliderSingleStepSub,
    Qt.Key.Key_Down: QAbstractSlider.SliderAction.SliderSingleStepAdd,
    Qt.Key.Key_PageUp: QAbstractSlider.SliderAction.SliderPageStepSub,
    Qt.Key.Key_PageDown: QAbstractSlider.SliderAction.SliderPageStepAdd,
    Qt.Key.Key_Home: QAbstractSlider.SliderAction.SliderToMinimum,
    Qt.Key.Key_End: QAbstractSlider.SliderAction.SliderToMaximum,
}


class ThreadView(ColumnView):
    """Shows a ThreadModel as a conversation in a centred column."""

    link_activated = Signal(QUrl)
    """A link was clicked; nothing is opened here."""
    act_requested = Signal(str, str)
    """A message's id, and the Act that is to be done with it."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        wording = Wording()
        self._wording = wording
        formulas = Formulas()
        typesetter = Typesetter(theme, QGuiApplication.font(), formulas)
        self._documents = Documents(typesetter, wording)
        super().__init__(Geometry(self._documents), theme.surface, parent)
        wording.setParent(self)
        formulas.setParent(self)
        self._formulas = formulas
        self._formula_timer = QTimer(self, singleShot=True, interval=_FORMULA_MS)
        self._formula_timer.timeout.connect(self._on_formulas_ready)
        formulas.ready.connect(self._formula_timer.start)
        self._scene = Scene(theme, Selection(), self.tr("Copy"), self.tr("Copied"), self.tr("Save"))
        self._delegate = ThreadDelegate(self._documents, self._geometry.rows, self._scene, self)
        self.setItemDelegate(self._delegate)
        self.setAccessibleName(self.tr("Conversation"))
        self._jump = JumpButton(theme, self)
        self._jump.clicked.connect(self.scroll_to_end)
        self._finding = Finding(self._documents, self._scene, theme, self)
        self._finding.place_wanted.connect(self._on_place_wanted)
        self._finding.marks_changed.connect(self.viewport().update)
        self._finding.closed.connect(self.setFocus)
        for keys, act in (
            (QKeySequence.StandardKey.Find, self.show_find),
            (QKeySequence.StandardKey.FindNext, lambda: self._finding.step(1)),
            (QKeySequence.StandardKey.FindPrevious, lambda: self._finding.step(-1)),
        ):
            QShortcut(QKeySequence(keys), self).activated.connect(act)
        self._mouse = Mouse(self, self._geometry, self._scene)
        self._mouse.link_activated.connect(self.link_activated)
        self._mouse.selection_changed.connect(self.viewport().update)
        self._mouse.button_changed.connect(lambda row, _index: self.update_row(row))
        self._mouse.hovered.connect(self._on_hovered)
        self._mouse.footer_clicked.connect(lambda row, act: self._ask_for(row, Act(act)))
        self.keys_of: KeysOf = no_keys
        self.bar = MessageBar(theme, self)
        self.bar.chosen.connect(self.act_requested)
        self._mouse.save_pressed.connect(self._on_save)
        self._mouse.line_pressed.connect(self._on_line_pressed)
        self._updates = Updates(self._geometry, self)
        self._updates.changed.connect(self._on_rendered)
        self._wanted: Match | None = None
        """A match that is brought on screen once its message is rendered."""
        self._updates.coloured.connect(self.update_band)
        self._dots_timer = QTimer(self, singleShot=True, interval=_DOTS_MS)
        self._dots_timer.timeout.connect(self._on_dots_timeout)
        self._connections: list[QMetaObject.Connection] = []
        self._is_ready = True
        self._is_settling = False

    def set_theme(self, theme: Theme) -> None:
        """Show everything in another theme."""
        self._scene.theme = self._jump.theme = theme
        self.set_background(theme.surface)
        self._jump.update()
        self.bar.set_theme(theme)
        self._finding.bar.set_theme(theme)
        self._documents.restyle(Typesetter(theme, self.font(), self._formulas))
        self.settle()
        self.viewport().update()

    def set_offers(self, offers: Offers) -> None:
        """Say what can be done with a message."""
        self._scene.offers = offers

    def show_offers(self) -> None:
        """Show what can be done now, where that has changed."""
        self.bar.hide()
        self.viewport().update()

    def selected_text(self) -> str:
        """Return the selected text as plain text."""
        return self._scene.selection.text(self._documents)

    def show_find(self) -> None:
        """Open the bar that finds words, at what is on screen."""
        self._finding.open(self._geometry.rows.at(self.verticalScrollBar().value()))
        self._place_bar()

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
        self._scene.focused_row = -1
        self._finding.watch(model)
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
        self._finding.note_change()
        only_text = list(roles) == [ThreadRole.TEXT]
        if not only_text:
            super().dataChanged(first, last, roles)
        for row in range(first.row(), last.row() + 1):
            self._updates.note(row, soon=not only_text)

    def _reload(self) -> None:
        self._wanted = None
        self._updates.clear()
        self._documents.forget()
        self._scene.selection.set(None, None)
        count = self._documents.count()
        self._geometry.rows.reset(self._documents.estimate(row) for row in range(count))
        self._follows = True
        self.settle()
        self.viewport().update()

    def _on_formulas_ready(self) -> None:
        self._documents.refresh_formulas()
        self.settle()
        self.viewport().update()

    def _on_save(self, row: int, block: int) -> None:
        message = self._documents.message(row)
        message.render_all()
        items = message.layout.items
        save_code(listing(items, block), items[block].block.language, self)

    def _on_rendered(self, changed_y: int) -> None:
        self.settle(changed_y)
        if self._wanted is not None:
            self._on_place_wanted(self._wanted)

    def _on_place_wanted(self, match: Match) -> None:
        """Bring a match on screen once it is rendered; thoughts that are folded open for it."""
        self._follows = False
        message = self._documents.message(match.row)
        if match.block < 0:
            message.show_thoughts()
        if message.is_behind:
            self._geometry.advance(match.row, message)
        if message.is_behind and not message.source.is_open:
            self._wanted = match
            self._updates.note(match.row, soon=True)
        else:
            self._wanted = None
            self._show_place(match, max(0, match.block + message.layout.body))

    def _show_place(self, match: Match, block: int) -> None:
        """Bring a place on screen: what lies between is measured on the way."""
        bar, height = self.verticalScrollBar(), self.viewport().height()
        for _ in range(3):
            y = self._geometry.place_y(match.row, block, match.start)
            if not bar.value() + height // 8 < y < bar.value() + height * 7 // 8:
                bar.setValue(y - height // 3)
            self.settle()

    def _place_bar(self) -> None:
        bar, area = self._finding.bar, self.viewport().geometry()
        bar.adjustSize()
        bar.move(area.right() - bar.width() - SPACE_L, area.top() + SPACE_S)

    def _move_to(self, row: int) -> None:
        """Put the focus on a message, and its beginning on screen."""
        row = max(0, min(len(self._geometry.rows) - 1, row))
        if row < 0:
            return
        self._scene.focused_row = row
        self._follows = False
        bar = self.verticalScrollBar()
        for _ in range(3):
            top, height = self._geometry.rows.top(row), self._geometry.rows.height(row)
            is_seen = top >= bar.value() and top + height <= bar.value() + bar.pageStep()
            if not is_seen:
                bar.setValue(top)
            self.settle()
        self._follows = self.is_at_end
        self.setCurrentIndex(self.model().index(row, 0))  # for assistive technology
        self.viewport().update()

    def _step(self, by: int) -> None:
        row = self._scene.focused_row
        if row < 0:
            value = self.verticalScrollBar().value()
            row = self._geometry.rows.at(value + self.verticalScrollBar().pageStep() - 1) + 1
            row = row if by < 0 else self._geometry.rows.at(value) - 1
        self._move_to(row + by)

    def _press_lines(self) -> None:
        """Do what a click on the line of thoughts in the focused message does."""
        row = self._scene.focused_row
        if not 0 <= row < len(self._geometry.rows):
            return
        for index, item in enumerate(self._documents.message(row).layout.items):
            if item.block.is_button:
                self._on_line_pressed(row, index)
                return

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Take the frame off the message that keys moved to."""
        super().focusOutEvent(event)
        self._scene.focused_row = -1
        self.viewport().update()

    def _on_line_pressed(self, row: int, block: int) -> None:
        message = self._documents.message(row)
        self._follows = False  # what was pressed stays where it is
        kind = message.layout.items[block].block.kind
        message.press(kind)
        if kind is Kind.MORE:
            self._finding.note_change()
        self._updates.note(row, soon=True)

    def _on_model_destroyed(self) -> None:
        self._documents.model = None
        self._reload()

    def _on_rows_removed(self, _parent: QModelIndex, first: int, last: int) -> None:
        self._wanted = None
        self._updates.clear()
        self._documents.forget(first)
        self._geometry.rows.remove(first, last)
        self._scene.selection.set(None, None)
        self._scene.copied = self._scene.hovered = None
        self.settle()
        self.viewport().update()

    # --- what is on screen ---

    def settled(self, top: int, bottom: int) -> None:
        """Place the button, and go on with what is not rendered yet."""
        self._updates.look_at(top, bottom)
        self.bar.hide()
        bar = self.verticalScrollBar()
        self._jump.setVisible(bar.maximum() - bar.value() > _JUMP_FROM)
        area = self.viewport().geometry()
        self._place_bar()
        self._jump.move(
            area.right() - self._jump.width() - SPACE_L,
            area.bottom() - self._jump.height() - SPACE_L,
        )

    def holds_still(self) -> bool:
        """Whether text is being selected, which must not move away."""
        return self._mouse.is_pressed

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Paint, and keep the waiting dots moving while they are seen."""
        started = time.perf_counter()
        self._delegate.painted_dots.clear()
        super().paintEvent(event)
        self._updates.painted(time.perf_counter() - started)
        if self._delegate.painted_dots and not self._dots_timer.isActive():
            self._dots_timer.start()

    def _on_dots_timeout(self) -> None:
        self._scene.phase = (self._scene.phase + _DOTS_MS / _DOTS_ROUND_MS) % 1.0
        for row in self._delegate.painted_dots:
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

    # --- mouse and keys ---

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Begin a selection or press a button."""
        self._mouse.press(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Select a word."""
        self._mouse.double_click(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Extend the selection."""
        self._mouse.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """End the selection or follow a link."""
        self._mouse.release(event)

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        """Let go of what was under the mouse."""
        self._mouse.leave()
        self.bar.hide()
        super().leaveEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:  # noqa: N802
        """Tell more about the statistics that the mouse rests on."""
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.hint_at(event.pos()), self.viewport())
            return True
        return super().viewportEvent(event)

    def hint_at(self, point: QPoint) -> str:
        """Return the tool tip at a point of the viewport."""
        hit = self._mouse.hit(point)
        if hit is None or hit.item.block.kind is not Kind.NOTE:
            return ""
        if not hit.message.layout.frame(hit.item).contains(hit.inside):
            return ""
        result = self.model().index(hit.place.row, 0).data(ThreadRole.RESULT)
        return self._wording.hint(result) if isinstance(result, GenerationResult) else ""

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
        """Offer what can be copied."""
        point = self.viewport().mapFrom(self, event.pos())
        if event.reason() is not QContextMenuEvent.Reason.Mouse:
            point.setY(self.viewport().height() - 1)  # the last message in view
            if self._scene.focused_row >= 0:
                index = self.model().index(self._scene.focused_row, 0)
                point.setY(self.visualRect(index).center().y())
        self.menu_at(point).popup(event.globalPos())

    def menu_at(self, point: QPoint) -> ThreadMenu:
        """Make the menu of the message that is at, or nearest to, a point of the viewport."""
        hit = self._mouse.hit(point)
        copy = None if self._scene.selection.is_empty else self.copy
        row = hit.place.row if hit is not None else -1
        acts = self._scene.offers(self._id_of(row)) if hit is not None else ()
        do = partial(self._ask_for, row)
        menu = ThreadMenu(self._mouse, hit, copy, self.selectAll, self, acts, do, self.keys_of)
        end = menu.actions()[-2] if len(menu.actions()) > 1 else None
        if copy is not None:
            add_action(menu, end, self.tr("Copy as Markdown"), self.copy_markdown, COPY_MARKDOWN)
        if hit is not None and hit.item.block.kind is Kind.CODE:
            place = hit.place[:2]
            add_action(menu, end, self.tr("Save code…"), lambda: self._on_save(*place))
        return menu

    def _ask_for(self, row: int, act: Act) -> None:
        self.act_requested.emit(self._id_of(row), act.value)

    def _id_of(self, row: int) -> str:
        return str(self.model().index(row, 0).data(ThreadRole.ID) or "")

    def _on_hovered(self, row: int) -> None:
        index = self.model().index(row, 0)
        acts = self._scene.offers(self._id_of(row)) if row >= 0 else ()
        if not acts:
            self.bar.hide()
        elif not self.bar.isVisible() or self.bar.message_id != self._id_of(row):
            rect, taken = self.visualRect(index), QRect()
            for part in self._delegate.footer(index, rect):
                taken = taken.united(part.rect)
            at_right = index.data(ThreadRole.SPEAKER) == Role.USER
            self.bar.set_keys(self.keys_of)
            self.bar.show_for(self._id_of(row), acts, rect, taken, at_right=at_right)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Copy, select all and scroll; leave all other keys to the window."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif QKeySequence(event.keyCombination()) == COPY_MARKDOWN:
            self.copy_markdown()
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self.selectAll()
        elif event.key() in _STEPS and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._step(_STEPS[Qt.Key(event.key())])
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._press_lines()
        elif event.key() in _KEYS and not event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.verticalScrollBar().triggerAction(_KEYS[Qt.Key(event.key())])
        else:
            event.ignore()

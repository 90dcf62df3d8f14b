"""The conversation view: what mouse and keys do with the messages."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QPoint,
    QRect,
    Qt,
    QUrl,
    Signal,
)
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
)
from PySide6.QtWidgets import QAbstractSlider, QToolTip, QWidget

from phidesk.core.chat import GenerationResult, Role
from phidesk.ui.theme import SPACE_L, Theme
from phidesk.ui.thread.blocks import Kind
from phidesk.ui.thread.find_view import FindView
from phidesk.ui.thread.jump import JumpButton
from phidesk.ui.thread.menu import ThreadMenu
from phidesk.ui.thread.message_bar import MessageBar
from phidesk.ui.thread.mouse import Mouse, listing
from phidesk.ui.thread.offers import Act, KeysOf, Offers, no_keys
from phidesk.ui.thread.saving import add_action, save_code
from phidesk.viewmodels.thread_model import ThreadRole

_JUMP_FROM = 24
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


class ThreadView(FindView):
    """Shows a ThreadModel as a conversation in a centred column."""

    link_activated = Signal(QUrl)
    """A link was clicked; nothing is opened here."""
    act_requested = Signal(str, str)
    """A message's id, and the Act that is to be done with it."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.setAccessibleName(self.tr("Conversation"))
        self._jump = JumpButton(theme, self.viewport())
        self._jump.clicked.connect(self.scroll_to_end)
        self._floating.append(self._jump)
        self._mouse = Mouse(self, self._geometry, self._scene)
        self._mouse.link_activated.connect(self.link_activated)
        self._mouse.selection_changed.connect(self.viewport().update)
        self._mouse.button_changed.connect(lambda row, _index: self.update_row(row))
        self._mouse.hovered.connect(self._on_hovered)
        self._mouse.footer_clicked.connect(lambda row, act: self._ask_for(row, Act(act)))
        self.keys_of: KeysOf = no_keys
        self.markdown_keys: Callable[[], QKeySequence] = lambda: COPY_MARKDOWN
        """the keys that the menu shows"""
        self.bar = MessageBar(theme, self)
        self.bar.chosen.connect(self.act_requested)
        self._mouse.save_pressed.connect(self._on_save)
        self._mouse.line_pressed.connect(self._on_line_pressed)
        self.set_complete()

    def set_theme(self, theme: Theme) -> None:
        """Show everything in another theme."""
        self._jump.theme = theme
        self._jump.update()
        self.bar.set_theme(theme)
        super().set_theme(theme)

    def set_offers(self, offers: Offers) -> None:
        """Say what can be done with a message."""
        self._scene.offers = offers

    def show_offers(self) -> None:
        """Show what can be done now, where that has changed."""
        self.bar.hide()
        self.viewport().update()

    @property
    def focused_id(self) -> str:
        """The id of the message that the keys have moved to, "" for none."""
        row = self._scene.focused_row
        return self._id_of(row) if 0 <= row < len(self._geometry.rows) else ""

    def setModel(self, model: QAbstractItemModel | None) -> None:  # noqa: N802
        """Show a model, from its end."""
        self._scene.focused_row = -1
        super().setModel(model)

    # --- what is on screen ---

    def settled(self, top: int, bottom: int) -> None:
        """Place the buttons beside what is on screen."""
        super().settled(top, bottom)
        self.bar.hide()
        bar = self.verticalScrollBar()
        self._jump.setVisible(bar.maximum() - bar.value() > _JUMP_FROM)
        area = self.viewport().rect()
        self._jump.move(
            area.right() - self._jump.width() - SPACE_L,
            area.bottom() - self._jump.height() - SPACE_L,
        )

    def holds_still(self) -> bool:
        """Whether text is being selected, which must not move away."""
        return self._mouse.is_pressed

    # --- mouse ---

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
            add_action(
                menu, end, self.tr("Copy as Markdown"), self.copy_markdown, self.markdown_keys()
            )
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

    def _on_save(self, row: int, block: int) -> None:
        message = self._documents.message(row)
        message.render_all()
        items = message.layout.items
        save_code(listing(items, block), items[block].block.language, self)

    def _on_line_pressed(self, row: int, block: int) -> None:
        message = self._documents.message(row)
        self._follows = False  # what was pressed stays where it is
        kind = message.layout.items[block].block.kind
        message.press(kind)
        if kind is Kind.MORE:
            self._finding.note_change()
        self._updates.note(row, soon=True)

    # --- keys ---

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

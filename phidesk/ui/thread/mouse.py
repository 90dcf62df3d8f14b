"""What the mouse does in the thread: select, follow links, press copy buttons."""

import time

from PySide6.QtCore import QObject, QPoint, QPointF, QRect, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QFontMetrics, QGuiApplication, QMouseEvent, QTextCursor
from PySide6.QtWidgets import QAbstractItemView

from phidesk.ui.thread.blocks import Kind
from phidesk.ui.thread.delegate import ThreadDelegate
from phidesk.ui.thread.footer import act_at
from phidesk.ui.thread.geometry import Geometry, Hit
from phidesk.ui.thread.layout import Item
from phidesk.ui.thread.offers import Act
from phidesk.ui.thread.painting import Scene
from phidesk.ui.thread.selection import Place

_COPIED_MS = 1600
_DRAG_SCROLL_MS = 30
_LEAST_DRAG = 4


class Mouse(QObject):
    """Turns mouse events into a selection, an opened link or a copied listing."""

    link_activated = Signal(QUrl)
    save_pressed = Signal(int, int)
    """Row and block of a listing that is to be saved."""
    line_pressed = Signal(int, int)
    """Row and block of a line that is a button."""
    selection_changed = Signal()
    hovered = Signal(int)
    """The row under the mouse, -1 for none."""
    footer_clicked = Signal(int, str)
    """Row and Act."""
    button_changed = Signal(int, int)
    """Row and block of a listing whose copy button looks different now."""

    def __init__(self, view: QAbstractItemView, geometry: Geometry, scene: Scene) -> None:
        super().__init__(view)
        self._view = view
        self._geometry = geometry
        self._scene = scene
        self._pressed: Hit | None = None
        self._pressed_at = QPoint()
        self._last_point = QPoint()
        self._double_click_end = 0.0
        self._selects = False
        self._copied_timer = QTimer(self, singleShot=True, interval=_COPIED_MS)
        self._copied_timer.timeout.connect(self._on_copied_timeout)
        self._drag_timer = QTimer(self, interval=_DRAG_SCROLL_MS)
        self._drag_timer.timeout.connect(self._on_drag_timeout)

    @property
    def is_pressed(self) -> bool:
        """Whether the left button is held in the thread."""
        return self._pressed is not None

    def press(self, event: QMouseEvent) -> None:
        """Begin a selection, or press what is there."""
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        point = event.position().toPoint()
        if self.footer_at(point) is not None:
            return
        hit = self.hit(point)
        self._pressed, self._pressed_at, self._selects = hit, point, False
        if hit is None or self.copy_target(hit) is not None:
            return
        if time.monotonic() < self._double_click_end:  # the third click takes the block
            self._selects = True
            end = hit.message.layout.end_of(hit.place.block)
            self._select(hit.place._replace(position=0), hit.place._replace(position=end))
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier and self._scene.selection.anchor:
            self._select(self._scene.selection.anchor, hit.place)
        else:
            self._select(hit.place, hit.place)

    def double_click(self, event: QMouseEvent) -> None:
        """Select the word that was clicked."""
        hit = self.hit(event.position().toPoint())
        if event.button() is not Qt.MouseButton.LeftButton or hit is None:
            return
        if self.copy_target(hit) is not None:
            return
        document = hit.message.layout.document(hit.item)
        if document is None:
            return
        cursor = QTextCursor(document)
        cursor.setPosition(hit.place.position)
        cursor.select(QTextCursor.SelectionType.WordUnderCursor)
        start, end = cursor.selectionStart(), cursor.selectionEnd()
        self._select(hit.place._replace(position=start), hit.place._replace(position=end))
        interval = QGuiApplication.styleHints().mouseDoubleClickInterval()
        self._double_click_end = time.monotonic() + interval / 1000

    def move(self, event: QMouseEvent) -> None:
        """Extend the selection, or show what could be clicked."""
        point = event.position().toPoint()
        if self._pressed is None or not event.buttons() & Qt.MouseButton.LeftButton:
            self._hover(point)
            return
        self._last_point = point
        if self.copy_target(self._pressed) is not None:
            return
        far = (point - self._pressed_at).manhattanLength() >= _LEAST_DRAG
        if not self._selects and not far:
            return
        self._selects = True
        self._extend(point)
        outside = not 0 <= point.y() < self._view.viewport().height()
        if outside and not self._drag_timer.isActive():
            self._drag_timer.start()
        elif not outside:
            self._drag_timer.stop()

    def release(self, event: QMouseEvent) -> None:
        """End a selection, or do what was clicked."""
        pressed, self._pressed = self._pressed, None
        self._drag_timer.stop()
        target = self.footer_at(event.position().toPoint()) if pressed is None else None
        if target is not None and event.button() is Qt.MouseButton.LeftButton:
            self.footer_clicked.emit(*target)
        if event.button() is not Qt.MouseButton.LeftButton or pressed is None or self._selects:
            return
        hit = self.hit(event.position().toPoint())
        if hit is None:
            return
        code = self.copy_target(hit)
        if code is not None:
            if code == self.copy_target(pressed) and self.save_button(hit).contains(hit.inside):
                self.save_pressed.emit(*code)
            elif code == self.copy_target(pressed):
                self.copy_code(hit)
            return
        if hit.item.block.is_button and hit.place[:2] == pressed.place[:2]:
            if hit.message.layout.frame(hit.item).contains(hit.inside):
                self.line_pressed.emit(*hit.place[:2])
            return
        link = self.link(hit)
        if link and link == self.link(pressed) and hit.place == self._scene.selection.cursor:
            self.link_activated.emit(QUrl(link))

    def leave(self) -> None:
        """Forget what was under the mouse."""
        self._set_hovered(None)
        self._set_footer(None)

    def footer_at(self, point: QPoint) -> tuple[int, Act] | None:
        """Return row and deed of the part of a footer that is under a point."""
        index, delegate = self._view.indexAt(point), self._view.itemDelegate()
        if not index.isValid() or not isinstance(delegate, ThreadDelegate):
            return None
        act = act_at(delegate.footer(index, self._view.visualRect(index)), point)
        return (index.row(), act) if act is not None else None

    def hit(self, point: QPoint) -> Hit | None:
        """Return what is at, or nearest to, a point of the viewport."""
        return self._geometry.hit(point.x(), point.y() + self._view.verticalScrollBar().value())

    def link(self, hit: Hit) -> str:
        """Return the address of the link that is exactly under a point."""
        layout = hit.message.layout
        document = layout.document(hit.item)
        if document is None:
            return ""
        inside = QPointF(hit.inside) - layout.text_origin(hit.item)
        return document.documentLayout().anchorAt(inside)

    def copy_target(self, hit: Hit) -> tuple[int, int] | None:
        """Return row and block of the listing one of whose buttons is under a point."""
        if hit.item.block.kind is not Kind.CODE or not hit.item.block.first:
            return None
        buttons = self.copy_button(hit), self.save_button(hit)
        return hit.place[:2] if any(b.contains(hit.inside) for b in buttons) else None

    def save_button(self, hit: Hit) -> QRect:
        """Return the rectangle of a listing's save button in the message's coordinates."""
        layout = hit.message.layout
        metrics = QFontMetrics(layout.typesetter.small)
        copy = metrics.horizontalAdvance(self._scene.copy_label)
        return layout.save_button(hit.item, copy, metrics.horizontalAdvance(self._scene.save_label))

    def copy_button(self, hit: Hit) -> QRect:
        """Return the rectangle of a listing's copy button in the message's coordinates."""
        layout = hit.message.layout
        metrics = QFontMetrics(layout.typesetter.small)
        width = metrics.horizontalAdvance(self._scene.copy_label)
        return layout.copy_button(hit.item, width)

    def copy_code(self, hit: Hit) -> None:
        """Put exactly the code of a listing on the clipboard, without its last line feed."""
        hit.message.render_all()
        QGuiApplication.clipboard().setText(listing(hit.message.layout.items, hit.place.block))
        self._on_copied_timeout()
        self._scene.copied = first_block(hit.message.layout.items, hit.place)
        self.button_changed.emit(*self._scene.copied)
        self._copied_timer.start()

    def _on_copied_timeout(self) -> None:
        copied, self._scene.copied = self._scene.copied, None
        if copied is not None:
            self.button_changed.emit(*copied)

    def _on_drag_timeout(self) -> None:
        y, height = self._last_point.y(), self._view.viewport().height()
        step = y if y < 0 else max(0, y - height)
        bar = self._view.verticalScrollBar()
        bar.setValue(bar.value() + max(-60, min(60, step)))
        self._extend(QPoint(self._last_point.x(), max(0, min(y, height - 1))))

    def _extend(self, point: QPoint) -> None:
        hit = self.hit(point)
        if hit is not None and self._scene.selection.anchor is not None:
            self._select(self._scene.selection.anchor, hit.place)

    def _select(self, anchor: Place, cursor: Place) -> None:
        self._scene.selection.set(anchor, cursor)
        self.selection_changed.emit()

    def _hover(self, point: QPoint) -> None:
        hit, below = self.hit(point), self.footer_at(point)
        target = self.copy_target(hit) if hit else None
        is_save = bool(hit and target and self.save_button(hit).contains(hit.inside))
        self._set_hovered(target, on_save=is_save)
        self._set_footer(below)
        self.hovered.emit(self._view.indexAt(point).row())
        shape = Qt.CursorShape.ArrowCursor
        if below is not None:
            shape = Qt.CursorShape.PointingHandCursor
        elif hit is not None:
            frame = hit.message.layout.frame(hit.item)
            on_line = hit.item.block.is_button and frame.contains(hit.inside)
            if target is not None or on_line or self.link(hit):
                shape = Qt.CursorShape.PointingHandCursor
            elif frame.contains(hit.inside) and hit.item.block.is_copied:
                shape = Qt.CursorShape.IBeamCursor
        viewport = self._view.viewport()
        if viewport.cursor().shape() is not shape:
            viewport.setCursor(shape)

    def _set_footer(self, target: tuple[int, Act] | None) -> None:
        before, self._scene.footer_hovered = self._scene.footer_hovered, target
        for row in {place[0] for place in (before, target) if place and before != target}:
            self.button_changed.emit(row, 0)

    def _set_hovered(self, target: tuple[int, int] | None, *, on_save: bool = False) -> None:
        before, self._scene.hovered = self._scene.hovered, target
        was_on_save, self._scene.on_save = self._scene.on_save, on_save
        if before != target or was_on_save != on_save:
            for changed in (before, target):
                if changed is not None:
                    self.button_changed.emit(*changed)


def first_block(items: list[Item], place: Place) -> tuple[int, int]:
    """Return row and index of the block with which a listing begins."""
    index = place.block
    while not items[index].block.first:
        index -= 1
    return place.row, index


def listing(items: list[Item], index: int) -> str:
    """Return the whole code of the listing that a block belongs to."""
    while not items[index].block.first:
        index -= 1
    parts = []
    for item in items[index:]:
        parts.append(item.block.code)
        if item.block.last:
            break
    return "".join(parts).removesuffix("\n")

"""Paints a message: text, bubbles, code cards, quote bars and list markers."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QColor,
    QFontMetrics,
    QPainter,
    QPalette,
    QPen,
    QTextCursor,
    QTextDocument,
)

from phidesk.ui.theme import RADIUS, Theme
from phidesk.ui.thread.blocks import Kind
from phidesk.ui.thread.chips import code_backgrounds
from phidesk.ui.thread.finder import Match
from phidesk.ui.thread.layout import (
    CODE_HEADER,
    Item,
    MessageLayout,
    indentation,
)
from phidesk.ui.thread.marks import mark_rects
from phidesk.ui.thread.offers import Act, Offers, no_offers
from phidesk.ui.thread.selection import Selection, document_position
from phidesk.ui.thread.walker import BULLETS, TASKS, number_of

_MARKS = {False: ("#ffb454", "#ffe9a8"), True: ("#915508", "#5c4a12")}
"""The match that is shown and the others, for a light and a dark theme."""
_BUBBLE_RADIUS = 16
_DOT, _DOT_STEP = 7, 13
_BOX = 12
_DIVIDER_GAP = 12
_FEW_MARKS = 20
"""in a block: Qt paints them, in the colour of text; see marks.py"""


@dataclass
class Scene:
    """What the picture depends on besides the messages."""

    theme: Theme
    selection: Selection
    copy_label: str = ""
    copied_label: str = ""
    save_label: str = ""
    copied: tuple[int, int] | None = None
    """Row and block of the listing that was just copied."""
    hovered: tuple[int, int] | None = None
    """Row and block of the listing whose copy button is under the mouse."""
    offers: Offers = no_offers
    footer_hovered: tuple[int, Act] | None = None
    """Row and part of a footer that is under the mouse."""
    on_save: bool = False
    """Whether the mouse is on the save button of that listing, not on its copy button."""
    marks: dict[tuple[int, int], list[Match]] = field(default_factory=dict)
    """What was searched for, by a Match's row and block."""
    current_mark: Match | None = None
    focused_row: int = -1
    """The message that keys move from; -1 while they don't."""
    phase: float = 0.0
    """Where the waiting dots are in their round, 0 to 1."""


def paint_message(
    painter: QPainter, scene: Scene, row: int, layout: MessageLayout, origin: QPoint, clip: QRect
) -> bool:
    """Paint what lies in clip (both in the painter's coordinates); True if dots were painted."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(origin)
    clip = clip.translated(-origin)
    if scene.focused_row == row:
        frame = layout.bubble() if layout.is_bubble else QRect(0, 0, layout.width, layout.height)
        painter.setPen(QPen(QColor(scene.theme.accent), 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(frame.adjusted(-8, -6, 8, 6), RADIUS, RADIUS)
    if layout.is_bubble:
        _fill_rounded(painter, layout.bubble(), scene.theme.raised, _BUBBLE_RADIUS)
    dots = False
    for index, item in layout.visible(clip.top(), clip.bottom()):
        _Painter(painter, scene, layout, clip).item(row, index, item)
        dots = dots or item.block.kind is Kind.DOTS
    painter.restore()
    return dots


class _Painter:
    def __init__(self, painter: QPainter, scene: Scene, layout: MessageLayout, clip: QRect) -> None:
        self._painter = painter
        self._scene = scene
        self._theme = scene.theme
        self._layout = layout
        self._clip = clip

    def item(self, row: int, index: int, item: Item) -> None:
        """Paint one block."""
        block = item.block
        frame = self._layout.frame(item)
        if block.joined or "q" in block.path:
            self._bars(item)
        document = self._layout.document(item)
        match block.kind:
            case Kind.RULE:
                self._painter.fillRect(frame, QColor(self._theme.border))
            case Kind.DOTS:
                self._dots(frame)
            case Kind.CODE:
                self._card(row, index, item, frame)
            case Kind.DIVIDER if document is not None:
                self._divider(frame, document)
            case Kind.ERROR:
                _fill_rounded(self._painter, frame, self._theme.danger_soft, RADIUS)
        if block.marker:
            self._marker(item, frame)
        if document is not None:
            self._chips(item, document)
            self._text(row, index, item, document)

    def _text(self, row: int, index: int, item: Item, document: QTextDocument) -> None:
        part = self._scene.selection.part(row, index)
        context = QAbstractTextDocumentLayout.PaintContext()
        colour = self._theme.text
        match item.block.kind:
            case Kind.NOTE | Kind.THOUGHT | Kind.DIVIDER:
                colour = self._theme.muted
            case Kind.MORE:
                colour = self._theme.accent
            case Kind.ERROR:
                colour = self._theme.danger
        palette = QPalette()
        palette.setColor(QPalette.ColorRole.Text, QColor(colour))
        context.palette = palette
        origin = self._layout.text_origin(item)
        context.clip = QRectF(self._clip).translated(-origin)
        place = row, index - self._layout.body
        marks = self._scene.marks.get(place, ()) if item.block.is_copied else ()
        # Cells may have a background of their own.
        if len(marks) <= _FEW_MARKS or item.block.kind is Kind.TABLE:
            context.selections = [self._mark(item, document, match) for match in marks]
        else:
            self._mark_all(item, document, marks, context.clip.translated(origin))
        if part is not None and item.block.is_copied:
            start, end = part
            cursor = QTextCursor(document)
            # A table's document begins with an empty line, which is not to be seen.
            cursor.setPosition(max(start, 1) if item.block.kind is Kind.TABLE else start)
            last = document.characterCount() - 1
            cursor.setPosition(
                last if end is None else min(end, last), QTextCursor.MoveMode.KeepAnchor
            )
            selection = QAbstractTextDocumentLayout.Selection()
            selection.cursor = cursor
            selection.format.setBackground(QColor(self._theme.selection))
            context.selections = [*context.selections, selection]
        self._painter.translate(origin)
        document.documentLayout().draw(self._painter, context)
        self._painter.translate(-origin)

    def _mark_all(
        self, item: Item, document: QTextDocument, marks: Sequence[Match], clip: QRectF
    ) -> None:
        """Paint the backgrounds of what was found."""
        origin, last = self._layout.text_origin(item), document.characterCount() - 1
        current, other = (QColor(name) for name in _MARKS[self._theme.is_dark])
        for match in marks:
            start = document_position(item.block, document, match.start)
            end = document_position(item.block, document, match.start + match.length)
            for rect in mark_rects(document, start, min(max(end, start + 1), last)):
                if rect.translated(origin).intersects(clip):
                    colour = current if match == self._scene.current_mark else other
                    self._painter.fillRect(rect.translated(origin), colour)

    def _mark(
        self, item: Item, document: QTextDocument, match: Match
    ) -> QAbstractTextDocumentLayout.Selection:
        """Return the look of something that was found."""
        last = document.characterCount() - 1
        start = document_position(item.block, document, match.start)
        end = document_position(item.block, document, match.start + match.length)
        cursor = QTextCursor(document)
        cursor.setPosition(min(start, last))
        cursor.setPosition(min(max(end, start + 1), last), QTextCursor.MoveMode.KeepAnchor)
        mark = QAbstractTextDocumentLayout.Selection()
        mark.cursor = cursor
        current, other = _MARKS[self._theme.is_dark]
        is_current = match == self._scene.current_mark
        mark.format.setBackground(QColor(current if is_current else other))
        mark.format.setForeground(QColor(self._theme.text))
        return mark

    def _chips(self, item: Item, document: QTextDocument) -> None:
        """Paint the backgrounds of inline code."""
        if item.chips is None:
            item.chips = code_backgrounds(item.block, document)
        if not item.chips:
            return
        origin = self._layout.text_origin(item)
        painter = self._painter
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(
            QColor(self._theme.hover if item.block.kind is Kind.TABLE else self._theme.raised)
        )
        for chip in item.chips:
            painter.drawRoundedRect(chip.translated(origin), 4, 4)

    def _bars(self, item: Item) -> None:
        path = item.block.path
        for level, kind in enumerate(path):
            if kind != "q":
                continue
            top = item.y - item.gap if level < item.block.joined else item.y
            x = indentation(path[:level])
            if item.block.is_right_to_left:
                x = self._layout.width - x - 3
            bar = QRect(x, top, 3, item.bottom - top)
            self._painter.fillRect(bar, QColor(self._theme.border))

    def _marker(self, item: Item, frame: QRect) -> None:
        """Paint a number on the base line of the text beside it, or a bullet at its middle."""
        setter = self._layout.typesetter
        metrics = QFontMetrics(setter.body)
        baseline = frame.y() + (CODE_HEADER + metrics.ascent()) / 2
        if item.block.kind is not Kind.CODE and item.document is not None:
            line = item.document.firstBlock().layout().lineAt(0)
            baseline = self._layout.text_origin(item).y() + line.y() + line.ascent()
        text = item.block.marker
        painter = self._painter
        is_task = text[-1] in TASKS
        right_to_left = item.block.is_right_to_left
        x = frame.right() + 14 if right_to_left else frame.left() - 13
        if text[0].isdigit():
            shift = setter.number_shift(text)
            before = frame.left() - 8 - setter.number_width(text) + shift
            number_x = frame.right() + 9 - shift if right_to_left else before
            painter.setFont(setter.body)
            painter.setPen(QColor(self._theme.muted))
            painter.drawText(QPointF(number_x, baseline), number_of(text))
            if not is_task:
                return
            inside = shift + _BOX // 2
            x = frame.right() - inside if right_to_left else frame.left() + inside
        middle = QPointF(x + 0.5, round(baseline - metrics.xHeight() / 2) + 0.5)
        colour = QColor(self._theme.muted)
        painter.setPen(QPen(colour, 1.2))
        if is_task:
            self._box(middle, is_done=text[-1] == TASKS[1])
            return
        painter.setBrush(Qt.BrushStyle.NoBrush if text == BULLETS[1] else colour)
        if text == BULLETS[2]:
            painter.drawRect(QRectF(middle.x() - 2, middle.y() - 2, 4, 4))
        else:
            painter.drawEllipse(middle, 2.3, 2.3)

    def _box(self, middle: QPointF, *, is_done: bool) -> None:
        """Paint the box of something to do, with a tick where it is done."""
        painter, theme = self._painter, self._theme
        box = QRectF(middle.x() - _BOX / 2, middle.y() - _BOX / 2, _BOX, _BOX)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if is_done:
            painter.setPen(QPen(QColor(theme.accent), 1.2))
            painter.setBrush(QColor(theme.accent))
        painter.drawRoundedRect(box, 3, 3)
        if is_done:
            painter.setPen(QPen(QColor(theme.surface), 1.7))
            points = ((-3.2, 0.2), (-1, 2.6), (3.4, -2.6))
            painter.drawPolyline([middle + QPointF(x, y) for x, y in points])

    def _divider(self, frame: QRect, document: QTextDocument) -> None:
        """Paint a line on both sides of the words in the middle."""
        length = round((frame.width() - document.idealWidth()) / 2) - _DIVIDER_GAP
        # The letters stand in the lower part of a line that is higher than they are.
        y = frame.y() + round(frame.height() * 0.55)
        for x in (frame.x(), frame.x() + frame.width() - length):
            self._painter.fillRect(QRect(x, y, length, 1), QColor(self._theme.border))

    def _dots(self, frame: QRect) -> None:
        painter = self._painter
        painter.setPen(Qt.PenStyle.NoPen)
        for number in range(3):
            distance = abs((self._scene.phase - number / 3 + 0.5) % 1.0 - 0.5)
            colour = QColor(self._theme.muted)
            colour.setAlphaF(max(0.25, 1.0 - 2.6 * distance))
            painter.setBrush(colour)
            middle = QPointF(frame.x() + _DOT / 2 + number * _DOT_STEP, frame.center().y() + 0.5)
            painter.drawEllipse(middle, _DOT / 2, _DOT / 2)

    def _card(self, row: int, index: int, item: Item, frame: QRect) -> None:
        """Paint the background of a listing, which may go on in the next block."""
        painter, block = self._painter, item.block
        painter.save()
        painter.setClipRect(frame, Qt.ClipOperation.IntersectClip)
        above, below = 0 if block.first else -RADIUS * 2, 0 if block.last else RADIUS * 2
        card = QRectF(frame.adjusted(0, above, 0, below)).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QColor(self._theme.border))
        painter.setBrush(QColor(self._theme.code))
        painter.drawRoundedRect(card, RADIUS, RADIUS)
        if block.first:
            self._header(row, index, item, frame)
        painter.restore()

    def _header(self, row: int, index: int, item: Item, frame: QRect) -> None:
        painter, scene = self._painter, self._scene
        font = self._layout.typesetter.small
        painter.setFont(font)
        line = frame.y() + CODE_HEADER
        painter.setPen(QColor(self._theme.border))
        painter.drawLine(frame.x(), line, frame.right(), line)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setPen(QColor(self._theme.muted))
        label = QRect(frame.x() + 14, frame.y(), frame.width() // 2, CODE_HEADER)
        painter.drawText(label, middle | Qt.AlignmentFlag.AlignLeft, item.block.language)
        here = (row, index)
        text = scene.copied_label if scene.copied == here else scene.copy_label
        metrics = QFontMetrics(font)
        button = self._layout.copy_button(item, metrics.horizontalAdvance(text))
        save_width = metrics.horizontalAdvance(scene.save_label)
        copy_width = metrics.horizontalAdvance(scene.copy_label)
        save = self._layout.save_button(item, copy_width, save_width)
        on_save = scene.hovered == here and scene.on_save
        if on_save:
            _fill_rounded(painter, save, self._theme.hover, RADIUS - 2)
        painter.setPen(QColor(self._theme.text if on_save else self._theme.muted))
        if save.x() > frame.x() + 60 and scene.copied != here:
            painter.drawText(save, Qt.AlignmentFlag.AlignCenter, scene.save_label)
        if scene.hovered == here and not on_save:
            _fill_rounded(painter, button, self._theme.hover, RADIUS - 2)
        active = (scene.hovered == here and not on_save) or scene.copied == here
        colour = QColor(self._theme.text if active else self._theme.muted)
        painter.setPen(colour)
        painter.drawText(button.adjusted(26, 0, 0, 0), middle | Qt.AlignmentFlag.AlignLeft, text)
        icon = QRectF(button.x() + 8, button.center().y() - 5.5, 12, 12)
        _draw_icon(painter, icon, colour, done=scene.copied == here)


def _draw_icon(painter: QPainter, rect: QRectF, colour: QColor, *, done: bool) -> None:
    """Draw two sheets of paper, or a tick."""
    painter.setPen(QPen(colour, 1.3))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    x, y = rect.x(), rect.y()
    if done:
        painter.drawPolyline(
            [QPointF(x + 1, y + 6.5), QPointF(x + 4.5, y + 10), QPointF(x + 11, y + 2.5)]
        )
        return
    painter.drawRoundedRect(QRectF(x + 3.5, y + 3.5, 8, 8), 2, 2)
    painter.drawPolyline(
        [
            QPointF(x + 1.5, y + 8.5),
            QPointF(x + 0.5, y + 7.5),
            QPointF(x + 0.5, y + 1.5),
            QPointF(x + 1.5, y + 0.5),
            QPointF(x + 7.5, y + 0.5),
            QPointF(x + 8.5, y + 1.5),
        ]
    )


def _fill_rounded(painter: QPainter, rect: QRect, colour: str, radius: int) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colour))
    painter.drawRoundedRect(rect, radius, radius)

"""What a search through all chats has found: the chat, and the words around the place."""

from datetime import date, datetime

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from phidesk.core.chat import Role
from phidesk.core.conversation import SearchHit
from phidesk.ui.chats.ground import paint_ground
from phidesk.ui.chats.rows import day_words
from phidesk.ui.theme import SPACE_S, Look, scaled
from phidesk.ui.widgets import claims_escape, plain_tip
from phidesk.viewmodels.chat_list import ChatListViewModel

_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_ROW = 70
_BEFORE = 14
"""Characters of a snippet that are shown before what was found."""


class HitsModel(QAbstractListModel):
    """The places, as the keeper ranks them."""

    def __init__(self, chats: ChatListViewModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._chats = chats
        chats.hits_changed.connect(self._on_hits_changed)

    def hit(self, row: int) -> SearchHit | None:
        """Return the place in a row."""
        return self._chats.hits[row] if 0 <= row < len(self._chats.hits) else None

    def title(self, hit: SearchHit) -> str:
        """Return what its chat is called."""
        chat = self._chats.chat.find(hit.chat)
        return (chat.title if chat else "") or self.tr("New chat")

    def origin(self, hit: SearchHit) -> str:
        """Return who said it and when; of a title, when its chat was last written to."""
        names = {
            Role.USER: self.tr("You"),
            Role.ASSISTANT: self.tr("Answer"),
            Role.SYSTEM: self.tr("System"),
        }
        who = names[hit.role] if hit.role is not None else self.tr("Title")
        return f"{who} · {day_words(datetime.fromtimestamp(hit.created).date(), date.today())}"

    def rowCount(self, parent: _Index = _ROOT) -> int:  # noqa: N802
        """Return the number of places."""
        return 0 if parent.isValid() else len(self._chats.hits)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the words; the delegate paints from the hit itself."""
        hit = self.hit(index.row())
        if hit is None:
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.AccessibleTextRole:
                return f"{self.title(hit)}, {self.origin(hit)}: {hit.snippet}"
            case Qt.ItemDataRole.ToolTipRole:
                return plain_tip(hit.snippet)
            case _:
                return None

    def _on_hits_changed(self) -> None:
        self.beginResetModel()
        self.endResetModel()


class HitsDelegate(QStyledItemDelegate):
    """Three lines: the chat's title, the snippet with what was found set off, and its origin."""

    def __init__(self, model: HitsModel, look: Look, parent: QObject) -> None:
        super().__init__(parent)
        self._model = model
        self._look = look

    def sizeHint(self, _option: QStyleOptionViewItem, _index: _Index) -> QSize:  # noqa: N802
        """Return a row's height; the width is the view's."""
        return QSize(60, scaled(_ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint a row."""
        hit, theme = self._model.hit(index.row()), self._look.theme
        if hit is None:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_ground(painter, option, theme)
        inner = option.rect.adjusted(SPACE_S, 6, -SPACE_S, -6)
        upper = QRect(inner.left(), inner.top(), inner.width(), inner.height() // 3)
        lower = upper.translated(0, inner.height() // 3)
        font = QFont(option.font)
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(QColor(theme.text))
        elide, middle = Qt.TextElideMode.ElideRight, int(Qt.AlignmentFlag.AlignVCenter)
        title = QFontMetrics(font).elidedText(self._model.title(hit), elide, upper.width())
        painter.drawText(upper, middle, title)
        small = QFont(option.font)
        small.setPixelSize(scaled(12))
        painter.save()
        self._paint_snippet(painter, lower, hit, small)
        painter.restore()
        small.setPixelSize(scaled(11))
        painter.setFont(small)
        painter.setPen(QColor(theme.muted))
        origin = QFontMetrics(small).elidedText(self._model.origin(hit), elide, upper.width())
        painter.drawText(lower.translated(0, inner.height() // 3), middle, origin)
        painter.restore()

    def _paint_snippet(self, painter: QPainter, rect: QRect, hit: SearchHit, font: QFont) -> None:
        theme, metrics = self._look.theme, QFontMetrics(font)
        painter.setFont(font)
        painter.setClipRect(rect)
        text = " ".join(hit.snippet.split("\n"))  # of the same length: the marks stay right
        start = max(0, hit.marks[0][0] - _BEFORE) if hit.marks else 0
        x, at = rect.left(), start
        if start:
            x = self._part(painter, rect, x, "…", theme.muted, metrics)
        for first, last in hit.marks:
            if first < at:
                continue
            x = self._part(painter, rect, x, text[at:first], theme.muted, metrics)
            width = metrics.horizontalAdvance(text[first:last])
            mark = QRectF(x, rect.center().y() - metrics.height() / 2, width, metrics.height())
            painter.fillRect(mark, QColor(theme.selection))
            x = self._part(painter, rect, x, text[first:last], theme.text, metrics)
            at = last
        rest = metrics.elidedText(text[at:], Qt.TextElideMode.ElideRight, max(0, rect.right() - x))
        self._part(painter, rect, x, rest, theme.muted, metrics)

    def _part(
        self, painter: QPainter, rect: QRect, x: int, text: str, colour: str, metrics: QFontMetrics
    ) -> int:
        painter.setPen(QColor(colour))
        width = metrics.horizontalAdvance(text)
        place = QRect(x, rect.top(), width + 2, rect.height())
        painter.drawText(
            place, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), text
        )
        return x + width


class HitsView(QListView):
    """A click or Enter goes to the place."""

    chosen = Signal(object)
    """a SearchHit"""
    left = Signal()
    """by Escape"""

    def __init__(self, chats: ChatListViewModel, look: Look) -> None:
        super().__init__()
        self._found = HitsModel(chats, self)
        self.setModel(self._found)
        self.setItemDelegate(HitsDelegate(self._found, look, self))
        self.setAccessibleName(self.tr("Found"))
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setMouseTracking(True)
        self.clicked.connect(lambda index: self.choose(index.row()))
        look.changed.connect(self.viewport().update)

    def choose(self, row: int) -> None:
        """Go to a place."""
        hit = self._found.hit(row)
        if hit is not None:
            self.chosen.emit(hit)

    def event(self, event: QEvent) -> bool:
        """Take Escape before the window's keys do."""
        return claims_escape(event) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Enter goes to the place that the keyboard is on, Escape back to the list."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.choose(self.currentIndex().row())
        else:
            super().keyPressEvent(event)

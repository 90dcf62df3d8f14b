"""Paints the rows of the list of chats, and of what a search has found."""

from PySide6.QtCore import (
    QAbstractItemModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import (
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from phidesk.ui.chats.model import ChatListModel
from phidesk.ui.chats.rows import Row, RowKind, Sign
from phidesk.ui.icons import tinted_icon
from phidesk.ui.theme import SPACE_S, Look, scaled
from phidesk.viewmodels.chat import ChatViewModel

_Index = QModelIndex | QPersistentModelIndex
_ROW, _HEADING = 34, 32
_ICON, _INDENT = 16, 18
_MARK = 3.5
_SIGN = 14
_PLACE_SHARE = 0.45
"""of a pinned chat's row, that its folder's name takes at most"""
_EDITED = "phidesk-edited"


class ChatDelegate(QStyledItemDelegate):
    """One line a chat; an accent dot marks those that are being answered, signs the others."""

    def __init__(self, chat: ChatViewModel, look: Look, parent: QObject) -> None:
        super().__init__(parent)
        self._chat = chat
        self._look = look

    def sizeHint(self, _option: QStyleOptionViewItem, index: _Index) -> QSize:  # noqa: N802
        """Return a row's height; the width is the view's."""
        row = _row(index)
        is_heading = row is not None and row.kind is RowKind.HEADING
        return QSize(60, scaled(_HEADING if is_heading else _ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint a row."""
        row = _row(index)
        if row is None:
            return
        theme, rect = self._look.theme, option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if row.kind in (RowKind.HEADING, RowKind.NOTE):
            is_heading = row.kind is RowKind.HEADING
            font = QFont(option.font)
            font.setPixelSize(scaled(11 if is_heading else 12))
            font.setWeight(QFont.Weight.DemiBold if is_heading else QFont.Weight.Normal)
            painter.setPen(QColor(theme.muted))
            left, top = (0, 8) if is_heading else (_INDENT, 0)
            _line(painter, rect.adjusted(SPACE_S + left, top, -SPACE_S, 0), row.text, font)
            painter.restore()
            return
        from phidesk.ui.chats.ground import paint_ground, paint_ring

        paint_ground(painter, option, theme)
        paint_ring(painter, option, theme)
        inner = rect.adjusted(SPACE_S, 0, -SPACE_S, 0)
        if row.kind is RowKind.FOLDER:
            inner = self._paint_folder(painter, inner, option.font, row)
        elif row.folder is not None and not row.is_pinned:
            inner.setLeft(inner.left() + _INDENT)
        if row.chat is not None and self._chat.is_answering(row.chat):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.accent))
            painter.drawEllipse(QPointF(inner.right() - 4, rect.center().y() + 0.5), _MARK, _MARK)
            inner.setRight(inner.right() - 16)
        model = index.model()
        for sign in model.signs(row) if isinstance(model, ChatListModel) else ():
            top = inner.center().y() - _SIGN // 2 + 1
            box = QRect(inner.right() - _SIGN + 1, top, _SIGN, _SIGN)
            colour = theme.warning if sign is Sign.INTERRUPTED else theme.muted
            tinted_icon(sign.value, colour).paint(painter, box)
            inner.setRight(box.left() - 4)
        if row.is_pinned and row.folder is not None:
            self._paint_place(painter, inner, option.font, row.folder.name)
        is_new = row.chat is not None and not row.chat.title
        painter.setPen(QColor(theme.muted if is_new else theme.text))
        _line(painter, inner, str(index.data()), option.font)
        painter.restore()

    def createEditor(  # noqa: N802
        self, parent: QWidget, _option: QStyleOptionViewItem, _index: _Index
    ) -> QWidget:
        """Make the field for a new name."""
        field = QLineEdit(parent)
        field.setMaxLength(120)
        field.setAccessibleName(self.tr("Name"))
        return field

    def setEditorData(self, editor: QWidget, index: _Index) -> None:  # noqa: N802
        """Fill the field once: what is typed stays when the row changes meanwhile."""
        if isinstance(editor, QLineEdit) and not editor.property(_EDITED):
            editor.setProperty(_EDITED, True)
            editor.setText(str(index.data(Qt.ItemDataRole.EditRole)))
            editor.selectAll()

    def setModelData(  # noqa: N802
        self, editor: QWidget, model: QAbstractItemModel, index: _Index
    ) -> None:
        """Hand on the name."""
        if isinstance(editor, QLineEdit):
            model.setData(index, editor.text(), Qt.ItemDataRole.EditRole)

    def updateEditorGeometry(  # noqa: N802
        self, editor: QWidget, option: QStyleOptionViewItem, _index: _Index
    ) -> None:
        """Let the field fill the row."""
        editor.setGeometry(option.rect.adjusted(0, 1, 0, -1))

    def _paint_place(self, painter: QPainter, inner: QRect, font: QFont, folder: str) -> None:
        """Name the folder of a pinned chat at the row's right, and take its room from the row."""
        small = QFont(font)
        small.setPixelSize(scaled(11))
        painter.setFont(small)
        painter.setPen(QColor(self._look.theme.muted))
        metrics = painter.fontMetrics()
        most = int(inner.width() * _PLACE_SHARE) - _SIGN - 3
        name = metrics.elidedText(folder, Qt.TextElideMode.ElideRight, most)
        width = metrics.horizontalAdvance(name)
        side = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(inner, int(side), name)
        top = inner.center().y() - _SIGN // 2 + 1
        box = QRect(inner.right() - width - _SIGN - 2, top, _SIGN, _SIGN)
        tinted_icon("folder", self._look.theme.muted).paint(painter, box)
        inner.setRight(box.left() - SPACE_S)

    def _paint_folder(self, painter: QPainter, inner: QRect, font: QFont, row: Row) -> QRect:
        theme = self._look.theme
        top = inner.center().y() - _ICON // 2 + 1
        arrow = "chevron-right" if row.is_folded else "chevron-down"
        box = QRect(inner.left() - 2, top + 2, _ICON - 4, _ICON - 4)
        tinted_icon(arrow, theme.muted).paint(painter, box)
        tinted_icon("folder", theme.muted).paint(painter, QRect(inner.left() + 14, top, 16, 16))
        if row.count:
            painter.setPen(QColor(theme.muted))
            painter.setFont(font)
            side = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(inner, int(side), str(row.count))
        return inner.adjusted(36, 0, -24, 0)


def _row(index: _Index) -> Row | None:
    model = index.model()
    if not isinstance(model, ChatListModel) or index.row() >= len(model.rows):
        return None
    return model.rows[index.row()]


def _line(painter: QPainter, rect: QRect, text: str, font: QFont) -> None:
    painter.setFont(font)
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
    painter.drawText(rect, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), shown)

"""Blocks to QTextDocuments in the theme's fonts and colours."""

from functools import cached_property

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontInfo,
    QFontMetrics,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextFrameFormat,
    QTextImageFormat,
    QTextLength,
    QTextOption,
    QTextTableCellFormat,
    QTextTableFormat,
)

from phidesk.ui.theme import Theme, fixed_font
from phidesk.ui.thread.blocks import Block, Cell, Kind, Span, Style
from phidesk.ui.thread.controls import visible
from phidesk.ui.thread.formulas import Formulas
from phidesk.ui.thread.math_rules import formula_of
from phidesk.ui.thread.walker import TASKS, number_of

_TEXT_SCALE = 1.25
"""The thread is for reading: its text is larger than that of the controls."""
_LINE_HEIGHT = 1.6
_HEADINGS = (1.0, 1.55, 1.32, 1.14, 1.0, 1.0, 1.0)
_CELL_PADDING = 7
BOX_ROOM = 20
"""What the box of something to do takes at the beginning of its line, after a number."""
_NUMBER_ROOM = 40
"""Where the number of an item stands: its indentation, and the margin for what is longer."""
FORMULA = QTextFormat.Property.UserProperty + 1
"""The property of a character's format that has a formula's source."""
STYLE = QTextFormat.Property.UserProperty + 2
"""The property that has a span's style."""
_MINIMUM = QTextBlockFormat.LineHeightTypes.MinimumHeight.value
_FIXED = QTextBlockFormat.LineHeightTypes.FixedHeight.value


class Typesetter:
    """Knows every font and format; makes the document of a block."""

    def __init__(self, theme: Theme, font: QFont, formulas: Formulas | None = None) -> None:
        self.theme = theme
        self._formulas = formulas
        size = QFontInfo(font).pixelSize()
        self.size = round(size * _TEXT_SCALE)
        self.body = _sized(font, self.size)
        self.small = _sized(font, round(size * 1.0))
        self.code = _sized(fixed_font(), round(self.size * 0.88))
        self.line = round(self.size * _LINE_HEIGHT)
        self._formats: dict[Span, QTextCharFormat] = {}

    @cached_property
    def character_width(self) -> float:
        """The mean width of a letter of the text, for estimates."""
        return QFontMetrics(self.body).horizontalAdvance("etaoin shrdlu") / 13

    @cached_property
    def code_width(self) -> float:
        """The width of a character of code."""
        return QFontMetrics(self.code).horizontalAdvance("0")

    def line_height(self, block: Block) -> int:
        """Return the height of one line of a block."""
        match block.kind:
            case Kind.CODE:
                return round(self.code.pixelSize() * 1.5)
            case Kind.HEADING:
                return round(self.size * _HEADINGS[block.level] * 1.35)
            case Kind.NOTE | Kind.ERROR | Kind.THOUGHT | Kind.MORE | Kind.DIVIDER:
                return round(self.small.pixelSize() * 1.5)
            case _:
                return self.line

    def number_width(self, marker: str) -> int:
        """Return the width of the number of a list's item."""
        return QFontMetrics(self.body).horizontalAdvance(number_of(marker))

    def number_shift(self, marker: str) -> int:
        """Return how far a number that is too long for the margin stands in."""
        return max(0, self.number_width(marker) - _NUMBER_ROOM)

    def document(self, block: Block, width: int) -> QTextDocument:
        """Return a block's text, laid out in a width; code is not coloured yet."""
        document = QTextDocument()
        document.setUndoRedoEnabled(False)
        document.setDocumentMargin(0)
        document.setDefaultFont(self._font(block))
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        if block.kind is Kind.CODE:
            option.setTextDirection(Qt.LayoutDirection.LeftToRight)
            option.setTabStopDistance(4 * self.code_width)
        document.setDefaultTextOption(option)
        document.setTextWidth(width)
        cursor = QTextCursor(document)
        cursor.beginEditBlock()
        if block.kind is Kind.TABLE:
            self._insert_table(cursor, block)
        else:
            cursor.setBlockFormat(self._block_format(block))
            if block.kind is Kind.CODE:
                cursor.insertText(visible(block.text, exact=True))
            else:
                self._insert(cursor, block.spans)
        cursor.endEditBlock()
        document.size()  # lays it out: Qt crashes when lines are asked for before
        return document

    def last_line(self, document: QTextDocument) -> float:
        """Return the top of a document's last line, which may change when text is appended."""
        block = document.lastBlock()
        lines = block.layout()
        if not lines.lineCount():
            return 0.0
        return lines.position().y() + lines.lineAt(lines.lineCount() - 1).y()

    def grow(self, document: QTextDocument, old: Block, new: Block) -> bool:
        """Append to a block's document what the new block has more; False where it differs."""
        if (old.kind, old.level, old.language) != (new.kind, new.level, new.language):
            return False
        if old.marker != new.marker:  # the text may begin elsewhere
            return False
        if new.kind is Kind.CODE:
            if not new.text.startswith(old.text):
                return False
            more, span = new.text[len(old.text) :], Span("")
        elif new.kind is Kind.TABLE or not old.spans or len(old.spans) != len(new.spans):
            return False
        else:
            before, span = old.spans[-1], new.spans[-1]
            is_grown = span.text.startswith(before.text) and old.spans[:-1] == new.spans[:-1]
            if before.style & Style.MATH and before != span:
                return False
            if not is_grown or (before.style, before.link) != (span.style, span.link):
                return False
            more = span.text[len(before.text) :]
        if more:
            cursor = QTextCursor(document)
            cursor.movePosition(QTextCursor.MoveOperation.End)
            exact = new.kind is Kind.CODE or _is_exact(span)
            cursor.insertText(visible(more, exact=exact), self._format(span))
        return True

    def _font(self, block: Block) -> QFont:
        match block.kind:
            case Kind.CODE:
                return self.code
            case Kind.HEADING:
                font = _sized(self.body, round(self.size * _HEADINGS[block.level]))
                font.setWeight(QFont.Weight.Bold if block.level < 3 else QFont.Weight.DemiBold)
                return font
            case Kind.NOTE | Kind.ERROR | Kind.THOUGHT | Kind.MORE | Kind.DIVIDER:
                return self.small
            case _:
                return self.body

    def _block_format(self, block: Block) -> QTextBlockFormat:
        form = QTextBlockFormat()
        # A formula may be higher than its line.
        kind = _MINIMUM if block.has_formulas else _FIXED
        form.setLineHeight(self.line_height(block), kind)
        if block.marker[:1].isdigit():
            box = BOX_ROOM if block.marker[-1] in TASKS else 0
            form.setTextIndent(box + self.number_shift(block.marker))
        is_formula = len(block.spans) == 1 and block.has_formulas and formula_of(block.text)[1]
        if is_formula or block.kind is Kind.DIVIDER:
            form.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        return form

    def _insert(self, cursor: QTextCursor, spans: Cell, *, bold: bool = False) -> None:
        for span in spans:
            if span.style & Style.MATH and self._insert_formula(cursor, span.text):
                continue
            style = span.style | Style.BOLD if bold else span.style
            text = visible(span.text, exact=_is_exact(span))
            cursor.insertText(text, self._format(Span("", style, span.link)))

    def _insert_formula(self, cursor: QTextCursor, source: str) -> bool:
        """Insert a formula's picture; False where it is not there."""
        formulas, colour = self._formulas, self.theme.text
        picture = formulas.picture(source, self.size, colour) if formulas else None
        if picture is None:
            return False
        document = cursor.document()
        name = f"formula:{colour}{len(source)}:{hash(source)}"
        document.addResource(
            QTextDocument.ResourceType.ImageResource.value, QUrl(name), picture.pixmap
        )
        room = document.textWidth()
        shrink = min(1.0, room / picture.width) if room > 0 else 1.0
        form = QTextImageFormat()
        form.setName(name)
        form.setWidth(picture.width * shrink)
        form.setHeight(picture.height * shrink)
        form.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignMiddle)
        form.setProperty(FORMULA, source)
        cursor.insertImage(form)
        return True

    def _format(self, span: Span) -> QTextCharFormat:
        key = Span("", span.style, span.link)
        if key not in self._formats:
            if len(self._formats) > 500:  # each link has its own
                self._formats.clear()
            self._formats[key] = self._new_format(key)
        return self._formats[key]

    def _new_format(self, span: Span) -> QTextCharFormat:
        form = QTextCharFormat()
        form.setProperty(STYLE, int(span.style))
        if span.style & Style.BOLD:
            form.setFontWeight(QFont.Weight.Bold)
        if span.style & Style.ITALIC:
            form.setFontItalic(True)
        if span.style & Style.STRIKE:
            form.setFontStrikeOut(True)
        if span.style & Style.CODE:
            form.setFontFamilies(self.code.families())
            form.setFontFixedPitch(True)
            form.setProperty(QTextFormat.Property.FontPixelSize, round(self.size * 0.88))
        if span.link:
            form.setAnchor(True)
            form.setAnchorHref(span.link)
            form.setForeground(QColor(self.theme.accent))
            form.setFontUnderline(True)
        return form

    def _insert_table(self, cursor: QTextCursor, block: Block) -> None:
        form = QTextTableFormat()
        form.setBorderCollapse(True)
        form.setBorder(1)
        form.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
        form.setBorderBrush(QColor(self.theme.border))
        form.setCellSpacing(0)
        columns = len(block.rows[0])
        if not (block.first and block.last):  # the parts of a long table must match
            percent = QTextLength(QTextLength.Type.PercentageLength, 100 / columns)
            form.setColumnWidthConstraints([percent] * columns)
            form.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
        table = cursor.insertTable(len(block.rows), columns, form)
        for row, cells in enumerate(block.rows):
            is_head = block.first and row == 0
            for column, spans in enumerate(cells):
                cell = table.cellAt(row, column)
                shape = QTextTableCellFormat()
                shape.setLeftPadding(_CELL_PADDING + 3)
                shape.setRightPadding(_CELL_PADDING + 3)
                shape.setTopPadding(_CELL_PADDING - 3)  # a line's extra height is above it
                shape.setBottomPadding(_CELL_PADDING + 1)
                if is_head:
                    shape.setBackground(QColor(self.theme.raised))
                cell.setFormat(shape)
                inside = cell.firstCursorPosition()
                line = QTextBlockFormat()
                kind = _MINIMUM if block.has_formulas else _FIXED
                line.setLineHeight(round(self.size * 1.45), kind)
                line.setAlignment(_alignment(block.align[column]))
                inside.setBlockFormat(line)
                self._insert(inside, spans, bold=is_head)


def _is_exact(span: Span) -> bool:
    return bool(span.link or span.style & Style.CODE)


def _sized(font: QFont, pixels: int) -> QFont:
    sized = QFont(font)
    sized.setPixelSize(pixels)
    return sized


def _alignment(name: str) -> Qt.AlignmentFlag:
    match name:
        case "center":
            return Qt.AlignmentFlag.AlignHCenter
        case "right":
            return Qt.AlignmentFlag.AlignRight
        case _:
            return Qt.AlignmentFlag.AlignLeading

"""Puts Pygments' colours on a listing's document without changing its text."""

from PySide6.QtGui import QColor, QFont, QTextCharFormat, QTextLayout

from phidesk.ui.thread.blocks import Kind, utf16_length
from phidesk.ui.thread.code import ColourRun, colour_runs
from phidesk.ui.thread.layout import Item

_Line = tuple[tuple[int, int, str, bool, bool], ...]


def needs_colours(item: Item) -> bool:
    """Whether the document shows code whose colours are not there yet."""
    block = item.block
    return (
        block.kind is Kind.CODE
        and bool(block.language)
        and item.document is not None
        and item.coloured is not block
    )


def colour(item: Item, style_name: str) -> None:
    """Give each line of code its colours; lines that have them already are left alone."""
    item.coloured = item.block
    if item.document is None:
        return
    text = item.block.text
    lines = _by_line(text, colour_runs(text, item.block.language, style_name))
    block = item.document.firstBlock()
    first = last = -1
    for number, line in enumerate(lines):
        before = item.formats[number] if number < len(item.formats) else ()
        if before != line:
            block.layout().setFormats([_range(*run) for run in line])
            last = block.position() + block.length()
            first = block.position() if first < 0 else first
        block = block.next()
    item.formats = list(lines)
    if first >= 0:
        item.document.markContentsDirty(first, last - first)


def _by_line(text: str, runs: tuple[ColourRun, ...]) -> list[_Line]:
    """Cut the runs at line ends; positions become Qt's within the line."""
    lines = text.split("\n")
    found: list[list[tuple[int, int, str, bool, bool]]] = [[] for _ in lines]
    number, begin = 0, 0
    for position, length, name, bold, italic in runs:
        end = position + length
        while position < end and number < len(lines):
            line = lines[number]
            if position > begin + len(line):
                begin += len(line) + 1
                number += 1
                continue
            stop = min(end, begin + len(line))
            if stop > position:
                start = utf16_length(line[: position - begin])
                size = utf16_length(line[position - begin : stop - begin])
                found[number].append((start, size, name, bold, italic))
            position = stop + 1  # past the line feed
    return [tuple(line) for line in found]


def _range(start: int, length: int, name: str, bold: bool, italic: bool) -> QTextLayout.FormatRange:
    form = QTextCharFormat()
    if name:
        form.setForeground(QColor(f"#{name}"))
    if bold:
        form.setFontWeight(QFont.Weight.Bold)
    if italic:
        form.setFontItalic(True)
    piece = QTextLayout.FormatRange()
    piece.start, piece.length, piece.format = start, length, form
    return piece

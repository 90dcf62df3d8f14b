"""Log lines in their colours, the newest at the end."""

from collections import deque
from collections.abc import Iterable, Sequence
from itertools import groupby

from PySide6.QtCore import QTimer
from PySide6.QtGui import QColor, QFont, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit

from phidesk.ui.theme import Look, fixed_font
from phidesk.viewmodels.log import MOST_LINES, Level, LogLine

_ROLES = {
    Level.DEBUG: "muted",
    Level.INFO: "text",
    Level.WARNING: "warning",
    Level.ERROR: "danger",
    Level.START: "accent",
}
# Qt removes lines from the top one by one: from here on, all anew is quicker.
_MOST_TRIMMED = 300


class LogView(QPlainTextEdit):
    """Follows the end until one scrolls up, and again once one is back there."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._formats: dict[Level, QTextCharFormat] = {}
        self._lines: deque[LogLine] = deque(maxlen=MOST_LINES)
        self.setObjectName("log")
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setMaximumBlockCount(MOST_LINES)
        self.setFont(fixed_font(self.font().pointSizeF() - 0.5))
        self.set_theme()

    @property
    def follows(self) -> bool:
        """Whether the end is on screen."""
        bar = self.verticalScrollBar()
        return bar.value() >= bar.maximum()

    def set_theme(self) -> None:
        """Take the colours of the theme; lines that are there keep theirs."""
        for level, role in _ROLES.items():
            form = QTextCharFormat()
            form.setForeground(QColor(getattr(self._look.theme, role)))
            if level is Level.START:
                form.setFontWeight(QFont.Weight.Bold)
            self._formats[level] = form

    def empty(self) -> None:
        """Show nothing."""
        self._lines.clear()
        self.clear()

    def add_lines(self, lines: Sequence[LogLine]) -> None:
        """Append lines, all at once; the first ones go where there are too many."""
        if not lines:
            return
        follows, bar = self.follows, self.verticalScrollBar()
        before, position = len(self._lines), bar.value()
        self._lines.extend(lines)
        self.setUpdatesEnabled(False)
        if before + len(lines) > MOST_LINES and len(lines) > _MOST_TRIMMED:
            self.clear()
            self._insert(self._lines)
        else:
            self._insert(lines)
        self.setUpdatesEnabled(True)
        if follows:
            self.scroll_to_end()
        else:  # what is being read stays where it is
            gone = before + len(lines) - len(self._lines)
            bar.setValue(max(0, position - gone))

    def _insert(self, lines: Iterable[LogLine]) -> None:
        is_empty = self.document().isEmpty()
        cursor = QTextCursor(self.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.beginEditBlock()
        for level, group in groupby(lines, key=lambda line: line.level):
            text = "\n".join(line.text for line in group)
            cursor.insertText(text if is_empty else f"\n{text}", self._formats[level])
            is_empty = False
        cursor.endEditBlock()

    def scroll_to_end(self) -> None:
        """Show the newest line, from its beginning."""
        self.verticalScrollBar().setValue(self.verticalScrollBar().maximum())
        # The height of the view is only known once it has been laid out.
        QTimer.singleShot(0, self, self._scroll_down)

    def _scroll_down(self) -> None:
        self.verticalScrollBar().setValue(self.verticalScrollBar().maximum())

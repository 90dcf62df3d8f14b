"""What the engines log, with a filter."""

import time

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication, QHideEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from phidesk.ui.language import counted
from phidesk.ui.log_view import LogView
from phidesk.ui.theme import SPACE_L, SPACE_M, SPACE_S, SPACE_XL, Look
from phidesk.ui.widgets import SearchField, label
from phidesk.viewmodels.log import LogLine, LogViewModel

_TICK_MS = 120
_REST = 8
_FILTER_MS = 150
_FILTER_WIDTH = 260


class LogPane(QWidget):
    """Reads the log in batches while it is shown, and not at all while it is hidden."""

    def __init__(self, log: LogViewModel, look: Look) -> None:
        super().__init__()
        self._log = log
        self._read = 0
        self._timer = QTimer(self, singleShot=True, interval=_TICK_MS)
        self._timer.timeout.connect(self._catch_up)
        self._filtering = QTimer(self, singleShot=True, interval=_FILTER_MS)
        self._filtering.timeout.connect(self._fill)
        self.view = LogView(look)
        self.view.setAccessibleName(self.tr("Log"))
        self.filter = SearchField()
        self.filter.setAccessibleName(self.tr("Filter the log"))
        self.filter.setPlaceholderText(self.tr("Filter"))
        self.filter.setClearButtonEnabled(True)
        self.filter.setFixedWidth(_FILTER_WIDTH)
        self.filter.textChanged.connect(lambda _: self._filtering.start())
        self.count = label(role="muted")
        self.copy = QPushButton(self.tr("Copy"))
        self.copy.setToolTip(self.tr("Copy what is selected, or all lines that are shown"))
        self.copy.clicked.connect(self._on_copy)
        self.clear = QPushButton(self.tr("Clear"))
        self.clear.clicked.connect(log.clear)
        head = QHBoxLayout()
        head.setSpacing(SPACE_S)
        head.addWidget(label(self.tr("Log"), "title"))
        head.addSpacing(SPACE_S)
        head.addWidget(self.count)
        head.addStretch(1)
        for part in (self.filter, self.copy, self.clear):
            head.addWidget(part)
        self._hint = label(self.tr("What the engines say while they load and answer."), "muted")
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_XL, SPACE_L, SPACE_XL, SPACE_L)
        column.setSpacing(SPACE_M)
        column.addLayout(head)
        column.addWidget(self.view, 1)
        column.addWidget(self._hint)
        self.find_keys = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self)
        self.find_keys.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self.find_keys.activated.connect(self.filter.setFocus)
        log.grown.connect(self._on_grown)
        log.cleared.connect(self._fill)
        look.changed.connect(self._on_look_changed)
        self._show_count()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Catch up with what was logged while hidden."""
        super().showEvent(event)
        self._catch_up()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        """Rest."""
        super().hideEvent(event)
        self._timer.stop()

    def _on_grown(self) -> None:
        if self.isVisible() and not self._timer.isActive():
            self._timer.start()

    def _catch_up(self) -> None:
        began = time.monotonic()
        lines = self._log.read(self._read)
        self._read = self._log.count
        self.view.add_lines(self._matching(lines))
        self._show_count()
        # Under a flood, most of the time is for the rest of the window.
        spent_ms = 1000 * (time.monotonic() - began)
        self._timer.setInterval(max(_TICK_MS, round(_REST * spent_ms)))

    def _fill(self) -> None:
        """Show everything anew, as the filter says."""
        self._filtering.stop()
        self.view.empty()
        self._read = 0
        if self.isVisible():
            self._catch_up()
            self.view.scroll_to_end()

    def _matching(self, lines: list[LogLine]) -> list[LogLine]:
        wanted = self.filter.text().strip().casefold()
        return [line for line in lines if wanted in line.text.casefold()] if wanted else lines

    def _show_count(self) -> None:
        empty = self.view.document().isEmpty()
        shown = 0 if empty else self.view.blockCount()
        words = self.tr("{0} lines", None, counted(shown)).format(f"{shown:,}")
        self.count.setText("" if empty and not self.filter.text() else words)
        self._hint.setVisible(self._log.count == 0)
        self.clear.setEnabled(self._log.count > 0)
        self.copy.setEnabled(not empty)

    def _on_copy(self) -> None:
        cursor = self.view.textCursor()
        # Qt's own sign for the end of a line.
        selected = cursor.selectedText().replace("\u2029", "\n")
        QGuiApplication.clipboard().setText(selected or self.view.toPlainText())

    def _on_look_changed(self) -> None:
        self.view.set_theme()
        self._fill()

"""The input box: grows with the text, Enter sends, Shift+Enter breaks the line."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit

from phidesk.ui.theme import SPACE_M, SPACE_S, Look
from phidesk.ui.widgets import IconButton

_MAX_LINES = 8


class _Input(QPlainTextEdit):
    """The text field itself."""

    submitted = Signal()
    stop_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setStyleSheet("QPlainTextEdit { border: none; background: transparent; padding: 0; }")
        self.setTabChangesFocus(True)
        self.document().documentLayout().documentSizeChanged.connect(self._fit)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Send on Enter, stop on Escape."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.submitted.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.stop_requested.emit()
        else:
            super().keyPressEvent(event)

    def _fit(self) -> None:
        line = self.fontMetrics().lineSpacing()
        lines = max(1, min(_MAX_LINES, int(self.document().size().height())))
        margin = 2 * int(self.document().documentMargin())
        self.setFixedHeight(lines * line + margin + SPACE_S)  # room for taller scripts
        policy = Qt.ScrollBarPolicy
        full = self.document().size().height() > _MAX_LINES
        self.setVerticalScrollBarPolicy(
            policy.ScrollBarAsNeeded if full else policy.ScrollBarAlwaysOff
        )


class Composer(QFrame):
    """The input with its Send and Stop button."""

    sent = Signal(str)
    stop_requested = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.setObjectName("composer")
        self._look = look
        self._busy = False
        self.input = _Input()
        self.input.setAccessibleName(self.tr("Message"))
        self.input.submitted.connect(self._on_submitted)
        self.input.stop_requested.connect(self.stop_requested)
        self.input.textChanged.connect(self._update_button)
        self.button = IconButton(look, "send", self.tr("Send (Enter)"), size=18)
        self.button.setFixedSize(QSize(34, 34))
        self.button.clicked.connect(self._on_clicked)
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_M, SPACE_S, SPACE_S, SPACE_S)
        row.addWidget(self.input, 1)
        row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignBottom)
        self.setFocusProxy(self.input)
        look.changed.connect(self._restyle)
        self._restyle()
        self._update_button()

    def set_busy(self, busy: bool) -> None:
        """Show Stop instead of Send."""
        self._busy = busy
        self._update_button()

    def set_placeholder(self, text: str) -> None:
        """Set what an empty input says."""
        self.input.setPlaceholderText(text)

    def _on_submitted(self) -> None:
        text = self.input.toPlainText()
        if text.strip() and not self._busy:
            self.input.clear()
            self.sent.emit(text.strip())

    def _on_clicked(self) -> None:
        if self._busy:
            self.stop_requested.emit()
        else:
            self._on_submitted()

    def _update_button(self) -> None:
        ready = self._busy or bool(self.input.toPlainText().strip())
        self.button.set_icon_name("stop" if self._busy else "send")
        self.button.rename(self.tr("Stop (Esc)") if self._busy else self.tr("Send (Enter)"))
        self.button.setEnabled(ready)
        theme = self._look.theme
        self.button.set_role("on_accent" if ready else "muted")
        background = theme.accent if ready else theme.raised
        self.button.setStyleSheet(
            f"QToolButton {{ background: {background}; border-radius: 17px; padding: 0; }}"
        )

    def _restyle(self) -> None:
        theme = self._look.theme
        self.setStyleSheet(
            f"#composer {{ background: {theme.surface}; border: 1px solid {theme.border};"
            " border-radius: 18px; }"
        )
        self._update_button()

"""The bar that finds words in the chat."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QWidget

from phidesk.ui.icons import tinted_icon
from phidesk.ui.theme import SPACE_S, SPACE_XS, Theme
from phidesk.ui.widgets import SearchField, label

_FIELD_WIDTH = 220


class FindBar(QFrame):
    """Says what to find and where to go; the view does both."""

    text_changed = Signal(str)
    step_requested = Signal(int)
    """1 for the next match, -1 for the one before."""
    closed = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("find")
        self.setAutoFillBackground(True)
        self.field = SearchField()
        self.field.setFixedWidth(_FIELD_WIDTH)
        self.field.setPlaceholderText(self.tr("Find in this chat"))
        self.field.setAccessibleName(self.tr("Find in this chat"))
        self.field.textChanged.connect(self.text_changed)
        self.field.installEventFilter(self)
        self.count = label("", "muted")
        self.count.setMinimumWidth(74)
        self.count.setAlignment(Qt.AlignmentFlag.AlignCenter)
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_S, SPACE_XS, SPACE_XS, SPACE_XS)
        row.setSpacing(SPACE_XS)
        row.addWidget(self.field)
        row.addWidget(self.count)
        self.back, self.on, close = QToolButton(), QToolButton(), QToolButton()
        self._buttons = ((self.back, "chevron-up"), (self.on, "chevron-down"), (close, "close"))
        for button, name, act in (
            (self.back, self.tr("Previous"), lambda: self.step_requested.emit(-1)),
            (self.on, self.tr("Next"), lambda: self.step_requested.emit(1)),
            (close, self.tr("Close (Esc)"), self.closed.emit),
        ):
            button.setAccessibleName(name)
            button.setToolTip(name)
            button.clicked.connect(act)
            row.addWidget(button)
        self.set_theme(theme)
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        """Take on the theme's colours."""
        self.setStyleSheet(
            f"#find {{ background: {theme.window}; border: 1px solid {theme.border};"
            " border-radius: 8px; }"
        )
        for button, icon in self._buttons:
            button.setIcon(tinted_icon(icon, theme.text))

    def show_count(self, number: int, total: int, *, is_over: bool) -> None:
        """Say which match of how many is shown; number: from 1, 0 for none."""
        if not self.field.text():
            self.count.setText("")
        elif total:
            more = "" if is_over else "…"
            self.count.setText(self.tr("{0} of {1}").format(number, f"{total:,}{more}"))
        else:
            self.count.setText(self.tr("Not found") if is_over else "…")
        self.adjustSize()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Enter goes on, Escape closes."""
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
                self.step_requested.emit(-1 if back else 1)
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.closed.emit()
                return True
        return super().eventFilter(watched, event)

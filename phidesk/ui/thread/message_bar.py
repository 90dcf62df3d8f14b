"""The buttons that appear below the message under the mouse."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QWidget

from phidesk.ui.icons import tinted_icon
from phidesk.ui.theme import RADIUS, Theme
from phidesk.ui.thread.offers import ICONS, Act, KeysOf, name

_BUTTON, _ICON = 24, 15
_MARGIN = 8


class MessageBar(QFrame):
    """Shows what can be done with one message, beside its footer."""

    chosen = Signal(str, str)
    """the message's id, and an Act"""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.message_id = ""
        self._buttons: dict[Act, QToolButton] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(1, 1, 1, 1)
        row.setSpacing(0)
        for act in ICONS:
            button = QToolButton()
            button.setFixedSize(_BUTTON, _BUTTON)
            button.setIconSize(QSize(_ICON, _ICON))
            button.setCursor(Qt.CursorShape.PointingHandCursor)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the keyboard has the menu
            words = name(act)
            button.setAccessibleName(words)
            button.setToolTip(words)
            button.clicked.connect(self._chooser(act))
            row.addWidget(button)
            self._buttons[act] = button
        self.set_theme(theme)
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        """Show it in another theme."""
        self.setStyleSheet(
            f"MessageBar {{ background: {theme.surface}; border: 1px solid {theme.border};"
            f" border-radius: {RADIUS}px; }} QToolButton {{ padding: 0; border: none; }}"
        )
        for act, button in self._buttons.items():
            button.setIcon(tinted_icon(ICONS[act], theme.muted))

    def set_keys(self, keys_of: KeysOf) -> None:
        """Name the keys in the tool tips."""
        for act, button in self._buttons.items():
            keys = keys_of(act)
            button.setToolTip(f"{name(act)} ({keys})" if keys else name(act))

    def button(self, act: Act) -> QToolButton:
        """Return one of the buttons."""
        return self._buttons[act]

    def show_for(
        self, message_id: str, acts: Sequence[Act], row: QRect, taken: QRect, *, at_right: bool
    ) -> None:
        """Stand below a message; row, taken: of it and its footer, in the parent's coordinates."""
        self.message_id = message_id
        for act, button in self._buttons.items():
            button.setVisible(act in acts)
        self.adjustSize()
        used = taken.width() + _MARGIN if taken.width() > 0 else 0
        x = row.right() + 1 - used - self.width() if at_right else row.left() + used
        self.move(x, row.bottom() - self.height() // 2 + 1)
        self.show()

    def _chooser(self, act: Act) -> Callable[[], None]:
        return lambda: self.chosen.emit(self.message_id, act.value)

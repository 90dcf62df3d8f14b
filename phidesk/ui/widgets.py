"""Small widgets that several panes share."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QBoxLayout,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from phidesk.ui.icons import tinted_icon
from phidesk.ui.theme import SPACE_M, SPACE_S, Look, scaled
from phidesk.viewmodels.words import in_words

_NARROW = 720
_READING_MS = 15_000
_SCREEN_EDGE = 48  # of the screen's room, for a title bar and a little air


def label(text: str = "", role: str = "", *, wrap: bool = False) -> QLabel:
    """Make a label with one of the style sheet's roles: muted, title, danger."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wrap)
    if role:
        made.setProperty("role", role)
    return made


def plain_tip(text: str) -> str:
    """Return a tool tip that shows a text as it is: Qt takes what looks like HTML for that."""
    if "<" not in text:
        return text
    import html  # its table of names takes time that few tool tips need

    return f"<span>{html.escape(text)}</span>"


def frame(role: str) -> QFrame:
    """Make a frame with one of the style sheet's roles: surface, card, rail, bar, danger."""
    made = QFrame()
    made.setProperty("role", role)
    return made


def in_card(content: QWidget) -> QFrame:
    """Make a card around a list or a pane; its border stays visible."""
    card = frame("card")
    inside = QVBoxLayout(card)
    inside.setContentsMargins(1, 1, 1, 1)
    inside.addWidget(content)
    return card


def direction(narrow: bool) -> QBoxLayout.Direction:
    """Return how a row is laid out: below one another where it is narrow."""
    stacked, beside = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
    return stacked if narrow else beside


def indent(field: QAbstractSpinBox) -> None:
    """Keep the text off the field's edge: a style sheet's padding does not reach it."""
    field.lineEdit().setTextMargins(SPACE_S - 2, 0, 0, 0)


class _WheelFilter(QObject):
    """Sends the wheel to the page where it would change a field that has no focus."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Ignore the wheel over such a field."""
        wheel = event.type() is QEvent.Type.Wheel
        if wheel and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        return super().eventFilter(watched, event)


def let_wheel_scroll(form: QWidget) -> None:
    """Let the wheel scroll the page, not change the field that is under it by chance."""
    wheel_filter = _WheelFilter(form)
    for box in (*form.findChildren(QComboBox), *form.findChildren(QAbstractSpinBox)):
        box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        box.installEventFilter(wheel_filter)


def resize_dialog(dialog: QWidget, width: int, height: int) -> None:
    """Give a dialog its size in pixels of 100 %, or what the screen has room for."""
    room = dialog.screen().availableSize() - QSize(_SCREEN_EDGE, _SCREEN_EDGE)
    dialog.resize(QSize(scaled(width), scaled(height)).boundedTo(room))


def claims_escape(event: QEvent) -> bool:
    """Accept Escape before the window's keys get it; returns whether the event was that."""
    is_first = event.type() is QEvent.Type.ShortcutOverride
    if is_first and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
        event.accept()
        return True
    return False


class SearchField(QLineEdit):
    """Escape clears it, and does nothing else to the window while one searches."""

    def event(self, event: QEvent) -> bool:
        """Take Escape before the window's keys do."""
        return claims_escape(event) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Clear; where there is nothing to clear, Escape closes a dialog as everywhere."""
        if self.text() and event.key() == Qt.Key.Key_Escape:
            self.clear()
        else:
            super().keyPressEvent(event)


class IconButton(QToolButton):
    """A button that is an icon, with a name for screen readers and the tool tip."""

    def __init__(self, look: Look, icon: str, name: str, *, size: int = 20) -> None:
        super().__init__()
        self._look = look
        self._icon = icon
        self._colour = ""
        self.setIconSize(QSize(size, size))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.rename(name)
        look.changed.connect(self._tint)
        self._tint()

    def rename(self, name: str) -> None:
        """Change what the button says it does."""
        self.setAccessibleName(name)
        self.setToolTip(name)

    def set_icon_name(self, icon: str) -> None:
        """Show another icon."""
        self._icon = icon
        self._tint()

    def set_role(self, colour: str) -> None:
        """Tint with a colour role of the theme: text, muted, accent, on_accent, danger."""
        self._colour = colour
        self._tint()

    def _tint(self) -> None:
        colour = getattr(self._look.theme, self._colour or "text")
        self.setIcon(tinted_icon(self._icon, colour))


class DiagnosticsButton(QPushButton):
    """Copies what a report of an error should hold."""

    def __init__(self, report: Callable[[], str]) -> None:
        super().__init__()
        self._report = report
        self.clicked.connect(self._on_clicked)
        self.reset()

    def reset(self) -> None:
        """Offer to copy."""
        self.setText(self.tr("Copy diagnostics"))
        self.setMinimumWidth(0)

    def _on_clicked(self) -> None:
        from phidesk.core.redaction import redacted

        QGuiApplication.clipboard().setText(redacted(self._report()))
        self.setMinimumWidth(self.width())  # the buttons beside it stay where they are
        self.setText(self.tr("Copied"))


class Banner(QWidget):
    """One message across a pane, with the buttons that lead on.

    about: the path of the model that it is about, "" for none; set once it is shown.
    """

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.about = ""
        self._frame = QFrame()
        margin = QVBoxLayout(self)
        margin.setContentsMargins(SPACE_M, SPACE_S, SPACE_M, SPACE_S)
        margin.addWidget(self._frame)
        self._details = ""
        self._icon = QLabel()
        self._text = label(wrap=True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._copy = DiagnosticsButton(lambda: f"{self.text}\n\n{self._details}".strip())
        close = IconButton(look, "close", self.tr("Dismiss"), size=16)
        close.clicked.connect(self.hide)
        self._buttons = QHBoxLayout()
        self._buttons.addWidget(self._copy)
        self._buttons.addStretch()
        self._said = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._said.addWidget(self._text, 1)
        self._said.addLayout(self._buttons)
        row = QHBoxLayout(self._frame)
        row.setContentsMargins(SPACE_M, SPACE_S, SPACE_S, SPACE_S)
        for layout in (self._buttons, self._said, row):
            layout.setSpacing(SPACE_S)
        row.addWidget(self._icon)
        row.addLayout(self._said, 1)
        row.addWidget(close)
        self._actions: list[QPushButton] = []
        self._till_gone = QTimer(self, singleShot=True)
        self._till_gone.timeout.connect(self.hide)
        look.changed.connect(self._paint_icon)
        self.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Put the buttons below the words where there is little room."""
        super().resizeEvent(event)
        self._said.setDirection(direction(self.width() < scaled(_NARROW)))

    @property
    def text(self) -> str:
        """What the banner says."""
        return self._text.text()

    @property
    def actions_offered(self) -> list[QPushButton]:
        """The buttons that lead on."""
        return list(self._actions)

    def show_error(
        self, text: str, details: str = "", actions: Sequence[tuple[str, Callable[[], None]]] = ()
    ) -> None:
        """Say what went wrong, with a button for each way out."""
        self._show("danger", text, details, actions)

    def show_info(self, text: str) -> None:
        """Say what happened, for as long as it takes to read."""
        self._show("card", text, "", [])
        self._till_gone.start(_READING_MS)

    def show_warning(
        self, text: str, actions: Sequence[tuple[str, Callable[[], None]]] = ()
    ) -> None:
        """Say what works, but not as well as it could."""
        self._show("warning", text, "", actions)

    def _show(
        self, role: str, text: str, details: str, actions: Sequence[tuple[str, Callable[[], None]]]
    ) -> None:
        self._frame.setProperty("role", role)
        self._frame.style().polish(self._frame)
        self._text.setText(in_words(text))
        self._till_gone.stop()
        self.about = ""
        self._details = details
        self._copy.setVisible(role == "danger")
        self._copy.reset()
        for button in self._actions:
            button.deleteLater()
        self._actions = []
        for place, (name, act) in enumerate(actions):
            button = QPushButton(name)
            button.setProperty("primary", place == 0)
            button.clicked.connect(act)
            self._buttons.insertWidget(place, button)
            self._actions.append(button)
        self._paint_icon()
        self.show()

    def _paint_icon(self) -> None:
        theme = self._look.theme
        icons = {
            "danger": tinted_icon("alert", theme.danger),
            "warning": tinted_icon("alert", theme.warning),
        }
        icon = icons.get(self._frame.property("role"), tinted_icon("check", theme.good))
        self._icon.setPixmap(icon.pixmap(20, 20))

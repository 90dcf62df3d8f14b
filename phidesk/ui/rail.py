"""The buttons at the left edge: one for each page of the window, the theme and the settings."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QVBoxLayout

from phidesk.ui.theme import SPACE_M, SPACE_S, SPACE_XS, Look
from phidesk.ui.widgets import IconButton


class Rail(QFrame):
    """Says which page is wanted; the window says which one is shown."""

    page_chosen = Signal(int)
    theme_toggled = Signal()
    settings_requested = Signal()

    def __init__(self, look: Look, pages: list[tuple[str, str]]) -> None:
        """pages: icon and name of each."""
        super().__init__()
        self.setProperty("role", "rail")
        self._look = look
        self._group = QButtonGroup(self)
        self.buttons: list[IconButton] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_S, SPACE_M, SPACE_S, SPACE_M)
        column.setSpacing(SPACE_XS)
        for page, (icon, name) in enumerate(pages):
            button = IconButton(look, icon, name, size=24)
            button.setCheckable(True)
            self._group.addButton(button, page)
            self.buttons.append(button)
            column.addWidget(button)
        self._group.idClicked.connect(self.page_chosen)
        column.addStretch(1)
        self._theme = IconButton(look, "moon", self.tr("Light or dark"), size=22)
        self._theme.clicked.connect(self.theme_toggled)
        column.addWidget(self._theme)
        self.settings = IconButton(look, "settings", self.tr("Settings"), size=22)
        self.settings.clicked.connect(self.settings_requested)
        column.addWidget(self.settings)
        look.changed.connect(self._show_theme)
        self._show_theme()
        self.show_page(0)

    def show_page(self, page: int) -> None:
        """Mark the page that is shown."""
        self._group.button(page).setChecked(True)

    def _show_theme(self) -> None:
        self._theme.set_icon_name("sun" if self._look.theme.is_dark else "moon")

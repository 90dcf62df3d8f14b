"""One visual language: colour roles, spacing and type scale, light and dark."""

import msgspec
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontInfo, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from phidesk.core.paths import resources

QT_ARGUMENTS = ("-style", "fusion")
"""for QApplication: setStyle() would return a QStyle, and with it make its 600 names (15 ms)"""
SPACE_XS, SPACE_S, SPACE_M, SPACE_L, SPACE_XL = 4, 8, 12, 16, 24
RADIUS = 8
_USUAL_LETTERS = 12
"""the height of the system's letters, in pixels, that lengths were chosen for"""


class Theme(msgspec.Struct, frozen=True):
    """Colour roles; every pair of text and surface has a contrast of at least 4.5 (WCAG 2.2, AA).

    What is drawn, such as the parts of a gauge, has at least 3. Selected text is in `text` alone.
    kv_used, kv_reserved, workspace, others: parts of a gauge, beside accent for the weights.
    """

    name: str
    window: str
    surface: str
    raised: str
    hover: str
    border: str
    text: str
    muted: str
    accent: str
    accent_soft: str
    on_accent: str
    danger: str
    danger_soft: str
    warning: str
    good: str
    code: str
    selection: str
    kv_used: str
    kv_reserved: str
    workspace: str
    others: str
    pygments_style: str

    @property
    def is_dark(self) -> bool:
        """Whether the text is lighter than the window."""
        return self.name == "dark"


LIGHT = Theme(
    name="light",
    window="#f6f6f8",
    surface="#ffffff",
    raised="#eeeef2",
    hover="#e6e6ec",
    border="#dcdce3",
    text="#1b1c22",
    muted="#5d5f6b",
    accent="#4f46d8",
    accent_soft="#ecebfb",
    on_accent="#ffffff",
    danger="#b3261e",
    danger_soft="#fcebea",
    warning="#8a5300",
    good="#1a7340",
    code="#f3f3f6",
    selection="#cfcdf7",
    kv_used="#0a5f4b",
    kv_reserved="#3a937b",
    workspace="#b3781f",
    others="#80828e",
    pygments_style="xcode",
)
DARK = Theme(
    name="dark",
    window="#17181c",
    surface="#1e1f24",
    raised="#292a31",
    hover="#33343c",
    border="#393a43",
    text="#ecedf1",
    muted="#a3a5b1",
    accent="#a5a0ff",
    accent_soft="#2d2b4a",
    on_accent="#17162b",
    danger="#ff8f87",
    danger_soft="#3b2321",
    warning="#f0b35a",
    good="#6fcf97",
    code="#15161a",
    selection="#45427a",
    kv_used="#4cc7a2",
    kv_reserved="#3d8f77",
    workspace="#d3a055",
    others="#80828f",
    pygments_style="one-dark",
)


def _theme(mode: str) -> Theme:
    """Return the theme "light" or "dark", or that which the desktop asks for."""
    if chosen := {"light": LIGHT, "dark": DARK}.get(mode):
        return chosen
    dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
    return DARK if dark else LIGHT


def scaled(length: int) -> int:
    """Return a length, made for letters of the usual size, for larger ones of the system."""
    letters = QFontInfo(QGuiApplication.font()).pixelSize()
    return round(length * max(1.0, letters / _USUAL_LETTERS))


def fixed_font(size: float | None = None) -> QFont:
    """Return the system's fixed-width font, in points where a size is given."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    if size is not None:
        font.setPointSizeF(size)
    return font


def _palette(theme: Theme) -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    colours = {
        role.Window: theme.window,
        role.WindowText: theme.text,
        role.Base: theme.surface,
        role.AlternateBase: theme.raised,
        role.Text: theme.text,
        role.PlaceholderText: theme.muted,
        role.Button: theme.raised,
        role.ButtonText: theme.text,
        role.Highlight: theme.selection,
        role.HighlightedText: theme.text,
        role.ToolTipBase: theme.raised,
        role.ToolTipText: theme.text,
        role.Link: theme.accent,
        role.Accent: theme.accent,
        role.Mid: theme.border,
    }
    for where, colour in colours.items():
        palette.setColor(where, QColor(colour))
    for where in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, where, QColor(theme.muted))
    return palette


def _style_sheet(theme: Theme) -> str:
    icons = (resources() / "icons").as_posix()
    return f"""
    QWidget {{ color: {theme.text}; }}
    QToolTip {{ background: {theme.raised}; color: {theme.text};
        border: 1px solid {theme.border}; padding: 4px; }}
    QPushButton {{ background: {theme.raised}; border: 1px solid {theme.border};
        border-radius: {RADIUS}px; padding: 6px 14px; }}
    QPushButton:hover {{ background: {theme.hover}; }}
    QPushButton:focus, QToolButton:focus, QComboBox:focus, QSpinBox:focus,
    QDoubleSpinBox:focus, QLineEdit:focus {{ border: 1px solid {theme.accent}; }}
    QPushButton:disabled {{ color: {theme.muted}; background: {theme.window}; }}
    QPushButton[primary="true"] {{ background: {theme.accent}; color: {theme.on_accent};
        border: 1px solid {theme.accent}; font-weight: 600; }}
    QPushButton[primary="true"]:disabled {{ background: {theme.raised}; color: {theme.muted};
        border: 1px solid {theme.border}; }}
    QToolButton {{ background: transparent; border: 1px solid transparent;
        border-radius: {RADIUS}px; padding: 6px; }}
    QToolButton:hover {{ background: {theme.hover}; }}
    QToolButton:checked {{ background: {theme.accent_soft}; }}
    QLineEdit, QSpinBox, QDoubleSpinBox, QComboBox {{ background: {theme.surface};
        border: 1px solid {theme.border}; border-radius: {RADIUS - 2}px; padding: 4px 8px;
        selection-background-color: {theme.selection}; selection-color: {theme.text}; }}
    QSpinBox, QDoubleSpinBox {{ padding: 2px 8px; min-height: {scaled(20)}px; }}
    QComboBox::drop-down {{ border: none; width: 26px; }}
    QComboBox::down-arrow {{ image: url({icons}/chevron-down.svg); width: 12px; height: 12px; }}
    QComboBox QAbstractItemView {{ background: {theme.surface}; border: 1px solid {theme.border};
        padding: 4px; selection-background-color: {theme.accent_soft};
        selection-color: {theme.text}; outline: none; }}
    QComboBox QAbstractItemView::item {{ padding: 4px 6px; border-radius: 4px; }}
    QComboBox QAbstractItemView::item:selected {{ background: {theme.accent_soft};
        color: {theme.text}; }}
    QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {{ border: none; width: 20px;
        background: transparent; }}
    QAbstractSpinBox::up-button:hover, QAbstractSpinBox::down-button:hover {{
        background: {theme.hover}; border-radius: 4px; }}
    QAbstractSpinBox::up-arrow {{ image: url({icons}/chevron-up.svg); width: 10px; height: 10px; }}
    QAbstractSpinBox::down-arrow {{ image: url({icons}/chevron-down.svg);
        width: 10px; height: 10px; }}
    QSlider {{ min-height: 20px; }}
    QSlider::groove:horizontal {{ height: 4px; border-radius: 2px; background: {theme.raised}; }}
    QSlider::sub-page:horizontal {{ background: {theme.accent}; border-radius: 2px; }}
    QSlider::handle:horizontal {{ width: 16px; height: 16px; margin: -6px 0; border-radius: 8px;
        background: {theme.surface}; border: 1px solid {theme.accent}; }}
    QSlider::handle:horizontal:focus, QSlider::handle:horizontal:hover {{
        background: {theme.accent_soft}; border: 2px solid {theme.accent}; }}
    QSlider::handle:horizontal:disabled {{ border: 1px solid {theme.border}; }}
    QCheckBox::indicator {{ width: 14px; height: 14px; border: 1px solid {theme.muted};
        border-radius: 4px; background: {theme.surface}; }}
    QCheckBox::indicator:checked {{ background: {theme.accent}; border: 1px solid {theme.accent};
        image: url({icons}/tick-{theme.name}.svg); }}
    QCheckBox::indicator:focus {{ border: 1px solid {theme.accent}; }}
    QPlainTextEdit, QTextEdit {{ background: {theme.surface}; border: 1px solid {theme.border};
        border-radius: {RADIUS}px; padding: 6px;
        selection-background-color: {theme.selection}; selection-color: {theme.text}; }}
    QPlainTextEdit:focus, QTextEdit:focus {{ border: 1px solid {theme.accent}; }}
    QLineEdit, QPlainTextEdit, QTextEdit {{ placeholder-text-color: {theme.muted}; }}
    QListView {{ background: transparent; border: none; outline: none; }}
    QScrollBar:vertical {{ background: transparent; width: 10px; margin: 2px; }}
    QScrollBar::handle:vertical {{ background: {theme.border}; border-radius: 3px;
        min-height: 28px; }}
    QScrollBar::handle:vertical:hover {{ background: {theme.muted}; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ height: 0; width: 0; }}
    QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
    QProgressBar {{ background: {theme.raised}; border: none; border-radius: 3px; height: 6px; }}
    QProgressBar::chunk {{ background: {theme.accent}; border-radius: 3px; }}
    QLabel[role="muted"] {{ color: {theme.muted}; }}
    QLabel[role="small"] {{ color: {theme.muted}; font-size: {scaled(11)}px; }}
    QLabel[role="title"] {{ font-size: {scaled(18)}px; font-weight: 600; }}
    QLabel[role="figure"] {{ font-size: {scaled(16)}px; font-weight: 600; }}
    QLabel[role="danger"] {{ color: {theme.danger}; }}
    QLabel[role="warning"] {{ color: {theme.warning}; }}
    QFrame[role="chip"] {{ background: {theme.raised}; border: 1px solid {theme.border};
        border-radius: {RADIUS}px; }}
    QToolButton[role="warning"] {{ color: {theme.warning}; padding: 0px; border: none; }}
    QToolButton[role="shield"] {{ color: {theme.muted}; padding: 1px 6px; }}
    QHeaderView::section {{ background: {theme.surface}; color: {theme.muted}; border: none;
        border-bottom: 1px solid {theme.border}; padding: 6px 8px; }}
    QTreeView#connections, QTreeView#shortcuts {{ background: transparent; border: none;
        outline: none; }}
    QTreeView#connections::item, QTreeView#shortcuts::item {{ padding: 5px 4px; }}
    QTreeView#connections::item:selected, QTreeView#shortcuts::item:selected {{
        background: {theme.accent_soft};
        color: {theme.text}; }}
    QToolButton[role="fold"] {{ color: {theme.muted}; padding: 4px 0px; }}
    QToolButton[role="fold"]:hover, QToolButton[role="fold"]:checked {{
        background: transparent; color: {theme.text}; }}
    QAbstractScrollArea::corner {{ background: transparent; border: none; }}
    .QFrame[role="warning"] {{ background: {theme.surface}; border: 1px solid {theme.warning};
        border-radius: {RADIUS}px; }}
    QPlainTextEdit#log {{ border-radius: {RADIUS}px; padding: 4px; }}
    QFrame[role="surface"] {{ background: {theme.surface}; border: none; }}
    QFrame[role="card"] {{ background: {theme.surface}; border: 1px solid {theme.border};
        border-radius: {RADIUS}px; }}
    .QFrame[role="danger"] {{ background: {theme.danger_soft}; border: 1px solid {theme.danger};
        border-radius: {RADIUS}px; }}
    QFrame[role="rail"] {{ background: {theme.window}; border: none;
        border-right: 1px solid {theme.border}; }}
    QFrame[role="bar"] {{ background: {theme.window}; border: none;
        border-bottom: 1px solid {theme.border}; }}
    QFrame[role="foot"] {{ background: {theme.window}; border: none;
        border-top: 1px solid {theme.border}; }}
    QFrame#status {{ background: {theme.window}; border: none;
        border-top: 1px solid {theme.border}; }}
    QScrollBar:horizontal {{ background: transparent; height: 10px; margin: 2px; }}
    QScrollBar::handle:horizontal {{ background: {theme.border}; border-radius: 3px;
        min-width: 28px; }}
    QScrollBar::handle:horizontal:hover {{ background: {theme.muted}; }}
    QScrollArea#steps, QScrollArea#steps QWidget#steps-inside {{ background: transparent; }}
    QScrollArea#panel {{ border: none; border-left: 1px solid {theme.border}; }}
    QTableView {{ background: transparent; border: none; outline: none; }}
    QTableView QHeaderView {{ background: transparent; border: none; }}
    QTableView QHeaderView::section {{ background: transparent; color: {theme.muted};
        border: none; border-bottom: 1px solid {theme.border}; padding: 7px 12px; }}
    QTableView QHeaderView::section:hover {{ color: {theme.text}; }}
    QTableWidget#statistics::item {{ padding: 0px 12px; }}
    QHeaderView::up-arrow {{ image: url({icons}/chevron-up.svg); width: 9px; height: 9px; }}
    QHeaderView::down-arrow {{ image: url({icons}/chevron-down.svg); width: 9px; height: 9px; }}
    QToolButton[role="toggle"] {{ background: {theme.surface}; border: 1px solid {theme.border};
        border-radius: {RADIUS - 2}px; padding: 4px 10px; }}
    QToolButton[role="toggle"]:checked {{ background: {theme.accent_soft};
        border: 1px solid {theme.accent}; }}
    QToolButton[role="toggle"]:focus {{ border: 1px solid {theme.accent}; }}
    QMenu {{ background: {theme.surface}; border: 1px solid {theme.border}; padding: 4px; }}
    QMenu::item {{ padding: 6px 24px 6px 14px; border-radius: 4px; }}
    QMenu::item:selected {{ background: {theme.accent_soft}; color: {theme.text}; }}
    QMenu::item:disabled {{ color: {theme.muted}; }}
    QMenu::separator {{ height: 1px; background: {theme.border}; margin: 4px 8px; }}
    QDialogButtonBox {{ dialogbuttonbox-buttons-have-icons: 0; }}
    QListWidget::item {{ padding: 7px 8px; border-radius: {RADIUS - 2}px; }}
    QListWidget::item:hover {{ background: {theme.hover}; }}
    QListWidget::item:selected {{ background: {theme.accent_soft}; color: {theme.text}; }}
    """


class Look(QObject):
    """The theme in force, and a signal when it changes."""

    changed = Signal()

    def __init__(self, app: QApplication, mode: str = "system") -> None:
        super().__init__()
        self._app = app
        self._mode = mode
        self.theme = _theme(mode)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._on_system_changed)

    def apply(self) -> None:
        """Give the whole application the theme's palette and style sheet.

        To be called once the window is made: until then Qt would work the style out again for
        every widget in each that is put into another.
        """
        self._app.setPalette(_palette(self.theme))
        self._app.setStyleSheet(_style_sheet(self.theme))

    def set_mode(self, mode: str) -> None:
        """Follow the system, or stay "light" or "dark"."""
        self._mode = mode
        self.theme = _theme(mode)
        self.apply()
        self.changed.emit()

    def toggle(self) -> str:
        """Switch between light and dark; returns the new mode."""
        self.set_mode("light" if self.theme.is_dark else "dark")
        return self._mode

    def _on_system_changed(self) -> None:
        if self._mode == "system":
            self.set_mode("system")

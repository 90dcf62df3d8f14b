"""The shield of the status bar: how many connections phidesk has had beyond this machine."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QToolButton

from phidesk.ui.icons import tinted_icon
from phidesk.ui.theme import Look
from phidesk.viewmodels.privacy import Exposure, PrivacyViewModel

MARKS = {
    Exposure.NONE: ("shield-check", "good"),
    Exposure.EXPECTED: ("shield-open", "muted"),
    Exposure.UNEXPECTED: ("shield-alert", "warning"),
    Exposure.UNKNOWN: ("shield-alert", "muted"),
}


class Shield(QToolButton):
    """Green for none, neutral for downloads and the unknown, amber for what nobody asked for."""

    def __init__(self, privacy: PrivacyViewModel, look: Look) -> None:
        super().__init__()
        self._privacy = privacy
        self._look = look
        self.setProperty("role", "shield")
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setIconSize(QSize(16, 16))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        privacy.changed.connect(self._show)
        look.changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        icon, colour = MARKS[self._privacy.exposure]
        self.setIcon(tinted_icon(icon, getattr(self._look.theme, colour)))
        count = len(self._privacy.connections)
        text = self.tr("Offline · {0}") if self._privacy.offline else "{0}"
        is_unknown = self._privacy.exposure is Exposure.UNKNOWN
        shown = self.tr("{0} or more").format(f"{count:,}") if is_unknown else f"{count:,}"
        self.setText(text.format(shown))
        words = self.tr("Connections beyond this machine since {0}: {1}").format(
            f"{self._privacy.started:%H:%M}", shown
        )
        if self._privacy.offline:
            words = self.tr("{0} (offline)").format(words)
        self.setAccessibleName(words)
        self.setToolTip(words)

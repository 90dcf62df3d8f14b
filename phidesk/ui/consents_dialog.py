"""What the user has agreed to for good, with a way to take it back."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from phidesk.core.consents import Consent
from phidesk.ui.tab_order import focus_next
from phidesk.ui.theme import SPACE_L, SPACE_M, SPACE_S, SPACE_XL, SPACE_XS
from phidesk.ui.widgets import frame, label, resize_dialog
from phidesk.viewmodels.trust import TrustViewModel
from phidesk.viewmodels.words import in_words

_SIZE = (560, 400)
_COMMIT = 10


class ConsentsDialog(QDialog):
    """One card for each model and revision."""

    def __init__(self, trust: TrustViewModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._trust = trust
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Kept consents"))
        resize_dialog(self, *_SIZE)
        self.revokes: list[QPushButton] = []
        note = self.tr(
            "These models are loaded without asking, each at this one revision. A consent ends "
            "by itself when one of the files that it is about changes."
        )
        self._area = QScrollArea()
        self._area.setAccessibleName(self.tr("Kept consents"))
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        close = QPushButton(self.tr("Close"))
        close.setDefault(True)
        close.clicked.connect(self.accept)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_XL, SPACE_L, SPACE_XL, SPACE_L)
        column.setSpacing(SPACE_M)
        column.addWidget(label(self.tr("Kept consents"), "title"))
        column.addWidget(label(note, "muted", wrap=True))
        column.addWidget(self._area, 1)
        column.addLayout(row)
        trust.changed.connect(self._show)
        self._show()

    def focusNextPrevChild(self, forwards: bool) -> bool:  # noqa: N802
        """Go with Tab as the cards are laid out: they are made anew with each change."""
        return focus_next(self, forwards=forwards)

    def _show(self) -> None:
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, SPACE_S, 0)
        column.setSpacing(SPACE_S)
        self.revokes = []
        for key, consent in self._trust.consents.items():
            column.addWidget(self._card(key, consent))
        if not self.revokes:
            empty = label(self.tr("You have agreed to nothing for good."), "muted")
            empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addSpacing(SPACE_XL)
            column.addWidget(empty)
        column.addStretch(1)
        self._area.setWidget(inside)

    def _card(self, key: str, consent: Consent) -> QWidget:
        card = frame("card")
        revoke = QPushButton(self.tr("Revoke"))
        revoke.setAccessibleName(self.tr("Revoke the consent to {0}").format(consent.name))
        # The list is made anew, with this button in it: not before the click is over.
        revoke.clicked.connect(lambda: self._trust.revoke(key), Qt.ConnectionType.QueuedConnection)
        self.revokes.append(revoke)
        where = consent.source
        if consent.revision:
            where = self.tr("{0} at {1}").format(where, consent.revision[:_COMMIT])
        words = QVBoxLayout()
        words.setSpacing(SPACE_XS)
        name = label(consent.name, "figure", wrap=True)
        words.addWidget(name)
        words.addWidget(label(where, "muted", wrap=True))
        for found in consent.found:
            words.addWidget(label(in_words(found), wrap=True))
        words.addWidget(label(self.tr("Given on {0}").format(consent.given), "muted"))
        row = QHBoxLayout(card)
        row.setContentsMargins(SPACE_L, SPACE_M, SPACE_L, SPACE_M)
        row.setSpacing(SPACE_M)
        row.addLayout(words, 1)
        row.addWidget(revoke, 0, Qt.AlignmentFlag.AlignTop)
        return card

"""What was found in a model that asks for trust, why it matters, and the user's answer."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from phidesk.core.models import ModelRef
from phidesk.core.trust import Answer, Finding, Trust
from phidesk.ui.icons import tinted_icon
from phidesk.ui.theme import SPACE_L, SPACE_M, SPACE_S, SPACE_XL, SPACE_XS, Look
from phidesk.ui.widgets import frame, label, resize_dialog
from phidesk.viewmodels.trust import TrustViewModel
from phidesk.viewmodels.words import in_words

_SIZE = (640, 480)
_COMMIT = 10
_MARKS = {
    Answer.NOTED: ("check", "good"),
    Answer.ASKED: ("alert", "warning"),
    Answer.REFUSED: ("close", "danger"),
}


class TrustDialog(QDialog):
    """Says no by default: Close is what Enter and Escape do."""

    load_requested = Signal(bool)
    """the user agreed; True: for this one load, False: the consent is kept"""

    def __init__(self, trust: TrustViewModel, model: ModelRef, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._view_model = trust
        self._look = look
        self._trust: Trust | None = None
        self._model = model
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("What was found in this model"))
        resize_dialog(self, *_SIZE)
        self._source = label(self.tr("Reading its files…"), "muted", wrap=True)
        self._source.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._area = QScrollArea()
        self._area.setAccessibleName(self.tr("What was found"))
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self.consents = QPushButton(self.tr("Kept consents…"))
        self.consents.clicked.connect(self._on_consents)
        self.once = QPushButton(self.tr("Load once"))
        self.once.clicked.connect(lambda: self._on_agreed(once=True))
        self.always = QPushButton(self.tr("Always for this revision"))
        self.always.clicked.connect(lambda: self._on_agreed(once=False))
        self.close_button = QPushButton(self.tr("Close"))
        self.close_button.setDefault(True)
        self.close_button.clicked.connect(self.reject)
        row = QHBoxLayout()
        row.setSpacing(SPACE_S)
        row.addWidget(self.consents)
        row.addStretch(1)
        for button in (self.once, self.always, self.close_button):
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_XL, SPACE_L, SPACE_XL, SPACE_L)
        column.setSpacing(SPACE_M)
        column.addWidget(label(model.name, "title", wrap=True))
        column.addWidget(self._source)
        column.addWidget(self._area, 1)
        column.addLayout(row)
        for button in (self.once, self.always):
            button.setVisible(False)
        trust.inspected.connect(self._on_inspected)
        trust.changed.connect(self._show_buttons)
        trust.look(model)

    def _on_inspected(self, trust: Trust) -> None:
        if self._trust is not None or trust.path != self._model.path:
            return
        self._trust = trust
        words = self.tr("{0}, revision {1}") if trust.revision else self.tr("{0}, files {1}")
        revision = trust.revision or trust.digest
        self._source.setText(words.format(trust.source, revision[:_COMMIT]))
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, SPACE_S, 0)
        column.setSpacing(SPACE_S)
        for finding in trust.findings:
            column.addWidget(self._card(finding))
        if not trust.findings:
            column.addWidget(label(self.tr("Nothing in it could run, and nothing is odd.")))
        column.addStretch(1)
        self._area.setWidget(inside)
        self._show_buttons()

    def _show_buttons(self) -> None:
        trust = self._trust
        asks = trust is not None and trust.needs_consent
        kept = trust is not None and self._view_model.is_kept(trust)
        self.once.setVisible(asks and not kept)
        self.always.setVisible(asks)
        words = self.tr("Load (you agreed)") if kept else self.tr("Always for this revision")
        self.always.setText(words)

    def _card(self, finding: Finding) -> QWidget:
        card = frame("card")
        icon, colour = _MARKS[finding.answer]
        answers = {
            Answer.NOTED: self.tr("noted"),
            Answer.ASKED: self.tr("your word is needed"),
            Answer.REFUSED: self.tr("refused"),
        }
        mark = label()
        mark.setPixmap(tinted_icon(icon, getattr(self._look.theme, colour)).pixmap(20, 20))
        mark.setAccessibleName(answers[finding.answer])
        words = QVBoxLayout()
        words.setSpacing(SPACE_XS)
        title, why = in_words(finding.what), in_words(finding.why)
        what = label(title, wrap=True)
        font = what.font()
        font.setBold(True)
        what.setFont(font)
        words.addWidget(what)
        words.addWidget(label(in_words(finding.where), "muted", wrap=True))
        words.addSpacing(SPACE_XS)
        words.addWidget(label(why, wrap=True))
        words.addWidget(label(in_words(finding.remedy), wrap=True))
        row = QHBoxLayout(card)
        row.setContentsMargins(SPACE_L, SPACE_M, SPACE_L, SPACE_M)
        row.setSpacing(SPACE_M)
        row.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        said = self.tr("{0}: {1}. {2}").format(title, answers[finding.answer], why)
        card.setAccessibleName(said)
        return card

    def _on_agreed(self, *, once: bool) -> None:
        if self._trust is not None and not once and not self._view_model.is_kept(self._trust):
            self._view_model.agree(self._trust)
        self.accept()
        self.load_requested.emit(once)

    def _on_consents(self) -> None:
        from phidesk.ui.consents_dialog import ConsentsDialog

        ConsentsDialog(self._view_model, self).open()

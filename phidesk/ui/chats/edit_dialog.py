"""Where a message is written anew."""

from PySide6.QtCore import QMimeData, Signal
from PySide6.QtGui import QKeySequence, QShortcut, QTextCursor
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from phidesk.ui.long_text import is_quick, quick_length
from phidesk.ui.theme import SPACE_L, SPACE_M, SPACE_S, SPACE_XL, scaled
from phidesk.ui.widgets import label

_WIDTH, _LEAST_HEIGHT, _FRAME_HEIGHT = 720, 300, 190
_CHARACTERS = 90
"""of a line, about"""
_SHARE = 0.85
"""of the window's height, at most"""


class _Field(QPlainTextEdit):
    """Takes a text, but none that the window would stand still for."""

    refused = Signal(int)
    """what was pasted has so many characters"""

    def insertFromMimeData(self, source: QMimeData) -> None:  # noqa: N802
        """Take plain text of a length that can be laid out."""
        text = source.text()
        if not is_quick(self.textCursor().block().text() + text):
            self.refused.emit(len(text))
        else:
            self.insertPlainText(text)


class EditDialog(QDialog):
    """Holds a message's text; a key takes it over.

    Of a text that would be laid out for long, the beginning is edited, and the rest stays.
    """

    def __init__(
        self, text: str, *, is_question: bool, parent: QWidget, back: str = "", keep: str = ""
    ) -> None:
        """back: the keys that go back to the version before. keep: those that take the text over.

        Both as people write them, "" for none.
        """
        super().__init__(parent)
        self._keep = keep
        self.setWindowTitle(self.tr("Edit message"))
        hint = self.tr("The text is changed in place.")
        name = self.tr("Save")
        if is_question:
            hint = self.tr("It is asked anew, beside the old one.")
            if back:
                words = self.tr("It is asked anew, beside the old one: {0} goes back to that.")
                hint = words.format(back)
            name = self.tr("Send")
        shown = quick_length(text)
        self._rest = text[shown:]
        if self._rest:
            words = self.tr(
                "The first {0} of {1} characters are shown, what follows them stays as it is."
            )
            hint = f"{hint} {words.format(f'{shown:,}', f'{len(text):,}')}"
        self._before = text[:shown]
        self._is_warned = False
        self.field = _Field(self._before)
        if not self._rest:  # where one goes on
            self.field.moveCursor(QTextCursor.MoveOperation.End)
        self.field.setAccessibleName(self.tr("Message"))
        self.field.setTabChangesFocus(True)
        cancel = QPushButton(self.tr("Cancel"))
        cancel.setAutoDefault(False)
        cancel.clicked.connect(super().reject)
        agree = QPushButton(name)
        agree.setProperty("primary", True)
        agree.setDefault(True)
        agree.setToolTip(f"{name} ({keep})" if keep else name)
        agree.clicked.connect(self.accept)
        self.field.textChanged.connect(
            lambda: agree.setEnabled(bool(self.field.toPlainText().strip()))
        )
        sequence = QKeySequence.fromString(keep, QKeySequence.SequenceFormat.NativeText)
        QShortcut(sequence, self).activated.connect(agree.click)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_XL, SPACE_L, SPACE_XL, SPACE_L)
        column.setSpacing(SPACE_M)
        column.addWidget(label(self.tr("Edit message"), "title"))
        column.addWidget(self.field, 1)
        self.hint = label(hint, "muted", wrap=True)
        self.field.refused.connect(self._on_refused)
        column.addWidget(self.hint)
        row = QHBoxLayout()
        row.setSpacing(SPACE_S)
        row.addStretch(1)
        row.addWidget(cancel)
        row.addWidget(agree)
        column.addLayout(row)
        self.resize(scaled(_WIDTH), self._fitting_height(parent.window().height()))

    @property
    def text(self) -> str:
        """What is written there, with what is not shown of it."""
        return self.field.toPlainText() + self._rest

    def _fitting_height(self, window: int) -> int:
        """Return the height in which the text is seen, as far as the window has room for it."""
        lines = len(self._before) // _CHARACTERS + self._before.count("\n") + 1
        needed = scaled(_FRAME_HEIGHT) + lines * self.fontMetrics().lineSpacing()
        return max(scaled(_LEAST_HEIGHT), min(needed, int(window * _SHARE)))

    def reject(self) -> None:
        """Close on Escape, but where something was written only on the second one."""
        if self._is_warned or self.field.toPlainText() == self._before:
            super().reject()
            return
        self._is_warned = True
        words = self.tr("Esc once more throws your changes away.")
        if self._keep:
            words = self.tr("Esc once more throws your changes away; {0} keeps them.")
        self.hint.setText(words.format(self._keep))

    def _on_refused(self, length: int) -> None:
        words = self.tr(
            "Not pasted: {0} characters are too many here. Attach the text to a new message."
        )
        self.hint.setText(words.format(f"{length:,}"))

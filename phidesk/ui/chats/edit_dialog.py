"""Where a message is written anew."""

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPlainTextEdit, QVBoxLayout, QWidget

from phidesk.ui.theme import SPACE_L, SPACE_M
from phidesk.ui.widgets import label


class EditDialog(QDialog):
    """Holds a message's text; Ctrl+Enter takes it over."""

    def __init__(self, text: str, *, is_question: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Edit message"))
        hint = self.tr("The text is changed in place.")
        name = self.tr("Save")
        if is_question:
            hint = self.tr("It is asked anew, beside the old one: Alt+Left goes back to that.")
            name = self.tr("Send")
        self.field = QPlainTextEdit(text)
        self.field.setAccessibleName(self.tr("Message"))
        self.field.setTabChangesFocus(True)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        agree = self.buttons.addButton(name, QDialogButtonBox.ButtonRole.AcceptRole)
        agree.setProperty("primary", True)
        agree.setToolTip(self.tr("{0} (Ctrl+Enter)").format(name))
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self.field.textChanged.connect(
            lambda: agree.setEnabled(bool(self.field.toPlainText().strip()))
        )
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self).activated.connect(agree.click)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_L)
        column.setSpacing(SPACE_M)
        column.addWidget(self.field, 1)
        column.addWidget(label(hint, "muted", wrap=True))
        column.addWidget(self.buttons)
        self.resize(640, 340)

    @property
    def text(self) -> str:
        """What is written there."""
        return self.field.toPlainText()

"""Asks for a name."""

from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from phidesk.ui.theme import SPACE_L, SPACE_M, SPACE_S, SPACE_XL, scaled
from phidesk.ui.widgets import label

_WIDTH, _LONGEST = 420, 120


class NameDialog(QDialog):
    """One field; Enter takes the name over once there is one."""

    def __init__(self, title: str, hint: str, agree: str, before: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(scaled(_WIDTH))
        self.field = QLineEdit(before)
        length = len(before.encode("utf-16-le", "replace")) // 2  # as Qt counts
        self.field.setMaxLength(max(_LONGEST, length))
        self.field.setAccessibleName(hint)
        self.field.selectAll()
        cancel = QPushButton(self.tr("Cancel"))
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        self.agree = QPushButton(agree)
        self.agree.setProperty("primary", True)
        self.agree.setDefault(True)
        self.agree.clicked.connect(self.accept)
        self.field.textChanged.connect(self._on_text_changed)
        self._on_text_changed(before)
        row = QHBoxLayout()
        row.setSpacing(SPACE_S)
        row.addStretch(1)
        row.addWidget(cancel)
        row.addWidget(self.agree)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_XL, SPACE_L, SPACE_XL, SPACE_L)
        column.setSpacing(SPACE_M)
        column.addWidget(label(title, "title", wrap=True))
        column.addWidget(label(hint, "muted", wrap=True))
        column.addWidget(self.field)
        column.addSpacing(SPACE_S)
        column.addLayout(row)
        self.field.setFocus()

    def _on_text_changed(self, text: str) -> None:
        self.agree.setEnabled(bool(text.strip()))


def ask_name(parent: QWidget, title: str, hint: str, agree: str, before: str = "") -> str:
    """Return the name that is typed in, "" where none is wanted; agree: what the button says."""
    dialog = NameDialog(title, hint, agree, before, parent)
    is_given = dialog.exec() == QDialog.DialogCode.Accepted
    name = dialog.field.text().strip() if is_given else ""
    dialog.deleteLater()
    return name

"""The report of a window that ended unexpectedly, as it would be passed on."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from phidesk.core.redaction import redacted
from phidesk.ui.theme import SPACE_L, SPACE_M, SPACE_S, SPACE_XL, fixed_font
from phidesk.ui.widgets import DiagnosticsButton, label, resize_dialog

_SIZE = (720, 480)


class CrashDialog(QDialog):
    """Shows exactly what Copy diagnostics copies; nothing is sent."""

    def __init__(self, report: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Report"))
        resize_dialog(self, *_SIZE)
        self.text = QPlainTextEdit(redacted(report))
        self.text.setReadOnly(True)
        self.text.setFont(fixed_font())
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setAccessibleName(self.tr("Report"))
        self.copy = DiagnosticsButton(lambda: report)
        self.copy.setAutoDefault(False)
        close = QPushButton(self.tr("Close"))
        close.setDefault(True)
        close.clicked.connect(self.accept)
        row = QHBoxLayout()
        row.setSpacing(SPACE_S)
        row.addWidget(self.copy)
        row.addStretch(1)
        row.addWidget(close)
        note = self.tr(
            "This is all that phidesk knows about it. It stays on this machine unless you pass it "
            "on; your name and your paths are left out."
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_XL, SPACE_L, SPACE_XL, SPACE_L)
        column.setSpacing(SPACE_M)
        column.addWidget(label(self.tr("phidesk ended unexpectedly"), "title"))
        column.addWidget(label(note, "muted", wrap=True))
        column.addWidget(self.text, 1)
        column.addLayout(row)
        close.setFocus()

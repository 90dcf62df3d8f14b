"""The prompt library: find, insert, write and delete prompts; variables are asked for."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from phidesk.core.prompt_library import filled, variables
from phidesk.ui.chats.undo_bar import UndoBar
from phidesk.ui.theme import SPACE_L, SPACE_M, SPACE_S, SPACE_XL, Look, scaled
from phidesk.ui.widgets import SearchField, label, resize_dialog
from phidesk.viewmodels.prompt_library import PromptLibraryViewModel
from phidesk.viewmodels.undo import Undo
from phidesk.viewmodels.words import in_words


class PromptDialog(QDialog):
    """Typing filters, Enter inserts; the right side edits the prompt that is marked."""

    chosen = Signal(str)
    """the text of a prompt, filled in"""

    def __init__(
        self, prompts: PromptLibraryViewModel, undo: Undo, look: Look, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._prompts = prompts
        self._undo = undo
        self._bar = UndoBar(undo, look, margin=0)
        self._name = ""
        """of the prompt that is edited, "" for a new one"""
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Prompt library"))
        resize_dialog(self, 760, 520)
        self.search = SearchField()
        self.search.setPlaceholderText(self.tr("Find a prompt"))
        self.search.setAccessibleName(self.tr("Find a prompt"))
        self.search.textChanged.connect(self._fill)
        self.search.installEventFilter(self)
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Prompts"))
        self.list.currentTextChanged.connect(self._show)
        self.list.itemActivated.connect(self._on_insert)
        self.new = QPushButton(self.tr("New prompt"))
        self.new.clicked.connect(self._on_new)
        self.name = QLineEdit()
        self.name.setAccessibleName(self.tr("Name"))
        self.name.setPlaceholderText(self.tr("Name"))
        self.text = QPlainTextEdit()
        self.text.setAccessibleName(self.tr("Prompt"))
        self.text.setPlaceholderText(
            self.tr("Translate into {{language}}:\n\nWhat is in double braces is asked for.")
        )
        self.text.setTabChangesFocus(True)
        self.insert = QPushButton(self.tr("Insert"))
        self.insert.setProperty("primary", True)
        self.insert.setDefault(True)
        self.save = QPushButton(self.tr("Save"))
        self.delete = QPushButton(self.tr("Delete"))
        self._problem = label(role="danger", wrap=True)
        self._problem.hide()
        self.insert.clicked.connect(self._on_insert)
        self.save.clicked.connect(self._on_save)
        self.delete.clicked.connect(self._on_delete)
        for field in (self.name.textChanged, self.text.textChanged):
            field.connect(self._enable)
        prompts.failed.connect(self._on_failed)
        prompts.changed.connect(self._fill)
        self._lay_out()
        self._fill()
        self._enable()
        self.search.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Let the arrows move the mark in the list while one types in the search."""
        arrows = (Qt.Key.Key_Up, Qt.Key.Key_Down)
        if watched is self.search and isinstance(event, QKeyEvent) and event.key() in arrows:
            if event.type() is QEvent.Type.KeyPress:
                step = 1 if event.key() == Qt.Key.Key_Down else -1
                row = self.list.currentRow() + step
                self.list.setCurrentRow(max(0, min(self.list.count() - 1, row)))
            return True
        return super().eventFilter(watched, event)

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(SPACE_S)
        for part in (self.search, self.list, self.new):
            left.addWidget(part)
        buttons = QHBoxLayout()
        buttons.addWidget(self.delete)
        buttons.addStretch(1)
        buttons.addWidget(self.save)
        buttons.addWidget(self.insert)
        right = QVBoxLayout()
        right.setSpacing(SPACE_S)
        for widget in (self.name, self.text, self._problem):
            right.addWidget(widget)
        right.addLayout(buttons)
        row = QHBoxLayout()
        row.setSpacing(SPACE_M)
        self.close_button = QPushButton(self.tr("Close"))
        self.close_button.setAutoDefault(False)
        self.close_button.clicked.connect(self.reject)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.close_button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(SPACE_XL, SPACE_L, SPACE_XL, SPACE_L)
        whole.setSpacing(SPACE_M)
        whole.addWidget(label(self.tr("Prompt library"), "title"))
        whole.addLayout(row, 1)
        whole.addWidget(self._bar)
        whole.addLayout(foot)
        row.addLayout(left, 2)
        row.addLayout(right, 3)

    def _fill(self) -> None:
        names = self._prompts.find(self.search.text())
        wanted = self._name if self._name in names else (names[0] if names else "")
        self.list.blockSignals(True)
        self.list.clear()
        self.list.addItems(names)
        self.list.setCurrentRow(names.index(wanted) if wanted else -1)
        self.list.blockSignals(False)
        if wanted != self._name or not self.save.isEnabled():  # else it is being edited
            self._show(wanted)

    def _show(self, name: str) -> None:
        self._name = name
        self.name.setText(name)
        self.text.setPlainText(self._prompts.text(name))
        self._problem.hide()
        self._enable()

    def _enable(self) -> None:
        text, name = self.text.toPlainText(), self.name.text().strip()
        self.insert.setEnabled(bool(text.strip()))
        is_changed = (name, text) != (self._name, self._prompts.text(self._name))
        self.save.setEnabled(bool(name and text.strip()) and is_changed)
        self.delete.setEnabled(bool(self._name))

    def _on_new(self) -> None:
        self.list.setCurrentRow(-1)
        self._show("")
        self.name.setFocus()

    def _on_save(self) -> None:
        kept = self._prompts.save(self.name.text(), self.text.toPlainText(), instead_of=self._name)
        if kept:
            self._name = kept
            self._enable()
            self.search.clear()
            self._fill()

    def _on_delete(self) -> None:
        words = self.tr("Prompt “{0}” deleted").format(self._name)
        self._undo.offer(words, self._prompts.delete(self._name))

    def _on_insert(self) -> None:
        text = self.text.toPlainText()
        if not text.strip():
            return
        names = variables(text)
        if names:
            form = VariablesDialog(names, self)
            if form.exec() != QDialog.DialogCode.Accepted:
                return
            text = filled(text, form.values())
        self.chosen.emit(text)
        self.accept()

    def _on_failed(self, words: str) -> None:
        self._problem.setText(in_words(words))
        self._problem.show()


class VariablesDialog(QDialog):
    """Asks for what stands in a prompt's double braces."""

    def __init__(self, names: tuple[str, ...], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Fill in the prompt"))
        self.setMinimumWidth(scaled(420))
        self.fields = {name: QLineEdit() for name in names}
        form = QFormLayout()
        form.setSpacing(SPACE_S)
        for name, field in self.fields.items():
            field.setAccessibleName(name)
            form.addRow(label(name, "muted"), field)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        use = buttons.addButton(self.tr("Insert"), QDialogButtonBox.ButtonRole.AcceptRole)
        use.setProperty("primary", True)
        use.setDefault(True)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_L)
        column.setSpacing(SPACE_M)
        column.addLayout(form)
        column.addWidget(buttons)

    def values(self) -> dict[str, str]:
        """Return what was filled in."""
        return {name: field.text() for name, field in self.fields.items()}

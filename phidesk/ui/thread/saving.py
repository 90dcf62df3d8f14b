"""Saves a listing as a file."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QFileDialog, QMenu, QMessageBox, QWidget

from phidesk.viewmodels.words import in_words

_ENDINGS = {
    "python": "py", "py": "py", "javascript": "js", "js": "js", "typescript": "ts", "ts": "ts",
    "tsx": "tsx", "jsx": "jsx", "json": "json", "yaml": "yaml", "yml": "yaml", "toml": "toml",
    "bash": "sh", "sh": "sh", "shell": "sh", "c": "c", "cpp": "cpp", "c++": "cpp", "rust": "rs",
    "go": "go", "java": "java", "html": "html", "css": "css", "sql": "sql", "xml": "xml",
    "markdown": "md", "md": "md", "latex": "tex", "tex": "tex", "ruby": "rb", "csv": "csv",
}  # fmt: skip


def add_action(
    menu: QMenu,
    before: QAction | None,
    text: str,
    act: Callable[[], object],
    shortcut: QKeySequence | None = None,
) -> None:
    """Insert an action into a menu."""
    action = QAction(text, menu)
    action.triggered.connect(act)
    if shortcut is not None:
        action.setShortcut(shortcut)
    if before is None:
        menu.addAction(action)
    else:
        menu.insertAction(before, action)


def suggested_name(language: str) -> str:
    """Return a name for a file of code."""
    return f"code.{_ENDINGS.get(language.lower(), 'txt')}"


def save_code(code: str, language: str, parent: QWidget) -> None:
    """Ask where to, and save; exactly the code, with a line end."""
    title = parent.tr("Save code")
    chosen, _ = QFileDialog.getSaveFileName(parent, title, suggested_name(language))
    if not chosen:
        return
    try:
        Path(chosen).write_text(code + "\n", encoding="utf-8", newline="\n")
    except OSError as error:
        words = parent.tr("{0} cannot be written: {1}. Choose another place.")
        QMessageBox.warning(
            parent, title, words.format(chosen, in_words(error.strerror or str(error)))
        )

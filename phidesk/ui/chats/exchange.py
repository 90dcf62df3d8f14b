"""Asks for the file that chats are imported from or exported to."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

from phidesk.core.chat_files import ChatFormat
from phidesk.viewmodels.chat_exchange import ChatExchange
from phidesk.viewmodels.conversation import Conversation

_NOT_IN_NAMES = '<>:"/\\|?*\0'
_LONGEST_NAME = 80


def _documents() -> str:
    """Return the user's folder of documents, or their home where there is none."""
    places = (
        QStandardPaths.StandardLocation.DocumentsLocation,
        QStandardPaths.StandardLocation.HomeLocation,
    )
    paths = map(QStandardPaths.writableLocation, places)
    return next((path for path in paths if Path(path).is_dir()), "")


class ExchangeDialogs(QWidget):
    """The two dialogs, and the words of their file kinds."""

    def __init__(self, exchange: ChatExchange, parent: QWidget) -> None:
        super().__init__(parent)
        self.hide()
        self._exchange = exchange

    def import_chats(self) -> None:
        """Ask for a file, and add its chats to the list."""
        kinds = self.tr("Chats (*.md *.json *.jsonl);;All files (*)")
        name, _ = QFileDialog.getOpenFileName(
            self.window(), self.tr("Import chats"), _documents(), kinds
        )
        if name:
            self._exchange.import_file(Path(name))

    def export_chats(self, chats: Sequence[Conversation]) -> None:
        """Ask for a file, and write the chats there in the form that its kind says."""
        title = chats[0].title if len(chats) == 1 else self.tr("Chats")
        proposed = "".join("-" if c in _NOT_IN_NAMES else c for c in title)[:_LONGEST_NAME].strip()
        kinds = {
            self.tr("Markdown, to be read (*.md)"): ChatFormat.MARKDOWN,
            self.tr("phidesk, with all versions (*.json)"): ChatFormat.JSON,
            self.tr("ShareGPT, for training (*.jsonl)"): ChatFormat.SHAREGPT,
        }
        name, kind = QFileDialog.getSaveFileName(
            self.window(),
            self.tr("Export chats"),
            str(Path(_documents(), f"{proposed}.md")),
            ";;".join(kinds),
        )
        if name:
            path = Path(name)
            written = path.suffix.lstrip(".").lower()
            if written in {form.value for form in ChatFormat}:
                form = ChatFormat(written)
            else:
                form = kinds.get(kind, ChatFormat.MARKDOWN)
                path = path.with_name(f"{path.name}.{form}")
            self._exchange.export(chats, path, form)

"""What each chat remembers beside its messages, kept in a file."""

from PySide6.QtCore import QObject, Signal

from phidesk.core.chat_options import ChatOptions
from phidesk.core.kept_file import KeptFile
from phidesk.viewmodels.kept_table import KeptTable


class ChatOptionsViewModel(QObject):
    """The options of chats by their ids; read when they are first asked for."""

    changed = Signal(str)
    """the id of a chat"""
    failed = Signal(str)
    """the options could not be kept: why, for a person"""

    def __init__(
        self, file: KeptFile[ChatOptions] | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        unsaved = self.tr("What you chose for this chat is not saved: {0}")
        self._table = KeptTable(file or KeptFile("chat-options.json", ChatOptions), unsaved, self)
        self._table.failed.connect(self.failed)

    def of(self, chat: str) -> ChatOptions:
        """Return what a chat remembers."""
        return self._table.entries.get(chat, ChatOptions())

    def put(self, chat: str, options: ChatOptions) -> None:
        """Remember something else."""
        if options == self.of(chat):
            return
        kept = self._table.entries
        kept[chat] = options
        if options == ChatOptions():
            del kept[chat]
        self._table.save()
        self.changed.emit(chat)

    def copy(self, chat: str, other: str) -> None:
        """Let another chat remember the same."""
        self.put(other, self.of(chat))

    def forget(self, chat: str) -> None:
        """Drop what a chat that is deleted remembered."""
        self.put(chat, ChatOptions())

"""What each chat remembers beside its messages, kept in a file."""

from PySide6.QtCore import QObject, QTimer, Signal

from phidesk.core.chat_options import ChatOptions
from phidesk.core.kept_file import KeptFile


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
        self._file = file or KeptFile("chat-options.json", ChatOptions)
        self._options: dict[str, ChatOptions] | None = None

    def of(self, chat: str) -> ChatOptions:
        """Return what a chat remembers."""
        return self._all().get(chat, ChatOptions())

    def put(self, chat: str, options: ChatOptions) -> None:
        """Remember something else."""
        if options == self.of(chat):
            return
        kept = self._all()
        kept[chat] = options
        if options == ChatOptions():
            del kept[chat]
        try:
            self._file.save(kept)
        except OSError as error:
            self.failed.emit(
                self.tr("What you chose for this chat is not saved: {0}").format(error)
            )
        self.changed.emit(chat)

    def copy(self, chat: str, other: str) -> None:
        """Let another chat remember the same."""
        self.put(other, self.of(chat))

    def forget(self, chat: str) -> None:
        """Drop what a chat that is deleted remembered."""
        self.put(chat, ChatOptions())

    def _all(self) -> dict[str, ChatOptions]:
        if self._options is None:
            self._options = self._file.load()
            if problem := self._file.problem:  # the window may only be in the making
                QTimer.singleShot(0, self, lambda: self.failed.emit(problem))
        return self._options

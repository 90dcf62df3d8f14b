"""What each chat remembers beside its messages."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from phidesk.core.chat_options import ChatOptions
from phidesk.viewmodels.conversation import Conversation


class ChatOptionsViewModel(QObject):
    """The options of chats by their ids, which are kept with the chats."""

    changed = Signal(str)
    """the id of a chat"""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.find: Callable[[str], Conversation | None] = lambda _: None
        """gives a chat by its id"""

    def of(self, chat: str) -> ChatOptions:
        """Return what a chat remembers; one that is not there remembers nothing."""
        found = self.find(chat)
        return found.info.options if found is not None else ChatOptions()

    def put(self, chat: str, options: ChatOptions) -> None:
        """Remember something else."""
        found = self.find(chat)
        if found is not None and options != found.info.options:
            found.change(options=options)
            self.changed.emit(chat)

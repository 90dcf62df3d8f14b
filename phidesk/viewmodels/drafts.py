"""Keeps what is written to each chat and not yet sent, a moment after it is written."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from phidesk.core.conversation import Attachment
from phidesk.viewmodels.chat import ChatViewModel
from phidesk.viewmodels.conversation import Conversation

Written = tuple[str, tuple[Attachment, ...]]

_PAUSE_MS = 500
"""with the writer's own pause, less than a second's typing is lost"""
_NOT_BEGUN = ""
"""stands for the chat in which nothing was said: it is not kept itself"""
_NOTHING: Written = ("", ())


class Drafts(QObject):
    """Has the draft of the current chat kept, and gives back that of a chat never begun."""

    returned = Signal(str, object)
    """the text, and a tuple of Attachments: what the last window left unsent in a new chat"""

    def __init__(self, chat: ChatViewModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._chat = chat
        self.read: Callable[[], Written] = lambda: _NOTHING
        """what is being written, asked for when it is to be kept"""
        self._is_started = False
        self._known: dict[str, Written] = {}
        """what is kept, by key"""
        self._keys: dict[str, str] = {}
        """the key under which a chat's draft was kept last, by the chat's id"""
        self._timer = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._timer.timeout.connect(self.keep_now)
        chat.draft_sent.connect(lambda sent: self.keep(sent, sent.draft))

    @property
    def is_blank(self) -> bool:
        """Whether nothing is being written."""
        return self.read() == _NOTHING

    @property
    def is_at_risk(self) -> bool:
        """Whether something is being written that is not kept: the chats cannot be read yet."""
        return not self._is_started and not self.is_blank

    def start(self) -> None:
        """Give back what was left, and keep drafts from now on: the chats can be read."""
        if self._is_started:
            return
        self._is_started = True
        left = self._chat.keeper.draft(_NOT_BEGUN)
        self._known[_NOT_BEGUN] = left
        self._keys[self._chat.current.id] = _NOT_BEGUN
        if left != _NOTHING:
            self.returned.emit(*left)
        self.keep_now()

    def note(self) -> None:
        """Have what is being written kept soon."""
        if self._is_started and not self._timer.isActive():
            self._timer.start()

    def keep_now(self) -> None:
        """Keep what is being written in the current chat."""
        self._timer.stop()
        self.keep(self._chat.current, self.read())

    def keep(self, conversation: Conversation, written: Written) -> None:
        """Keep what is written in a chat."""
        if not self._is_started or not conversation.is_loaded:
            return
        key = _NOT_BEGUN if conversation.is_empty else conversation.id
        before = self._keys.get(conversation.id, key)
        if before != key:  # something was said in it meanwhile
            self._put(before, _NOTHING)
        self._keys[conversation.id] = key
        self._put(key, written)

    def _put(self, key: str, written: Written) -> None:
        known = self._known.get(key)
        if known is None:
            known = self._chat.keeper.draft(key)
        self._known[key] = written
        if written[0] != known[0]:
            self._chat.keeper.keep_draft(key, written[0])
        if written[1] != known[1]:
            self._chat.keeper.keep_draft_files(key, written[1])

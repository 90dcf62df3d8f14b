"""The messages of one conversation as a Qt list model."""

from collections.abc import Iterable, Sequence
from enum import IntEnum

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from phidesk.core.attachments import model_text
from phidesk.core.chat import GenerationResult, Message, Role
from phidesk.core.conversation import Attachment, ChatMessage, MessageState, new_id

_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class ThreadRole(IntEnum):
    """What the view may ask of a message."""

    SPEAKER = Qt.ItemDataRole.UserRole + 1
    TEXT = Qt.ItemDataRole.UserRole + 2
    STATE = Qt.ItemDataRole.UserRole + 3
    RESULT = Qt.ItemDataRole.UserRole + 4
    ERROR = Qt.ItemDataRole.UserRole + 5
    ID = Qt.ItemDataRole.UserRole + 6
    VERSION = Qt.ItemDataRole.UserRole + 7
    """(which of the versions this is, counted from 1, and how many there are)"""
    ATTACHMENTS = Qt.ItemDataRole.UserRole + 8
    UNSEEN = Qt.ItemDataRole.UserRole + 9
    """whether the model no longer sees the message: it did not fit the context"""
    DIVIDER = Qt.ItemDataRole.UserRole + 10
    """of the first message that the model sees, where others are above: whether it sees a summary
    of those; None for all other messages"""
    UNDER_SCHEMA = Qt.ItemDataRole.UserRole + 11
    """whether the answer is written under a JSON schema; not known of those read from the store"""


class ChatEntry:
    """One message and how it came about."""

    def __init__(
        self,
        speaker: Role,
        text: str = "",
        state: MessageState = MessageState.DONE,
        *,
        message_id: str | None = None,
    ) -> None:
        self.id = message_id or new_id()
        self.speaker = speaker
        self.state = state
        self.version = (1, 1)
        self.attachments: tuple[Attachment, ...] = ()
        self.result: GenerationResult | None = None
        self.error = ""
        self.is_under_schema = False
        self._parts = [text] if text else []

    @classmethod
    def of(cls, message: ChatMessage) -> "ChatEntry":
        """Make the entry of a message."""
        entry = cls(message.role, message.text, message.state, message_id=message.id)
        entry.result, entry.error = message.result, message.error
        entry.attachments = message.attachments
        return entry

    @property
    def text(self) -> str:
        """The whole text so far."""
        if len(self._parts) > 1:
            self._parts = ["".join(self._parts)]
        return self._parts[0] if self._parts else ""

    def append(self, text: str) -> None:
        """Add a streamed piece."""
        self._parts.append(text)


class ThreadModel(QAbstractListModel):
    """A conversation's messages, oldest first.

    While an answer streams, dataChanged carries the role TEXT alone, so that a view can
    render only what is new.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._entries: list[ChatEntry] = []
        self._unseen = 0
        self._is_summed_up = False

    def rowCount(self, parent: _Index = _ROOT) -> int:  # noqa: N802
        """Return the number of messages."""
        return 0 if parent.isValid() else len(self._entries)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return what the role asks for."""
        if not index.isValid() or not 0 <= index.row() < len(self._entries):
            return None
        entry = self._entries[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole | ThreadRole.TEXT:
                return entry.text
            case Qt.ItemDataRole.AccessibleTextRole:
                who = self.tr("You") if entry.speaker is Role.USER else self.tr("Model")
                return f"{self._divider_words(index.row())}{who}: {entry.text}"
            case ThreadRole.SPEAKER:
                return entry.speaker
            case ThreadRole.STATE:
                return entry.state
            case ThreadRole.RESULT:
                return entry.result
            case ThreadRole.ERROR:
                return entry.error
            case ThreadRole.ID:
                return entry.id
            case ThreadRole.VERSION:
                return entry.version
            case ThreadRole.ATTACHMENTS:
                return entry.attachments
            case ThreadRole.UNDER_SCHEMA:
                return entry.is_under_schema
            case ThreadRole.UNSEEN:
                return index.row() < self._unseen
            case ThreadRole.DIVIDER:
                return self._is_summed_up if self._is_divided_at(index.row()) else None
            case _:
                return None

    def set_unseen(self, turns: int, *, is_summed_up: bool = False) -> None:
        """Mark the first turns, each a question and its answers, as not seen by the model.

        is_summed_up: whether it sees a summary in their place.
        """
        rows, speaker = 0, Role.SYSTEM
        for entry in self._entries if turns else ():
            if entry.speaker is Role.USER and speaker is not Role.USER:
                turns -= 1
            if turns < 0:
                break
            rows += 1
            speaker = entry.speaker if entry.text or entry.attachments else speaker
        if (rows, is_summed_up) == (self._unseen, self._is_summed_up):
            return
        last = min(max(rows, self._unseen), len(self._entries) - 1)  # the divider's row, too
        self._unseen, self._is_summed_up = rows, is_summed_up
        if last >= 0:
            self.dataChanged.emit(self.index(0), self.index(last), [ThreadRole.UNSEEN])

    def entry(self, row: int) -> ChatEntry:
        """Return the message in a row, negative rows counted from the end."""
        return self._entries[row]

    def add(self, entry: ChatEntry) -> int:
        """Append a message and return its row."""
        row = len(self._entries)
        self.beginInsertRows(QModelIndex(), row, row)
        self._entries.append(entry)
        self.endInsertRows()
        return row

    def row_of(self, message_id: str) -> int | None:
        """Return the row of a message, None where it is not on the path that is shown."""
        rows = range(len(self._entries) - 1, -1, -1)  # it is mostly the last one
        return next((row for row in rows if self._entries[row].id == message_id), None)

    def show(self, entries: Sequence[ChatEntry]) -> None:
        """Show another path; what both begin with stays, with what is new about it."""
        same = 0
        for old, new in zip(self._entries, entries, strict=False):
            if old.id != new.id:
                break
            same += 1
        self.remove_from(same)
        for row, entry in enumerate(entries[:same]):
            self._refresh(row, entry)
        if len(entries) > same:
            self.beginInsertRows(QModelIndex(), same, len(entries) - 1)
            self._entries.extend(entries[same:])
            self.endInsertRows()

    def _is_divided_at(self, row: int) -> bool:
        return 0 < self._unseen == row

    def _divider_words(self, row: int) -> str:
        if not self._is_divided_at(row):
            return ""
        if self._is_summed_up:
            return self.tr("The model sees a summary of what is above.") + " "
        return self.tr("The model no longer sees what is above.") + " "

    def _refresh(self, row: int, entry: ChatEntry) -> None:
        old, self._entries[row] = self._entries[row], entry
        if old is not entry and _shown(old) == _shown(entry):
            return
        index = self.index(row)
        self.dataChanged.emit(index, index)

    def append_text(self, row: int, text: str) -> None:
        """Add a streamed piece to a message."""
        self._entries[row].append(text)
        index = self.index(row)
        self.dataChanged.emit(index, index, [ThreadRole.TEXT])

    def set_state(
        self,
        row: int,
        state: MessageState,
        *,
        result: GenerationResult | None = None,
        error: str = "",
    ) -> None:
        """Move a message on in its life."""
        entry = self._entries[row]
        entry.state, entry.error = state, error
        entry.result = result or entry.result
        index = self.index(row)
        roles = [ThreadRole.STATE, ThreadRole.RESULT, ThreadRole.ERROR]
        self.dataChanged.emit(index, index, roles)

    def remove_from(self, row: int) -> None:
        """Remove a message and all that follow."""
        if row >= len(self._entries):
            return
        self.beginRemoveRows(QModelIndex(), row, len(self._entries) - 1)
        del self._entries[row:]
        self.endRemoveRows()

    def messages(self, before: int | None = None) -> tuple[Message, ...]:
        """Return the conversation as the model is to see it.

        Empty answers are left out, and turns of one speaker that then meet become one: many
        chat templates insist on turns that alternate.
        """
        return as_turns(
            (entry.speaker, model_text(entry.text, entry.attachments))
            for entry in self._entries[:before]
        )


def as_turns(said: Iterable[tuple[Role, str]]) -> tuple[Message, ...]:
    """Return what was said, by whom, as the model is to see it; see ThreadModel.messages."""
    turns: list[Message] = []
    for speaker, text in said:
        if turns and turns[-1].role == speaker and text:
            turns[-1] = Message(role=speaker, content=f"{turns[-1].content}\n\n{text}")
        elif text:
            turns.append(Message(role=speaker, content=text))
    return tuple(turns)


def _shown(entry: ChatEntry) -> tuple[object, ...]:
    return (entry.text, entry.state, entry.result, entry.error, entry.version, entry.attachments)

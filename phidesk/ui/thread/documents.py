"""The messages that were seen last, laid out, and a bounded number of their documents."""

from collections import OrderedDict

from PySide6.QtCore import QAbstractItemModel

from phidesk.core.chat import Role
from phidesk.core.conversation import MessageState
from phidesk.ui.thread.layout import Item
from phidesk.ui.thread.message import LONG_ANSWER, LONG_QUESTION, Message, Source
from phidesk.ui.thread.typesetter import Typesetter
from phidesk.ui.thread.wording import Wording
from phidesk.viewmodels.thread_model import ThreadRole

_MESSAGES = 40
_DOCUMENTS = 320
ROW_PADDING = 14
"""Space above and below each message."""
FIRST_BUDGET_S = 0.006
"""How long a message that comes into view may take before the rest is put off."""


class Documents:
    """A cache of laid out messages by row, and of the documents of their blocks."""

    def __init__(self, typesetter: Typesetter, wording: Wording) -> None:
        self.model: QAbstractItemModel | None = None
        self.typesetter = typesetter
        self.width = 600
        self._wording = wording
        self._messages: OrderedDict[int, Message] = OrderedDict()
        self._documents: OrderedDict[int, Item] = OrderedDict()

    def source(self, row: int) -> Source:
        """Return what the model says of a row."""
        model = self.model
        if model is None:
            raise LookupError(row)
        index = model.index(row, 0)
        state = MessageState(model.data(index, ThreadRole.STATE))
        result, error = model.data(index, ThreadRole.RESULT), model.data(index, ThreadRole.ERROR)
        speaker = Role(model.data(index, ThreadRole.SPEAKER))
        if speaker is Role.USER:
            note = self._wording.question_note(model.data(index, ThreadRole.ATTACHMENTS))
        else:
            note = self._wording.note(state, result)
        if model.data(index, ThreadRole.UNSEEN):
            note = " · ".join(filter(None, (note, self._wording.unseen())))
        return Source(
            speaker=speaker,
            text=str(model.data(index, ThreadRole.TEXT) or ""),
            state=state,
            note=note,
            error=self._wording.failure(state, str(error or "")),
            is_under_schema=bool(model.data(index, ThreadRole.UNDER_SCHEMA)),
            divider=self._wording.divider(model.data(index, ThreadRole.DIVIDER)),
        )

    def count(self) -> int:
        """Return the number of messages."""
        return self.model.rowCount() if self.model else 0

    def message(self, row: int) -> Message:
        """Return a row's message, rendered for a first short while where it is new."""
        message = self._messages.get(row)
        if message is None:
            message = self.made(self.source(row))
            message.advance(FIRST_BUDGET_S)
            self._messages[row] = message
            if len(self._messages) > _MESSAGES:
                self._messages.popitem(last=False)
        else:
            self._messages.move_to_end(row)
        return message

    def made(self, source: Source) -> Message:
        """Return a message that is not kept here."""
        return Message(self.typesetter, self.width, source, self._wording)

    def cached(self, row: int) -> Message | None:
        """Return a row's message where it is there."""
        return self._messages.get(row)

    def forget(self, row: int = 0) -> None:
        """Drop the messages from a row on."""
        for stale in [key for key in self._messages if key >= row]:
            del self._messages[stale]
        if not row:
            self._documents.clear()

    def set_width(self, width: int) -> None:
        """Lay out in another width from now on."""
        self.width = width
        for message in self._messages.values():
            message.layout.set_width(width)

    def restyle(self, typesetter: Typesetter) -> None:
        """Use another theme or font from now on."""
        self.typesetter = typesetter
        self._documents.clear()
        for message in self._messages.values():
            message.layout.restyle(typesetter)

    def refresh_formulas(self) -> None:
        """Show formulas that have been set."""
        for message in self._messages.values():
            message.layout.refresh_formulas()

    def keep(self, item: Item) -> None:
        """Note that a block's document was used, and drop those that were not for long."""
        if item.document is None:
            return
        self._documents[id(item)] = item
        self._documents.move_to_end(id(item))
        while len(self._documents) > _DOCUMENTS:
            _, oldest = self._documents.popitem(last=False)
            oldest.drop_document()

    def estimate(self, row: int) -> int:
        """Guess a row's height from the length of its text alone."""
        model = self.model
        text = str(model.data(model.index(row, 0), ThreadRole.TEXT) or "") if model else ""
        limit = LONG_ANSWER
        if model and model.data(model.index(row, 0), ThreadRole.SPEAKER) is Role.USER:
            limit = LONG_QUESTION
        text = text[:limit]
        letters = self.width / self.typesetter.character_width
        lines = 1 + 1.15 * len(text) / letters + 0.6 * text.count("\n")
        return round(lines * self.typesetter.line) + 3 * ROW_PADDING

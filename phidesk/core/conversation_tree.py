"""The messages of a chat as a tree, of which one path is shown."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import msgspec

from phidesk.core.conversation import ChatMessage, new_id


class Cut(NamedTuple):
    """What a delete took out of a tree, for restore.

    messages: the deleted one first, parents before their children. place: which of the versions
    it was, counted from 0. leaf: what was shown before.
    """

    messages: tuple[ChatMessage, ...]
    place: int
    leaf: str | None


class ConversationTree:
    """Messages by id; `leaf` is the last one of the path that is shown, None for an empty chat.

    Messages whose parent is missing begin a path of their own, so that damage hides no word.
    """

    def __init__(self, messages: Iterable[ChatMessage] = (), leaf: str | None = None) -> None:
        self._messages = {message.id: message for message in messages}
        self._children: dict[str | None, list[str]] = {None: []}
        for message in self._messages.values():
            self._children.setdefault(self._parent(message), []).append(message.id)
        self._mend_rings()
        self.leaf = leaf if leaf in self._messages else self._newest_below(None)

    def __len__(self) -> int:
        return len(self._messages)

    def __iter__(self) -> Iterator[ChatMessage]:
        return iter(list(self._messages.values()))

    def __contains__(self, message_id: object) -> bool:
        return message_id in self._messages

    def is_leaf(self, message_id: str) -> bool:
        """Whether nothing follows a message."""
        return not self._children.get(message_id)

    def get(self, message_id: str) -> ChatMessage:
        """Return a message; raises KeyError for one that is not here."""
        return self._messages[message_id]

    def path(self, leaf: str | None = None) -> list[ChatMessage]:
        """Return the messages from the first to a leaf, by default the one that is shown."""
        found: list[ChatMessage] = []
        at = self.leaf if leaf is None else leaf
        while at is not None:
            found.append(self._messages[at])
            at = self._parent(found[-1])
        return found[::-1]

    def versions(self, message_id: str) -> Sequence[str]:
        """Return the ids of a message and of those beside it, oldest first."""
        return tuple(self._children[self._parent(self._messages[message_id])])

    def add(self, message: ChatMessage) -> None:
        """Put a message below its parent, or at the beginning, and show it."""
        if message.id in self._messages:
            raise ValueError(f"there is a message {message.id} already")
        if message.parent is not None and message.parent not in self._messages:
            raise ValueError(f"there is no message {message.parent} to put another below")
        self._messages[message.id] = message
        self._children.setdefault(message.parent, []).append(message.id)
        self.leaf = message.id

    def replace(self, message: ChatMessage) -> None:
        """Change what is known of a message; its place stays."""
        if self._messages[message.id].parent != message.parent:
            raise ValueError("a message stays where it is")
        self._messages[message.id] = message

    def choose(self, message_id: str) -> None:
        """Show a version, and below it what was said last."""
        self.leaf = self._newest_below(message_id)

    def delete(self, message_id: str) -> Cut:
        """Take a message out with all below it, and show the version or message next to it."""
        message, before = self._messages[message_id], self.leaf
        below = self.with_all_below(message_id)
        siblings = self._children[self._parent(message)]
        place = siblings.index(message_id)
        siblings.remove(message_id)
        cut = Cut(tuple(self._messages.pop(gone) for gone in below), place, before)
        for gone in below:
            self._children.pop(gone, None)
        if before not in self._messages:
            beside = siblings[min(place, len(siblings) - 1)] if siblings else None
            self.leaf = self._newest_below(beside) if beside else self._parent(message)
        return cut

    def restore(self, cut: Cut) -> None:
        """Put back what a delete took, and show what was shown before it."""
        first = cut.messages[0]
        for message in cut.messages:
            self._messages[message.id] = message
        self._children.setdefault(self._parent(first), []).insert(cut.place, first.id)
        for message in cut.messages[1:]:
            self._children.setdefault(message.parent, []).append(message.id)
        self.leaf = cut.leaf

    def branch(self, message_id: str) -> list[ChatMessage]:
        """Return copies of the path up to a message, for a chat of their own."""
        copies: list[ChatMessage] = []
        for message in self.path(message_id):
            parent = copies[-1].id if copies else None
            copies.append(msgspec.structs.replace(message, id=new_id(), parent=parent))
        return copies

    def copy(self) -> tuple[list[ChatMessage], str | None]:
        """Return copies of all messages, parents before their children, and of the leaf's id."""
        ids: dict[str | None, str] = {}
        copies: list[ChatMessage] = []
        for old in self.with_all_below(None):
            message = self._messages[old]
            ids[old] = new_id()
            parent = ids.get(self._parent(message))
            copies.append(msgspec.structs.replace(message, id=ids[old], parent=parent))
        return copies, ids.get(self.leaf)

    def _parent(self, message: ChatMessage) -> str | None:
        return message.parent if message.parent in self._messages else None

    def with_all_below(self, message_id: str | None) -> list[str]:
        """Return the ids, parents first; all messages for None, which itself is not one."""
        found: list[str] = []
        waiting = list(self._children[None]) if message_id is None else [message_id]
        waiting.reverse()
        while waiting:
            found.append(waiting.pop())
            waiting.extend(reversed(self._children.get(found[-1], ())))
        return found

    def _newest_below(self, message_id: str | None) -> str | None:
        """Return the leaf that was written last, the message itself where nothing follows it."""
        leaves = [at for at in self.with_all_below(message_id) if self.is_leaf(at)]
        # Of two at the same time the later one: max() alone would take the first.
        return max(reversed(leaves), key=lambda at: self._messages[at].created, default=None)

    def _mend_rings(self) -> None:
        """Begin a path of its own with a message that damage has put below itself."""
        lost = dict.fromkeys(self._messages)
        for reached in self.with_all_below(None):
            del lost[reached]
        while lost:
            broken = next(iter(lost))
            message = self._messages[broken]
            self._children[message.parent].remove(broken)
            self._messages[broken] = msgspec.structs.replace(message, parent=None)
            self._children[None].append(broken)
            for reached in self.with_all_below(broken):
                del lost[reached]

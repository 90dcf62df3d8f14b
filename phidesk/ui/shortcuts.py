"""The window's keyboard shortcuts: one table that the user can change."""

import re
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

EDIT = "edit"
"""the scope of a dialog before which the window's own keys do nothing"""
_FREE = {
    "chat.field": ("Return",),
    "chat.thread": ("Del", "Ins"),
    "chat.thread.find": ("Return",),
    "chat.list": ("Left", "Right", "Space"),
    "library": ("Return", "Del", "Ins"),
}
"""keys that may stand alone, by scope: there they do nothing else"""


class Action(QObject):
    """Something that a key does.

    name: what the settings call it. section, words: where and how the list shows it.
    default: its keys in Qt's portable form, "" for none. sequence: those that it has now.
    scope: the page, field or list that has to have the focus, "" for none; what lies in a page
    begins with the page's name.
    """

    def __init__(self, name: str, section: str, words: str, default: str, scope: str) -> None:
        super().__init__()
        self.name = name
        self.section = section
        self.words = words
        self.default = _portable(default)
        self.sequence = self.default
        self.scope = scope
        self.keys: list[QShortcut] = []

    @property
    def is_changed(self) -> bool:
        """Whether it has other keys than it came with."""
        return self.sequence != self.default

    def would_type(self, sequence: str) -> bool:
        """Return whether keys are needed to type, or to move in what the action belongs to."""
        *held, key = sequence.split("+")
        if not set(held) <= {"Shift"} or not key or re.fullmatch(r"Esc|F\d+", key):
            return False
        return not (self.default and key in _FREE.get(self.scope, ()))


class Shortcuts(QObject):
    """Knows all actions that have keys, and which keys the user gave them."""

    changed = Signal()

    def __init__(self, chosen: dict[str, str], parent: QObject) -> None:
        """chosen: the user's keys by action, of the settings; kept up to date here."""
        super().__init__(parent)
        self._chosen = chosen
        self._actions: dict[str, Action] = {}

    @property
    def actions(self) -> list[Action]:
        """All actions, in the order in which they were added."""
        return list(self._actions.values())

    def of_scope(self, scope: str) -> list[Action]:
        """Return the actions of a field or list."""
        return [action for action in self._actions.values() if action.scope == scope]

    def declare(self, name: str, section: str, words: str, keys: str, scope: str = "") -> None:
        """List an action; what does it is made later, or answers the keys itself."""
        action = Action(name, section, words, keys, scope)
        action.sequence = _portable(self._chosen.get(name, keys))
        self._actions[name] = action

    def attach(self, name: str, shortcut: QShortcut) -> None:
        """Let an action's keys do something, whichever they are."""
        action = self._actions[name]
        shortcut.setKey(QKeySequence(action.sequence))
        action.keys.append(shortcut)

    def add(
        self, name: str, section: str, words: str, keys: str, act: Callable[[], object],
        parent: QWidget,
    ) -> None:  # fmt: skip
        """Let keys do something while the window, or what is in it, has the focus."""
        self.declare(name, section, words, keys)
        shortcut = QShortcut(parent)
        shortcut.activated.connect(act)
        self.attach(name, shortcut)

    def settle(self) -> list[Action]:
        """Leave no keys to two actions; returns those that have lost theirs.

        Keys that the user chose go before those that an action came with, and then the narrower
        place before the wider one. Keys that are needed to type were not always refused.
        """
        lost = []
        for action in self._actions.values():
            if action.is_changed and action.would_type(action.sequence):
                self._set(action, action.default)
                lost.append(action)
        rank = {a: (a.is_changed, a.scope.count("."), bool(a.scope)) for a in self.actions}
        for action in sorted(rank, key=lambda a: rank[a], reverse=True):
            for owner in self.owners(action.sequence, action):
                self._set(owner, "")
                lost.append(owner)
        return lost

    def rebind(self, name: str, sequence: str) -> None:
        """Give an action other keys, "" for none; who had them loses them."""
        action = self._actions[name]
        for before in self.owners(sequence, action):
            self._set(before, "")
        self._set(action, sequence)
        self.changed.emit()

    @property
    def chosen(self) -> dict[str, str]:
        """The keys that the user gave actions, by their names."""
        return dict(self._chosen)

    def reset(self) -> None:
        """Give all actions the keys that they came with."""
        self.choose({})

    def choose(self, chosen: dict[str, str]) -> None:
        """Give actions these keys, and all others those that they came with."""
        for action in self._actions.values():
            self._set(action, chosen.get(action.name, action.default))
        self.changed.emit()

    def follow(self, name: str, words: str, show: Callable[[str], object]) -> None:
        """Have it shown what an action is called, with the keys that it has."""

        def update() -> None:
            keys = self.keys_of(name)
            show(f"{words} ({keys})" if keys else words)

        self.changed.connect(update)
        update()

    def keys_of(self, name: str) -> str:
        """Return an action's keys as people write them, "" for none or an unknown action."""
        action = self._actions.get(name)
        keys = QKeySequence(action.sequence if action else "")
        return keys.toString(QKeySequence.SequenceFormat.NativeText)

    def owners(self, sequence: str, wanting: Action) -> list[Action]:
        """Return the other actions that these keys would do where they do what is wanted."""
        keys = _portable(sequence)
        return [
            action
            for action in self._actions.values()
            if keys and action.sequence == keys and action is not wanting and _meet(action, wanting)
        ]

    def _set(self, action: Action, sequence: str) -> None:
        action.sequence = _portable(sequence)
        for shortcut in action.keys:
            shortcut.setKey(QKeySequence(sequence))
        if action.is_changed:
            self._chosen[action.name] = action.sequence
        else:
            self._chosen.pop(action.name, None)


def _meet(one: Action, other: Action) -> bool:
    """Return whether there is a place where both would be done."""
    if EDIT in (one.scope, other.scope):
        return one.scope == other.scope
    return one.scope.startswith(other.scope) or other.scope.startswith(one.scope)


def _portable(keys: str) -> str:
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.PortableText)

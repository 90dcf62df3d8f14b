"""The window's keyboard shortcuts: one table that the user can change."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget


class Action(QObject):
    """Something that a key does.

    name: what the settings call it. section, words: where and how the list shows it.
    default: its keys in Qt's portable form, "" for none.
    """

    def __init__(self, name: str, section: str, words: str, default: str) -> None:
        super().__init__()
        self.name = name
        self.section = section
        self.words = words
        self.default = default
        self.keys: list[QShortcut] = []

    @property
    def sequence(self) -> str:
        """The keys that do it now, in Qt's portable form."""
        return self.keys[0].key().toString(QKeySequence.SequenceFormat.PortableText)


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

    def add(
        self, name: str, section: str, words: str, keys: str, act: Callable[[], object],
        parent: QWidget,
    ) -> None:  # fmt: skip
        """Let keys do something while the parent, or what is in it, has the focus.

        A window's are for all of it. An action may be added several times, for several parents.
        """
        action = self._actions.setdefault(name, Action(name, section, words, keys))
        shortcut = QShortcut(QKeySequence(self._chosen.get(name, keys)), parent)
        if not parent.isWindow():
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(act)
        action.keys.append(shortcut)

    def rebind(self, name: str, sequence: str) -> None:
        """Give an action other keys, "" for none; who had them loses them."""
        keys = QKeySequence(sequence)
        if not keys.isEmpty() and (before := self.owner(sequence)) is not None:
            self._set(before, "")
        self._set(self._actions[name], sequence)
        self.changed.emit()

    def reset(self) -> None:
        """Give all actions the keys that they came with."""
        for action in self._actions.values():
            self._set(action, action.default)
        self.changed.emit()

    def keys_of(self, name: str) -> str:
        """Return an action's keys as people write them, "" for none or an unknown action."""
        action = self._actions.get(name)
        keys = QKeySequence(action.sequence if action else "")
        return keys.toString(QKeySequence.SequenceFormat.NativeText)

    def owner(self, sequence: str) -> Action | None:
        """Return the action that has these keys."""
        wanted = QKeySequence(sequence)
        found = (a for a in self._actions.values() if QKeySequence(a.sequence) == wanted)
        return next(found, None)

    def _set(self, action: Action, sequence: str) -> None:
        for shortcut in action.keys:
            shortcut.setKey(QKeySequence(sequence))
        if action.sequence == QKeySequence(action.default).toString(
            QKeySequence.SequenceFormat.PortableText
        ):
            self._chosen.pop(action.name, None)
        else:
            self._chosen[action.name] = action.sequence

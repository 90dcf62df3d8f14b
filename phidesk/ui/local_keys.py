"""Keys that a field or a list answers itself, when the user has chosen others in their place."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QWidget

from phidesk.ui.shortcuts import Action, Shortcuts

_PRESSES = (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride)


class LocalKeys(QObject):
    """Translates the keys of a scope's actions into those that the widget knows.

    The keys that an action came with do nothing while it has others. As long as none has, the
    widget's events take no way through here.
    """

    def __init__(self, shortcuts: Shortcuts, scope: str, widget: QWidget) -> None:
        super().__init__(widget)
        self._shortcuts = shortcuts
        self._scope = scope
        self._is_sending = False
        self._widget = widget
        shortcuts.changed.connect(self._watch)
        self._watch()

    @property
    def _answered(self) -> list[Action]:
        """The actions that the widget answers itself; the others have a QShortcut."""
        return [a for a in self._shortcuts.of_scope(self._scope) if not a.keys]

    def _watch(self) -> None:
        self._widget.removeEventFilter(self)
        if any(action.is_changed for action in self._answered):
            self._widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Look at keys alone."""
        if event.type() not in _PRESSES or self._is_sending or not isinstance(event, QKeyEvent):
            return False
        keys = _keys(event)
        if not keys:  # Qt has no name for it, and an action without keys none either
            return False
        is_press = event.type() is QEvent.Type.KeyPress
        for action in self._answered:
            if action.sequence != keys:
                continue
            if not is_press:
                event.accept()  # before a key of the whole window
                return True
            if action.is_changed:
                self._send(watched, action, event)
            return action.is_changed
        was_moved = any(a.is_changed and a.default == keys for a in self._answered)
        if was_moved:
            event.ignore()
        return was_moved

    def _send(self, watched: QObject, action: Action, event: QKeyEvent) -> None:
        known = QKeySequence(action.default)[0]  # type: ignore[index]  # missing in the stubs
        translated = QKeyEvent(
            QEvent.Type.KeyPress, known.key(), known.keyboardModifiers(), "", event.isAutoRepeat()
        )
        self._is_sending = True
        QApplication.sendEvent(watched, translated)
        self._is_sending = False


def _keys(event: QKeyEvent) -> str:
    """Return what was pressed in Qt's portable form; the keypad's Enter is as good as the other."""
    keys = QKeySequence(event.keyCombination())
    text = keys.toString(QKeySequence.SequenceFormat.PortableText).replace("Num+", "")
    return f"{text.removesuffix('Enter')}Return" if text.endswith("Enter") else text

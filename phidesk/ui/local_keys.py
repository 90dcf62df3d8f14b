"""Keys that a field or a list answers itself, when the user has chosen others in their place."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QWidget

from phidesk.ui.shortcuts import Action, Shortcuts

_PRESSES = (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride)


class LocalKeys(QObject):
    """Translates the keys of a scope's actions into those that the widget knows.

    The keys that an action came with do nothing while it has others.
    """

    def __init__(self, shortcuts: Shortcuts, scope: str, widget: QWidget) -> None:
        super().__init__(widget)
        self._shortcuts = shortcuts
        self._scope = scope
        self._is_sending = False
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Look at keys alone."""
        if event.type() not in _PRESSES or self._is_sending or not isinstance(event, QKeyEvent):
            return False
        keys = _keys(event)
        is_press = event.type() is QEvent.Type.KeyPress
        answered = [a for a in self._shortcuts.of_scope(self._scope) if not a.keys]
        for action in answered:
            if action.sequence != keys:
                continue
            if not is_press:
                event.accept()  # before a key of the whole window
                return True
            if action.is_changed:
                self._send(watched, action, event)
            return action.is_changed
        was_moved = any(a.is_changed and a.default == keys for a in answered)
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

"""The context menu of the thread."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from phidesk.ui.thread.blocks import Kind
from phidesk.ui.thread.geometry import Hit
from phidesk.ui.thread.mouse import Mouse
from phidesk.ui.thread.offers import Act, KeysOf, name, no_keys


class ThreadMenu(QMenu):
    """Offers what can be copied at a point, and what can be done with the message there.

    copy: None where nothing is selected. do: does one of `acts`.
    """

    def __init__(
        self,
        mouse: Mouse,
        hit: Hit | None,
        copy: Callable[[], None] | None,
        select_all: Callable[[], None],
        parent: QWidget,
        acts: Sequence[Act] = (),
        do: Callable[[Act], None] = lambda _: None,
        keys_of: KeysOf = no_keys,
    ) -> None:
        super().__init__(parent)
        self._keys_of = keys_of
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if copy is not None:
            self.addAction(self.tr("Copy"), QKeySequence.StandardKey.Copy, copy)
        if hit is None:
            return
        source, link = hit.message.source.text, mouse.link(hit)
        self.addAction(self.tr("Copy message"), lambda: _to_clipboard(source))
        if hit.item.block.kind is Kind.CODE:
            self.addAction(self.tr("Copy code"), lambda: mouse.copy_code(hit))
        if link:
            self.addAction(self.tr("Copy link address"), lambda: _to_clipboard(link))
        if any(act is not Act.COPY for act in acts):
            self.addSeparator()
        for act in acts:
            if act is not Act.COPY:
                self._add(act, do)
        self.addSeparator()
        self.addAction(self.tr("Select all"), QKeySequence.StandardKey.SelectAll, select_all)

    def _add(self, act: Act, do: Callable[[Act], None]) -> None:
        action = self.addAction(name(act), lambda: do(act))
        if keys := self._keys_of(act):
            action.setShortcut(keys)
            action.setShortcutVisibleInContextMenu(True)


def _to_clipboard(text: str) -> None:
    QGuiApplication.clipboard().setText(text)

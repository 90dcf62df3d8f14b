"""The context menu of the thread."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from phidesk.ui.thread.blocks import Kind
from phidesk.ui.thread.geometry import Hit
from phidesk.ui.thread.mouse import Mouse


class ThreadMenu(QMenu):
    """Offers what can be copied at a point; `copy` is None where nothing is selected."""

    def __init__(
        self,
        mouse: Mouse,
        hit: Hit | None,
        copy: Callable[[], None] | None,
        select_all: Callable[[], None],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
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
        self.addSeparator()
        self.addAction(self.tr("Select all"), QKeySequence.StandardKey.SelectAll, select_all)


def _to_clipboard(text: str) -> None:
    QGuiApplication.clipboard().setText(text)

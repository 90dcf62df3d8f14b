"""The order in which Tab goes through a window: that of its layouts, whenever a part was made."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLayout, QWidget


def tab_order(widget: QWidget) -> list[QWidget]:
    """Return what Tab can reach inside a widget, in the order in which it is laid out."""
    found = []
    for part in _parts(widget):
        if part.isVisible() and part.isEnabled() and not part.isWindow():
            takes_tab = part.focusPolicy() & Qt.FocusPolicy.TabFocus
            if takes_tab and part.focusProxy() is None and not is_reached_by_arrows(part):
                found.append(part)
            found += tab_order(part)
    return found


def is_reached_by_arrows(part: QWidget) -> bool:
    """Return whether Tab goes to another button of its group: the one that is chosen."""
    group = part.group() if isinstance(part, QAbstractButton) else None
    if group is None or not group.exclusive():
        return False
    return group.checkedButton() is not None and group.checkedButton() is not part


def focus_next(window: QWidget, *, forwards: bool) -> bool:
    """Move the focus by one in a window; returns whether there was anywhere to go.

    Qt goes by the order in which widgets were made: a pane that is made when it is first shown
    would come after all others.
    """
    order = tab_order(window)
    if not order:
        return False
    here, step = window.focusWidget(), 1 if forwards else -1
    place = 0 if forwards else -1
    if here in order:
        place = (order.index(here) + step) % len(order)
    reason = Qt.FocusReason.TabFocusReason if forwards else Qt.FocusReason.BacktabFocusReason
    order[place].setFocus(reason)
    return True


def _parts(widget: QWidget) -> list[QWidget]:
    """Return the children: those in a layout first, in its order, the others from the top left."""
    layout = widget.layout()
    laid_out = _inside(layout) if layout is not None else []
    others = [
        child for child in widget.children() if isinstance(child, QWidget) and child not in laid_out
    ]
    others.sort(key=lambda child: (child.y(), child.x()))
    return laid_out + others


def _inside(layout: QLayout) -> list[QWidget]:
    found: list[QWidget] = []
    for place in range(layout.count()):
        item = layout.itemAt(place)
        if item is None:
            continue
        part, below = item.widget(), item.layout()
        if part is not None:
            found.append(part)
        elif below is not None:
            found += _inside(below)
    return found

"""What can be done with a message, and what it is called."""

from collections.abc import Callable, Sequence
from enum import StrEnum

from PySide6.QtCore import QCoreApplication


class Act(StrEnum):
    """One thing that can be done with a message."""

    COPY = "copy"
    EDIT = "edit"
    REGENERATE = "regenerate"
    CONTINUE = "continue"
    BRANCH = "branch"
    DELETE = "delete"
    PREVIOUS = "previous"
    NEXT = "next"


ICONS = {
    Act.COPY: "copy",
    Act.EDIT: "edit",
    Act.REGENERATE: "refresh",
    Act.CONTINUE: "continue",
    Act.BRANCH: "branch",
    Act.DELETE: "trash",
}
ACTIONS = {
    Act.EDIT: "chat.edit",
    Act.REGENERATE: "chat.regenerate",
    Act.CONTINUE: "chat.continue",
    Act.PREVIOUS: "chat.before",
    Act.NEXT: "chat.after",
}
"""the window's actions that do it with the last message that they fit"""
KeysOf = Callable[[Act], str]
"""the keys that do it, "" for none"""
Offers = Callable[[str], Sequence[Act]]
"""what can be done with the message of an id just now, in the order of the buttons"""


def no_offers(_message_id: str) -> Sequence[Act]:
    """Offer nothing."""
    return ()


def no_keys(_act: Act) -> str:
    """Have no keys."""
    return ""


def name(act: Act) -> str:
    """Return what a button or a menu calls it."""
    match act:
        case Act.COPY:
            return QCoreApplication.translate("Offers", "Copy message")
        case Act.EDIT:
            return QCoreApplication.translate("Offers", "Edit…")
        case Act.REGENERATE:
            return QCoreApplication.translate("Offers", "Answer again")
        case Act.CONTINUE:
            return QCoreApplication.translate("Offers", "Continue")
        case Act.BRANCH:
            return QCoreApplication.translate("Offers", "Branch into a new chat")
        case Act.DELETE:
            return QCoreApplication.translate("Offers", "Delete from here on")
        case Act.PREVIOUS:
            return QCoreApplication.translate("Offers", "Previous version")
        case Act.NEXT:
            return QCoreApplication.translate("Offers", "Next version")

"""What the list of chats shows, row by row: pinned chats, folders, and the others by date."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from PySide6.QtCore import QCoreApplication, QDate, QLocale

from phidesk.core.conversation import Folder
from phidesk.viewmodels.conversation import Conversation

_WEEK, _MONTH = timedelta(days=7), timedelta(days=30)


class RowKind(StrEnum):
    """What a row is."""

    HEADING = "heading"
    FOLDER = "folder"
    CHAT = "chat"
    NOTE = "note"
    """why a folder looks empty"""


class Sign(StrEnum):
    """What a chat's row is marked with; the values are names of icons."""

    INTERRUPTED = "interrupted"
    DRAFT = "edit"

    @property
    def words(self) -> str:
        """What it says."""
        match self:
            case Sign.INTERRUPTED:
                return QCoreApplication.translate("ChatRows", "The last answer was interrupted")
            case Sign.DRAFT:
                return QCoreApplication.translate("ChatRows", "Has a draft that is not sent")


def signs(chat: Conversation, *, is_current: bool) -> list[Sign]:
    """Return what a chat is marked with; the draft of the current one is seen in the input."""
    found = [Sign.INTERRUPTED] if chat.is_interrupted else []
    return [*found, Sign.DRAFT] if chat.has_draft and not is_current else found


@dataclass(frozen=True)
class Row:
    """One row; folder: the folder itself, or the one that a chat or note lies in.

    text: a heading's or note's. count: the chats in a folder. is_pinned: a chat among the pinned
    ones, or their heading.
    """

    kind: RowKind
    text: str = ""
    chat: Conversation | None = None
    folder: Folder | None = None
    count: int = 0
    is_folded: bool = False
    is_pinned: bool = False

    @property
    def key(self) -> str:
        """What stays the same while the row's words change."""
        if self.chat is not None:
            return f"{self.chat.id} {self.is_pinned} {self.folder.id if self.folder else ''}"
        return f"{self.folder.id if self.folder is not None else ''} {self.text}"


def arrange(
    chats: Sequence[Conversation],
    folders: Sequence[Folder],
    folded: frozenset[str],
    today: date,
) -> list[Row]:
    """Return the rows, the chats of each group from the newest to the oldest.

    folded: the ids of the folders whose chats are not shown.
    """
    chats = sorted(chats, key=lambda c: (c.is_empty, c.info.updated), reverse=True)
    rows: list[Row] = []
    pinned = [chat for chat in chats if chat.info.is_pinned]
    known = {folder.id: folder for folder in folders}
    if pinned:
        rows.append(
            Row(RowKind.HEADING, QCoreApplication.translate("ChatRows", "Pinned"), is_pinned=True)
        )
        for chat in pinned:
            folder = known.get(chat.info.folder or "")
            rows.append(Row(RowKind.CHAT, chat=chat, folder=folder, is_pinned=True))
    others = [chat for chat in chats if not chat.info.is_pinned]
    if folders:
        rows.append(Row(RowKind.HEADING, QCoreApplication.translate("ChatRows", "Folders")))
    for folder in folders:
        inside = [chat for chat in others if chat.info.folder == folder.id]
        is_folded = folder.id in folded
        count = len(inside)
        rows.append(Row(RowKind.FOLDER, folder=folder, count=count, is_folded=is_folded))
        if is_folded:
            continue
        rows += [Row(RowKind.CHAT, chat=chat, folder=folder) for chat in inside]
        if not inside:
            is_above = any(chat.info.folder == folder.id for chat in pinned)
            rows.append(Row(RowKind.NOTE, text=_why_empty(is_above=is_above), folder=folder))
    heading = ""
    for chat in others:
        if chat.info.folder in known:
            continue
        written = datetime.fromtimestamp(chat.info.updated).date()
        named = date_heading(today if chat.is_empty else written, today)
        if named != heading:
            heading = named
            rows.append(Row(RowKind.HEADING, heading))
        rows.append(Row(RowKind.CHAT, chat=chat))
    return rows


def _why_empty(*, is_above: bool) -> str:
    if is_above:
        return QCoreApplication.translate("ChatRows", "Its chats are pinned above")
    return QCoreApplication.translate("ChatRows", "Empty: drag chats here")


def date_heading(day: date, today: date) -> str:
    """Return the name of the group that a day belongs to."""
    age = today - day
    if age <= timedelta(0):
        return QCoreApplication.translate("ChatRows", "Today")
    if age == timedelta(days=1):
        return QCoreApplication.translate("ChatRows", "Yesterday")
    if age <= _WEEK:
        return QCoreApplication.translate("ChatRows", "Previous 7 days")
    if age <= _MONTH:
        return QCoreApplication.translate("ChatRows", "Previous 30 days")
    month = QLocale().standaloneMonthName(day.month)
    return f"{month} {day.year}"


def day_words(day: date, today: date) -> str:
    """Return a day in few words: its name, or the date, with the year unless it is this one."""
    if day == today:
        return QCoreApplication.translate("ChatRows", "Today")
    if day == today - timedelta(days=1):
        return QCoreApplication.translate("ChatRows", "Yesterday")
    form = (
        QCoreApplication.translate("ChatRows", "d MMM")
        if day.year == today.year
        else QCoreApplication.translate("ChatRows", "d MMM yyyy")
    )
    return QLocale().toString(QDate(day.year, day.month, day.day), form)

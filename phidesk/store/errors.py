"""What can go wrong with the file of the chats."""

import errno
import os
import shutil
import sqlite3
from enum import StrEnum
from pathlib import Path

import msgspec

_HARDLY_FREE = 2**20  # bytes: SQLite calls a full disk an I/O error where it is not the data's file


class StoreError(Exception):
    """The chats cannot be read or written; the message is for the user."""


class StoreTooNewError(StoreError):
    """A newer phidesk has written the file."""


class StoreDamagedError(StoreError):
    """The file is not a database of chats, or parts of it are destroyed."""


class TroubleKind(StrEnum):
    """Why nothing can be saved for now."""

    DISK_FULL = "disk_full"
    READ_ONLY = "read_only"
    BUSY = "busy"
    """another window has been writing for long"""
    DAMAGED = "damaged"
    OTHER = "other"


class Trouble(msgspec.Struct, frozen=True, kw_only=True):
    """Why saving failed, with the words of the system."""

    kind: TroubleKind
    detail: str


_KINDS = {
    sqlite3.SQLITE_FULL: TroubleKind.DISK_FULL,
    sqlite3.SQLITE_READONLY: TroubleKind.READ_ONLY,
    sqlite3.SQLITE_PERM: TroubleKind.READ_ONLY,
    sqlite3.SQLITE_BUSY: TroubleKind.BUSY,
    sqlite3.SQLITE_LOCKED: TroubleKind.BUSY,
    sqlite3.SQLITE_CORRUPT: TroubleKind.DAMAGED,
    sqlite3.SQLITE_NOTADB: TroubleKind.DAMAGED,
}
_NUMBERS = {
    errno.ENOSPC: TroubleKind.DISK_FULL,
    errno.EDQUOT: TroubleKind.DISK_FULL,
    errno.EROFS: TroubleKind.READ_ONLY,
    errno.EACCES: TroubleKind.READ_ONLY,
    errno.EPERM: TroubleKind.READ_ONLY,
}


def is_damage(error: sqlite3.Error) -> bool:
    """Return whether the error says that the file is destroyed or no database."""
    return _KINDS.get(_code(error)) is TroubleKind.DAMAGED


def trouble_of(error: Exception, folder: Path) -> Trouble:
    """Return why saving into the folder failed."""
    kind = TroubleKind.OTHER
    if isinstance(error, StoreDamagedError):
        kind = TroubleKind.DAMAGED
    elif isinstance(error, sqlite3.Error):
        kind = _KINDS.get(_code(error), kind)
    elif isinstance(error, OSError):
        kind = _NUMBERS.get(error.errno or 0, kind)
    if kind is TroubleKind.OTHER and folder.exists() and not os.access(folder, os.W_OK):
        kind = TroubleKind.READ_ONLY
    elif kind is TroubleKind.OTHER and _is_full(folder):
        kind = TroubleKind.DISK_FULL
    return Trouble(kind=kind, detail=str(error))


def _code(error: sqlite3.Error) -> int:
    """Return SQLite's primary result code; 0 for an error of Python's own."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def _is_full(folder: Path) -> bool:
    try:
        return shutil.disk_usage(folder).free < _HARDLY_FREE
    except OSError:
        return False

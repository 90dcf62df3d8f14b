"""What the workers log: the last lines, for a pane that looks when it is shown."""

import re
from collections import deque
from enum import StrEnum
from itertools import islice

import msgspec
from PySide6.QtCore import QObject, Signal

MOST_LINES = 5000
_LONGEST = 4000
_LEVEL = re.compile(r"\b(DEBUG|INFO|WARN(?:ING)?|ERROR|CRITICAL|FATAL)\b")
_TRACE = re.compile(r"Traceback \(most recent|^\S*(Error|Exception)\b|\berror:")
_HEAD = 60  # characters in which a logger names the level
_ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_NAMES = {"WARN": "warning", "CRITICAL": "error", "FATAL": "error"}


class Level(StrEnum):
    """How much a line matters; START begins what is said about another load."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"
    START = "start"


class LogLine(msgspec.Struct, frozen=True):
    """One line."""

    level: Level
    text: str


class LogViewModel(QObject):
    """Keeps the last MOST_LINES lines.

    count: of all lines since the start or the last clear. grown is emitted once, until the
    reader has read: a flood is no flood of signals.
    """

    grown = Signal()
    cleared = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lines: deque[LogLine] = deque(maxlen=MOST_LINES)
        self._told = False
        self.count = 0

    def add(self, level: str, text: str) -> None:
        """Take what a worker logged, which may be several lines."""
        clean = _ANSI.sub("", text)
        # A progress bar goes back to the beginning of its line.
        for line in clean.split("\n"):
            shown = line.rstrip("\r").rpartition("\r")[2]
            self._append(LogLine(level_of(level, shown), shown[:_LONGEST]))

    def begin(self, title: str) -> None:
        """Note that what follows is about something else."""
        self._append(LogLine(Level.START, title))

    def read(self, since: int) -> list[LogLine]:
        """Return the lines after the first `since` ones, as far as they are kept."""
        self._told = False
        new = min(self.count - since, len(self._lines))
        return list(islice(self._lines, len(self._lines) - new, None))

    def clear(self) -> None:
        """Forget all lines."""
        self._lines.clear()
        self.count = 0
        self.cleared.emit()

    def _append(self, line: LogLine) -> None:
        self._lines.append(line)
        self.count += 1
        if not self._told:
            self._told = True
            self.grown.emit()


def level_of(level: str, text: str) -> Level:
    """Return a line's level: libraries write theirs into the line itself."""
    found = _LEVEL.search(text[:_HEAD])
    name = level.upper() if level != "info" else found.group() if found else ""
    if name:
        known = _NAMES.get(name, name.lower())
        return Level(known) if known in set(Level) else Level.INFO
    return Level.ERROR if _TRACE.search(text[:200]) else Level.INFO

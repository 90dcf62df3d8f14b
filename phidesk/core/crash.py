"""What is left of a window that did not end by being closed: a trace, and a log.

A trace is opened when the window begins and removed when it is closed; the next window finds the
one that is left. Nothing of it leaves the machine by itself.
"""

import contextlib
import faulthandler
import logging
import sys
import threading
import time
from collections.abc import Callable
from datetime import datetime
from io import TextIOWrapper
from pathlib import Path
from types import TracebackType

from phidesk import __version__
from phidesk.core.paths import profile_key, state_dir

_LOG = "phidesk.log"
_LOG_BYTES, _LOG_FILES = 1_000_000, 3
_MOST_TRACE, _LAST_LINES = 200_000, 80
_DUMPS = ("Fatal Python error", "Windows fatal exception")


class CrashWatch:
    """Watches one window. report: what the last one left, in words; "" where it was closed.

    was_cut_off: whether the last one did not end by being closed, or the machine with it.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or state_dir()
        self._path = self._folder / f"window-{profile_key()}.trace"  # each profile has its own
        self._file: TextIOWrapper | None = None
        self.report = ""
        self.was_cut_off = False

    def begin(self) -> None:
        """Read what is left, and have faults and uncaught exceptions written down from now on."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self.report = self._read_left()
            self._path.write_text(_heading(), encoding="utf-8")
            self._file = self._path.open("a", encoding="utf-8")
        except OSError:  # a full disk or a folder of others is no reason not to open
            self._remove()
            return
        faulthandler.enable(self._file)
        root = logging.getLogger()
        root.addHandler(_LateFile(self._folder / _LOG))
        if logging.lastResort is not None:  # as without the file
            root.addHandler(logging.lastResort)
        sys.excepthook = _on_exception
        threading.excepthook = _on_thread_exception

    def end(self) -> None:
        """The window was closed: leave nothing."""
        if self._file is None:
            return
        faulthandler.disable()
        self._file.close()
        self._file = None
        self._remove()

    def _remove(self) -> None:
        with contextlib.suppress(OSError):
            self._path.unlink(missing_ok=True)

    def _read_left(self) -> str:
        try:
            written = self._path.stat().st_mtime
            with self._path.open(encoding="utf-8", errors="replace") as file:
                trace = file.read(_MOST_TRACE)
        except FileNotFoundError:
            return ""
        self.was_cut_off = True
        if not any(mark in trace for mark in _DUMPS) and written < _booted():
            return ""  # the machine was switched off
        lines: list[str] = []
        with contextlib.suppress(OSError):
            lines = (self._folder / _LOG).read_text("utf-8", "replace").splitlines()
        log = "\n".join(lines[-_LAST_LINES:])
        return f"{trace.strip()}\n\nThe last lines of the log:\n{log or '(none)'}\n"


class _LateFile(logging.Handler):
    """Makes the rotating file with the first record: its module takes time that most need not."""

    def __init__(self, path: Path) -> None:
        super().__init__(logging.WARNING)
        self._path = path
        self._handler: logging.Handler | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record."""
        if self._handler is None:
            from logging.handlers import RotatingFileHandler

            try:
                self._handler = RotatingFileHandler(
                    self._path, maxBytes=_LOG_BYTES, backupCount=_LOG_FILES - 1, encoding="utf-8"
                )
            except OSError:
                self._handler = logging.NullHandler()
            words = "%(asctime)s %(levelname)s %(name)s: %(message)s"
            self._handler.setFormatter(logging.Formatter(words))
        self._handler.handle(record)


def _heading() -> str:
    now = datetime.now().astimezone().isoformat(timespec="seconds")
    python = ".".join(map(str, sys.version_info[:3]))
    return f"phidesk {__version__}, Python {python}, {sys.platform}, started {now}\n"


def _booted() -> float:
    """Return when the machine was started, in seconds since the epoch; 0 where nobody knows."""
    clock: int | None = getattr(time, "CLOCK_BOOTTIME", None)
    read: Callable[[int], float] | None = getattr(time, "clock_gettime", None)
    return time.time() - read(clock) if clock is not None and read is not None else 0.0


def _on_exception(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    logging.getLogger("phidesk").critical("Uncaught exception", exc_info=(kind, error, trace))


def _on_thread_exception(left: threading.ExceptHookArgs) -> None:
    if left.exc_value is not None and not issubclass(left.exc_type, SystemExit):
        _on_exception(left.exc_type, left.exc_value, left.exc_traceback)

"""The window's event loop: asyncio on Qt, with few turns of Qt's own loop."""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from contextvars import Context
from typing import Any

from PySide6.QtCore import QSocketNotifier, QTimer
from PySide6.QtWidgets import QApplication
from qasync import QEventLoop

_SLICE_S = 0.004


class EventLoop(QEventLoop):  # type: ignore[misc]
    """Runs all callbacks that are due, and those that they cause, in one turn of Qt's loop.

    qasync makes a Qt timer for each callback, and reads a pipe by one. An event of the worker
    needs five callbacks on its way to the screen, and each turn takes time that a model on the
    same cores lacks. After _SLICE_S Qt gets its turn in any case.
    """

    def __init__(self, app: QApplication) -> None:
        self._due: deque[asyncio.Handle] = deque()
        self._turn = QTimer(singleShot=True, interval=0)
        self._turn.timeout.connect(self._run_due)
        self._is_running = False
        super().__init__(app)

    def call_soon(
        self, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> asyncio.Handle:
        """Run a callback in the next turn, after those that came before it."""
        handle = asyncio.Handle(callback, args, self, context)
        self._due.append(handle)
        self._schedule()
        return handle

    def _schedule(self) -> None:
        if self._due and not self._turn.isActive():
            self._turn.start()

    def _run_due(self) -> None:
        if self._is_running:
            return
        self._is_running = True
        end = time.monotonic() + _SLICE_S
        try:
            while self._due and time.monotonic() < end:
                handle = self._due.popleft()
                if not handle.cancelled():
                    handle._run()  # noqa: SLF001 - what an event loop is for
        finally:
            self._is_running = False
            self._schedule()

    def _add_reader(self, fd: int, callback: Callable[..., object], *args: Any) -> None:
        """Have a pipe read, and what follows of it run, in the turn that finds something in it."""
        self._remove_reader(fd)
        handle = asyncio.Handle(callback, args, self)
        notifier = QSocketNotifier(fd, QSocketNotifier.Type.Read, self._turn)

        def on_ready() -> None:
            handle._run()  # noqa: SLF001 - as above
            self._run_due()

        notifier.activated["int"].connect(on_ready)  # type: ignore[index]  # an overload
        self._read_notifiers[fd] = notifier

    def _remove_reader(self, fd: int) -> bool:
        notifier = self._read_notifiers.get(fd)
        is_removed = bool(super()._remove_reader(fd))
        if notifier is not None:
            notifier.deleteLater()  # it may be the one that just called
        return is_removed

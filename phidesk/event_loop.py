"""The window's event loop: asyncio on Qt, with few turns of Qt's own loop."""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from contextvars import Context
from typing import Any

from PySide6.QtWidgets import QApplication
from qasync import QEventLoop

_SLICE_S = 0.004


class EventLoop(QEventLoop):  # type: ignore[misc]
    """Runs all callbacks that are due, and those that they cause, in one turn of Qt's loop.

    qasync starts a Qt timer for each callback. An event of the worker needs five of them on its
    way to the screen, and each turn takes time that a model on the same cores lacks. After
    _SLICE_S Qt gets its turn in any case.
    """

    def __init__(self, app: QApplication) -> None:
        self._due: deque[asyncio.Handle] = deque()
        self._is_scheduled = False
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
        if self._due and not self._is_scheduled:
            self._is_scheduled = True
            self.call_later(0, self._run_due)

    def _run_due(self) -> None:
        self._is_scheduled = False
        end = time.monotonic() + _SLICE_S
        try:
            while self._due and time.monotonic() < end:
                handle = self._due.popleft()
                if not handle.cancelled():
                    handle._run()  # noqa: SLF001 - what an event loop is for
        finally:
            self._schedule()

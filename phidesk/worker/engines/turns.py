"""Lets several answers share one model step by step."""

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

State = TypeVar("State")


class Turns(Generic[State]):
    """A fair lock that keeps each holder's random state apart.

    save and restore read and write the process's random state. They are called only when the
    turn really goes to another thread: alone, an answer pays for one uncontended lock a step.
    """

    def __init__(self, save: Callable[[], State], restore: Callable[[State], None]) -> None:
        self._save = save
        self._restore = restore
        self._guard = threading.Lock()
        self._taken = False
        self._queue: deque[threading.Event] = deque()

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Hold the turn in the block; threads get it in the order in which they asked."""
        mine = None
        with self._guard:
            if self._taken:
                mine = threading.Event()
                self._queue.append(mine)
            self._taken = True
        if mine is not None:
            mine.wait()
        try:
            yield
        finally:
            with self._guard:
                self._wake_next()

    def pass_on(self) -> None:
        """Let everyone who waits have a turn; returns when it is this thread's turn again."""
        with self._guard:
            if not self._queue:
                return
            state = self._save()
            mine = threading.Event()
            self._queue.append(mine)
            self._wake_next()
        mine.wait()
        self._restore(state)

    def _wake_next(self) -> None:
        if self._queue:
            self._queue.popleft().set()
        else:
            self._taken = False

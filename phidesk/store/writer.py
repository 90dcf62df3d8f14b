"""A thread that writes changes, so that the window never waits for the disk."""

import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future

from phidesk.store.changes import Changes
from phidesk.store.chats import ChatStore
from phidesk.store.database import Database, transaction
from phidesk.store.errors import (
    StoreError,
    StoreTooNewError,
    Trouble,
    TroubleKind,
    trouble_of,
)

WRITE_EVERY_S = 0.4
RETRY_S = 1.0
_INDEX_PAUSE_S = 0.05
_KEPT_DELETED_S = 7 * 24 * 3600


class ChatWriter:
    """Opens the file, and writes what it is given, within half a second, in the newest form only.

    What cannot be written stays in memory and is tried again. on_trouble is called from the
    thread: with why nothing can be saved when that begins, with None when all is saved again.
    on_opened is, too: with why the file cannot be opened, at each attempt, or with None.
    """

    def __init__(
        self,
        database: Database,
        on_trouble: Callable[[Trouble | None], None],
        on_opened: Callable[[Exception | None], None] = lambda _: None,
    ) -> None:
        self._database = database
        self._on_trouble = on_trouble
        self._on_opened = on_opened
        self._has_failed_to_open = False
        self._changed = threading.Condition()
        self._waiting = Changes()
        self._writing = Changes()
        self._flushes: list[Future[bool]] = []
        self._is_ending = False
        self._store: ChatStore | None = None
        self._trouble: Trouble | None = None
        self._to_index = True
        self._has_purged = False
        self._last_attempt = -RETRY_S
        self._thread = threading.Thread(target=self._run, name="chat writer", daemon=True)

    def start(self) -> None:
        """Open the file and begin to write; what was given before is written too."""
        self._thread.start()

    def add(self, changes: Changes) -> None:
        """Have changes written soon, all in one transaction."""
        with self._changed:
            self._waiting.update(changes)
            self._changed.notify()

    def unsaved(self) -> Changes:
        """Return what may not be on the disk yet."""
        unsaved = Changes()
        with self._changed:
            unsaved.update(self._writing)
            unsaved.update(self._waiting)
        return unsaved

    def flush(self) -> "Future[bool]":
        """Write at once; the result says whether all that was given by now is on the disk.

        While the file is opened for the first time, that is waited for.
        """
        done: Future[bool] = Future()
        with self._changed:
            if self._is_ending or self._has_failed_to_open or not self._thread.is_alive():
                done.set_result(not self._waiting and not self._writing)
            else:
                self._flushes.append(done)
                self._changed.notify()
        return done

    def close(self, timeout_s: float = 5.0) -> bool:
        """Write what is left and end the thread; returns whether all is on the disk."""
        with self._changed:
            self._is_ending = True
            self._changed.notify()
        if self._thread.is_alive():
            self._thread.join(timeout_s)
        return not self.unsaved()

    def _run(self) -> None:
        if not self._open():
            return
        self._interrupt()
        while True:
            with self._changed:
                if not self._is_called():
                    self._changed.wait(self._pause())
                is_due = self._is_called()
                is_last = self._is_ending
                flushes, self._flushes = self._flushes, []
                if is_due:
                    self._writing, self._waiting = self._waiting, Changes()
            if is_due:
                self._attempt(flushes)
            elif self._to_index and not self._waiting:
                self._index()
            if is_last:
                break
        self._disconnect()

    def _open(self) -> bool:
        """Open the file, as often as it takes; returns whether it is open."""
        while True:
            problem: Exception | None = None
            try:
                self._database.open()
            except Exception as error:  # whatever it is: to lose the thread is to lose the chats
                problem = error
            with self._changed:
                self._has_failed_to_open = problem is not None
                flushes, self._flushes = (self._flushes, []) if problem else ([], self._flushes)
            for flush in flushes:
                if flush.set_running_or_notify_cancel():
                    flush.set_result(not self.unsaved())
            self._on_opened(problem)
            if problem is None:
                return True
            pause = None if isinstance(problem, StoreTooNewError) else RETRY_S
            with self._changed:
                if self._changed.wait_for(lambda: self._is_ending, pause):
                    return False

    def _interrupt(self) -> None:
        """Mark the answers that the last window left, before there are any of this one."""
        try:
            store = self._connected()
            with transaction(store.connection):
                store.interrupt()
        except (
            sqlite3.Error,
            StoreError,
        ):  # whoever reads them sees that they are not this window's
            self._disconnect()

    def _is_called(self) -> bool:
        is_due = bool(self._waiting) and time.monotonic() >= self._next_attempt()
        return is_due or bool(self._flushes) or self._is_ending

    def _next_attempt(self) -> float:
        return self._last_attempt + (WRITE_EVERY_S if self._trouble is None else RETRY_S)

    def _pause(self) -> float | None:
        """Return how long there is nothing to do unless somebody calls."""
        if self._waiting:
            return max(0.0, self._next_attempt() - time.monotonic())
        return _INDEX_PAUSE_S if self._to_index else None

    def _attempt(self, flushes: list[Future[bool]]) -> None:
        trouble = self._write()
        with self._changed:
            left = self._writing
            left.update(self._waiting)
            self._waiting, self._writing = left, Changes()
        self._last_attempt = time.monotonic()
        if trouble != self._trouble:
            self._trouble = trouble
            self._on_trouble(trouble)
        for flush in flushes:
            if flush.set_running_or_notify_cancel():  # somebody still waits
                flush.set_result(trouble is None)

    def _write(self) -> Trouble | None:
        """Write what is taken and keep what cannot be; returns why, None where all is written."""
        if not self._writing:
            return None
        try:
            store = self._connected()
            with transaction(store.connection):
                self._database.refuse_newer(store.connection)
                refused = store.apply(self._writing)
        except Exception as error:  # whatever it is: to lose the thread is to lose the chats
            self._disconnect()
            trouble = trouble_of(error, self._database.path.parent)
            if trouble.kind is TroubleKind.DAMAGED:
                self._database.suspect()
            return trouble
        self._writing = refused
        self._to_index = True
        if refused:
            detail = f"{len(refused)} of the changes belong to a chat that is not there"
            return Trouble(kind=TroubleKind.OTHER, detail=detail)
        return None

    def _index(self) -> None:
        """Put a part of what was saved into the search index; that can wait in any trouble."""
        try:
            store = self._connected()
            with transaction(store.connection):
                self._database.refuse_newer(store.connection)
                if not self._has_purged:
                    store.purge(time.time() - _KEPT_DELETED_S)
                self._to_index = store.index_some()
            self._has_purged = True
        except (sqlite3.Error, StoreError, OSError):
            self._to_index = False  # until something can be written again
            self._disconnect()

    def _connected(self) -> ChatStore:
        if self._store is None:
            self._store = ChatStore(self._database.connect())
        return self._store

    def _disconnect(self) -> None:
        """Close the connection: one that was made while the disk was read-only stays so."""
        if self._store is not None:
            self._store.connection.close()
            self._store = None

"""The worker's event queue: many threads put, one writer drains it into the pipe."""

import os
import threading
import time
from collections import deque

from phidesk.protocol.codec import encode
from phidesk.protocol.events import Event, Log, Progress, TokenDelta

COALESCE_S = 0.03
_MAX_LOGS = 1000


class _Growing:
    """The deltas of one job that were put since the last write."""

    def __init__(self, delta: TokenDelta) -> None:
        self.job_id = delta.job_id
        self.texts = [delta.text]
        self.tokens = delta.tokens
        self.logprobs = list(delta.logprobs)

    def add(self, delta: TokenDelta) -> None:
        self.texts.append(delta.text)
        self.tokens += delta.tokens
        self.logprobs += delta.logprobs

    def delta(self) -> TokenDelta:
        return TokenDelta(
            job_id=self.job_id,
            text="".join(self.texts),
            tokens=self.tokens,
            logprobs=tuple(self.logprobs),
        )


class Outbox:
    """Writes events to a file descriptor in order, deltas coalesced to about 30 ms.

    Nothing is lost and nothing grows without bound while the reader is slow: the deltas of a
    job become one, of its progress only the newest counts, and the oldest log lines give way.
    """

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._items: deque[Event | _Growing] = deque()
        self._growing: dict[str, _Growing] = {}
        self._changed = threading.Condition()
        self._hurry = False
        self._closed = False
        self._broken = False
        self._last_write = 0.0
        self._logs = 0
        self._thread = threading.Thread(target=self._run, name="outbox", daemon=True)
        self._thread.start()

    def put(self, event: Event) -> None:
        """Add an event; never blocks for longer than the lock."""
        with self._changed:
            match event:
                case TokenDelta():
                    if (growing := self._growing.get(event.job_id)) is not None:
                        growing.add(event)
                        return
                    self._growing[event.job_id] = item = _Growing(event)
                    self._items.append(item)
                case Progress():
                    self._drop_older_progress(event.job_id)
                    self._items.append(event)
                    self._hurry |= event.done == 0
                case Log():
                    self._logs += 1
                    if self._logs > _MAX_LOGS:
                        self._drop_oldest_log()
                    self._items.append(event)
                case _:
                    self._growing.pop(getattr(event, "job_id", ""), None)
                    self._items.append(event)
                    self._hurry = True
            self._changed.notify()

    def close(self, timeout_s: float = 1.0) -> None:
        """Write what is left and stop, unless the reader takes longer than the timeout."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        self._thread.join(timeout_s)

    def _drop_older_progress(self, job_id: str) -> None:
        for place, item in enumerate(self._items):
            if isinstance(item, Progress) and item.job_id == job_id:
                del self._items[place]
                return

    def _drop_oldest_log(self) -> None:
        for place, item in enumerate(self._items):
            if isinstance(item, Log):
                del self._items[place]
                self._logs -= 1
                return

    def _run(self) -> None:
        while (batch := self._next_batch()) is not None:
            frames = b"".join(
                encode(item.delta() if isinstance(item, _Growing) else item) for item in batch
            )
            self._write(frames)

    def _next_batch(self) -> list[Event | _Growing] | None:
        with self._changed:
            while not self._items:
                if self._closed:
                    return None
                self._changed.wait()
            # The first delta after a pause goes out at once; those that follow wait for company.
            while not (self._hurry or self._closed):
                wait_s = self._last_write + COALESCE_S - time.monotonic()
                if wait_s <= 0:
                    break
                self._changed.wait(wait_s)
            batch = list(self._items)
            self._items.clear()
            self._growing.clear()
            self._logs = 0
            self._hurry = False
            self._last_write = time.monotonic()
            return batch

    def _write(self, data: bytes) -> None:
        view = memoryview(data)
        while view and not self._broken:
            try:
                view = view[os.write(self._fd, view) :]
            except OSError:
                self._broken = True  # the window is gone; the command reader ends the process

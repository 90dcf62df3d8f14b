"""A stream of pieces from a thread to the event loop."""

import asyncio
import threading
from collections import deque
from collections.abc import AsyncIterator

from phidesk.worker.engines.base import Piece

GATHER_S = 0.03
GATHER_ON_CPU_S = 0.15


class Pieces:
    """Carries the pieces of one answer.

    The first token is handed over at once; those that follow are gathered for gather_s, so that
    the event loop does not wake up for each. Where the model computes on the CPU, every frame
    that the window draws takes time from it: there it is GATHER_ON_CPU_S, ten frames a second.
    """

    def __init__(self, gather_s: float = GATHER_S) -> None:
        self._gather_s = gather_s
        self._loop = asyncio.get_running_loop()
        self._ready = asyncio.Event()
        self._ended = asyncio.Event()
        self._asleep = threading.Event()
        self._pieces: deque[Piece] = deque()
        self._error: BaseException | None = None

    def emit(self, piece: Piece) -> None:
        """Hand a piece over; from any thread."""
        self._pieces.append(piece)
        if self._asleep.is_set():
            self._asleep.clear()
            self._loop.call_soon_threadsafe(self._ready.set)

    def end(self, error: BaseException | None = None) -> None:
        """Say that no piece follows, and why if it is an error; from any thread."""
        self._loop.call_soon_threadsafe(self._end, error)

    def _end(self, error: BaseException | None) -> None:
        self._error = error
        self._ended.set()
        self._ready.set()

    async def __aiter__(self) -> AsyncIterator[Piece]:
        """Yield the pieces; raises what end() was given."""
        while True:
            ended = self._ended.is_set()
            answering = False
            while self._pieces:
                piece = self._pieces.popleft()
                answering |= piece.tokens > 0
                yield piece
            if ended:
                if self._error is not None:
                    raise self._error
                return
            if answering:
                await self._wait_for_end(self._gather_s)
            else:
                self._ready.clear()
                self._asleep.set()
                if not self._pieces and not self._ended.is_set():  # none came before emit knew
                    await self._ready.wait()

    async def _wait_for_end(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._ended.wait()
        except TimeoutError:
            pass

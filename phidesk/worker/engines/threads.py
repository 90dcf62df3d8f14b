"""Turns a blocking producer of pieces into an async generator."""

import asyncio
import threading
from collections import deque
from collections.abc import AsyncGenerator, Callable

from phidesk.worker.engines.base import Piece

Produce = Callable[[Callable[[Piece], None], threading.Event], None]


async def stream_from_thread(produce: Produce) -> AsyncGenerator[Piece, None]:
    """Run produce(emit, stop) in a thread and yield what it emits.

    The event loop is woken once for all the pieces that are waiting, not once a piece: on a
    machine of few cores every wake-up takes time from the model. When the generator is closed,
    `stop` is set and the thread is waited for, so that it touches nothing afterwards. What
    produce raises is raised here.
    """
    loop = asyncio.get_running_loop()
    ready = asyncio.Event()
    stop = threading.Event()
    pieces: deque[Piece] = deque()

    def emit(piece: Piece) -> None:
        first = not pieces
        pieces.append(piece)
        if first:
            loop.call_soon_threadsafe(ready.set)

    def run() -> None:
        try:
            produce(emit, stop)
        finally:
            loop.call_soon_threadsafe(ready.set)

    task = asyncio.create_task(asyncio.to_thread(run))
    task.add_done_callback(lambda _: ready.set())
    try:
        while True:
            await ready.wait()
            ready.clear()
            finished = task.done()
            while pieces:
                yield pieces.popleft()
            if finished:
                await task
                return
    finally:
        stop.set()
        await asyncio.wait([task])
        if not task.cancelled():
            task.exception()

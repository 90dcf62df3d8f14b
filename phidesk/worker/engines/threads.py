"""Turns a blocking producer of pieces into an async generator."""

import asyncio
import threading
from collections import deque
from collections.abc import AsyncGenerator, Callable

from phidesk.worker.engines.base import Piece

Produce = Callable[[Callable[[Piece], None], threading.Event], None]

GATHER_S = 0.03
GATHER_ON_CPU_S = 0.1


async def stream_from_thread(
    produce: Produce, gather_s: float = GATHER_S
) -> AsyncGenerator[Piece, None]:
    """Run produce(emit, stop) in a thread and yield what it emits.

    The first token is yielded at once; those that follow are gathered for gather_s. Where the
    model computes on the CPU, every frame that the window draws takes time from it: there it is
    GATHER_ON_CPU_S, ten frames a second. When the generator is closed, `stop` is set and the
    thread is waited for, so that it touches nothing afterwards. What produce raises is raised
    here.
    """
    loop = asyncio.get_running_loop()
    ready = asyncio.Event()
    asleep = threading.Event()
    stop = threading.Event()
    pieces: deque[Piece] = deque()

    def emit(piece: Piece) -> None:
        pieces.append(piece)
        if asleep.is_set():
            asleep.clear()
            loop.call_soon_threadsafe(ready.set)

    task = asyncio.create_task(asyncio.to_thread(produce, emit, stop))
    task.add_done_callback(lambda _: ready.set())
    try:
        while True:
            finished = task.done()
            answering = False
            while pieces:
                piece = pieces.popleft()
                answering |= piece.tokens > 0
                yield piece
            if finished:
                await task
                return
            if answering:
                await asyncio.wait([task], timeout=gather_s)
            else:
                ready.clear()
                asleep.set()
                if not pieces and not task.done():  # nothing came before emit could know
                    await ready.wait()
    finally:
        stop.set()
        await asyncio.wait([task])
        if not task.cancelled():
            task.exception()

"""Turns a blocking producer of pieces into an async generator."""

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable

from phidesk.worker.engines.base import Piece
from phidesk.worker.engines.pieces import GATHER_S, Pieces

Produce = Callable[[Callable[[Piece], None], threading.Event], None]


async def stream_from_thread(
    produce: Produce, gather_s: float = GATHER_S
) -> AsyncGenerator[Piece, None]:
    """Run produce(emit, stop) in a thread and yield what it emits, gathered; see Pieces.

    When the generator is closed, `stop` is set and the thread is waited for, so that it touches
    nothing afterwards. What produce raises is raised here.
    """
    pieces = Pieces(gather_s)
    stop = threading.Event()
    task = asyncio.create_task(asyncio.to_thread(produce, pieces.emit, stop))
    task.add_done_callback(lambda t: pieces.end(None if t.cancelled() else t.exception()))
    try:
        async for piece in pieces:
            yield piece
    finally:
        stop.set()
        await asyncio.wait([task])
        if not task.cancelled():
            task.exception()

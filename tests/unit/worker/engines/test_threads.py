"""Pieces from a thread: the first token at once, the others together, errors as they are."""

import asyncio
import threading
import time
from collections.abc import Callable
from contextlib import aclosing

import pytest

from phidesk.worker.engines.base import Piece
from phidesk.worker.engines.threads import stream_from_thread

Emit = Callable[[Piece], None]


async def test_nothing_is_lost_or_out_of_order() -> None:
    def produce(emit: Emit, _stop: threading.Event) -> None:
        for number in range(200):
            emit(Piece(text=f"{number} ", tokens=1))
            time.sleep(0.001)

    text = "".join([piece.text async for piece in stream_from_thread(produce)])
    assert text == "".join(f"{number} " for number in range(200))


async def test_the_first_token_does_not_wait_for_company() -> None:
    may_end = threading.Event()

    def produce(emit: Emit, _stop: threading.Event) -> None:
        emit(Piece(prompt_tokens=7))
        emit(Piece(text="a", tokens=1))
        may_end.wait(5)

    async with aclosing(stream_from_thread(produce)) as pieces:
        async with asyncio.timeout(2):
            assert (await anext(pieces)).prompt_tokens == 7
            assert (await anext(pieces)).text == "a"
        may_end.set()


async def test_an_error_comes_after_the_pieces() -> None:
    def produce(emit: Emit, _stop: threading.Event) -> None:
        emit(Piece(text="a", tokens=1))
        raise RuntimeError("broken")

    pieces = stream_from_thread(produce)
    assert (await anext(pieces)).text == "a"
    with pytest.raises(RuntimeError, match="broken"):
        await anext(pieces)


async def test_closing_stops_the_thread_and_waits_for_it() -> None:
    ended = threading.Event()

    def produce(emit: Emit, stop: threading.Event) -> None:
        emit(Piece(text="a", tokens=1))
        stop.wait(5)
        time.sleep(0.05)
        ended.set()

    async with aclosing(stream_from_thread(produce)) as pieces:
        await anext(pieces)
    assert ended.is_set()

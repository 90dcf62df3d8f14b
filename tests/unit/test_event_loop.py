"""The window's event loop: asyncio's order, few turns of Qt's loop, and Qt not starved."""

import asyncio
import os
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from phidesk.event_loop import EventLoop


@pytest.fixture
def loop(qapp: QApplication) -> Iterator[EventLoop]:
    made = EventLoop(qapp)
    asyncio.set_event_loop(made)
    yield made
    made.close()
    asyncio.set_event_loop(None)


def test_callbacks_run_in_order_and_cancelled_ones_do_not(loop: EventLoop) -> None:
    seen: list[int] = []

    async def run() -> None:
        handles = [loop.call_soon(seen.append, number) for number in range(5)]
        handles[2].cancel()
        loop.call_soon(loop.call_soon, seen.append, 5)
        await asyncio.sleep(0.02)

    loop.run_until_complete(run())
    assert seen == [0, 1, 3, 4, 5]


def test_a_callback_that_raises_does_not_stop_the_others(loop: EventLoop) -> None:
    seen: list[str] = []
    loop.set_exception_handler(lambda _loop, context: seen.append(str(context["exception"])))

    def fail() -> None:
        raise RuntimeError("broken")

    async def run() -> None:
        loop.call_soon(fail)
        loop.call_soon(seen.append, "after")
        await asyncio.sleep(0.02)

    loop.run_until_complete(run())
    assert seen == ["broken", "after"]


def test_callbacks_without_end_leave_qt_its_turn(loop: EventLoop) -> None:
    ticks: list[int] = []
    timer = QTimer(interval=5)
    timer.timeout.connect(lambda: ticks.append(1))

    def again() -> None:
        if len(ticks) < 10:
            loop.call_soon(again)

    async def run() -> None:
        timer.start()
        again()
        done = asyncio.Event()
        timer.timeout.connect(lambda: done.set() if len(ticks) >= 10 else None)
        async with asyncio.timeout(5):
            await done.wait()

    loop.run_until_complete(run())
    assert len(ticks) >= 10


def test_what_a_pipe_sets_off_runs_in_the_same_turn(loop: EventLoop) -> None:
    seen: list[str] = []
    out, into = os.pipe()

    def read() -> None:
        seen.append(os.read(out, 100).decode())
        loop.call_soon(seen.append, "follows")
        QTimer.singleShot(0, lambda: seen.append("Qt"))
        loop.remove_reader(out)  # one may remove itself

    async def run() -> None:
        loop.add_reader(out, read)
        os.write(into, b"first")
        for _ in range(500):
            if "Qt" in seen:
                break
            await asyncio.sleep(0.01)
        os.write(into, b"nobody reads this")
        await asyncio.sleep(0.05)

    loop.run_until_complete(run())
    os.close(out)
    os.close(into)
    assert seen == ["first", "follows", "Qt"]


def test_a_reader_that_raises_reads_on(loop: EventLoop) -> None:
    raised: list[str] = []
    loop.set_exception_handler(lambda _loop, context: raised.append(str(context["exception"])))
    out, into = os.pipe()

    def read() -> None:
        raise RuntimeError(os.read(out, 1).decode())

    async def run() -> None:
        loop.add_reader(out, read)
        os.write(into, b"ab")
        for _ in range(500):
            if len(raised) == 2:
                break
            await asyncio.sleep(0.01)
        loop.remove_reader(out)

    loop.run_until_complete(run())
    os.close(out)
    os.close(into)
    assert raised == ["a", "b"]


def test_a_task_that_is_woken_while_another_runs_qt_again_is_not_lost(loop: EventLoop) -> None:
    seen: list[str] = []

    async def sleeper(woken: asyncio.Event) -> None:
        await woken.wait()
        seen.append("woken")

    async def run() -> None:
        woken = asyncio.Event()
        task = asyncio.ensure_future(sleeper(woken))
        await asyncio.sleep(0.01)
        woken.set()
        for _ in range(3):
            QApplication.processEvents()
        seen.append("back")
        await asyncio.wait_for(task, 1.0)

    loop.run_until_complete(run())
    assert seen == ["back", "woken"]

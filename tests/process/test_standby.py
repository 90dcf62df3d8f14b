"""The worker that waits with an engine's imports behind it."""

import asyncio

import pytest

from phidesk.client.interface import WorkerClient, WorkerStartError
from phidesk.client.process import ProcessWorkerClient
from phidesk.client.standby import Standby
from tests.process.scripts import FAKE


def spawn(engine: str) -> WorkerClient:
    return ProcessWorkerClient(preload=engine, arguments=FAKE)


async def test_take_gives_the_worker_that_waits() -> None:
    standby = Standby(spawn)
    await standby.prepare("fake")
    await standby.prepare("fake")
    await asyncio.sleep(0.3)
    client = await standby.take("fake")
    other = await standby.take("fake")
    assert client.pid != other.pid
    assert standby.engine == ""
    await client.close()
    await other.close()


async def test_a_worker_that_died_while_waiting_is_replaced() -> None:
    standby = Standby(spawn)
    await standby.prepare("fake")
    first = await standby._starting  # type: ignore[misc]
    first.kill()
    client = await standby.take("fake")
    assert client.alive
    assert client.pid != first.pid
    await client.close()


async def test_preparing_another_engine_ends_the_first() -> None:
    standby = Standby(spawn)
    await standby.prepare("fake")
    first = await standby._starting  # type: ignore[misc]
    await standby.prepare("llamacpp")
    assert not first.alive
    await standby.close()


async def test_a_worker_that_cannot_start_is_told_when_it_is_taken() -> None:
    standby = Standby(lambda _: ProcessWorkerClient("/nonexistent/python"))
    await standby.prepare("fake")
    await asyncio.sleep(0.1)
    with pytest.raises(WorkerStartError):
        await standby.take("fake")


async def test_a_preloaded_worker_has_imported_its_engine() -> None:
    client = ProcessWorkerClient(preload="llamacpp", arguments=FAKE)
    await client.start()
    assert client.pid is not None
    for _ in range(100):
        with open(f"/proc/{client.pid}/maps") as maps:  # noqa: ASYNC230, PTH123
            if "xllamacpp" in maps.read():
                break
        await asyncio.sleep(0.05)
    else:
        pytest.fail("xllamacpp was not imported ahead of time")
    await client.close()

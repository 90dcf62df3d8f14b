"""What the end of a worker gives back."""

import asyncio
import os
from collections.abc import AsyncIterator

import pytest

from phidesk.client.interface import WorkerClient
from phidesk.client.scripted import ScriptedWorkerClient
from phidesk.core.machine import GpuProcess
from phidesk.hardware.sampler import GpuSample, HardwareSampler, Sample
from phidesk.protocol.commands import Command
from phidesk.protocol.events import Event
from phidesk.viewmodels import memory
from phidesk.viewmodels.memory import MemoryReturn, measure_left, measure_return, released

GB = 1_000_000_000
WORKER = 99_999_991
BLENDER = GpuProcess(pid=99_999_992, name="blender", bytes=5 * GB)
XORG = GpuProcess(pid=99_999_993, name="Xorg", bytes=GB)


class Sampler(HardwareSampler):
    """Lists the worker's memory for some more samples after its end.

    named: whether the driver names processes.
    """

    def __init__(self, late: int = 0, *, named: bool = True, gpus: int = 1) -> None:
        super().__init__()
        self.late = late
        self.named = named
        self.gpus = gpus
        self.lives = True
        self.taken = 0

    def sample(self, worker_pid: int | None = None) -> Sample:
        self.taken += 1
        held = 10 * GB if self.lives or self.late > 0 else 0
        if not self.lives:
            self.late -= 1
        worker = (GpuProcess(pid=WORKER, name=str(WORKER), bytes=held),) if held else ()
        mine = self.lives and worker_pid == WORKER
        others = (XORG, BLENDER) if mine else (XORG, BLENDER, *worker)
        gpu = GpuSample(
            name="GPU",
            total_bytes=24 * GB,
            used_bytes=6 * GB + held,
            ours_bytes=held if mine and self.named else 0,
            busy_percent=0.0,
            others=others if self.named else (),
        )
        return Sample(
            ram_total_bytes=64 * GB,
            ram_used_bytes=8 * GB,
            cpu_percent=0.0,
            worker_bytes=2 * GB if mine else 0,
            gpus=(gpu,) * self.gpus,
        )


async def _say_nothing(_command: Command) -> AsyncIterator[Event]:
    for event in tuple[Event, ...]():
        yield event


class Client(ScriptedWorkerClient):
    """A worker whose end the sampler sees."""

    def __init__(self, sampler: Sampler) -> None:
        super().__init__(_say_nothing)
        self._sampler = sampler

    @property
    def pid(self) -> int:
        return WORKER

    async def close(self) -> None:
        await super().close()
        self._sampler.lives = False


async def eject(sampler: Sampler) -> MemoryReturn:
    client: WorkerClient = Client(sampler)
    return await measure_return(sampler, client, 7 * GB)


async def test_it_waits_until_the_driver_forgets_the_worker() -> None:
    returned = await eject(Sampler(late=3))
    assert (returned.gpu_freed, returned.gpu_left) == (10 * GB, 0)
    assert (returned.ram_freed, returned.ram_left) == (2 * GB, 0)
    assert returned.holders == (BLENDER, XORG)
    assert (returned.used_before_load, returned.used_now) == (7 * GB, 8 * GB)


async def test_it_does_not_wait_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "RELEASE_S", 0.3)
    async with asyncio.timeout(10):
        returned = await eject(Sampler(late=1_000_000))
    assert (returned.gpu_freed, returned.gpu_left) == (0, 10 * GB)
    assert returned.holders == (BLENDER, XORG)


async def test_without_names_what_the_card_gave_back_is_counted() -> None:
    returned = await eject(Sampler(late=2, named=False))
    assert (returned.gpu_freed, returned.gpu_left, returned.holders) == (10 * GB, 0, ())


async def test_without_a_gpu_it_takes_one_sample_more() -> None:
    sampler = Sampler(gpus=0)
    returned = await eject(sampler)
    assert (returned.gpu_freed, returned.has_gpu) == (0, False)
    assert sampler.taken == 2


async def test_after_a_crash_there_is_nothing_to_compare_with() -> None:
    sampler = Sampler(late=2)
    sampler.lives = False
    returned = await measure_left(sampler, {WORKER})
    assert (returned.gpu_left, returned.processes_left) == (0, 0)
    assert returned.holders == (BLENDER, XORG)


async def test_a_process_that_does_not_end_is_counted() -> None:
    sampler = Sampler()
    sampler.lives = False
    returned = await measure_left(sampler, {os.getpid()})
    assert returned.processes_left == 1


async def test_nobody_is_waited_for_where_nothing_is_held() -> None:
    sampler = Sampler()
    sampler.lives = False
    await released(sampler, ())
    assert sampler.taken == 1

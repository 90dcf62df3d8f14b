"""Measures what the end of a worker gave back, and who holds the rest."""

import asyncio
import time
from collections.abc import Collection

import msgspec

from phidesk.client.interface import WorkerClient
from phidesk.core.machine import GpuProcess
from phidesk.hardware.sampler import HardwareSampler, Sample, alive, process_tree

RELEASE_S = 3.0
_POLL_S = 0.1
_UNNAMED_S = 0.8  # for a model that may have held nothing of the card


class MemoryReturn(msgspec.Struct, frozen=True):
    """Bytes that the worker's processes held before the end, and what is held after.

    ram_left and gpu_left: by processes of the worker. holders: other programs on the GPUs, the
    largest first. used_before_load and used_now: memory in use on the whole machine.
    """

    ram_freed: int
    gpu_freed: int
    processes_left: int
    used_before_load: int
    used_now: int
    ram_left: int = 0
    gpu_left: int = 0
    holders: tuple[GpuProcess, ...] = ()
    has_gpu: bool = False


async def measure_return(
    sampler: HardwareSampler, client: WorkerClient, used_before_load: int
) -> MemoryReturn:
    """Close the client and measure what came back."""
    pid = client.pid
    before = await asyncio.to_thread(sampler.sample, pid)
    pids = await worker_pids(pid)
    await client.close()
    return await measure_left(sampler, pids, before, used_before_load)


async def measure_left(
    sampler: HardwareSampler,
    pids: Collection[int],
    before: Sample | None = None,
    used_before_load: int = 0,
) -> MemoryReturn:
    """Wait for the memory of processes that have ended, and compare with a sample of them."""
    after = await released(sampler, pids, before)
    left = alive(pids)
    samples = [await asyncio.to_thread(sampler.sample, pid) for pid in left]
    ram_left = sum(sample.worker_bytes for sample in samples)
    gpu_left = _held(after, pids)
    gpu_held = sum(gpu.ours_bytes for gpu in before.gpus) if before else 0
    # Without names, what the card gave back is all that can be known.
    gpu_before = _gpu_used(before) if before else 0
    gpu_freed = gpu_held - gpu_left if gpu_held else gpu_before - _gpu_used(after)
    return MemoryReturn(
        ram_freed=max(0, before.worker_bytes - ram_left) if before else 0,
        gpu_freed=max(0, gpu_freed),
        processes_left=len(left),
        used_before_load=used_before_load,
        used_now=after.ram_used_bytes,
        ram_left=ram_left,
        gpu_left=gpu_left,
        holders=holders(after, pids),
        has_gpu=bool(after.gpus),
    )


async def worker_pids(pid: int | None) -> frozenset[int]:
    """Return the process ids of a worker and of all that it started."""
    tree = await asyncio.to_thread(process_tree, pid or 0)
    return frozenset(process.pid for process in tree) | ({pid} if pid else frozenset())


async def released(
    sampler: HardwareSampler, pids: Collection[int], before: Sample | None = None
) -> Sample:
    """Wait until the driver lists none of the processes any more; return the last sample.

    Where the driver names no processes (in a container), until there is less in use than
    before, and no less any more.
    """
    began = time.monotonic()
    sample = await asyncio.to_thread(sampler.sample)
    used = _gpu_used(before) if before else _gpu_used(sample)
    while sample.gpus and (waited := time.monotonic() - began) < RELEASE_S:
        if _names_processes(sample) and not _held(sample, pids):
            break
        await asyncio.sleep(_POLL_S)
        last, sample = sample, await asyncio.to_thread(sampler.sample)
        is_steady = _gpu_used(sample) >= _gpu_used(last)
        came_back = _gpu_used(sample) < used or waited > _UNNAMED_S
        if not _held(sample, pids) and is_steady and came_back:
            break
    return sample


def holders(sample: Sample, ours: Collection[int] = ()) -> tuple[GpuProcess, ...]:
    """Return the other programs that hold memory of any GPU, the largest first."""
    found = [p for gpu in sample.gpus for p in gpu.others if p.pid not in ours]
    return tuple(sorted(found, key=lambda process: -process.bytes))


def _held(sample: Sample, pids: Collection[int]) -> int:
    return sum(p.bytes for gpu in sample.gpus for p in gpu.others if p.pid in pids)


def _names_processes(sample: Sample) -> bool:
    return any(gpu.others for gpu in sample.gpus)


def _gpu_used(sample: Sample) -> int:
    return sum(gpu.used_bytes for gpu in sample.gpus)

"""Measures what an eject gave back."""

import asyncio
from dataclasses import dataclass

from phidesk.client.interface import WorkerClient
from phidesk.hardware.sampler import HardwareSampler, alive, process_tree


@dataclass(frozen=True)
class MemoryReturn:
    """Bytes that the worker's processes held before the eject, and what they hold after.

    used_before_load and used_now: memory in use on the whole machine, for comparison.
    """

    ram_freed: int
    gpu_freed: int
    processes_left: int
    used_before_load: int
    used_now: int


async def measure_return(
    sampler: HardwareSampler, client: WorkerClient, used_before_load: int
) -> MemoryReturn:
    """Close the client and measure what came back."""
    pid = client.pid
    before = await asyncio.to_thread(sampler.sample, pid)
    pids = [process.pid for process in await asyncio.to_thread(process_tree, pid or 0)]
    await client.close()
    after = await asyncio.to_thread(sampler.sample, pid)
    return MemoryReturn(
        ram_freed=before.worker_bytes - after.worker_bytes,
        gpu_freed=sum(g.ours_bytes for g in before.gpus) - sum(g.ours_bytes for g in after.gpus),
        processes_left=len(alive(pids)),
        used_before_load=used_before_load,
        used_now=after.ram_used_bytes,
    )

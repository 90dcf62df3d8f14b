"""Whether an engine finds the memory that a model needs on this machine."""

import msgspec

from phidesk.core.amounts import exact_size
from phidesk.core.machine import GpuProcess
from phidesk.core.memory import Estimator, MemoryNeeds
from phidesk.core.models import Device
from phidesk.hardware.sampler import Sample


class Fit(msgspec.Struct, frozen=True, kw_only=True):
    """free: bytes on the fullest GPU, or of the computer's memory. problem: "" where it fits.

    context: the context length that would fit where this one does not; 0 for none. refused:
    whether a load could not even begin; some engines need room for a conversation only later.
    """

    free: int
    problem: str = ""
    context: int = 0
    refused: bool = False


def fit(estimator: Estimator, needs: MemoryNeeds, sample: Sample, given_back: int = 0) -> Fit:
    """Compare what a load takes with what is free where it computes.

    given_back: bytes of the first GPU (or of the computer) that are free before the load; with
    it, what the sample counts as ours on the other GPUs is as well.
    """
    if estimator.device is Device.CUDA:
        return _fit_on_gpus(estimator, needs, sample, given_back)
    # A part of what a process holds are files that count as free already.
    free = sample.ram_total_bytes - sample.ram_used_bytes + min(given_back, sample.ram_used_bytes)
    return _compared(estimator, needs, free, ())


def _fit_on_gpus(estimator: Estimator, needs: MemoryNeeds, sample: Sample, given_back: int) -> Fit:
    wanted, there = estimator.options.gpus, len(sample.gpus)
    if wanted > there:
        return Fit(free=0, problem=f"This machine has no {wanted} GPUs (found: {there}).")
    free = {}
    for place, gpu in enumerate(sample.gpus[:wanted]):
        ours = max(gpu.ours_bytes, given_back if place == 0 else 0) if given_back else 0
        free[place] = gpu.total_bytes - gpu.used_bytes + ours
    fullest = min(free, key=lambda place: free[place])
    found = _compared(estimator, needs, free[fullest], sample.gpus[fullest].others)
    ram = sample.ram_total_bytes - sample.ram_used_bytes
    ram += min(sample.worker_bytes if given_back else 0, sample.ram_used_bytes)
    if found.problem or needs.offloaded <= ram:
        return found
    words = (
        f"“{estimator.model.name}” would keep {exact_size(needs.offloaded, 1)} of its weights in "
        f"the computer's memory, {exact_size(ram, 1)} are free there. Keep less of it there, or "
        "close other programs."
    )
    return Fit(free=found.free, problem=words, refused=True)


def _compared(
    estimator: Estimator, needs: MemoryNeeds, free: int, others: tuple[GpuProcess, ...]
) -> Fit:
    if needs.total <= free:
        return Fit(free=free)
    context = estimator.fitting(needs.context, free)
    largest = max(others, key=lambda p: p.bytes, default=None)
    needed = exact_size(needs.total, 1)
    on_gpu = estimator.device is Device.CUDA
    needed = f"{needed} on the graphics card" if on_gpu else f"{needed} of memory"
    if not needs.kv_reserved and needs.at_load <= free:
        needed = f"{needed} with {needs.context:,} tokens of conversation"
    words = f"“{estimator.model.name}” needs {needed}, {exact_size(free, 1)} are free"
    if largest is not None:
        words = f"{words}, “{largest.name}” holds {exact_size(largest.bytes, 1)}"
    if context:
        words += f": a context of {context:,} tokens would fit."
    else:
        words += ". Choose a smaller or quantized copy, or close other programs."
    refused = (needs.total if needs.kv_reserved else needs.at_load) > free
    return Fit(free=free, problem=words, context=context, refused=refused)

"""Samples GPU, memory and processor: NVML where there is an NVIDIA GPU, psutil otherwise."""

import contextlib
import os
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import msgspec

from phidesk.core.machine import GpuProcess
from phidesk.hardware import visible

# psutil is imported where it is used, by the thread that takes the first sample: a window
# that shows no figure yet does not have to wait for it.
if TYPE_CHECKING:
    import psutil


class GpuSample(msgspec.Struct, frozen=True, kw_only=True):
    """One GPU; bytes and percent.

    ours_bytes: held by the processes that were asked about. others: by other programs, as far
    as the driver names them. capability: CUDA's compute capability.
    """

    name: str
    total_bytes: int
    used_bytes: int
    ours_bytes: int
    busy_percent: float
    capability: tuple[int, int] = (0, 0)
    others: tuple[GpuProcess, ...] = ()


class Sample(msgspec.Struct, frozen=True, kw_only=True):
    """The machine at one moment; bytes and percent.

    worker_bytes: resident memory of the worker and all that it started.
    """

    ram_total_bytes: int
    ram_used_bytes: int
    cpu_percent: float
    worker_bytes: int
    gpus: tuple[GpuSample, ...] = ()


class HardwareSampler:
    """Takes samples; a machine without NVML simply has no GPUs.

    GPUs that CUDA hides from the engines (CUDA_VISIBLE_DEVICES) are not sampled.
    """

    def __init__(self) -> None:
        self._nvml: Any = None
        self._tried_nvml = False

    def sample(self, worker_pid: int | None = None) -> Sample:
        """Return the state of the machine and of one worker's process tree."""
        import psutil

        memory = psutil.virtual_memory()
        tree = process_tree(worker_pid) if worker_pid else ()
        return Sample(
            ram_total_bytes=memory.total,
            ram_used_bytes=memory.total - memory.available,
            cpu_percent=psutil.cpu_percent(),
            worker_bytes=sum(map(_memory_of, tree)),
            gpus=self._gpus({process.pid for process in tree}),
        )

    def _gpus(self, ours: set[int]) -> tuple[GpuSample, ...]:
        if not self._tried_nvml:
            self._tried_nvml = True
            self._nvml = _start_nvml()
        nvml = self._nvml
        if nvml is None:
            return ()
        try:
            handles = [nvml.nvmlDeviceGetHandleByIndex(n) for n in range(nvml.nvmlDeviceGetCount())]
            setting = os.environ.get(visible.NAME)
            uuids = [_uuid(nvml, handle) for handle in handles] if setting else [""] * len(handles)
            places = visible.visible(setting, uuids)
            return tuple(_gpu_sample(nvml, handles[place], ours) for place in places)
        except nvml.NVMLError:
            return ()


def process_tree(pid: int) -> "tuple[psutil.Process, ...]":
    """Return a process and all its descendants; empty where it is gone."""
    import psutil

    try:
        process = psutil.Process(pid)
        return (process, *process.children(recursive=True))
    except psutil.Error:
        return ()


def alive(pids: Iterable[int]) -> list[int]:
    """Return those of the process ids that are still running (zombies are not)."""
    import psutil

    found = []
    for pid in pids:
        with contextlib.suppress(psutil.Error):
            if psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
                found.append(pid)
    return found


def _memory_of(process: "psutil.Process") -> int:
    import psutil

    try:
        return int(process.memory_info().rss)
    except psutil.Error:
        return 0


def _start_nvml() -> Any:
    try:
        import pynvml

        pynvml.nvmlInit()
    except Exception:
        # Any error of NVML means the same for us: there is no NVIDIA GPU to show.
        return None
    return pynvml


def _gpu_sample(nvml: Any, handle: Any, ours: set[int]) -> GpuSample:
    memory = nvml.nvmlDeviceGetMemoryInfo(handle)
    name = nvml.nvmlDeviceGetName(handle)
    processes = [
        *_asked(nvml, nvml.nvmlDeviceGetComputeRunningProcesses, handle, ()),
        *_asked(nvml, nvml.nvmlDeviceGetGraphicsRunningProcesses, handle, ()),
    ]
    held = {p.pid: p.usedGpuMemory or 0 for p in processes}  # one may compute and draw
    load = _asked(nvml, nvml.nvmlDeviceGetUtilizationRates, handle, None)
    major, minor = _asked(nvml, nvml.nvmlDeviceGetCudaComputeCapability, handle, (0, 0))
    return GpuSample(
        name=name.decode() if isinstance(name, bytes) else name,
        total_bytes=memory.total,
        used_bytes=memory.used,
        ours_bytes=sum(size for pid, size in held.items() if pid in ours),
        busy_percent=float(load.gpu) if load is not None else 0.0,
        capability=(major, minor),
        others=tuple(
            GpuProcess(pid=pid, name=_name_of(pid), bytes=size)
            for pid, size in held.items()
            if pid not in ours and size
        ),
    )


def _uuid(nvml: Any, handle: Any) -> str:
    found = _asked(nvml, nvml.nvmlDeviceGetUUID, handle, "")
    return found.decode() if isinstance(found, bytes) else str(found)


def _asked(nvml: Any, question: Callable[[Any], Any], handle: Any, otherwise: Any) -> Any:
    """Return what the driver says; not every card answers every question."""
    try:
        return question(handle)
    except nvml.NVMLError:
        return otherwise


def _name_of(pid: int) -> str:
    import psutil

    try:
        return psutil.Process(pid).name()
    except psutil.Error:
        return str(pid)

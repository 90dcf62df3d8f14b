"""What an engine or a job may use of this machine, as plain numbers."""

import msgspec

from phidesk.core.models import Device


class Machine(msgspec.Struct, frozen=True, kw_only=True):
    """Free and whole memory in bytes; device: where the engines compute.

    gpus: how many of the first GPU's kind there are. capability: its CUDA compute capability.
    """

    device: Device
    ram_free: int
    ram_total: int
    vram_free: int = 0
    vram_total: int = 0
    gpu_name: str = ""
    gpus: int = 0
    capability: tuple[int, int] = (0, 0)


class GpuProcess(msgspec.Struct, frozen=True, kw_only=True):
    """A program that holds memory of a GPU, in bytes."""

    pid: int
    name: str
    bytes: int

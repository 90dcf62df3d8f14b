"""What a job may use of this machine, as plain numbers."""

import msgspec

from phidesk.core.models import Device


class Machine(msgspec.Struct, frozen=True, kw_only=True):
    """Free and whole memory in bytes; device: where a quantization would compute."""

    device: Device
    ram_free: int
    ram_total: int
    vram_free: int = 0
    vram_total: int = 0
    gpu_name: str = ""

"""What an engine or a quantization may use of this machine, from a sample."""

from phidesk.core.machine import Machine
from phidesk.core.models import Device
from phidesk.core.recipes import missing
from phidesk.hardware.sampler import Sample


def machine_of(sample: Sample) -> Machine:
    """Return what a sample says about where torch would compute.

    That is the first NVIDIA GPU, as the worker chooses it, where torch is there to use it.
    """
    gpu = next(iter(sample.gpus), None)
    ram_free = sample.ram_total_bytes - sample.ram_used_bytes
    if gpu is None or missing(("torch",)):
        return Machine(device=Device.CPU, ram_free=ram_free, ram_total=sample.ram_total_bytes)
    return Machine(
        device=Device.CUDA,
        ram_free=ram_free,
        ram_total=sample.ram_total_bytes,
        vram_free=gpu.total_bytes - gpu.used_bytes,
        vram_total=gpu.total_bytes,
        gpu_name=gpu.name,
        gpus=sum(other.name == gpu.name for other in sample.gpus),
        capability=gpu.capability,
    )

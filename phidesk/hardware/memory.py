"""What a worker holds at this moment, in one number."""

from phidesk.hardware.sampler import HardwareSampler


def worker_memory(pid: int) -> int:
    """Return the bytes that a process and all its descendants hold; 0 where it is gone.

    Their resident memory, plus what they hold on NVIDIA GPUs.
    """
    sample = HardwareSampler().sample(pid)
    return sample.worker_bytes + sum(gpu.ours_bytes for gpu in sample.gpus)

"""Which GPU decides whether a model fits, and whose programs are named."""

from phidesk.core.machine import GpuProcess
from phidesk.core.models import ModelFormat, ModelRef
from phidesk.core.serving import ServingNeeds
from phidesk.hardware.fit import fit
from phidesk.hardware.sampler import GpuSample, Sample

GB = 10**9
MODEL = ModelRef(name="large", path="/large", format=ModelFormat.SAFETENSORS)
NEEDS = ServingNeeds(
    weights=8 * GB, kv=2 * GB, workspace=1 * GB, kv_token=200_000, context=8192, chats=1
)


def gpu(used: int, ours: int = 0, program: str = "") -> GpuSample:
    others = (GpuProcess(pid=1, name=program, bytes=used - ours),) if program else ()
    return GpuSample(
        name="GPU",
        total_bytes=24 * GB,
        used_bytes=used,
        ours_bytes=ours,
        busy_percent=0,
        others=others,
    )


def sample(*gpus: GpuSample) -> Sample:
    return Sample(
        ram_total_bytes=64 * GB, ram_used_bytes=0, cpu_percent=0, worker_bytes=0, gpus=gpus
    )


def test_it_fits() -> None:
    found = fit(MODEL, NEEDS, 1, sample(gpu(0), gpu(23 * GB, program="blender")))
    assert (found.free, found.problem, found.context) == (24 * GB, "", 0)


def test_the_fullest_gpu_decides_and_its_program_is_named() -> None:
    there = sample(gpu(1 * GB, program="steam"), gpu(23 * GB, program="blender"))
    found = fit(MODEL, NEEDS, 2, there)
    assert found.free == 1 * GB
    assert "blender" in found.problem
    assert "steam" not in found.problem


def test_what_is_given_back_counts_on_the_gpu_that_it_is_on() -> None:
    there = sample(gpu(20 * GB, ours=20 * GB), gpu(23 * GB, ours=1 * GB, program="blender"))
    assert fit(MODEL, NEEDS, 1, there).problem
    assert not fit(MODEL, NEEDS, 1, there, given_back=20 * GB).problem
    found = fit(MODEL, NEEDS, 2, there, given_back=20 * GB)
    assert found.free == 2 * GB
    assert found.problem


def test_a_context_that_would_fit_is_told() -> None:
    found = fit(MODEL, NEEDS, 1, sample(gpu(24 * GB - int(10.2 * GB))))
    assert found.context == 5120
    assert "5,120" in found.problem


def test_more_gpus_than_there_are() -> None:
    assert "found: 1" in fit(MODEL, NEEDS, 2, sample(gpu(0))).problem

"""Which memory decides whether a model fits, and the words where it does not."""

from typing import Any

from phidesk.core.engines import EngineName
from phidesk.core.kv_cache import KvCache, KvLayers
from phidesk.core.load_options import LoadOptions
from phidesk.core.machine import GpuProcess
from phidesk.core.memory import Estimator, MemoryNeeds, ModelFacts
from phidesk.core.models import Device, ModelFormat, ModelRef
from phidesk.hardware.fit import Fit, fit
from phidesk.hardware.sampler import GpuSample, Sample

GB = 10**9
MODEL = ModelRef(
    name="large", path="/large", format=ModelFormat.SAFETENSORS, context_length=8192, method="gptq"
)
FACTS = ModelFacts(
    weights=8 * GB,
    kv=KvCache(kinds=(KvLayers(count=40, numbers=2560),)),
    hidden=5120,
    wide=17_920,
    config={
        "num_hidden_layers": 40,
        "hidden_size": 5120,
        "num_attention_heads": 40,
        "num_key_value_heads": 10,
    },
)


def made(engine: EngineName = EngineName.VLLM, device: Device = Device.CUDA, **options: Any) -> Any:
    return Estimator(
        model=MODEL, facts=FACTS, engine=engine, device=device, options=LoadOptions(**options)
    )


def fits(there: Sample, estimator: Any = None, **more: Any) -> Fit:
    estimator = estimator or made()
    return fit(estimator, needs(estimator), there, **more)


def needs(estimator: Estimator) -> MemoryNeeds:
    found = estimator.at(None)
    assert found is not None
    return found


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


def sample(*gpus: GpuSample, ram_used: int = 0) -> Sample:
    return Sample(
        ram_total_bytes=64 * GB, ram_used_bytes=ram_used, cpu_percent=0, worker_bytes=0, gpus=gpus
    )


def test_it_fits() -> None:
    found = fits(sample(gpu(0), gpu(23 * GB, program="blender")))
    assert (found.free, found.problem, found.context) == (24 * GB, "", 0)


def test_the_fullest_gpu_decides_and_its_program_is_named() -> None:
    there = sample(gpu(1 * GB, program="steam"), gpu(23 * GB, program="blender"))
    found = fits(there, made(gpus=2))
    assert found.free == 1 * GB
    assert "blender" in found.problem
    assert "steam" not in found.problem


def test_the_largest_other_program_is_named() -> None:
    there = GpuSample(
        name="GPU",
        total_bytes=24 * GB,
        used_bytes=20 * GB,
        ours_bytes=0,
        busy_percent=0,
        others=(
            GpuProcess(pid=1, name="Xorg", bytes=GB // 2),
            GpuProcess(pid=2, name="python3", bytes=11 * GB),
            GpuProcess(pid=3, name="blender", bytes=2 * GB),
        ),
    )
    words = fits(sample(there)).problem
    assert "4.0 GB are free, “python3” holds 11.0 GB" in words
    assert "Xorg" not in words


def test_what_is_given_back_counts_on_the_gpu_that_it_is_on() -> None:
    there = sample(gpu(20 * GB, ours=20 * GB), gpu(23 * GB, ours=1 * GB, program="blender"))
    assert fits(there).problem
    assert not fits(there, given_back=20 * GB).problem
    found = fits(there, made(gpus=2), given_back=20 * GB)
    assert found.free == 2 * GB
    assert found.problem


def test_a_context_that_would_fit_is_told() -> None:
    estimator = made()
    free = needs(estimator).total - GB
    found = fits(sample(gpu(24 * GB - free)))
    assert 0 < found.context < 8192
    assert found.problem.endswith(f": a context of {found.context:,} tokens would fit.")
    best = estimator.at(found.context)
    assert best is not None
    assert best.total <= free


def test_where_no_context_fits_a_smaller_copy_is_the_way_out() -> None:
    words = fits(sample(gpu(16 * GB))).problem
    assert words.endswith("Choose a smaller or quantized copy, or close other programs.")
    assert "context" not in words


def test_on_the_processor_the_computers_memory_decides() -> None:
    estimator = made(EngineName.TRANSFORMERS, Device.CPU)
    assert not fits(sample(gpu(24 * GB)), estimator).problem
    found = fits(sample(ram_used=60 * GB), estimator)
    assert found.free == 4 * GB
    assert "of memory, 4.0 GB are free" in found.problem
    assert not fits(sample(ram_used=60 * GB), estimator, given_back=20 * GB).problem


def test_never_more_is_free_than_there_is() -> None:
    estimator = made(EngineName.TRANSFORMERS, Device.CPU)
    assert fits(sample(ram_used=2 * GB), estimator, given_back=20 * GB).free == 64 * GB


def test_what_fits_at_first_is_told_so() -> None:
    estimator = made(EngineName.TRANSFORMERS, Device.CPU)
    free = needs(estimator).at_load
    words = fits(sample(ram_used=64 * GB - free), estimator).problem
    assert "of memory with 8,192 tokens of conversation" in words


def test_weights_beside_the_card_need_the_computers_memory() -> None:
    estimator = made(cpu_offload_bytes=10**12)
    assert needs(estimator).offloaded == 8 * GB  # no more than there are
    assert not fits(sample(gpu(0), ram_used=50 * GB), estimator).problem
    found = fits(sample(gpu(0), ram_used=60 * GB), estimator)
    assert found.refused
    assert "keep 8.0 GB of its weights in the computer's memory, 4.0 GB are free" in found.problem


def test_more_gpus_than_there_are() -> None:
    assert "found: 1" in fits(sample(gpu(0)), made(gpus=2)).problem

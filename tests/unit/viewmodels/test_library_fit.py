"""Whether a model fits, at a first look."""

import msgspec
import pytest

from phidesk.core.engines import EngineName
from phidesk.core.library.entry import Figures, LibraryEntry
from phidesk.core.library.places import Source
from phidesk.core.machine import Machine
from phidesk.core.models import Device, ModelFormat, ModelRef
from phidesk.viewmodels.library_fit import Fit, FitResult, fit_of

GB = 10**9
SIZES = Figures(layers=32, heads=32, kv_heads=8, hidden=4096)
KV = 32 * 2 * 8 * 128 * 2 * 8192


def entry(size: int = 4 * GB, problem: str = "") -> LibraryEntry:
    ref = ModelRef(
        name="m", path="/m", format=ModelFormat.SAFETENSORS, size_bytes=size, problem=problem,
        context_length=131072,
    )  # fmt: skip
    return LibraryEntry(ref=ref, source=Source.FOLDER, figures=SIZES)


def machine(device: Device = Device.CPU, free: float = 16) -> Machine:
    bytes_free = int(free * GB)
    return Machine(device=device, ram_free=bytes_free, ram_total=64 * GB, vram_free=8 * GB)


@pytest.mark.parametrize(
    ("free", "fit"), [(16, Fit.FITS), (5.8, Fit.TIGHT), (5, Fit.TOO_LARGE), (0, Fit.TOO_LARGE)]
)
def test_weights_cache_and_libraries_are_compared_with_what_is_free(free: float, fit: Fit) -> None:
    found = fit_of(entry(), EngineName.LLAMACPP, machine(free=free))
    batch = 512 * 4 * (2 * 4 * 4096 + 4 * 4096)  # of a prompt, in fp32
    assert found == FitResult(fit, 4 * GB + KV + 75_000_000 + batch, int(free * GB), on_gpu=False)


def test_where_the_files_tell_little_only_what_is_too_large_is_told() -> None:
    little = msgspec.structs.replace(entry(), figures=Figures())
    assert fit_of(little, EngineName.VLLM, machine(free=3)).fit is Fit.TOO_LARGE
    assert fit_of(little, EngineName.VLLM, machine(free=30)) == FitResult()


def test_on_a_gpu_its_memory_counts_but_for_llama_cpp() -> None:
    with_gpu = machine(Device.CUDA)
    assert fit_of(entry(), EngineName.VLLM, with_gpu).free == 8 * GB
    assert fit_of(entry(), EngineName.VLLM, with_gpu).on_gpu
    assert not fit_of(entry(), EngineName.LLAMACPP, with_gpu).on_gpu


def test_what_cannot_be_loaded_or_compared_is_unknown() -> None:
    assert fit_of(entry(problem="cut"), EngineName.VLLM, machine()) == FitResult()
    assert fit_of(entry(), None, machine()) == FitResult()
    assert fit_of(entry(), EngineName.VLLM, None) == FitResult()

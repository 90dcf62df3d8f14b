"""Whether a model fits into the memory that is free: a first look for a whole list of them."""

from dataclasses import dataclass
from enum import StrEnum

from phidesk.core.engines import EngineName
from phidesk.core.library.entry import LibraryEntry
from phidesk.core.machine import Machine
from phidesk.core.models import Device

_CONTEXT = 8192
_OVERHEAD = {Device.CUDA: 1_000_000_000, Device.CPU: 300_000_000, Device.MPS: 300_000_000}
_TIGHT = 0.9


class Fit(StrEnum):
    """How a model fits; the order is that of the table's."""

    FITS = "fits"
    TIGHT = "tight"
    """it fits, but hardly anything is left"""
    TOO_LARGE = "too_large"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class FitResult:
    """Bytes that a load takes, those that are free for it, and whether these are a GPU's."""

    fit: Fit = Fit.UNKNOWN
    needs: int = 0
    free: int = 0
    on_gpu: bool = False


def fit_of(entry: LibraryEntry, engine: EngineName | None, machine: Machine | None) -> FitResult:
    """Compare what the engine takes with what is free.

    Weights as they lie on disk, a KV cache of 16-bit numbers for at most 8,192 tokens, and what
    the libraries take.
    """
    if engine is None or machine is None or entry.ref.problem or not entry.ref.size_bytes:
        return FitResult()
    on_gpu = machine.device is Device.CUDA and engine is not EngineName.LLAMACPP
    needs = entry.ref.size_bytes + _kv_bytes(entry) + _OVERHEAD[machine.device]
    free = machine.vram_free if on_gpu else machine.ram_free
    if needs > free:
        return FitResult(Fit.TOO_LARGE, needs, free, on_gpu)
    return FitResult(Fit.TIGHT if needs > free * _TIGHT else Fit.FITS, needs, free, on_gpu)


def _kv_bytes(entry: LibraryEntry) -> int:
    """Layers x keys and values x KV heads x head size x 2 bytes, for each token."""
    sizes = entry.figures
    if not (sizes.layers and sizes.heads and sizes.kv_heads and sizes.hidden):
        return 0
    tokens = min(entry.ref.context_length or _CONTEXT, _CONTEXT)
    return sizes.layers * 2 * sizes.kv_heads * (sizes.hidden // sizes.heads) * 2 * tokens

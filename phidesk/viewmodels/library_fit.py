"""Whether a model fits into the memory that is free: a first look for a whole list of them."""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from phidesk.core.engines import EngineName
from phidesk.core.kv_cache import kv_of_config
from phidesk.core.library.entry import Figures, LibraryEntry
from phidesk.core.machine import Machine
from phidesk.core.memory import Estimator, ModelFacts
from phidesk.core.models import Concern, Device, ModelRef

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

    The estimate of the load form, from what the list knows of a model: without a look at the
    windows of its layers, for at most 8,192 tokens.
    """
    refused = entry.ref.problem or Concern.PICKLE in entry.ref.concerns
    if engine is None or machine is None or refused or not entry.ref.size_bytes:
        return FitResult()
    device = Device.CPU if engine is EngineName.LLAMACPP else machine.device
    on_gpu = device is Device.CUDA
    free = machine.vram_free if on_gpu else machine.ram_free
    estimated = _needs(entry.ref, entry.figures, entry.parameters, engine, device)
    needs = entry.ref.size_bytes if estimated is None else estimated
    if needs > free:
        return FitResult(Fit.TOO_LARGE, needs, free, on_gpu)
    if estimated is None:  # the weights would fit, and nobody knows what else there is
        return FitResult()
    return FitResult(Fit.TIGHT if needs > free * _TIGHT else Fit.FITS, needs, free, on_gpu)


@lru_cache(maxsize=8192)
def _needs(
    ref: ModelRef, sizes: Figures, parameters: int | None, engine: EngineName, device: Device
) -> int | None:
    """Return what a load takes; a list of models asks again whenever what is free changes."""
    config = {
        "num_hidden_layers": sizes.layers,
        "num_attention_heads": sizes.heads,
        "num_key_value_heads": sizes.kv_heads,
        "hidden_size": sizes.hidden,
    }
    hidden = sizes.hidden or 0
    facts = ModelFacts(
        weights=ref.size_bytes,
        parameters=parameters or 0,
        kv=kv_of_config(config),
        hidden=hidden,
        wide=4 * hidden,
        vocabulary=sizes.vocabulary or 0,
        config=config,
    )
    estimated = Estimator(model=ref, facts=facts, engine=engine, device=device).at(None)
    return estimated.total if estimated is not None else None

"""What a load took beside what was estimated for it."""

import msgspec

from phidesk.core.engines import EngineName
from phidesk.core.estimate_history import EstimateHistory, Outcome
from phidesk.core.load_options import Dtype, LoadOptions
from phidesk.core.memory import read_facts
from phidesk.core.models import Device, ModelRef
from phidesk.hardware.estimator import chooses_format, draft_facts, estimator_for
from phidesk.hardware.sampler import Sample


class LoadedFacts(msgspec.Struct, frozen=True, kw_only=True):
    """A load as the engine tells of it; device: in torch's words, such as "cuda:0"."""

    model: ModelRef
    engine: EngineName
    options: LoadOptions
    device: str
    dtype: str
    context_length: int


def outcome_of(load: LoadedFacts, sample: Sample, history: EstimateHistory) -> Outcome | None:
    """Compare a load with its estimate; None where files, driver or device do not tell.

    It reads files. sample: of the worker that holds the model, before its first prompt.
    """
    on_gpu = load.device.startswith("cuda")
    measured = (sample.gpus[0].ours_bytes if sample.gpus else 0) if on_gpu else sample.worker_bytes
    facts = read_facts(load.model)
    if facts is None or not measured:  # a driver may not name processes
        return None
    draft = draft_facts(load.options)
    made = estimator_for(load.model, facts, load.engine, load.options, sample, history, draft)
    if (made.device is Device.CUDA) != on_gpu:
        return None
    is_free = chooses_format(load.model, load.engine)
    if is_free and made.element_size != (4 if load.dtype == "fp32" else 2):
        return None  # a miss of the number format says nothing of what the libraries take
    shown = made.at(load.context_length)
    plain = msgspec.structs.replace(made, correction=0).at(load.context_length)
    if shown is None or plain is None:
        return None
    automatic = load.options.dtype is Dtype.AUTO and is_free
    return Outcome(
        engine=load.engine,
        device=made.device,
        model=load.model.path,
        plain=plain.at_load,
        estimated=shown.at_load,
        measured=measured,
        dtype=load.dtype if automatic else "",
    )

"""The estimator for a load on this machine."""

from phidesk.core import engines
from phidesk.core.engines import EngineName
from phidesk.core.estimate_history import EstimateHistory
from phidesk.core.load_options import Dtype, LoadOptions, Place
from phidesk.core.memory import Estimator, ModelFacts, read_facts
from phidesk.core.models import Device, ModelFormat, ModelRef
from phidesk.hardware.machine import machine_of
from phidesk.hardware.sampler import Sample


def computes_on(engine: EngineName, options: LoadOptions, sample: Sample) -> Device:
    """Return where an engine would compute: llama.cpp's build here has no GPU."""
    match engine:
        case EngineName.VLLM:
            return engines.vllm_device()
        case EngineName.TRANSFORMERS if options.place is Place.AUTO:
            return machine_of(sample).device
        case _:
            return Device.CPU


def estimator_for(
    model: ModelRef,
    facts: ModelFacts,
    engine: EngineName,
    options: LoadOptions,
    sample: Sample,
    history: EstimateHistory,
    draft: ModelFacts | None = None,
) -> Estimator:
    """Return an estimator with what earlier loads here have shown; draft: of draft_facts."""
    device = computes_on(engine, options, sample)
    element_size = history.element_size(engine, device, model.path)
    if options.dtype is not Dtype.AUTO:
        element_size = 4 if options.dtype is Dtype.FP32 else 2
    return Estimator(
        model=model,
        facts=facts,
        engine=engine,
        device=device,
        options=options if engine is EngineName.VLLM else LoadOptions(),
        element_size=2 if model.method else element_size,
        correction=history.correction(engine, device),
        draft=draft if engine is EngineName.VLLM else None,
    )


def draft_facts(options: LoadOptions) -> ModelFacts | None:
    """Return what the files of the options' draft model say; None where there is none."""
    path = options.draft_model
    if not path:
        return None
    return read_facts(ModelRef(name=path, path=path, format=ModelFormat.SAFETENSORS))

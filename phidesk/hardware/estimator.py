"""The estimator for a load on this machine."""

from phidesk.core import engines
from phidesk.core.engines import EngineName
from phidesk.core.estimate_history import EstimateHistory
from phidesk.core.load_options import Dtype, LoadOptions, Place
from phidesk.core.memory import Estimator, ModelFacts, read_facts
from phidesk.core.models import Device, ModelFormat, ModelRef
from phidesk.core.number_formats import kept_format, matrix_shape, needed_bytes
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
    name = _number_format(model, facts, engine, options, sample, device)
    return Estimator(
        model=model,
        facts=facts,
        engine=engine,
        device=device,
        options=options if engine is EngineName.VLLM else LoadOptions(),
        element_size=4 if name == "fp32" else 2,
        may_double=not name,
        correction=history.correction(engine, device),
        draft=draft if engine is EngineName.VLLM else None,
    )


def chooses_format(model: ModelRef, engine: EngineName) -> bool:
    """Return whether an engine is free in what it computes the model in."""
    if engine is EngineName.TRANSFORMERS and model.format is ModelFormat.GGUF:
        return True  # it is dequantized
    return engine is not EngineName.LLAMACPP and not model.method


def _number_format(
    model: ModelRef,
    facts: ModelFacts,
    engine: EngineName,
    options: LoadOptions,
    sample: Sample,
    device: Device,
) -> str:
    """Return the format that the worker will choose; "" where it has yet to measure."""
    if not chooses_format(model, engine):
        return "bf16"
    if options.dtype is not Dtype.AUTO:
        return options.dtype.value
    if device is not Device.CPU:
        return "bf16"
    used = sample.ram_used_bytes - min(sample.worker_bytes, sample.ram_used_bytes)
    too_large = needed_bytes(model, 4) > sample.ram_total_bytes - used
    if engine is EngineName.TRANSFORMERS and too_large:
        return "bf16"
    return kept_format(*matrix_shape(facts.config))


def draft_facts(options: LoadOptions) -> ModelFacts | None:
    """Return what the files of the options' draft model say; None where there is none."""
    path = options.draft_model
    if not path:
        return None
    return read_facts(ModelRef(name=path, path=path, format=ModelFormat.SAFETENSORS))

"""Reads the options of a load, and looks at the machine before it."""

import argparse
import math

import msgspec

from phidesk.client.loading import LoadPlan
from phidesk.core import engines, vllm_cpu
from phidesk.core.catalog import open_model
from phidesk.core.engines import EngineName, engines_to_try
from phidesk.core.estimate_history import EstimateHistory
from phidesk.core.load_options import Dtype, KvDtype, LoadOptions, Place, Speculation, Startup
from phidesk.core.memory import read_facts
from phidesk.core.models import Device, ModelFormat, ModelRef
from phidesk.core.settings import SettingsFile
from phidesk.core.trust import inspect, is_agreed
from phidesk.hardware.estimator import draft_facts, estimator_for
from phidesk.hardware.fit import fit
from phidesk.hardware.machine import machine_of
from phidesk.hardware.sampler import HardwareSampler, Sample

_GB = 10**9
_VLLM_ONLY = {
    "startup": "--startup",
    "parallel_chats": "--parallel-chats",
    "kv": "--kv",
    "cpu_offload": "--cpu-offload",
    "gpus": "--gpus",
    "speculation": "--speculation",
    "draft_model": "--draft-model",
}


class DoesNotFitError(ValueError):
    """The model does not fit into the memory; the message says what would."""


def read_load_options(options: argparse.Namespace) -> LoadOptions:
    """Return what the command line says; raises ValueError with plain words."""
    if options.context is not None and options.context < 1:
        raise ValueError(f"A context of {options.context} tokens makes no sense.")
    given: dict[str, object] = {}
    if options.dtype is not None:
        given["dtype"] = Dtype(options.dtype)
    if options.device is not None:
        given["place"] = Place(options.device)
    if options.startup is not None:
        given["startup"] = Startup(options.startup)
    if options.parallel_chats is not None:
        given["parallel_chats"] = options.parallel_chats
    if options.kv is not None:
        given["kv_dtype"] = KvDtype(options.kv)
    if options.cpu_offload is not None:
        if not math.isfinite(options.cpu_offload):
            raise ValueError("--cpu-offload is a number of gigabytes.")
        given["cpu_offload_bytes"] = int(options.cpu_offload * _GB)
    if options.gpus is not None:
        given["gpus"] = options.gpus
    if options.speculation is not None:
        given["speculation"] = Speculation(options.speculation)
    if options.draft_model is not None:
        given["draft_model"] = _draft_folder(options.draft_model)
        given.setdefault("speculation", Speculation.DRAFT)
    return LoadOptions(**given)  # type: ignore[arg-type]  # each is of its field's type


def plan_load(options: argparse.Namespace, model: ModelRef, sample: Sample) -> LoadPlan:
    """Return how to load the model here.

    Raises NoEngineError where no engine does, DoesNotFitError where memory is too small, and
    ValueError for options that make no sense.
    """
    wanted = EngineName(options.engine) if options.engine else None
    plan = LoadPlan(
        model=model,
        engines=engines_to_try(model, wanted, machine_of(sample)),
        context_length=options.context,
        options=read_load_options(options),
        without_code=options.without_code or _is_agreed(model),
    )
    if plan.engines[0] is EngineName.VLLM:  # it takes all of its memory at the load
        if engines.vllm_device() is Device.CPU:
            _check_cpu(plan.options)
        else:
            _check_gpus(plan.options, sample)
        if problem := _memory_problem(plan, EngineName.VLLM, sample):
            raise DoesNotFitError(problem)

    def problem_then(engine: EngineName) -> str:
        return _memory_problem(plan, engine, HardwareSampler().sample())

    return msgspec.structs.replace(plan, memory_problem=problem_then)


def ignored_options(options: argparse.Namespace, engine: EngineName) -> str:
    """Return words for the given options that the engine does not know; "" where it knows all."""
    if engine is EngineName.VLLM:
        return ""
    names = [name for field, name in _VLLM_ONLY.items() if getattr(options, field) is not None]
    return (
        f"{engine.label} loads without {', '.join(names)}: only vLLM knows that." if names else ""
    )


def _is_agreed(model: ModelRef) -> bool:
    """Return whether the user has agreed to this model at this revision for good."""
    consents = SettingsFile().load().consents
    return bool(consents) and is_agreed(consents, inspect(model))


def _draft_folder(where: str) -> str:
    draft = open_model(where)
    if draft.format is not ModelFormat.SAFETENSORS:
        raise ValueError(
            f"“{draft.name}” cannot guess for vLLM: a folder of safetensors is needed."
        )
    return draft.path


def _check_cpu(options: LoadOptions) -> None:
    if problem := vllm_cpu.load_problem(options):
        raise ValueError(problem)


def _check_gpus(options: LoadOptions, sample: Sample) -> None:
    if options.gpus > len(sample.gpus):
        raise ValueError(f"This machine has no {options.gpus} GPUs (found: {len(sample.gpus)}).")


def _memory_problem(plan: LoadPlan, engine: EngineName, sample: Sample) -> str:
    """Return why the model does not fit with an engine; "" where it does or nobody knows."""
    facts = read_facts(plan.model)
    if facts is None:
        return ""
    made = estimator_for(
        plan.model,
        facts,
        engine,
        plan.options,
        sample,
        EstimateHistory(),
        draft_facts(plan.options),
    )
    needs = made.at(plan.context_length)
    if needs is None:
        return ""
    found = fit(made, needs, sample)
    return found.problem if found.refused else ""

"""Looks at a load before anything is started: the engine, and whether it fits."""

from itertools import pairwise

from msgspec.structs import replace
from PySide6.QtCore import QObject

from phidesk.core.checkpoint import tokenizer_problem
from phidesk.core.engines import EngineName, NoEngineError, choose_engine, engines_to_try
from phidesk.core.estimate_history import EstimateHistory
from phidesk.core.machine import Machine
from phidesk.core.memory import read_facts
from phidesk.core.models import Concern, Device
from phidesk.hardware.estimator import draft_facts, estimator_for
from phidesk.hardware.fit import fit
from phidesk.hardware.sampler import Sample
from phidesk.protocol.events import FailureKind
from phidesk.viewmodels.load_request import Failure, LoadRequest

_BEST = Machine(device=Device.CUDA, ram_free=0, ram_total=0, gpus=1, capability=(99, 0))


def file_problem(where: QObject, request: LoadRequest) -> Failure | None:
    """Return why the model's files are not to be loaded at all."""
    model = request.model
    if model.problem:
        return Failure(FailureKind.CORRUPT_FILE, model.problem)
    if Concern.PICKLE in model.concerns:
        words = where.tr(
            "“{0}” has its weights only as pickles, which can run code when they are read. "
            "Get the same model as safetensors or GGUF."
        )
        return Failure(FailureKind.UNSUPPORTED, words.format(model.name))
    if lacking := tokenizer_problem(model):
        return Failure(FailureKind.MISSING_FILE, f"“{model.name}” {lacking}.")
    return None


def engine_problem(request: LoadRequest, machine: Machine | None) -> str:
    """Return why no engine loads this; machine None: whatever machine it is."""
    try:
        choose_engine(request.model, request.engine, machine or _BEST)
    except NoEngineError as error:
        return str(error)
    return ""


def memory_problem(
    request: LoadRequest,
    engine: EngineName,
    sample: Sample,
    history: EstimateHistory,
    ours: int = 0,
) -> Failure | None:
    """Return why the model does not fit, with the loads that would go on; it reads files.

    ours: bytes that are given back before the load.
    """
    facts = None if request.anyway else read_facts(request.model)
    if facts is None:
        return None
    draft = draft_facts(request.options)
    made = estimator_for(request.model, facts, engine, request.options, sample, history, draft)
    needs = made.at(request.context_length)
    if needs is None:
        return None
    found = fit(made, needs, sample, ours)
    if not found.refused:
        return None
    retry = replace(request, context_length=found.context) if found.context else None
    return Failure(
        FailureKind.OUT_OF_MEMORY,
        found.problem,
        retry=retry,
        anyway=replace(request, anyway=True),
    )


def next_engine(
    request: LoadRequest, tried: EngineName, machine: Machine | None, kind: FailureKind
) -> EngineName | None:
    """Return what to load the model with after vLLM, where the choice was left to phidesk."""
    if not kind.lets_another_engine_try:
        return None
    engines = engines_to_try(request.model, request.engine, machine)
    return dict(pairwise(engines)).get(tried)

"""Writes down what loads on the command line took, as the window does for its own."""

from phidesk.client.loading import LoadPlan
from phidesk.core.engines import EngineName
from phidesk.core.estimate_history import EstimateHistory
from phidesk.hardware.outcomes import LoadedFacts, outcome_of
from phidesk.hardware.sampler import HardwareSampler
from phidesk.protocol.events import Loaded


def record_load(
    plan: LoadPlan, loaded: Loaded, pid: int | None, sampler: HardwareSampler | None = None
) -> None:
    """Look at the worker that has just loaded, and keep what it took for later estimates."""
    load = LoadedFacts(
        model=plan.model,
        engine=EngineName(loaded.engine),
        options=plan.options,
        device=loaded.device,
        dtype=loaded.dtype,
        context_length=loaded.context_length,
    )
    history = EstimateHistory()
    outcome = outcome_of(load, (sampler or HardwareSampler()).sample(pid), history)
    if outcome is not None:
        history.add(outcome)

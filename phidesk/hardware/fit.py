"""Whether vLLM finds the memory that a model needs on the GPUs of this machine."""

import msgspec

from phidesk.core.models import ModelRef
from phidesk.core.serving import ServingNeeds, fitting_context, refusal
from phidesk.hardware.sampler import Sample


class Fit(msgspec.Struct, frozen=True, kw_only=True):
    """free: bytes on the fullest GPU. problem: why it does not fit, "" where it does.

    context: the context length that would fit where this one does not; 0 for none.
    """

    free: int
    problem: str = ""
    context: int = 0


def fit(
    model: ModelRef, needs: ServingNeeds, gpus: int, sample: Sample, given_back: int = 0
) -> Fit:
    """Compare what each of the first GPUs must hold with what is free there.

    given_back: bytes of the first GPU that are free before the load; with it, what the sample
    counts as ours on the others is as well.
    """
    there = len(sample.gpus)
    if gpus > there:
        return Fit(free=0, problem=f"This machine has no {gpus} GPUs (found: {there}).")
    free = {}
    for place, gpu in enumerate(sample.gpus[:gpus]):
        ours = max(gpu.ours_bytes, given_back if place == 0 else 0) if given_back else 0
        free[place] = gpu.total_bytes - gpu.used_bytes + ours
    fullest = min(free, key=lambda place: free[place])
    problem = refusal(model, needs, free[fullest], sample.gpus[fullest].others)
    context = fitting_context(needs, free[fullest]) if problem else 0
    return Fit(free=free[fullest], problem=problem, context=context)

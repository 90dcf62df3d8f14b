"""How a model is served: for which context length, and with how many requests at once."""

from phidesk.core.load_options import LoadOptions, Startup
from phidesk.core.models import ModelRef

DEFAULT_CONTEXT = 8192
MIN_CONTEXT = 256
BATCHED_TOKENS = 2048
"""Prompt tokens that vLLM computes at a time."""
LLAMA_CHATS = 4
"""Chats that share llama.cpp's KV cache."""
_FEWEST_RUNNING = 8


def serving_context(model: ModelRef, wanted: int | None) -> int:
    """Return the context length to load for, in tokens: the wanted one, within the model's."""
    longest = model.context_length or DEFAULT_CONTEXT
    return max(MIN_CONTEXT, min(wanted or DEFAULT_CONTEXT, longest))


def running_at_once(options: LoadOptions) -> int:
    """Return how many requests run at once; more of them wait."""
    return max(_FEWEST_RUNNING, options.parallel_chats)


def graph_sizes(options: LoadOptions) -> list[int]:
    """Return the batch sizes that get a CUDA graph: powers of two up to running_at_once."""
    if options.startup is Startup.EAGER:
        return []
    most, sizes = running_at_once(options), [1]
    while sizes[-1] < most:
        sizes.append(sizes[-1] * 2)
    return sizes

"""What vLLM's build for the CPU cannot do, in words for a person."""

from phidesk.core.chat import SamplingParams
from phidesk.core.load_options import LoadOptions, Speculation


def request_problem(options: LoadOptions, sampling: SamplingParams) -> str:
    """Return why an answer cannot be sampled so by what was loaded so; "" where it can.

    With guesses and chance together this build mixes up memory: it crashes or talks nonsense.
    """
    if options.speculation is Speculation.OFF or sampling.is_greedy:
        return ""
    return (
        "Without a GPU, speculative decoding works at temperature 0 only. Set the temperature "
        "to 0, or load the model without speculation."
    )

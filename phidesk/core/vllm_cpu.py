"""What vLLM's build for the CPU cannot do, in words for a person."""

from phidesk.core.chat import SamplingParams
from phidesk.core.load_options import LoadOptions, Speculation


def load_problem(options: LoadOptions) -> str:
    """Return why a model cannot be loaded so; "" where it can."""
    if options.gpus > 1:
        return (
            f"The model cannot be spread over {options.gpus} GPUs: the vLLM that is installed here "
            "is the build for the CPU. Load it without that option."
        )
    if options.cpu_offload_bytes:
        return (
            "Weights cannot be kept in the computer's memory beside a graphics card's: the vLLM "
            "that is installed here is the build for the CPU, which has all of them there. Load "
            "the model without that option."
        )
    return ""


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

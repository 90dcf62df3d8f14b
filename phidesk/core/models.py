"""A model on disk, as the picker and the worker name it."""

from enum import StrEnum

import msgspec


class ModelFormat(StrEnum):
    """How the weights lie on disk."""

    GGUF = "gguf"
    SAFETENSORS = "safetensors"


class Concern(StrEnum):
    """What in a model's folder could run a stranger's code."""

    REMOTE_CODE = "remote_code"
    """config.json names Python classes of the repository (auto_map), or *.py files lie there."""
    PICKLE = "pickle"
    """The weights are only there as pickles (*.bin, *.pt), which run code when they are read."""
    TEMPLATE = "template"
    """A chat template does what none needs to; a scan tells once it has looked closer."""


class Device(StrEnum):
    """Where a model computes, in torch's words."""

    CPU = "cpu"
    CUDA = "cuda"
    MPS = "mps"


class ModelRef(msgspec.Struct, frozen=True, kw_only=True):
    """One model: a folder with safetensors, or a GGUF file.

    quantization: as people name it ("Q4_1", "gptq 4-bit", "bf16"); method: the key that
    core.engines looks up ("gguf", "gptq", "awq", "bitsandbytes", ..., "" for none).
    problem: why it cannot be loaded, in words; empty where nothing is known to be wrong.
    """

    name: str
    path: str
    format: ModelFormat
    architecture: str = ""
    quantization: str = ""
    method: str = ""
    size_bytes: int = 0
    context_length: int | None = None
    concerns: tuple[Concern, ...] = ()
    problem: str = ""
    is_starter: bool = False


_MOST_TOKENS = 2**31 - 1  # what every engine can count


def plausible_tokens(claim: object) -> int | None:
    """Return the context length that a file claims; None where it cannot be one."""
    if not isinstance(claim, int) or isinstance(claim, bool):
        return None
    return claim if 0 < claim <= _MOST_TOKENS else None


def well_formed(text: str) -> str:
    """Return the text with half characters replaced by U+FFFD.

    Python keeps the bytes of a file name that is not UTF-8 as lone surrogates, and a text
    field of Qt can hold half an emoji; neither can be written to JSON.
    """
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")

"""How a model is to be loaded; each engine follows the options that it knows."""

from enum import StrEnum

import msgspec

MAX_CHATS = 64
MAX_GPUS = 16


class Startup(StrEnum):
    """What vLLM does before the first answer."""

    FAST = "fast"
    """Decode graphs for small batches, no compilation: seconds, and nearly full speed."""
    OPTIMIZED = "optimized"
    """Compiles the model: a minute more the first time, a few percent faster afterwards."""
    EAGER = "eager"
    """Neither: for finding errors; several times slower."""


class KvDtype(StrEnum):
    """The number format of the KV cache."""

    AUTO = "auto"
    """That of the model."""
    FP8 = "fp8"
    """Half the memory, a little less exact."""


class Dtype(StrEnum):
    """The number format of weights that are not quantized."""

    AUTO = "auto"
    """The engine's choice for the model and the device."""
    BF16 = "bf16"
    FP16 = "fp16"
    FP32 = "fp32"

    @property
    def torch_name(self) -> str:
        """What torch calls it; "auto" for AUTO."""
        names = {"bf16": "bfloat16", "fp16": "float16", "fp32": "float32"}
        return names.get(self.value, self.value)


class Place(StrEnum):
    """Where Transformers computes."""

    AUTO = "auto"
    """A graphics card where there is one."""
    CPU = "cpu"


class Speculation(StrEnum):
    """Who guesses the next tokens, which the model then checks all at once."""

    OFF = "off"
    NGRAM = "ngram"
    """What followed the same words earlier in the conversation."""
    DRAFT = "draft"
    """A small model with the same vocabulary."""


class LoadOptions(msgspec.Struct, frozen=True, kw_only=True):
    """Options of a load beside its context length.

    dtype: of a model that is not quantized. place: for Transformers.
    parallel_chats: how many full contexts the KV pool holds. cpu_offload_bytes: of the weights,
    kept in the computer's memory. gpus: over how many GPUs each layer is spread. draft_model:
    the folder of the small model for Speculation.DRAFT. speculative_tokens: guessed at a time.
    """

    dtype: Dtype = Dtype.AUTO
    place: Place = Place.AUTO
    startup: Startup = Startup.FAST
    parallel_chats: int = 1
    kv_dtype: KvDtype = KvDtype.AUTO
    cpu_offload_bytes: int = 0
    gpus: int = 1
    speculation: Speculation = Speculation.OFF
    draft_model: str = ""
    speculative_tokens: int = 4

    def __post_init__(self) -> None:
        bounds = (
            ("parallel chats", self.parallel_chats, 1, MAX_CHATS),
            ("the number of GPUs", self.gpus, 1, MAX_GPUS),
            ("speculative tokens", self.speculative_tokens, 1, 16),
        )
        for name, value, low, high in bounds:
            if not low <= value <= high:
                raise ValueError(f"{name} must lie between {low} and {high}, not {value}")
        if self.cpu_offload_bytes < 0:
            raise ValueError("what is kept in the computer's memory cannot be negative")
        if (self.speculation is Speculation.DRAFT) != bool(self.draft_model):
            raise ValueError("speculation by a draft model needs the folder of that model")

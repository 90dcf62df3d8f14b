"""How much a model's KV cache keeps of a conversation, from its config.json or GGUF head.

In numbers; what a number takes is up to the engine: two bytes in 16 bits, one in fp8.
"""

from typing import Any

import msgspec

from phidesk.core.config_names import with_usual_names

MOST = 2**40
"""No count in a network is larger: what a config.json says beyond is taken for nonsense."""
BLOCK_TOKENS = 128
"""vLLM's pool is a number of blocks; a block is never larger than this."""
_IN_FLIGHT_STEPS = 2  # vLLM computes one batch while it prepares the next

_LLAMA_STEP = 256  # llama.cpp's caches are whole numbers of so many tokens
# Where a head names a window, one layer in so many has none, in llama.cpp as in these models'
# papers; a file's own pattern comes first. Where neither tells, all is counted.
# https://github.com/ggml-org/llama.cpp/tree/master/src/models
_PATTERNS = {"gemma2": 2, "gemma3": 6, "cohere2": 4, "gpt-oss": 2}

_FULL = ("full_attention", "chunked_attention", "attention")
_SLIDING = "sliding_attention"
_ALL_SLIDING = ("mistral", "mixtral", "phi3", "starcoder2")  # where every layer has the window


class KvLayers(msgspec.Struct, frozen=True, kw_only=True):
    """Layers of one kind. numbers: of one token in one layer; window: tokens kept, 0 for all."""

    count: int
    numbers: int
    window: int = 0


class KvCache(msgspec.Struct, frozen=True, kw_only=True):
    """The kinds of layers that keep something."""

    kinds: tuple[KvLayers, ...]

    @property
    def token(self) -> int:
        """Numbers that one token leaves in all layers."""
        return sum(kind.count * kind.numbers for kind in self.kinds)

    def held(self, tokens: int) -> int:
        """Return the numbers that a conversation of so many tokens keeps."""
        return sum(
            kind.count * kind.numbers * min(tokens, kind.window or tokens) for kind in self.kinds
        )

    def llama(self, context: int, chats: int, batch: int) -> int:
        """Return the numbers in llama.cpp's caches, which so many chats share.

        batch: prompt tokens that it computes at a time. A layer with a window has room for that
        of each chat and for one batch (llama.cpp, src/llama-kv-cache-iswa.cpp).
        """
        return sum(
            kind.count
            * kind.numbers
            * _steps(min(context, kind.window * chats + batch) if kind.window else context)
            for kind in self.kinds
        )

    def pool(self, context: int, chats: int, batch: int) -> int:
        """Return the numbers in a pool of vLLM's for so many chats of that context length.

        batch: prompt tokens that it computes at a time. vLLM puts layers into groups of one size,
        each with its own blocks (vllm/v1/core/kv_cache_utils.py): a layer with a window needs
        blocks for that and for the steps under way. One block more is kept empty.
        """
        sizes = {kind.numbers for kind in self.kinds}
        if len(self.kinds) == 1 or len(sizes) > 1:
            return (chats * _blocks(context) + 2) * BLOCK_TOKENS * self.token
        counts = [kind.count for kind in self.kinds]
        group = max(counts) if max(counts) < 1.25 * min(counts) else min(counts)
        blocks = 0
        for kind in self.kinds:
            tokens, more = context, 0
            if kind.window:
                tokens, more = min(context, kind.window + _IN_FLIGHT_STEPS * batch), 1
            blocks += -(-kind.count // group) * (_blocks(tokens) + more)
        return (chats * blocks + 2) * BLOCK_TOKENS * group * sizes.pop()


def kv_of_config(
    config: dict[str, Any], *, gpus: int = 1, only_named: bool = False
) -> KvCache | None:
    """Return the cache of a model with this config.json; None for models without attention.

    2 (keys and values) x KV heads x head dimension for each layer and token; with multi-head
    latent attention (arXiv 2405.04434, section 2.1) latent rank + rotary dimension. Over several
    GPUs the heads are spread, never less than one each; the latent of the other kind lies whole
    on every one.

    only_named: count the windows of layers that layer_types names, and no others.
    """
    config = with_usual_names(config)
    try:
        layers, heads = int(config["num_hidden_layers"]), int(config["num_attention_heads"])
        if rank := config.get("kv_lora_rank"):
            numbers = int(rank) + int(config["qk_rope_head_dim"])
        else:
            kv_heads = int(config.get("num_key_value_heads") or heads)
            width = int(config.get("head_dim") or int(config["hidden_size"]) // heads)
            numbers = 2 * -(-kv_heads // gpus) * width
    except (KeyError, TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None
    if not (0 < layers <= MOST and 0 < numbers <= MOST):
        return None
    window = _positive(config.get("sliding_window"))
    sliding, none = _kinds(config, layers, only_named)
    return _cache(layers - sliding - none, sliding, numbers, window)


def kv_of_gguf(numbers: dict[str, int], architecture: str = "") -> KvCache | None:
    """Return the cache of a GGUF file whose head has these numbers; None where they do not tell."""
    try:
        layers, heads = numbers["block_count"], numbers["attention.head_count"]
        kv_heads = numbers.get("attention.head_count_kv", heads)
        width = numbers["embedding_length"] // heads
    except (KeyError, ZeroDivisionError):
        return None
    keys = numbers.get("attention.key_length", width)
    values = numbers.get("attention.value_length", width)
    each = kv_heads * (keys + values)
    if not (0 < layers <= MOST and 0 < each <= MOST):
        return None
    pattern = _positive(
        numbers.get("attention.sliding_window_pattern", _PATTERNS.get(architecture))
    )
    window = _positive(numbers.get("attention.sliding_window"))
    sliding = layers - layers // pattern if pattern and window else 0
    return _cache(layers - sliding, sliding, each, window)


def _cache(full: int, sliding: int, numbers: int, window: int) -> KvCache | None:
    kinds = []
    if full + (0 if window else sliding) > 0:
        kinds.append(KvLayers(count=full + (0 if window else sliding), numbers=numbers))
    if sliding and window:
        kinds.append(KvLayers(count=sliding, numbers=numbers, window=window))
    return KvCache(kinds=tuple(kinds)) if kinds else None


def _kinds(config: dict[str, Any], layers: int, only_named: bool) -> tuple[int, int]:
    """Return how many layers have a window, and how many keep nothing for each token."""
    named = config.get("layer_types")
    if isinstance(named, list) and named:
        sliding = sum(kind == _SLIDING for kind in named)
        return sliding, sum(kind != _SLIDING and kind not in _FULL for kind in named)
    if only_named or not _positive(config.get("sliding_window")):
        return 0, 0
    if pattern := _positive(config.get("sliding_window_pattern")):
        return layers - layers // pattern, 0
    if config.get("use_sliding_window") is False:
        return 0, 0
    if config.get("model_type") in _ALL_SLIDING:
        return layers, 0
    return 0, 0


def _positive(value: object) -> int:
    return value if type(value) is int and 0 < value <= MOST else 0


def _steps(tokens: int) -> int:
    return -(-tokens // _LLAMA_STEP) * _LLAMA_STEP


def _blocks(tokens: int) -> int:
    return -(-tokens // BLOCK_TOKENS)

"""What it takes to serve a model on a GPU with vLLM: weights, KV pool and workspace, in bytes.

From the files alone, so that a load that cannot fit is refused before anything starts.
tests/benchmarks/vllm_engine.py compares the figures with NVML's.
"""

import json
from pathlib import Path
from typing import Any

import msgspec

from phidesk.core.files import size_of
from phidesk.core.load_options import KvDtype, LoadOptions, Startup
from phidesk.core.machine import GpuProcess
from phidesk.core.models import ModelFormat, ModelRef

DEFAULT_CONTEXT = 8192
MIN_CONTEXT = 256
BATCHED_TOKENS = 2048
"""Prompt tokens that vLLM computes at a time."""
BLOCK_TOKENS = 128
"""The KV pool is a number of blocks; a block of vLLM is never larger than this."""

_CUDA_CONTEXT = 650_000_000  # the driver's share of a process, and the libraries' kernels
_GRAPH_BYTES = 90_000_000  # a captured graph's own share, measured over 1, 2, 4 and 8
_FEWEST_RUNNING = 8


class ServingNeeds(msgspec.Struct, frozen=True, kw_only=True):
    """Bytes by part, on each GPU. kv_token: of the KV cache, for each token."""

    weights: int
    kv: int
    workspace: int
    kv_token: int
    context: int
    chats: int

    @property
    def total(self) -> int:
        """All of it."""
        return self.weights + self.kv + self.workspace


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


def pool_tokens(context: int, chats: int) -> int:
    """Return the tokens that the KV pool holds: whole blocks, and one that vLLM keeps empty."""
    blocks = -(-context // BLOCK_TOKENS)
    return (chats * blocks + 2) * BLOCK_TOKENS


def serving_needs(
    model: ModelRef, wanted_context: int | None, options: LoadOptions
) -> ServingNeeds | None:
    """Return what vLLM takes on each GPU; None where the files do not tell."""
    config = _config(model)
    kv_token = kv_bytes_of(config, options)
    if not kv_token:
        return None
    context = serving_context(model, wanted_context)
    weights = max(0, _weights(model) - options.cpu_offload_bytes) // options.gpus
    if options.draft_model:
        weights += _weights_in(Path(options.draft_model)) // options.gpus
    hidden = number(config, "hidden_size")
    wide = number(config, "intermediate_size") or 4 * hidden
    vocabulary = number(config, "vocab_size")
    activations = BATCHED_TOKENS * 2 * (2 * wide + 4 * hidden)
    logits = running_at_once(options) * vocabulary * 4 * 4  # in fp32; the sampler sorts copies
    return ServingNeeds(
        weights=weights,
        kv=pool_tokens(context, options.parallel_chats) * kv_token,
        workspace=_CUDA_CONTEXT + len(graph_sizes(options)) * _GRAPH_BYTES + activations + logits,
        kv_token=kv_token,
        context=context,
        chats=options.parallel_chats,
    )


def number(config: dict[str, Any], key: str) -> int:
    """Return a number of a config.json: the largest where each layer has its own; 0 for none."""
    found = config.get(key)
    if isinstance(found, list):
        found = max((n for n in found if isinstance(n, int)), default=0)
    return found if isinstance(found, int) else 0


def kv_bytes_of(config: dict[str, Any], options: LoadOptions, element_size: int = 2) -> int | None:
    """Return the bytes of one token in each GPU's KV cache, a draft model's included.

    element_size: of a number where the options do not say otherwise.
    """
    size = 1 if options.kv_dtype is KvDtype.FP8 else element_size
    kv_token = kv_bytes_per_token(config, size, options.gpus)
    if kv_token is None or not options.draft_model:
        return kv_token
    draft = kv_bytes_per_token(_config_in(Path(options.draft_model)), size, options.gpus)
    return kv_token + (draft or 0)


def kv_bytes_per_token(config: dict[str, Any], element_size: int, gpus: int = 1) -> int | None:
    """Return the bytes of one token in each GPU's KV cache; None for models without attention.

    layers x 2 (keys and values) x KV heads x head dimension x element size; with multi-head
    latent attention (arXiv 2405.04434, section 2.1) layers x (latent rank + rotary dimension).
    Sliding windows are counted in full. Over several GPUs vLLM spreads the heads, never less than
    one each; the latent of the other kind lies whole on every one.
    """
    try:
        layers, heads = int(config["num_hidden_layers"]), int(config["num_attention_heads"])
        if rank := config.get("kv_lora_rank"):
            return layers * (int(rank) + int(config["qk_rope_head_dim"])) * element_size
        kv_heads = int(config.get("num_key_value_heads") or heads)
        width = int(config.get("head_dim") or int(config["hidden_size"]) // heads)
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return None
    return layers * 2 * -(-kv_heads // gpus) * width * element_size


def fitting_context(needs: ServingNeeds, free: int) -> int:
    """Return the longest context, in steps of 1,024 tokens, that fits; 0 where none does."""
    room = free - needs.weights - needs.workspace
    tokens = room // needs.kv_token - 2 * BLOCK_TOKENS
    return max(0, min(tokens // needs.chats, needs.context) // 1024 * 1024)


def refusal(model: ModelRef, needs: ServingNeeds, free: int, others: tuple[GpuProcess, ...]) -> str:
    """Return why the model does not fit and what would; "" where it fits."""
    if needs.total <= free:
        return ""
    largest = max(others, key=lambda p: p.bytes, default=None)
    held = f", “{largest.name}” holds {_gb(largest.bytes)}" if largest is not None else ""
    words = f"“{model.name}” needs {_gb(needs.total)} on the graphics card, {_gb(free)} are free"
    words += held
    fits = fitting_context(needs, free)
    if fits and fits < needs.context:
        return f"{words}: a context of {fits:,} tokens would fit."
    return f"{words}. Choose a smaller or quantized copy, or close other programs."


def _config(model: ModelRef) -> dict[str, Any]:
    return _config_in(Path(model.path)) if model.format is ModelFormat.SAFETENSORS else {}


def _config_in(folder: Path) -> dict[str, Any]:
    try:
        found = json.loads((folder / "config.json").read_bytes())
    except (OSError, ValueError):
        return {}
    text = found.get("text_config") if isinstance(found, dict) else None
    return text if isinstance(text, dict) else found if isinstance(found, dict) else {}


def _weights(model: ModelRef) -> int:
    size = _weights_in(Path(model.path)) or model.size_bytes
    return size // 2 if model.quantization == "fp32" else size  # computed in 16 bits


def _weights_in(folder: Path) -> int:
    """Return the bytes of a folder's weights; a second set of the same ones is not loaded."""
    files = list(folder.glob("*.safetensors"))
    numbered = [file for file in files if file.name.startswith("model")]
    return sum(size_of(file) for file in numbered or files)


def _gb(size: int) -> str:
    return f"{size / 1e9:.1f} GB"

"""What a loaded Transformers model really is, in numbers and names."""

from collections import Counter
from typing import Any

import torch

from phidesk.core.kv_cache import kv_of_config
from phidesk.core.serving import DEFAULT_CONTEXT
from phidesk.protocol.commands import LoadModel

# Not kv_lora_rank: Transformers keeps whole heads, also where a model could keep a latent.
_FIELDS = (
    "num_hidden_layers", "num_attention_heads", "num_key_value_heads", "head_dim", "hidden_size",
    "sliding_window", "layer_types",
)  # fmt: skip


def kv_bytes(config: Any, tokens: int, element_size: int) -> int | None:
    """Return the bytes of a full KV cache of `tokens` tokens; None for models without attention.

    layers x 2 (keys and values) x KV heads x head dimension x element size x tokens. A layer
    with sliding-window attention keeps no more tokens than its window; linear attention, Mamba
    and convolution layers keep none.
    """
    text = config.get_text_config()  # an older model has these under other names in its file
    cache = kv_of_config({name: getattr(text, name, None) for name in _FIELDS}, only_named=True)
    return cache.held(tokens) * element_size if cache is not None else None


def weights_bytes(model: Any) -> int:
    """Return the bytes of a model's tensors, the scales that bitsandbytes hides included."""
    states = [getattr(weight, "quant_state", None) for weight in model.parameters()]
    hidden = (scales for state in states if state is not None for scales in _scales(state))
    return int(model.get_memory_footprint()) + sum(int(t.nbytes) for t in hidden)


def _scales(state: Any) -> list[Any]:
    """Return the tensors of a bitsandbytes QuantState; nested, the scales have their own."""
    nested = getattr(state, "state2", None)
    return [state.absmax, *([] if nested is None else [nested.absmax])]


def context_length(spec: LoadModel, config: Any) -> int:
    """Return the tokens that the model was asked for, at most those that it was made for."""
    own = getattr(config.get_text_config(), "max_position_embeddings", None)
    wanted = spec.context_length or DEFAULT_CONTEXT
    return int(min(wanted, own or spec.model.context_length or wanted))


def kernel(model: Any) -> str:
    """Return the class that multiplies the quantized weights, "" where none are."""
    if getattr(model, "hf_quantizer", None) is None:
        return ""
    plain = (torch.nn.Linear.__name__, torch.nn.Embedding.__name__)
    names = Counter(
        type(module).__name__
        for module in model.modules()
        if not list(module.children())
        and any("linear" in base.__name__.lower() for base in type(module).__mro__)
    )
    return next((name for name, _ in names.most_common() if name not in plain), "")

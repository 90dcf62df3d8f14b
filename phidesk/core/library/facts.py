"""What a config.json or the head of a GGUF file tells about a network."""

import math
import re

from phidesk.core.gguf import GgufHead
from phidesk.core.library.entry import Figures
from phidesk.core.models import well_formed

_MOST = 2**40  # of anything that is counted in a network
_MOST_SETTINGS = 24
_MOST_WORDS = 80
_LABEL = re.compile(r"(?:(\d+)x)?(\d+(?:\.\d+)?)([KMBT])", re.IGNORECASE)
_UNITS = {"k": 1e3, "m": 1e6, "b": 1e9, "t": 1e12}

# As their makers write them; others follow from the key itself.
_FAMILIES = {
    "phi": "Phi", "phi3": "Phi-3", "phi4": "Phi-4", "phimoe": "Phi MoE", "gpt2": "GPT-2",
    "gpt_neox": "GPT-NeoX", "gptneox": "GPT-NeoX", "gpt_oss": "gpt-oss", "chatglm": "ChatGLM",
    "deepseek_v2": "DeepSeek-V2", "deepseek_v3": "DeepSeek-V3", "deepseek2": "DeepSeek-V2",
    "smollm3": "SmolLM3", "olmo": "OLMo", "olmo2": "OLMo 2", "internlm2": "InternLM2",
    "minicpm": "MiniCPM", "starcoder2": "StarCoder2", "cohere": "Command R", "cohere2": "Command",
    "command-r": "Command R", "mpt": "MPT", "opt": "OPT", "rwkv6": "RWKV 6", "t5": "T5",
    "exaone": "EXAONE", "glm4": "GLM-4", "stablelm": "StableLM", "qwen": "Qwen",
}  # fmt: skip
_WORDS = {"moe": "MoE", "vl": "VL", "llama4": "Llama 4", "text": "", "gpt": "GPT", "it": "it"}


def family(architecture: str) -> str:
    """Return the family of an architecture's key ("qwen3_moe") as people write it."""
    if architecture in _FAMILIES:
        return _FAMILIES[architecture]
    words = [
        _WORDS.get(word, word[:1].upper() + word[1:]) for word in re.split("[_-]", architecture)
    ]
    return " ".join(word for word in words if word)


def network_of(config: dict[str, object]) -> str:
    """Return the class that a config.json names; "" for none."""
    names = config.get("architectures")
    first = names[0] if isinstance(names, list) and names else ""
    return well_formed(first[:_MOST_WORDS]) if isinstance(first, str) else ""


def figures_of(config: dict[str, object]) -> Figures:
    """Return the sizes that a config.json tells; of the text model where there are several."""
    text = config.get("text_config")
    known = {**config, **text} if isinstance(text, dict) else config
    heads = _count(known, "num_attention_heads", "n_head", "num_heads")
    return Figures(
        layers=_count(known, "num_hidden_layers", "n_layer", "num_layers"),
        heads=heads,
        kv_heads=_count(known, "num_key_value_heads", "num_kv_heads") or heads,
        hidden=_count(known, "hidden_size", "n_embd", "d_model"),
        experts=_count(known, "num_local_experts", "num_experts", "n_routed_experts"),
        vocabulary=_count(known, "vocab_size"),
    )


def figures_of_gguf(head: GgufHead) -> Figures:
    """Return the sizes that the head of a GGUF file tells."""
    known: dict[str, object] = dict(head.numbers)
    heads = _count(known, "attention.head_count")
    return Figures(
        layers=_count(known, "block_count"),
        heads=heads,
        kv_heads=_count(known, "attention.head_count_kv") or heads,
        hidden=_count(known, "embedding_length"),
        experts=_count(known, "expert_count"),
        vocabulary=head.vocabulary or _count(known, "vocab_size"),
    )


def told_parameters(head: GgufHead) -> int | None:
    """Return how many parameters the head of a GGUF file tells, or its sizes let expect."""
    if head.parameters:
        return head.parameters
    if found := _LABEL.fullmatch(head.size_label.strip()):
        return int(int(found[1] or 1) * float(found[2]) * _UNITS[found[3].lower()]) or None
    figures, known = figures_of_gguf(head), head.numbers
    wide = known.get("expert_feed_forward_length") or known.get("feed_forward_length") or 0
    if not (figures.layers and figures.heads and figures.hidden and 0 < wide < _MOST):
        return None
    hidden, size = figures.hidden, figures.hidden // figures.heads
    attention = 2 * hidden * size * (figures.heads + (figures.kv_heads or figures.heads))
    block = attention + 3 * hidden * wide * (figures.experts or 1)
    found_count = figures.layers * block + hidden * (figures.vocabulary or 0)
    return found_count if found_count < _MOST else None


def bits_of(method: str, quantization: str) -> float | None:
    """Return the bits of a weight that the quantization's name tells ("Q4_K_M", "gptq 4-bit")."""
    known = {"bf16": 16, "fp16": 16, "f16": 16, "fp32": 32, "f32": 32, "nf4": 4, "fp4": 4,
             "llm.int8()": 8, "fp8": 8, "mxfp4": 4, "nvfp4": 4}  # fmt: skip
    name = quantization.lower()
    if name in known:
        return known[name]
    if found := re.match(r"i?t?q(\d)", name) or re.search(r"\b(\d{1,2})-bit", name):
        return float(found[1]) or None
    return 8.0 if method in ("fp8", "fbgemm_fp8") or name.startswith("f8") else None


def settings_of(claim: object) -> dict[str, str]:
    """Return the plain values of a quantization config as text."""
    if not isinstance(claim, dict):
        return {}
    found: dict[str, str] = {}
    for key, value in claim.items():
        if isinstance(value, str | int | float) and len(found) < _MOST_SETTINGS:
            found[well_formed(str(key)[:_MOST_WORDS])] = _words(value)
    return found


def _words(value: str | float) -> str:
    if isinstance(value, int) and value.bit_length() > 64:  # takes long to write, and says nothing
        return "…"
    return well_formed(str(value)[:_MOST_WORDS])


def _count(known: dict[str, object], *keys: str) -> int | None:
    """Return the first number that can be one; the largest where each layer has its own."""
    for key in keys:
        value = known.get(key)
        values = value if isinstance(value, list) else [value]
        whole = [n for n in values[:1000] if type(n) is int and 0 < n < _MOST]
        if whole:
            return max(whole)
    return None


def bits_by_size(size_bytes: int, parameters: int | None) -> float | None:
    """Return the bits that a weight takes on disk on average; None where that is unknown."""
    if not parameters or not size_bytes:
        return None
    bits = 8 * size_bytes / parameters
    return round(bits, 1) if math.isfinite(bits) and bits < 100 else None

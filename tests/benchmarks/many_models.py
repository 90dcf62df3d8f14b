"""Writes folders and GGUF files as large as real models' heads, with holes in place of weights."""

import json
import struct
from pathlib import Path
from typing import Any

_SHAPES = (  # layers, hidden, wide, heads, KV heads, vocabulary
    (30, 576, 1536, 9, 3, 49152),
    (28, 1024, 3072, 16, 8, 151936),
    (32, 4096, 14336, 32, 8, 128256),
    (40, 5120, 17920, 40, 10, 100352),
    (36, 2560, 9728, 32, 8, 151936),
)
_KINDS = ("llama", "qwen3", "llama", "phi3", "qwen3")
_OWNERS = ("meta-llama", "Qwen", "microsoft", "mistralai", "模型工坊")
_TOKENS = 32_000


def write_models(root: Path, count: int) -> None:
    """Write so many models: three of five are folders, a third of those in several files."""
    vocabulary = b"".join(_string(f"▁token{n}") for n in range(_TOKENS))
    for number in range(count):
        shape = number % len(_SHAPES)
        owner = root / _OWNERS[number % len(_OWNERS)]
        if number % 5 < 3:
            _write_folder(
                owner / f"Model-{number}-Instruct", shape, 1 + 2 * (number % 3 == 0), number
            )
        else:
            owner.mkdir(parents=True, exist_ok=True)
            _write_gguf(owner / f"Model-{number}-Q4_K_M.gguf", shape, vocabulary, number)


def _write_folder(folder: Path, shape: int, parts: int, number: int) -> None:
    folder.mkdir(parents=True)
    layers, hidden, wide, heads, kv_heads, vocabulary = _SHAPES[shape]
    config = {
        "architectures": ["LlamaForCausalLM"],
        "model_type": _KINDS[shape],
        "hidden_size": hidden,
        "intermediate_size": wide,
        "num_hidden_layers": layers,
        "num_attention_heads": heads,
        "num_key_value_heads": kv_heads,
        "max_position_embeddings": 32768,
        "vocab_size": vocabulary,
        "torch_dtype": "bfloat16",
    }
    (folder / "config.json").write_text(json.dumps(config, indent=2))
    added = {
        str(n): {"content": f"<|reserved_{n}|>", "lstrip": False, "rstrip": False, "special": True}
        for n in range(250)
    }
    tokenizer = {"added_tokens_decoder": added, "chat_template": "{% for m in messages %}" * 40}
    (folder / "tokenizer_config.json").write_text(json.dumps(tokenizer, indent=2))
    (folder / "tokenizer.json").write_bytes(b"{}")
    (folder / "README.md").write_text("---\nlicense: apache-2.0\n---\n" + "words " * 500)
    kv = hidden // heads * kv_heads
    block = {
        "self_attn.q_proj": (hidden, hidden), "self_attn.k_proj": (kv, hidden),
        "self_attn.v_proj": (kv, hidden), "self_attn.o_proj": (hidden, hidden),
        "mlp.gate_proj": (wide, hidden), "mlp.up_proj": (wide, hidden),
        "mlp.down_proj": (hidden, wide), "input_layernorm": (hidden,),
        "post_attention_layernorm": (hidden,),
    }  # fmt: skip
    names: list[tuple[str, tuple[int, ...]]] = [("model.embed_tokens.weight", (vocabulary, hidden))]
    for layer in range(layers):
        names += [(f"model.layers.{layer}.{name}.weight", s) for name, s in block.items()]
    names.append(("model.norm.weight", (hidden,)))
    each = -(-len(names) // parts)
    for part in range(parts):
        numbered = f"model-{part + 1:05}-of-{parts:05}.safetensors"
        file = folder / (numbered if parts > 1 else "model.safetensors")
        _write_safetensors(file, names[part * each : (part + 1) * each], number)


def _write_safetensors(file: Path, names: list[tuple[str, tuple[int, ...]]], number: int) -> None:
    header: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    end = 0
    for name, shape in names:
        begin = end
        count = 1
        for size in shape:
            count *= size
        end += 2 * count
        header[name] = {"dtype": "BF16", "shape": shape, "data_offsets": [begin, end]}
    text = json.dumps(header).encode()
    with file.open("wb") as data:
        data.write(struct.pack("<Q", len(text)) + text)
        data.truncate(8 + len(text) + end)
        for place, (name, _) in enumerate(names):
            if place % 6 == 0:  # else they all held the same weights
                begin, after = header[name]["data_offsets"]
                data.seek(8 + len(text) + (begin + after) // 2)
                data.write(struct.pack("<Q", number))


def _write_gguf(file: Path, shape: int, vocabulary: bytes, number: int) -> None:
    layers, hidden, wide, heads, kv_heads, _ = _SHAPES[shape]
    kind = _KINDS[shape]
    texts = {
        "general.architecture": kind, "general.type": "model", "general.license": "mit",
        "general.name": file.stem, "general.size_label": "4B",
    }  # fmt: skip
    numbers = {
        f"{kind}.block_count": layers, f"{kind}.context_length": 40960,
        f"{kind}.embedding_length": hidden, f"{kind}.feed_forward_length": wide,
        f"{kind}.attention.head_count": heads, f"{kind}.attention.head_count_kv": kv_heads,
        "general.file_type": 15,
    }  # fmt: skip
    keys = [_string(k) + struct.pack("<I", 8) + _string(v) for k, v in texts.items()]
    keys += [_string(k) + struct.pack("<II", 4, v) for k, v in numbers.items()]
    keys.append(_string("tokenizer.ggml.model") + struct.pack("<I", 8) + _string("gpt2"))
    tokens = struct.pack("<IIQ", 9, 8, _TOKENS) + vocabulary
    keys.append(_string("tokenizer.ggml.tokens") + tokens)
    keys.append(_string("tokenizer.chat_template") + struct.pack("<I", 8) + _string("{{ x }}"))
    tensors, offset = [], 0
    for n in range(9 * layers):
        tensors.append(
            _string(f"blk.{n}.weight") + struct.pack("<IQQIQ", 2, hidden, hidden, 12, offset)
        )
        offset += hidden * hidden // 256 * 144
    head = struct.pack("<4sIQQ", b"GGUF", 3, len(tensors), len(keys)) + b"".join(keys + tensors)
    with file.open("wb") as data:
        data.write(head)
        start = -(-len(head) // 32) * 32
        data.truncate(start + offset)
        data.seek(start)
        data.write(struct.pack("<Q", number))


def _string(text: str) -> bytes:
    data = text.encode()
    return struct.pack("<Q", len(data)) + data

"""Models of real shapes with random weights, where no hub is at hand.

    python -m tests.benchmarks.random_models phi4|phi2|llama3|gemma3 FOLDER --tokenizer FOLDER

phi4: Phi-4's shape, 4 bits in GPTQ format, group size 128 (8.5 GiB). phi2: Phi-2's, fp16
(5.2 GiB). llama3: Llama 3 8B's, with grouped heads, bf16 (15 GiB). gemma3: Gemma 3 4B's text
model, with sliding windows, bf16 (7.2 GiB). Their speed and memory are those of the real ones,
their words are noise. Shapes: the config.json of microsoft/phi-4, microsoft/phi-2,
meta-llama/Meta-Llama-3-8B and google/gemma-3-4b-it at https://huggingface.co.
"""

import argparse
import json
import shutil
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file

_GROUP = 128
_SHARD_LAYERS = 10
_PHI4 = {
    "architectures": ["Phi3ForCausalLM"],
    "model_type": "phi3",
    "hidden_size": 5120,
    "intermediate_size": 17920,
    "num_hidden_layers": 40,
    "num_attention_heads": 40,
    "num_key_value_heads": 10,
    "vocab_size": 100352,
    "max_position_embeddings": 16384,
    "original_max_position_embeddings": 16384,
    "rope_theta": 250000.0,
    "rms_norm_eps": 1e-05,
    "hidden_act": "silu",
    "tie_word_embeddings": False,
    "torch_dtype": "float16",
    "eos_token_id": 2,
    "bos_token_id": 1,
    "pad_token_id": 2,
    "quantization_config": {
        "quant_method": "gptq",
        "bits": 4,
        "group_size": _GROUP,
        "desc_act": False,
        "sym": True,
        "lm_head": False,
        "checkpoint_format": "gptq",
    },
}
_PHI2: dict[str, Any] = {
    "vocab_size": 51200,
    "hidden_size": 2560,
    "intermediate_size": 10240,
    "num_hidden_layers": 32,
    "num_attention_heads": 32,
    "partial_rotary_factor": 0.4,
    "max_position_embeddings": 2048,
    "bos_token_id": 1,
    "eos_token_id": 2,
    "pad_token_id": 2,
}
_LLAMA3: dict[str, Any] = {
    "vocab_size": 128256,
    "hidden_size": 4096,
    "intermediate_size": 14336,
    "num_hidden_layers": 32,
    "num_attention_heads": 32,
    "num_key_value_heads": 8,
    "max_position_embeddings": 8192,
    "rope_theta": 500000.0,
    "bos_token_id": 1,
    "eos_token_id": 2,
    "pad_token_id": 2,
}
_GEMMA3: dict[str, Any] = {
    "vocab_size": 262208,
    "hidden_size": 2560,
    "intermediate_size": 10240,
    "num_hidden_layers": 34,
    "num_attention_heads": 8,
    "num_key_value_heads": 4,
    "head_dim": 256,
    "sliding_window": 1024,
    "max_position_embeddings": 131072,
    "bos_token_id": 1,
    "eos_token_id": 2,
    "pad_token_id": 2,
}
_TOKENIZER = ("tokenizer.json", "tokenizer_config.json", "chat_template.jinja")


def write_phi4(folder: Path, tokenizer: Path, layers: int = 40) -> None:
    """Write Phi-4's shape in GPTQ format; fewer layers for a trial."""
    device = "cuda" if torch.cuda.is_available() else "cpu"
    folder.mkdir(parents=True)
    _copy_tokenizer(tokenizer, folder)
    config = _PHI4 | {"num_hidden_layers": layers}
    (folder / "config.json").write_text(json.dumps(config, indent=2))
    torch.manual_seed(0)
    hidden, wide, heads = 5120, 17920, 7680
    linear = {
        "self_attn.qkv_proj": (hidden, heads),
        "self_attn.o_proj": (hidden, hidden),
        "mlp.gate_up_proj": (hidden, 2 * wide),
        "mlp.down_proj": (wide, hidden),
    }
    index: dict[str, str] = {}

    def save(name: str, tensors: dict[str, torch.Tensor]) -> None:
        save_file(tensors, folder / name, metadata={"format": "pt"})
        index.update(dict.fromkeys(tensors, name))

    ones = torch.ones(hidden, dtype=torch.float16, device=device)
    embedding = torch.randn(100352, hidden, dtype=torch.float16, device=device) * 0.02
    save(
        "model-outside.safetensors",
        {
            "model.embed_tokens.weight": embedding,
            "lm_head.weight": embedding.clone(),
            "model.norm.weight": ones,
        },
    )
    for first in range(0, layers, _SHARD_LAYERS):
        tensors: dict[str, torch.Tensor] = {}
        for layer in range(first, min(first + _SHARD_LAYERS, layers)):
            prefix = f"model.layers.{layer}"
            for name in ("input_layernorm", "post_attention_layernorm"):
                tensors[f"{prefix}.{name}.weight"] = ones.clone()
            for name, (columns, rows) in linear.items():
                tensors |= _gptq(f"{prefix}.{name}", columns, rows, device)
        save(f"model-{first:02}.safetensors", tensors)
    (folder / "model.safetensors.index.json").write_text(
        json.dumps({"metadata": {}, "weight_map": index})
    )


def write_plain(shape: str, folder: Path, tokenizer: Path, layers: int = 0) -> None:
    """Write one of the 16-bit shapes; fewer layers for a trial."""
    import transformers

    name, config, dtype = {
        "phi2": ("Phi", _PHI2, torch.float16),
        "llama3": ("Llama", _LLAMA3, torch.bfloat16),
        "gemma3": ("Gemma3", _GEMMA3, torch.bfloat16),
    }[shape]
    if layers:
        config = config | {"num_hidden_layers": layers}
    config_name = "Gemma3TextConfig" if name == "Gemma3" else f"{name}Config"
    torch.manual_seed(0)
    torch.set_default_dtype(dtype)
    with torch.device("cuda" if torch.cuda.is_available() else "cpu"):
        made = getattr(transformers, f"{name}ForCausalLM")(
            getattr(transformers, config_name)(**config)
        )
    made.save_pretrained(folder)
    _copy_tokenizer(tokenizer, folder)


def _gptq(name: str, columns: int, rows: int, device: str) -> dict[str, torch.Tensor]:
    """Return a layer of GPTQ's format: eight 4-bit numbers in an int32, 8 stands for zero."""
    groups = columns // _GROUP
    scale = 1 / (4.6 * columns**0.5)  # 4.6 is the spread of 0 to 15
    return {
        f"{name}.qweight": torch.randint(
            -(2**31), 2**31, (columns // 8, rows), dtype=torch.int32, device=device
        ),
        f"{name}.qzeros": torch.full(
            (groups, rows // 8), 0x77777777, dtype=torch.int32, device=device
        ),
        f"{name}.scales": torch.full((groups, rows), scale, dtype=torch.float16, device=device),
        f"{name}.g_idx": torch.arange(columns, dtype=torch.int32, device=device) // _GROUP,
    }


def _copy_tokenizer(source: Path, folder: Path) -> None:
    for name in _TOKENIZER:
        shutil.copy(source / name, folder / name)


def main() -> None:
    """Write one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shape", choices=("phi4", "phi2", "llama3", "gemma3"))
    parser.add_argument("folder", type=Path)
    parser.add_argument("--tokenizer", type=Path, required=True)
    parser.add_argument("--layers", type=int, default=0)
    options = parser.parse_args()
    if options.shape == "phi4":
        write_phi4(options.folder, options.tokenizer, options.layers or 40)
    else:
        write_plain(options.shape, options.folder, options.tokenizer, options.layers)


if __name__ == "__main__":
    main()

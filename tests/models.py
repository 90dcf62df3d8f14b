"""Small random Llamas with a byte tokenizer, written as folders of safetensors."""

import struct
from pathlib import Path
from typing import Any

_SPECIAL = ("<unk>", "<|im_start|>", "<|im_end|>")
_TEMPLATE = (
    "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


def write_tiny_model(
    path: Path, hidden: int = 64, *, layers: int = 2, more_tokens: int = 0
) -> None:
    """Write a Llama of a few layers; more_tokens: special ones that shift all the others."""
    write_llama(
        path,
        special=(*_SPECIAL, *(f"<{n}>" for n in range(more_tokens))),
        hidden_size=hidden,
        intermediate_size=2 * hidden,
        num_hidden_layers=layers,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=512,
        initializer_range=0.2,
        bos_token_id=1,
        eos_token_id=2,
        pad_token_id=2,
    )


def write_llama(
    path: Path, *, special: tuple[str, ...] = _SPECIAL, device: str = "cpu", **config: Any
) -> None:
    """Write a Llama with random bf16 weights, always the same ones, made on the device.

    special: the first tokens; with <unk> alone no token begins or ends anything.
    """
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    size = _write_tokenizer(path, special)
    torch.manual_seed(0)
    with torch.device(device):
        model = LlamaForCausalLM(LlamaConfig(vocab_size=size, **config))
    model.to(torch.bfloat16).save_pretrained(path)


def write_starter(path: Path) -> None:
    """Write the starter model as safetensors in bf16."""
    from phidesk.core.catalog import starter
    from phidesk.worker.quantizers.source import dequantize

    model = starter()
    assert model is not None
    dequantize(Path(model.path), path)


def write_with_template(path: Path, template: str) -> Path:
    """Write the starter model as GGUF with another chat template."""
    from phidesk.core.starter import starter_path

    key = b"tokenizer.chat_template"
    starter = starter_path()
    assert starter is not None
    data = bytearray(starter.read_bytes())
    at = data.index(key) + len(key) + 4
    (old,) = struct.unpack_from("<Q", data, at)
    new = template.encode()
    # A blank more or less matters nothing, but the tensors must stay aligned.
    new = new.ljust(old + max(0, -(-(len(new) - old) // 32) * 32))
    data[at : at + 8 + old] = struct.pack("<Q", len(new)) + new
    path.write_bytes(data)
    return path


def write_noisy_copy(original: Path, path: Path, noise: float) -> None:
    """Write a copy whose matrices are off by a share of their own spread."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    AutoTokenizer.from_pretrained(original).save_pretrained(path)
    model = AutoModelForCausalLM.from_pretrained(original, dtype=torch.bfloat16)
    torch.manual_seed(1)
    with torch.no_grad():
        for weights in model.parameters():
            if weights.dim() == 2:
                weights.add_(torch.randn_like(weights) * weights.std() * noise)
    model.save_pretrained(path)


def _write_tokenizer(path: Path, special: tuple[str, ...]) -> int:
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocab = {token: n for n, token in enumerate([*special, *alphabet])}
    backend = Tokenizer(models.BPE(vocab=vocab, merges=[]))
    backend.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    backend.decoder = decoders.ByteLevel()
    backend.add_special_tokens(list(special))
    names = {"unk_token": special[0]}
    if len(special) > 2:
        names |= {"bos_token": special[1], "eos_token": special[2], "pad_token": special[2]}
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=backend, **names)
    tokenizer.chat_template = _TEMPLATE
    tokenizer.save_pretrained(path)
    return len(vocab)

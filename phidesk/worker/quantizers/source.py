"""Opens the original: a folder of safetensors as it is, a GGUF file dequantized to one."""

import json
import shutil
from pathlib import Path

import torch
import transformers
from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig

from phidesk.core.models import Concern, ModelFormat, ModelRef
from phidesk.worker.engines.gguf_reading import quick_gguf

_COMPLETE = "complete"


def source_folder(model: ModelRef, folder: Path) -> Path:
    """Return a folder with the model's bf16 weights; for a GGUF file it is written once.

    The folder bears the model's name, which AutoRound builds its own names from.
    """
    transformers.utils.logging.set_verbosity_error()
    path = Path(model.path)
    if model.format is ModelFormat.SAFETENSORS:
        return _without_code(path, folder) if Concern.REMOTE_CODE in model.concerns else path
    out = folder / path.stem.replace(".", "-")
    if (out / _COMPLETE).exists():
        return out
    shutil.rmtree(out, ignore_errors=True)
    dequantize(path, out)
    (out / _COMPLETE).touch()
    return out


def dequantize(file: Path, folder: Path) -> None:
    """Write a GGUF file as safetensors in bf16, with its tokenizer."""
    with quick_gguf():
        network = AutoModelForCausalLM.from_pretrained(
            file.parent,
            gguf_file=file.name,
            quantization_config=GgufConfig(dequantize=True),
            dtype=torch.bfloat16,
        )
        network.save_pretrained(folder)
        AutoTokenizer.from_pretrained(file.parent, gguf_file=file.name).save_pretrained(folder)


def _without_code(path: Path, folder: Path) -> Path:
    """Return a folder with the model's files but none of its program code.

    AutoRound's exporters would trust the code wherever they find it named.
    """
    out = folder / path.name
    out.mkdir(parents=True, exist_ok=True)
    for file in path.iterdir():
        target = out / file.name
        if not file.is_file() or file.suffix == ".py" or target.exists():
            continue
        if file.name in ("config.json", "tokenizer_config.json"):
            content = json.loads(file.read_bytes())
            content.pop("auto_map", None)
            target.write_text(json.dumps(content, indent=2), encoding="utf-8")
        else:
            target.symlink_to(file.resolve())
    return out

"""Opens the original: a folder of safetensors as it is, a GGUF file dequantized to one."""

import shutil
from pathlib import Path

import torch
import transformers
from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig

from phidesk.core.models import ModelFormat, ModelRef

_COMPLETE = "complete"


def source_folder(model: ModelRef, folder: Path) -> Path:
    """Return a folder with the model's bf16 weights; for a GGUF file it is written once.

    The folder bears the model's name, which AutoRound builds its own names from.
    """
    transformers.utils.logging.set_verbosity_error()
    path = Path(model.path)
    if model.format is ModelFormat.SAFETENSORS:
        return path
    out = folder / path.stem.replace(".", "-")
    if (out / _COMPLETE).exists():
        return out
    shutil.rmtree(out, ignore_errors=True)
    network = AutoModelForCausalLM.from_pretrained(
        path.parent,
        gguf_file=path.name,
        quantization_config=GgufConfig(dequantize=True),
        dtype=torch.bfloat16,
    )
    network.save_pretrained(out)
    AutoTokenizer.from_pretrained(path.parent, gguf_file=path.name).save_pretrained(out)
    (out / _COMPLETE).touch()
    return out

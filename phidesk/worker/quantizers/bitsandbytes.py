"""Quantizes with bitsandbytes through Transformers: NF4, FP4 and LLM.int8()."""

from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, BitsAndBytesConfig

from phidesk.core.models import Device
from phidesk.core.recipes import Algorithm, Recipe
from phidesk.worker.quantizers.base import Task
from phidesk.worker.quantizers.progress import LayerReporter


class BitsAndBytesQuantizer:
    """The weights are quantized while they are loaded: there is nothing to tune."""

    def run(self, task: Task, report: LayerReporter) -> Path:
        """See Quantizer.run."""
        report.stage("weights")
        with report.report.tqdm_as_progress("layers"):
            network = AutoModelForCausalLM.from_pretrained(
                task.source,
                quantization_config=_config(task.recipe),
                dtype=torch.bfloat16,
                device_map={"": 0} if task.device is Device.CUDA else "cpu",
            )
        report.stage("packing")
        out = task.out / task.source.name
        network.save_pretrained(out)
        AutoTokenizer.from_pretrained(task.source).save_pretrained(out)
        return out


def _config(recipe: Recipe) -> BitsAndBytesConfig:
    if recipe.algorithm is Algorithm.INT8:
        return BitsAndBytesConfig(load_in_8bit=True)
    return BitsAndBytesConfig(
        load_in_4bit=True,
        bnb_4bit_quant_type=recipe.algorithm.value,
        bnb_4bit_use_double_quant=recipe.double_quant,
        bnb_4bit_compute_dtype=getattr(torch, recipe.compute_dtype),
    )

"""Quantizes with AutoRound: SignRound, AWQ and round to nearest, in all of its formats."""

import contextlib
import gc
import os
import random
import shutil
import tempfile
from pathlib import Path
from typing import Any

import torch
from transformers import AutoTokenizer

from phidesk.core.jobs import can_resume
from phidesk.core.models import Device
from phidesk.core.recipes import Algorithm, Recipe
from phidesk.worker.quantizers.base import Task
from phidesk.worker.quantizers.calibration import calibration_batches, calibration_file
from phidesk.worker.quantizers.progress import LayerReporter
from phidesk.worker.quantizers.resume import resume_points

_MIXED = ("W2A16", "W4A16", "W8A16")

Dataset = list[torch.Tensor] | str
"""Token ids, batch x seqlen each, or the path of a JSONL file of texts."""


class AutoRoundQuantizer:
    """One copy through AutoRound's own entry point."""

    def run(self, task: Task, report: LayerReporter) -> Path:
        """See Quantizer.run."""
        os.environ["AR_LOG_LEVEL"] = "INFO"  # the losses are told at that level
        report.stage("libraries")
        with tempfile.TemporaryDirectory(prefix="phidesk-") as folder:
            dataset, count = _calibration(task, report, Path(folder))
            settings = settings_for(task.recipe, task.device, dataset, count)
            return self._quantize(task, settings, report)

    def _quantize(self, task: Task, settings: dict[str, Any], report: LayerReporter) -> Path:
        from auto_round import AutoRound

        # AutoRound collects garbage several times a layer. What the imports left will not
        # become garbage: without looking at it a layer of a small model takes half the time.
        gc.collect()
        gc.freeze()
        points = (
            resume_points(task.resume_dir, task.on_saved)
            if can_resume(task.recipe)
            else contextlib.nullcontext()
        )
        with report.listening("autoround"), points:
            report.stage("weights")
            rounding = AutoRound(str(task.source), **settings)
            _, folders = rounding.quantize_and_save(str(task.out), format=task.recipe.format.value)
        return Path(folders if isinstance(folders, str) else folders[0])


def settings_for(recipe: Recipe, device: Device, dataset: Dataset, samples: int) -> dict[str, Any]:
    """Return AutoRound's arguments; the dataset holds so many samples of seqlen tokens."""
    settings: dict[str, Any] = {
        "device_map": "cuda:0" if device is Device.CUDA else "cpu",
        "seed": recipe.seed,
        "trust_remote_code": False,
        # AutoRound compiles the layers from 10 steps on, and fails where no compiler is.
        "enable_torch_compile": None if _has_compiler() else False,
    }
    settings |= _scheme(recipe)
    match recipe.algorithm:
        case Algorithm.SIGNROUND:
            settings["iters"] = recipe.iters
        case Algorithm.AWQ:
            settings["alg_configs"] = "awq"
        case Algorithm.IMATRIX:
            settings |= {"iters": 0, "disable_opt_rtn": False}
        case _:
            settings |= {"iters": 0, "disable_opt_rtn": True}
    if recipe.algorithm.needs_calibration:
        settings |= {
            "dataset": dataset,
            "nsamples": samples,
            "seqlen": recipe.seqlen,
            "batch_size": min(recipe.batch_size, samples),
        }
    return settings


def _calibration(task: Task, report: LayerReporter, folder: Path) -> tuple[Dataset, int]:
    recipe = task.recipe
    if not recipe.algorithm.needs_calibration:
        return [], 0
    report.stage("texts")
    tokenizer = AutoTokenizer.from_pretrained(task.source)
    if recipe.average_bits is not None:
        return calibration_file(recipe, tokenizer, folder)
    return calibration_batches(recipe, tokenizer)


def _scheme(recipe: Recipe) -> dict[str, Any]:
    if recipe.format.is_gguf:
        return {}
    if recipe.average_bits is not None:
        from auto_round import AutoScheme

        return {"scheme": AutoScheme(avg_bits=recipe.average_bits, options=list(_MIXED))}
    return {
        "scheme": "W4A16",
        "bits": recipe.bits,
        "group_size": recipe.group_size,
        "sym": recipe.symmetric,
    }


def _has_compiler() -> bool:
    return any(shutil.which(name) for name in ("c++", "g++", "clang++"))


def seed_layer(seed: int, index: int) -> None:
    """Make a layer's random choices the same whether or not those before it were made here."""
    random.seed(seed + index)
    torch.manual_seed(seed + index)

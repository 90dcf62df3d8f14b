"""Times one real layer, so that the whole run can be estimated before it starts."""

import gc
import shutil
import tempfile
import time
from pathlib import Path

import msgspec
import torch
import transformers
from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer

from phidesk.core.models import Device, ModelFormat
from phidesk.core.recipes import Algorithm, Recipe
from phidesk.core.shape import read_shape
from phidesk.protocol.commands import TimeLayer
from phidesk.protocol.events import LayerTimed
from phidesk.worker.engines.dtype import choose_device
from phidesk.worker.engines.gguf_reading import quick_gguf
from phidesk.worker.quantizers.autoround import settings_for
from phidesk.worker.quantizers.errors import plain_words
from phidesk.worker.quantizers.progress import LayerReporter, peak_ram, peak_vram
from phidesk.worker.reporter import Reporter

# SignRound's steps in the short and in the long runs. On a GPU enough for AutoRound to compile
# the layer, as it will; on a processor a step takes long enough to be timed alone.
_STEPS = {Device.CUDA: (12, 40), Device.CPU: (1, 3), Device.MPS: (1, 3)}
_LOW, _HIGH = 0.8, 1.4
_PER_GB_S = 8.0  # reading, packing and writing a GB of bf16 weights, on a slow disk


class _Costs(msgspec.Struct, frozen=True):
    """Seconds of a layer: fixed, for each sequence, for each step; and of the first alone."""

    first: float
    fixed: float
    sequence: float
    step: float

    def layer(self, recipe: Recipe) -> float:
        steps = recipe.iters if recipe.algorithm is Algorithm.SIGNROUND else 0
        return self.fixed + self.sequence * recipe.samples + self.step * steps


def time_layer(command: TimeLayer, report: Reporter) -> None:
    """Quantize one layer of the model in a few ways and send what a whole run would take.

    The layer has the model's own shape, batch and sequence length. For a GGUF file its weights
    are random: the time does not depend on them, and the file need not be dequantized.
    """
    if command.recipe.average_bits is not None:  # the search for the bits of each is not timed
        plain = msgspec.structs.replace(command.recipe, average_bits=None, bits=4)
        command = msgspec.structs.replace(command, recipe=plain)
    with plain_words(command.model, Path(command.model.path)):
        costs = _measure(command, report)
    shape = read_shape(command.model)
    layer_s = costs.layer(command.recipe)
    outside_s = 15 + 2 * shape.parameters / 1e9 * _PER_GB_S
    likely_s = costs.first + shape.blocks * layer_s + outside_s
    report.send(
        LayerTimed(
            job_id=command.job_id,
            layer_s=layer_s,
            low_s=_LOW * likely_s,
            likely_s=likely_s,
            high_s=_HIGH * likely_s,
            peak_ram_bytes=peak_ram(),
            peak_vram_bytes=peak_vram(),
        )
    )


def _measure(command: TimeLayer, report: Reporter) -> _Costs:
    transformers.utils.logging.set_verbosity_error()
    recipe, device = command.recipe, choose_device()
    batch = max(1, min(recipe.batch_size, recipe.samples // 2 or 1))
    few, many = _STEPS[device]
    runs = [(batch, few), (batch, few)]
    if recipe.algorithm.needs_calibration:
        runs.append((2 * batch, few))
    if recipe.algorithm is Algorithm.SIGNROUND:
        runs.append((batch, many))
    times = []
    with tempfile.TemporaryDirectory() as folder:
        report.progress("timing", 0, len(runs) + 1)
        vocabulary = _write_first_layer(command, Path(folder))
        for number, (samples, steps) in enumerate(runs):
            report.progress("timing", number + 1, len(runs) + 1)
            short = msgspec.structs.replace(recipe, samples=samples, iters=steps, batch_size=batch)
            times.append(_one_layer(short, device, folder, vocabulary))
            shutil.rmtree(Path(folder) / "copy")
    base = times[1]
    sequence = step = 0.0
    if recipe.algorithm.needs_calibration:
        sequence = max(0.0, times[2] - base) / batch
    if recipe.algorithm is Algorithm.SIGNROUND:
        step = max(0.0, times[3] - base) / (many - few)
    fixed = max(0.0, base - sequence * batch - step * few)
    return _Costs(max(0.0, times[0] - base), fixed, sequence, step)


def _one_layer(recipe: Recipe, device: Device, folder: str, vocabulary: int) -> float:
    """Return the seconds that AutoRound spends on a model of one layer."""
    from auto_round import AutoRound

    generator = torch.Generator().manual_seed(recipe.seed)
    ids = torch.randint(0, vocabulary, (recipe.samples, recipe.seqlen), generator=generator)
    settings = settings_for(recipe, device, list(ids.split(recipe.batch_size)), recipe.samples)
    settings["disable_model_free"] = True  # that way has no layers that could be timed
    layers = LayerReporter(Reporter("", lambda _event: None), 1)
    gc.collect()
    gc.freeze()
    with layers.listening("autoround"):
        began = time.monotonic()
        AutoRound(folder, **settings).quantize_and_save(f"{folder}/copy", recipe.format.value)
        whole = time.monotonic() - began
    gc.unfreeze()
    return layers.times[0] if layers.times else whole


def _write_first_layer(command: TimeLayer, folder: Path) -> int:
    """Write a model of one layer to the folder; return the size of its vocabulary."""
    path = Path(command.model.path)
    if command.model.format is ModelFormat.GGUF:
        with quick_gguf():
            config = AutoConfig.from_pretrained(path.parent, gguf_file=path.name)
            tokenizer = AutoTokenizer.from_pretrained(path.parent, gguf_file=path.name)
        config.num_hidden_layers = 1
        network = AutoModelForCausalLM.from_config(config, dtype=torch.bfloat16)
    else:
        config = AutoConfig.from_pretrained(path, trust_remote_code=False)
        tokenizer = AutoTokenizer.from_pretrained(path, trust_remote_code=False)
        config.num_hidden_layers = 1
        network = AutoModelForCausalLM.from_pretrained(path, config=config, dtype=torch.bfloat16)
    network.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return int(config.vocab_size)

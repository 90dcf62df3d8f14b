"""The job of making a copy: prepare, quantize, verify, and only then give it its name."""

import gc
import time
from pathlib import Path

import msgspec
import psutil

from phidesk.core.files import folder_size
from phidesk.core.jobs import partial_of
from phidesk.core.machine import Machine
from phidesk.core.models import Device
from phidesk.core.preflight import examine
from phidesk.core.recipes import Algorithm
from phidesk.core.shape import ModelShape, ShapeError, read_shape
from phidesk.protocol.commands import Quantize
from phidesk.protocol.events import FailureKind, Quantized
from phidesk.worker.engines.base import EngineError
from phidesk.worker.engines.dtype import choose_device
from phidesk.worker.quantizers.autoround import AutoRoundQuantizer, seed_layer
from phidesk.worker.quantizers.base import Quantizer, Task
from phidesk.worker.quantizers.bitsandbytes import BitsAndBytesQuantizer
from phidesk.worker.quantizers.errors import plain_words
from phidesk.worker.quantizers.progress import LayerReporter, peak_ram, peak_vram
from phidesk.worker.quantizers.shards import tidy
from phidesk.worker.quantizers.source import source_folder
from phidesk.worker.quantizers.verify import verify
from phidesk.worker.quantizers.workplace import Workplace, workplace
from phidesk.worker.reporter import Reporter

_BY_BITSANDBYTES = (Algorithm.NF4, Algorithm.FP4, Algorithm.INT8)
RECIPE_FILE = "phidesk-recipe.json"


def quantize(command: Quantize, report: Reporter) -> None:
    """Make the copy; raises EngineError for what is known to go wrong.

    What was done is kept for a resume; where there is nothing to go on with, it is removed.
    """
    out = Path(command.out)
    started = time.monotonic()
    with plain_words(command.model, out):
        report.progress("preflight")
        device = choose_device()
        if not Path(command.model.path).exists():
            words = f"“{command.model.name}” is no longer there: {command.model.path}."
            raise EngineError(FailureKind.MISSING_FILE, words)
        try:
            shape = read_shape(command.model)
        except ShapeError as error:
            raise EngineError(FailureKind.UNSUPPORTED, str(error)) from error
        _refuse_what_cannot_work(command, shape, out, device)
    with workplace(command, shape.blocks) as place, plain_words(command.model, out):
        final = _put_in_place(_made(command, place, device, report), out)
    report.send(
        Quantized(
            job_id=command.job_id,
            path=str(final),
            size_bytes=folder_size(out),
            seconds=time.monotonic() - started,
            peak_ram_bytes=peak_ram(),
            peak_vram_bytes=peak_vram(),
        )
    )


def _made(command: Quantize, place: Workplace, device: Device, report: Reporter) -> Path:
    """Return the complete and checked copy, in the folder where it was made."""

    def on_start(layer: int) -> None:
        seed_layer(command.recipe.seed, layer)

    layers = LayerReporter(report, place.state.total, on_start)
    made = Path(place.state.written)
    if not place.state.written or not made.exists():
        layers.stage("source")
        task = Task(
            recipe=command.recipe,
            source=source_folder(command.model, place.partial / "source"),
            out=place.partial / "weights",
            resume_dir=place.partial / "resume",
            on_saved=lambda done: place.save(done=done),
            device=device,
        )
        made = _quantizer(command.recipe.algorithm).run(task, layers)
        gc.unfreeze()
        gc.collect()
        place.save(done=place.state.total, written=str(made))
    layers.stage("packing")
    tidy(made)
    named = _named(made, Path(command.out), command)
    try:
        verify(named, report)
    except EngineError as error:
        if error.kind is FailureKind.CORRUPT_FILE:
            place.save(done=0, written="")  # to go on with it would bring the same again
        raise
    return named


def _refuse_what_cannot_work(
    command: Quantize, shape: ModelShape, out: Path, device: Device
) -> None:
    memory = psutil.virtual_memory()
    vram_free = vram_total = 0
    if device is Device.CUDA:
        import torch

        vram_free, vram_total = torch.cuda.mem_get_info()
    machine = Machine(
        device=device,
        ram_free=memory.available,
        ram_total=memory.total,
        vram_free=vram_free,
        vram_total=vram_total,
    )
    found = examine(
        command.model, shape, command.recipe, machine, out, kept_bytes=folder_size(partial_of(out))
    )
    if found.stops:
        raise EngineError(FailureKind.UNSUPPORTED, " ".join(f.text for f in found.stops))


def _quantizer(algorithm: Algorithm) -> Quantizer:
    if algorithm in _BY_BITSANDBYTES:
        return BitsAndBytesQuantizer()
    return AutoRoundQuantizer()


def _named(made: Path, out: Path, command: Quantize) -> Path:
    """Give a GGUF file the copy's name, and write down how the copy was made."""
    recipe = msgspec.json.format(msgspec.json.encode(command.recipe))
    (made / RECIPE_FILE).write_bytes(recipe)
    files = sorted(made.glob("*.gguf"))
    if command.recipe.format.is_gguf and len(files) == 1:
        return files[0].replace(made / f"{out.name}.gguf")
    return made


def _put_in_place(made: Path, out: Path) -> Path:
    folder = made.parent if made.is_file() else made
    folder.rename(out)
    return out / made.name if made.suffix == ".gguf" else out

"""Wall time and peak memory of a quantization through phidesk, beside AutoRound's bare script.

    python -m tests.benchmarks.quantize [--model starter] [--iters 8] [--samples 32] [--seqlen 512]
    python -m tests.benchmarks.quantize --phi4-layers 3 --iters 200 --samples 128 --seqlen 2048

Both are whole processes, imports included, with the same texts and settings, one after the other
in changing order; phidesk's also checks the recipe before and the copy after, and keeps each
layer for a resume. --phi4-layers writes a random-weight model of Phi-4's layer shape first. The
pre-flight's estimate is taken in the same run.
"""

import argparse
import asyncio
import itertools
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import msgspec

from phidesk.client.process import ProcessWorkerClient
from phidesk.core.catalog import open_model
from phidesk.core.models import ModelRef
from phidesk.core.recipes import Algorithm, Recipe, SaveFormat
from phidesk.core.shape import read_shape
from phidesk.core.sizes import estimate
from phidesk.protocol.commands import Quantize, TimeLayer
from phidesk.protocol.events import Failed, Finished, LayerDone, LayerTimed, Quantized
from phidesk.worker.engines.dtype import choose_device

Row = dict[str, float]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", default="starter")
    parser.add_argument("--phi4-layers", type=int, default=0)
    parser.add_argument("--format", default="auto_round")
    parser.add_argument("--algorithm", default="signround")
    parser.add_argument("--group-size", type=int, default=64)
    parser.add_argument("--iters", type=int, default=8)
    parser.add_argument("--samples", type=int, default=32)
    parser.add_argument("--seqlen", type=int, default=512)
    parser.add_argument("--repeats", type=int, default=1)
    parser.add_argument("--folder", default=None, help="where to work; a temporary one otherwise")
    options = parser.parse_args()
    recipe = Recipe(
        algorithm=Algorithm(options.algorithm),
        format=SaveFormat(options.format),
        group_size=options.group_size,
        iters=options.iters,
        samples=options.samples,
        seqlen=options.seqlen,
    )
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        work = Path(folder)
        path = options.model
        if options.phi4_layers:
            path = str(work / "phi4-shape")
            _write_phi4(Path(path), options.phi4_layers)
        model = open_model(_as_folder(open_model(path), work))
        asyncio.run(_measure(model, recipe, work, options.repeats))


async def _measure(model: ModelRef, recipe: Recipe, work: Path, repeats: int) -> None:
    needs = estimate(model, read_shape(model), recipe, choose_device())
    timed = await _timed(model, recipe)
    rows: dict[str, list[Row]] = {"bare": [], "phidesk": []}
    for number in range(repeats):
        order = ("bare", "phidesk") if number % 2 == 0 else ("phidesk", "bare")
        for kind in order:
            out = work / "out"
            row = (
                await asyncio.to_thread(_bare, model, recipe, out)
                if kind == "bare"
                else await _phidesk(model, recipe, out)
            )
            shutil.rmtree(out)
            rows[kind].append(row)
            print(kind, json.dumps({k: round(v, 3) for k, v in row.items()}), flush=True)
    median = {
        kind: {key: statistics.median(r[key] for r in found) for key in found[0]}
        for kind, found in rows.items()
    }
    for key in median["bare"]:
        bare, ours = median["bare"][key], median["phidesk"][key]
        ratio = f"{ours / bare:.3f}" if bare else "–"
        print(f"{key:12} bare {bare:12.2f}  phidesk {ours:12.2f}  ratio {ratio}")
    print(
        f"estimate: {timed.layer_s:.1f} s a layer, {timed.low_s:.0f} to {timed.high_s:.0f} s, "
        f"likely {timed.likely_s:.0f} s; memory {needs.ram / 1e9:.2f} GB, "
        f"GPU {needs.vram / 1e9:.2f} GB"
    )


async def _phidesk(model: ModelRef, recipe: Recipe, out: Path) -> Row:
    started = time.monotonic()
    client = ProcessWorkerClient()
    await client.start()
    command = Quantize(job_id="q", model=model, recipe=recipe, out=str(out))
    client.send(command)
    layers: list[float] = []
    made: Quantized | None = None
    async for event in client.events():
        match event:
            case LayerDone():
                layers.append(event.seconds)
            case Quantized():
                made = event
            case Finished():
                break
            case Failed():
                raise SystemExit(f"{event.message}\n{event.details}")
            case _:
                pass
    wall = time.monotonic() - started
    await client.close()
    assert made is not None
    return _row(wall, layers, made.peak_ram_bytes, made.peak_vram_bytes)


async def _timed(model: ModelRef, recipe: Recipe) -> LayerTimed:
    client = ProcessWorkerClient()
    await client.start()
    client.send(TimeLayer(job_id="t", model=model, recipe=recipe))
    async for event in client.events():
        if isinstance(event, Failed):
            raise SystemExit(f"{event.message}\n{event.details}")
        if isinstance(event, LayerTimed):
            await client.close()
            return event
    raise SystemExit("the worker ended")


def _bare(model: ModelRef, recipe: Recipe, out: Path) -> Row:
    started = time.monotonic()
    settings = msgspec.json.encode(recipe).decode()
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.bare_quantize", model.path, str(out), settings],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    ends: list[float] = []
    last = ""
    for line in process.stdout:
        if "caching done" in line or "layers in the block" in line:
            ends.append(time.monotonic())
        last = line if line.startswith("{") else last
    if process.wait() or not last:
        raise SystemExit("the bare script failed")
    peaks = json.loads(last)
    layers = [b - a for a, b in itertools.pairwise(ends)]
    return _row(time.monotonic() - started, layers, peaks["ram"], peaks["vram"])


def _row(wall: float, layers: list[float], ram: float, vram: float) -> Row:
    later = layers[1:] or [0.0]
    return {
        "wall_s": wall,
        "first_s": layers[0] if layers else 0.0,
        "layer_s": statistics.median(later),
        "ram_gb": ram / 1e9,
        "vram_gb": vram / 1e9,
    }


def _as_folder(model: ModelRef, work: Path) -> str:
    from phidesk.worker.quantizers.source import source_folder

    return str(source_folder(model, work / "source"))


def _write_phi4(path: Path, layers: int) -> None:
    """Write random weights of Phi-4's shape (https://huggingface.co/microsoft/phi-4)."""
    import torch
    from transformers import Phi3Config, Phi3ForCausalLM

    from tests.models import write_tiny_model

    write_tiny_model(path)  # for its tokenizer
    config = Phi3Config(
        vocab_size=100_352,
        hidden_size=5120,
        intermediate_size=17_920,
        num_hidden_layers=layers,
        num_attention_heads=40,
        num_key_value_heads=10,
        max_position_embeddings=16_384,
        tie_word_embeddings=False,
        bos_token_id=1,
        eos_token_id=2,
        pad_token_id=2,
    )
    with torch.device(choose_device().value):
        torch.set_default_dtype(torch.bfloat16)
        network = Phi3ForCausalLM(config)
        torch.set_default_dtype(torch.float32)
    network.save_pretrained(path)


if __name__ == "__main__":
    main()

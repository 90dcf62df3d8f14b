"""`phidesk quantize` and `phidesk recipes`: small copies of models from the terminal."""

import argparse
import asyncio
import contextlib
import shlex
import sys
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

import msgspec

from phidesk.cli.chat import EXIT_FAILED, EXIT_INTERRUPTED, EXIT_USAGE
from phidesk.client.jobs import JobError, JobRunner
from phidesk.client.process import ProcessWorkerClient
from phidesk.core.catalog import ModelNotFoundError, open_model
from phidesk.core.engines import EngineName
from phidesk.core.files import folder_size
from phidesk.core.jobs import JobState, discard, load_state, partial_of
from phidesk.core.machine import Machine
from phidesk.core.models import ModelRef
from phidesk.core.paths import models_dir
from phidesk.core.preflight import Level, examine
from phidesk.core.presets import EFFORTS, Card, Effort, card_recipe
from phidesk.core.recipe_options import bits_for, formats_for, groups_for
from phidesk.core.recipes import (
    PER_CHANNEL,
    ROWS,
    Algorithm,
    Recipe,
    SaveFormat,
    copy_name,
)
from phidesk.core.shape import ModelShape, ShapeError, read_shape
from phidesk.hardware.machine import machine_of
from phidesk.hardware.sampler import HardwareSampler
from phidesk.protocol.commands import Quantize
from phidesk.protocol.events import (
    Event,
    Failed,
    Finished,
    LayerDone,
    Log,
    Progress,
    Quantized,
)

_JOB = "quantize"
_Kind = TypeVar("_Kind", bound=StrEnum)
_MARKS = {Level.GOOD: "ok  ", Level.CARE: "note"}


def run_quantize(options: argparse.Namespace) -> int:
    """Run `phidesk quantize` and return its exit status."""
    try:
        model = open_model(options.model)
        shape = read_shape(model)
        machine = machine_of(HardwareSampler().sample())
        recipe = _recipe(options, model, shape, machine)
        out = _out(options, model, recipe)
        if options.resume:
            state = _interrupted(out, model)
            model, recipe = state.model, state.recipe
    except (ValueError, ModelNotFoundError, ShapeError) as error:
        print(f"phidesk: {error}", file=sys.stderr)
        return EXIT_USAGE
    kept = folder_size(partial_of(out)) if options.resume else 0
    preflight = examine(model, shape, recipe, machine, out, kept_bytes=kept)
    if options.json:
        _print(preflight)
    else:
        print(f"{model.name} → {recipe.summary}: {out}")
        for finding in preflight.findings:
            if finding.level is not Level.STOP:  # those are said on standard error
                print(f"  {_MARKS[finding.level]}  {finding.topic}: {finding.text}")
    if not preflight.may_start:
        for finding in preflight.stops:
            print(f"phidesk: {finding.text}", file=sys.stderr)
        return EXIT_USAGE
    command = Quantize(job_id=_JOB, model=model, recipe=recipe, out=str(out), resume=options.resume)
    try:
        return asyncio.run(_run(command, as_json=options.json))
    except KeyboardInterrupt:
        _say_how_to_go_on(out)
        return EXIT_INTERRUPTED


def run_recipes(options: argparse.Namespace) -> int:
    """Run `phidesk recipes`: the table of what goes together, and the three cards."""
    if options.json:
        _print([msgspec.to_builtins(row) for row in ROWS])
        return 0
    for row in ROWS:
        algorithms = ", ".join(sorted(a.value for a in row.algorithms))
        formats = ", ".join(sorted(f.value for f in row.formats))
        bits = "/".join(str(b) for b in sorted(row.bits))
        groups = "/".join(_group(g) for g in sorted(row.group_sizes)) or "fixed"
        engines = ", ".join(
            f"{run.engine.label} ({'/'.join(sorted(d.value for d in run.devices))})"
            for run in row.runs
        )
        kinds = {True: "symmetric", False: "asymmetric"}
        kind = " or ".join(kinds[k] for k in sorted(row.symmetric, reverse=True))
        print(f"{formats}\n    {algorithms}; {bits} bits, {kind}; groups {groups}")
        print(f"    runs on {engines}")
    print("--recipe smallest, balanced or best chooses among these for the model and the machine.")
    return 0


def _recipe(
    options: argparse.Namespace, model: ModelRef, shape: ModelShape, machine: Machine
) -> Recipe:
    recipe = card_recipe(Card(options.recipe), model, shape, machine)
    given: dict[str, object] = {
        name: value
        for name, value in (
            ("algorithm", options.algorithm and _one_of(Algorithm, options.algorithm)),
            ("format", options.format and _one_of(SaveFormat, options.format)),
            ("bits", options.bits),
            ("group_size", options.group_size),
            ("iters", options.iters),
            ("samples", options.samples),
            ("seqlen", options.seqlen),
            ("batch_size", options.batch_size),
            ("seed", options.seed),
            ("average_bits", options.average_bits),
            ("calibration", tuple(options.calibration) if options.calibration else None),
        )
        if value is not None
    }
    if options.effort:
        work = EFFORTS[Effort(options.effort)]
        given = {"iters": work.iters, "samples": work.samples} | given
    if options.asymmetric:
        given["symmetric"] = False
    recipe = msgspec.structs.replace(recipe, **given)
    return _completed(recipe, given, shape)


def _one_of(kinds: type[_Kind], name: str) -> _Kind:
    try:
        return kinds(name)
    except ValueError as error:
        names = ", ".join(kind.value for kind in kinds)
        raise ValueError(f"There is no “{name}”: choose from {names}.") from error


def _completed(recipe: Recipe, given: dict[str, object], shape: ModelShape) -> Recipe:
    """Let the settings that were not given follow those that were."""
    changes: dict[str, object] = {}
    if "format" in given and "algorithm" not in given:
        if recipe.format is SaveFormat.BITSANDBYTES:
            changes["algorithm"] = Algorithm.NF4
        elif not recipe.format.is_gguf and recipe.algorithm is Algorithm.IMATRIX:
            changes["algorithm"] = Algorithm.SIGNROUND
    if "algorithm" in given and "format" not in given:
        formats = formats_for(recipe.algorithm)
        if recipe.format not in formats:
            changes["format"] = formats[0]
        if recipe.algorithm is Algorithm.AWQ:
            changes["format"] = SaveFormat.AUTO_AWQ
        elif recipe.algorithm is Algorithm.SIGNROUND and recipe.format.is_gguf:
            changes["format"] = SaveFormat.AUTO_ROUND
    recipe = msgspec.structs.replace(recipe, **changes)
    bits, groups = bits_for(recipe), frozenset(groups_for(recipe))
    if "bits" not in given and bits and recipe.bits not in bits:
        recipe = msgspec.structs.replace(recipe, bits=min(bits, key=lambda b: abs(b - 4)))
    if "iters" not in given and recipe.algorithm is Algorithm.SIGNROUND and recipe.iters == 0:
        recipe = msgspec.structs.replace(recipe, iters=EFFORTS[Effort.FAST].iters)
    if "group_size" not in given and groups:
        fitting = shape.largest_group(groups) or PER_CHANNEL
        recipe = msgspec.structs.replace(recipe, group_size=fitting)
    return recipe


def _out(options: argparse.Namespace, model: ModelRef, recipe: Recipe) -> Path:
    if options.out:
        return Path(options.out).expanduser().absolute()
    return models_dir() / copy_name(model, recipe)


def _interrupted(out: Path, model: ModelRef) -> JobState:
    """Return the run that is to be resumed; a model has one file, but may have several names."""
    state = load_state(out)
    if state is None:
        raise ValueError(f"There is nothing to resume at “{out}”.")
    if state.model.path != model.path:
        raise ValueError(f"“{out.name}” is a copy of “{state.model.path}”: name that model.")
    return state


async def _run(command: Quantize, *, as_json: bool) -> int:
    try:
        async with JobRunner(ProcessWorkerClient(engine=EngineName.TRANSFORMERS.value)) as worker:
            async for event in worker.run(command):
                _show(event, as_json=as_json)
    except JobError as error:
        if as_json:
            _print(Failed(job_id=_JOB, kind=error.kind, message=str(error), details=error.details))
        print(f"phidesk: {error}", file=sys.stderr)
        _say_how_to_go_on(Path(command.out))
        return EXIT_FAILED
    return 0


def _show(event: Event, *, as_json: bool) -> None:
    if as_json:
        if not isinstance(event, Log | Finished):
            _print(event)
        return
    match event:
        case LayerDone():
            loss = ""
            if event.loss_before is not None and event.loss_after is not None:
                loss = f", loss {event.loss_before:.2e} → {event.loss_after:.2e}"
            print(f"  layer {event.done} of {event.total}: {event.seconds:.1f} s{loss}", flush=True)
        case Progress() if event.done == 0 and event.stage != "layers":
            print(f"  {event.stage}…", flush=True)
        case Quantized():
            memory = f"{event.peak_ram_bytes / 1e9:.2f} GB of memory"
            if event.peak_vram_bytes:
                memory += f", {event.peak_vram_bytes / 1e9:.2f} GB of GPU memory"
            size = f"{event.size_bytes / 1e6:.0f} MB"
            print(f"done: {event.path} ({size}, {event.seconds:.0f} s, at most {memory})")
            path = shlex.quote(event.path)
            print(f'  phidesk chat --model {path} "What is the capital of France?"')
            print(f"  phidesk report ORIGINAL {path} --save")
        case _:
            pass


def _say_how_to_go_on(out: Path) -> None:
    state = load_state(out)
    if state is not None and not state.resumable:
        with contextlib.suppress(OSError):
            discard(out)
    elif state is not None:
        words = f"{state.done} of {state.total} layers are kept. To go on:"
        again = shlex.join(["--model", state.model.path, "--out", str(out), "--resume"])
        print(f"\nphidesk: {words}\n  phidesk quantize {again}", file=sys.stderr)


def _group(size: int) -> str:
    return "channel" if size == PER_CHANNEL else str(size)


def _print(value: object) -> None:
    print(msgspec.json.encode(value).decode(), flush=True)

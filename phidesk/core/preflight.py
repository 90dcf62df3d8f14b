"""What is checked before a quantization starts, without torch: each finding names a way out."""

import os
import shutil
from enum import StrEnum
from pathlib import Path

import msgspec

from phidesk.core.amounts import exact_size
from phidesk.core.engine_python import way_to_install
from phidesk.core.engines import missing_modules
from phidesk.core.machine import Machine
from phidesk.core.models import Concern, ModelFormat, ModelRef
from phidesk.core.recipe_options import (
    bits_for,
    can_mix_bits,
    formats_for,
    groups_for,
    symmetries_for,
)
from phidesk.core.recipes import PER_CHANNEL, Algorithm, Recipe, Row, missing, row_for
from phidesk.core.shape import ModelShape
from phidesk.core.sizes import Needs, estimate

_TIGHT = 0.9


class Level(StrEnum):
    """GOOD is fine, CARE deserves a look, STOP forbids the start."""

    GOOD = "good"
    CARE = "care"
    STOP = "stop"


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the pre-flight; remedy: the recipe that mends it, remedy_label: its button."""

    level: Level
    topic: str
    text: str
    remedy: Recipe | None = None
    remedy_label: str = ""


class Preflight(msgspec.Struct, frozen=True, kw_only=True):
    """All findings, and what the run needs."""

    findings: tuple[Finding, ...]
    needs: Needs

    @property
    def may_start(self) -> bool:
        """Whether nothing forbids the start."""
        return all(finding.level is not Level.STOP for finding in self.findings)

    @property
    def stops(self) -> tuple[Finding, ...]:
        """The findings that forbid the start."""
        return tuple(f for f in self.findings if f.level is Level.STOP)


def examine(
    model: ModelRef,
    shape: ModelShape,
    recipe: Recipe,
    machine: Machine,
    out: Path,
    calibration_tokens: int | None = None,
    *,
    kept_bytes: int = 0,
) -> Preflight:
    """Check a recipe.

    calibration_tokens: how many the texts hold, None where not known yet. kept_bytes: what an
    interrupted run has written already.
    """
    needs = estimate(model, shape, recipe, machine.device)
    row = row_for(recipe)
    findings = [
        source_finding(model),
        *_ranges(recipe),
        *_combination(recipe, row),
        *_group_size(recipe, row, shape),
        *(_kernels(recipe, row, machine) if row else ()),
        *_calibration(model, recipe, calibration_tokens),
        *_memory(needs, machine, recipe),
        *_disk(needs, out, kept_bytes),
        *_size(model, needs),
    ]
    return Preflight(findings=tuple(findings), needs=needs)


def source_finding(model: ModelRef) -> Finding:
    """Return whether a model can be quantized at all, whatever the recipe."""
    if model.problem:
        return _stop("Source", f"{model.problem}.")
    if Concern.PICKLE in model.concerns:
        words = "Its weights are pickles, which can run code when they are read: get safetensors."
        return _stop("Source", words)
    if model.method not in ("", "gguf"):
        words = f"“{model.name}” is quantized already ({model.quantization}): take the original."
        return _stop("Source", words)
    if Concern.REMOTE_CODE in model.concerns:
        words = "It brings Python code, which is not run: phidesk uses the built-in classes."
        return _care("Source", words)
    if model.format is ModelFormat.GGUF:
        words = f"The {model.quantization} weights are turned back into bf16 first."
        level = _good if model.quantization in ("F32", "F16", "BF16") else _care
        if level is _care:
            words += " What that quantization lost stays lost: an unquantized original is better."
        return level("Source", words)
    return _good("Source", "Unquantized weights: a good original.")


def _ranges(recipe: Recipe) -> list[Finding]:
    """Refuse figures that mean nothing, whoever gave them."""
    least = {"samples": 1, "batch_size": 1, "seqlen": 8, "iters": 0}
    for name, minimum in least.items():
        if getattr(recipe, name) < minimum:
            words = f"{name} is {getattr(recipe, name)}: at least {minimum} is needed."
            return [_stop("Recipe", words)]
    if recipe.algorithm is Algorithm.SIGNROUND and recipe.iters == 0:
        return [_stop("Recipe", "SignRound needs steps: iters is 0. Round to nearest has none.")]
    if recipe.average_bits is not None and not 2 <= recipe.average_bits <= 8:
        return [
            _stop("Recipe", f"The average is {recipe.average_bits:g} bits: 2 to 8 are possible.")
        ]
    return []


def _combination(recipe: Recipe, row: Row | None) -> list[Finding]:
    name = f"{recipe.algorithm.label} as {recipe.format.label}"
    if row is not None:
        lacking = missing(row.needs)
        if lacking:
            names = ", ".join(lacking)
            words = f"{name} needs {names}. {way_to_install('engine')}"
            return [_stop("Recipe", words)]
        if recipe.average_bits is not None:
            words = (
                f"AutoScheme first looks which layers need more bits, {recipe.average_bits:g} on "
                "average; that time comes on top of the estimate, and it cannot be resumed."
            )
            return [_care("Recipe", words)]
        return []
    formats = formats_for(recipe.algorithm)
    if recipe.format not in formats:
        words = f"{recipe.algorithm.label} cannot be saved as {recipe.format.label}: "
        return [_stop("Recipe", words + f"choose {', '.join(f.label for f in formats)}.")]
    bits = bits_for(recipe)
    if recipe.bits not in bits:
        words = f"{recipe.format.label} holds {_listed(bits)} bits, not {recipe.bits}."
        fix = msgspec.structs.replace(recipe, bits=min(bits, key=lambda b: abs(b - recipe.bits)))
        return [_stop("Recipe", words, fix, f"Use {fix.bits} bits")]
    if recipe.average_bits is not None and not can_mix_bits(recipe):
        scales = "" if recipe.symmetric else " with asymmetric scales"
        words = f"{recipe.format.label} cannot mix layers of different bits{scales}."
        fix = msgspec.structs.replace(recipe, average_bits=None)
        return [_stop("Recipe", words, fix, f"Use {recipe.bits} bits throughout")]
    if recipe.symmetric not in symmetries_for(recipe):
        kind = "symmetric" if recipe.symmetric else "asymmetric"
        other = "asymmetric" if recipe.symmetric else "symmetric"
        words = f"{recipe.format.label} with {recipe.bits} bits cannot be {kind}: "
        fix = msgspec.structs.replace(recipe, symmetric=not recipe.symmetric)
        return [_stop("Recipe", words + "no kernel reads it.", fix, f"Use {other}")]
    groups = groups_for(recipe)
    words = f"{recipe.format.label} takes groups of {_listed(groups)}, not {recipe.group_size}."
    return [_stop("Recipe", words)]


def _group_size(recipe: Recipe, row: Row | None, shape: ModelShape) -> list[Finding]:
    if row is None or not row.group_sizes:
        return []
    if recipe.group_size == PER_CHANNEL:
        return [_good("Group size", "One scale for each output channel.")]
    wrong = shape.not_divisible(recipe.group_size)
    if not wrong:
        return [_good("Group size", f"{recipe.group_size} divides all layers.")]
    size = min(wrong.values())
    best = shape.largest_group(row.group_sizes)
    words = f"Group size {recipe.group_size} does not divide {size}: "
    if best is None:
        fix = msgspec.structs.replace(recipe, group_size=PER_CHANNEL)
        return [_stop("Group size", words + "use one per channel.", fix, "Use per channel")]
    fix = msgspec.structs.replace(recipe, group_size=best)
    return [_stop("Group size", words + f"use {best}.", fix, f"Use {best}")]


def _kernels(recipe: Recipe, row: Row, machine: Machine) -> list[Finding]:
    here = [r for r in row.runs if machine.device in r.devices]
    ready = [r for r in here if not missing_modules(r.engine) and not missing(r.needs)]
    if ready:
        names = _listed(list(dict.fromkeys(r.engine.label for r in ready)))
        where = machine.gpu_name or "the processor"
        return [_good("Engine", f"{names} will run the copy on {where}.")]
    if here:
        lacking = ", ".join(
            dict.fromkeys((*missing_modules(here[0].engine), *missing(here[0].needs)))
        )
        words = f"No engine that is installed here runs {recipe.format.label} (missing: {lacking})."
        return [_stop("Engine", words)]
    devices = sorted({d.value for r in row.runs for d in r.devices})
    words = (
        f"No kernel here runs {recipe.format.label} with {recipe.bits} bits "
        f"({'symmetric' if recipe.symmetric else 'asymmetric'}) on {machine.device.value}; "
        f"there are some for {_listed(devices)}. Choose another format."
    )
    return [_stop("Engine", words)]


def _calibration(model: ModelRef, recipe: Recipe, tokens: int | None) -> list[Finding]:
    if not recipe.algorithm.needs_calibration:
        return [_good("Calibration", "This algorithm looks at the weights alone: no texts needed.")]
    longest = model.context_length
    if longest is not None and recipe.seqlen > longest:
        words = f"The model reads {longest:,} tokens, the recipe asks for {recipe.seqlen:,}."
        fix = msgspec.structs.replace(recipe, seqlen=longest)
        return [_stop("Calibration", words, fix, f"Use {longest:,}")]
    wanted = recipe.samples * recipe.seqlen
    if tokens is None:
        return []
    if tokens < recipe.seqlen:
        words = f"The texts hold {tokens:,} tokens, one sequence needs {recipe.seqlen:,}: "
        return [_stop("Calibration", words + "choose more texts or shorter sequences.")]
    if tokens < wanted:
        fitting = tokens // recipe.seqlen
        words = f"The texts are enough for {fitting} of {recipe.samples} sequences; all are used."
        return [_care("Calibration", words)]
    words = f"{recipe.samples} sequences of {recipe.seqlen:,} tokens."
    return [_good("Calibration", words)]


def _memory(needs: Needs, machine: Machine, recipe: Recipe) -> list[Finding]:
    found = [_compared("Memory", needs.ram, machine.ram_free, recipe)]
    if needs.vram:
        found.append(_compared("GPU memory", needs.vram, machine.vram_free, recipe))
    return found


def _compared(topic: str, needed: int, free: int, recipe: Recipe) -> Finding:
    words = f"Needs about {exact_size(needed, 1)}, {exact_size(free, 1)} are free"
    if needed > free:
        fix = msgspec.structs.replace(recipe, samples=max(1, recipe.samples // 2))
        label = f"Use {fix.samples} samples" if recipe.algorithm.needs_calibration else ""
        words += ": close other programs, or take fewer or shorter calibration sequences."
        return _stop(topic, words, fix if label else None, label)
    return (_care if needed > _TIGHT * free else _good)(topic, words + ".")


def _disk(needs: Needs, out: Path, kept_bytes: int) -> list[Finding]:
    if out.name in ("", ".", "..") or ".." in out.parts or out.name.startswith("."):
        return [_stop("Disk", f"“{out.name}” is no name for a copy: choose another.")]
    if out.exists():
        return [_stop("Disk", f"“{out}” is there already: choose another name.")]
    parent = next((p for p in out.parents if p.exists()), Path("/"))
    if not os.access(parent, os.W_OK):
        return [_stop("Disk", f"“{parent}” may not be written to: choose another folder.")]
    try:
        free = shutil.disk_usage(parent).free
    except OSError as error:
        return [_stop("Disk", f"“{parent}” cannot be used: {error.strerror}.")]
    needed = max(needs.result, needs.disk - kept_bytes)
    words = (
        f"Needs about {exact_size(needed, 1)} with temporary files, {exact_size(free, 1)} are free"
    )
    if needed > free:
        return [_stop("Disk", words + ": free some, or choose a folder on another disk.")]
    return [(_care if needed > _TIGHT * free else _good)("Disk", words + ".")]


def _size(model: ModelRef, needs: Needs) -> list[Finding]:
    if not 0 < model.size_bytes < needs.result:
        return []
    words = (
        f"The copy will be larger than the original: about {exact_size(needs.result, 1)} against "
        f"{exact_size(model.size_bytes, 1)}, since the original is quantized already."
    )
    return [_care("Size", words)]


def _good(topic: str, text: str) -> Finding:
    return Finding(level=Level.GOOD, topic=topic, text=text)


def _care(topic: str, text: str) -> Finding:
    return Finding(level=Level.CARE, topic=topic, text=text)


def _stop(topic: str, text: str, remedy: Recipe | None = None, label: str = "") -> Finding:
    return Finding(level=Level.STOP, topic=topic, text=text, remedy=remedy, remedy_label=label)


def _listed(values: list[int] | list[str]) -> str:
    words = ["per channel" if v == PER_CHANNEL else str(v) for v in values]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"

"""Words for what the lower layers name with keys."""

from collections.abc import Sequence

from PySide6.QtCore import QObject

from phidesk.core.machine import GpuProcess
from phidesk.core.models import Concern
from phidesk.ui.format import size
from phidesk.ui.language import counted
from phidesk.viewmodels.memory import MemoryReturn

_MOST_NAMED = 3


def stage_text(where: QObject, stage: str) -> str:
    """Return what a load is doing, for a person."""
    words = {
        "start": where.tr("Starting the engine…"),
        "tokenizer": where.tr("Reading the tokenizer…"),
        "weights": where.tr("Loading weights…"),
        "compile": where.tr("Compiling the model…"),
        "graphs": where.tr("Capturing graphs…"),
        "warm-up": where.tr("Warming up…"),
        "ready": where.tr("Almost ready…"),
    }
    return words.get(stage, stage)


def concern_text(where: QObject, concern: Concern) -> str:
    """Return why a model is marked, for a person."""
    match concern:
        case Concern.REMOTE_CODE:
            return where.tr("brings program code, which phidesk does not run")
        case Concern.PICKLE:
            return where.tr("only pickle files, which can run code: convert it to safetensors")
        case Concern.TEMPLATE:
            return where.tr("has an odd chat template, which is not rendered without your word")


def returned_text(where: QObject, returned: MemoryReturn) -> str:
    """Return what an eject gave back, for a person: "9.8 GB freed, 0 left"."""
    freed = _freed(where, returned)
    parts = [where.tr("Ejected: {0} freed, {1} left.").format(freed, _left(returned))]
    if count := returned.processes_left:
        parts.append(
            where.tr("{0} engine processes still run.", None, counted(count)).format(count)
        )
    parts.append(holders_text(where, returned.holders))
    return " ".join(part for part in parts if part)


def left_text(where: QObject, returned: MemoryReturn) -> str:
    """Return what a worker that failed gave back and left on the graphics card, for a person."""
    words = where.tr("Of the model, {0} is left on the graphics card.").format(_left(returned))
    others = holders_text(where, returned.holders)
    freed = ""
    if returned.gpu_freed or returned.ram_freed:
        freed = where.tr("{0} came back.").format(_freed(where, returned))
    return " ".join(part for part in (freed, words, others) if part)


def holders_text(where: QObject, holders: Sequence[GpuProcess]) -> str:
    """Return which other programs hold GPU memory, for a person; "" where none does."""
    if not holders:
        return ""
    named = [
        where.tr("“{0}” holds {1}").format(process.name, size(process.bytes))
        for process in holders[:_MOST_NAMED]
    ]
    if rest := sum(process.bytes for process in holders[_MOST_NAMED:]):
        named.append(where.tr("others hold {0}").format(size(rest)))
    return where.tr("On the graphics card, {0}.").format(", ".join(named))


def _freed(where: QObject, returned: MemoryReturn) -> str:
    if returned.gpu_freed or returned.gpu_left:
        return where.tr("{0} of GPU memory and {1} of RAM").format(
            size(returned.gpu_freed), size(returned.ram_freed)
        )
    return where.tr("{0} of RAM").format(size(returned.ram_freed))


def _left(returned: MemoryReturn) -> str:
    left = returned.ram_left + returned.gpu_left
    return size(left) if left else "0"

"""Words for what the lower layers name with keys."""

from PySide6.QtCore import QObject

from phidesk.core.models import Concern
from phidesk.ui.format import size
from phidesk.viewmodels.memory import MemoryReturn


def stage_text(where: QObject, stage: str) -> str:
    """Return what a load is doing, for a person."""
    words = {
        "start": where.tr("Starting the engine…"),
        "tokenizer": where.tr("Reading the tokenizer…"),
        "weights": where.tr("Loading weights…"),
        "warm-up": where.tr("Warming up…"),
    }
    return words.get(stage, stage)


def concern_text(where: QObject, concern: Concern) -> str:
    """Return why a model is marked, for a person."""
    match concern:
        case Concern.REMOTE_CODE:
            return where.tr("brings program code, which phidesk does not run")
        case Concern.PICKLE:
            return where.tr("only pickle files, which can run code: convert it to safetensors")


def returned_text(where: QObject, returned: MemoryReturn) -> str:
    """Return what an eject gave back, for a person."""
    freed = size(returned.ram_freed)
    if returned.gpu_freed:
        freed = where.tr("{0} of GPU memory and {1}").format(size(returned.gpu_freed), freed)
    return where.tr(
        "Ejected: {0} given back, {1} engine processes left. "
        "Memory in use: {2} before the load, {3} now."
    ).format(
        freed,
        returned.processes_left,
        size(returned.used_before_load),
        size(returned.used_now),
    )

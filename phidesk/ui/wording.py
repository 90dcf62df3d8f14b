"""Words for what the lower layers name with keys."""

from PySide6.QtCore import QObject

from phidesk.core.models import Concern


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

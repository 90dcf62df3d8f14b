"""The long jobs of a worker: each runs in a thread and imports only what it needs."""

import asyncio
import importlib
import os

from phidesk.protocol.commands import Quantize, Score, TimeLayer
from phidesk.protocol.events import FailureKind
from phidesk.worker.engines.base import Engine, EngineError
from phidesk.worker.reporter import Reporter

_NICENESS = 10


async def run_job(
    command: Quantize | TimeLayer | Score, engine: Engine | None, report: Reporter
) -> None:
    """Do the job; its results are sent through the reporter.

    It gives way to whoever chats on the same machine.
    """
    if hasattr(os, "nice"):
        os.nice(max(0, _NICENESS - os.nice(0)))
    try:
        match command:
            case Quantize():
                module = importlib.import_module("phidesk.worker.quantizers.run")
                await asyncio.to_thread(module.quantize, command, report)
            case TimeLayer():
                module = importlib.import_module("phidesk.worker.quantizers.timing")
                await asyncio.to_thread(module.time_layer, command, report)
            case Score():
                module = importlib.import_module("phidesk.worker.evaluate.score")
                await asyncio.to_thread(module.score, command, engine, report)
    except ImportError as error:
        raise EngineError(
            FailureKind.ENGINE_MISSING,
            f"This needs a library that is not installed here ({error}). "
            "Install phidesk with its engines: pip install 'phidesk[engine]'.",
        ) from error

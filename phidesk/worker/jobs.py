"""The long jobs of a worker: each runs in a thread, which also imports what it needs."""

import asyncio
import os
from typing import assert_never

from phidesk.protocol.commands import (
    Download,
    ListRepo,
    LongJob,
    Quantize,
    Score,
    SearchHub,
    TimeLayer,
)
from phidesk.protocol.events import FailureKind
from phidesk.worker.engines.base import Engine, EngineError
from phidesk.worker.reporter import Reporter

_NICENESS = 10


async def run_job(command: LongJob, engine: Engine | None, report: Reporter) -> None:
    """Do the job; its results are sent through the reporter.

    It gives way to whoever chats on the same machine.
    """
    if hasattr(os, "nice"):
        os.nice(max(0, _NICENESS - os.nice(0)))
    try:
        await asyncio.to_thread(_run, command, engine, report)
    except ImportError as error:
        raise EngineError(
            FailureKind.ENGINE_MISSING,
            f"This needs a library that is not installed here ({error}). "
            "Install phidesk with its engines: pip install 'phidesk[engine]'.",
        ) from error


def _run(command: LongJob, engine: Engine | None, report: Reporter) -> None:
    match command:
        case Quantize():
            from phidesk.worker.quantizers.run import quantize

            quantize(command, report)
        case TimeLayer():
            from phidesk.worker.quantizers.timing import time_layer

            time_layer(command, report)
        case Score():
            from phidesk.worker.evaluate.score import score

            score(command, engine, report)
        case SearchHub() | ListRepo():
            from phidesk.worker.hub.look import look

            look(command, report)
        case Download():
            from phidesk.worker.hub.download import download

            download(command, report)
        case _:
            assert_never(command)

"""The worker's command loop: reads commands, runs jobs, ends when the window is gone."""

import argparse
import asyncio
import faulthandler
import os
import platform
import shutil
import sys
import threading
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import BinaryIO, assert_never

import msgspec

import phidesk
from phidesk.core.paths import cache_dir
from phidesk.core.process_group import end_process_group
from phidesk.protocol import PROTOCOL_VERSION, WORKER_FOLDER, WORKER_FOLDER_PREFIX
from phidesk.protocol.codec import decode_command
from phidesk.protocol.commands import (
    Cancel,
    Command,
    CountTokens,
    Download,
    Generate,
    ListRepo,
    LoadModel,
    LongJob,
    Quantize,
    Score,
    SearchHub,
    Shutdown,
    TimeLayer,
)
from phidesk.protocol.events import (
    Broken,
    Cancelled,
    Counted,
    Event,
    FailureKind,
    Finished,
    Hello,
    Log,
)
from phidesk.worker.engines.base import Breakable, Engine, EngineError, Figures
from phidesk.worker.engines.registry import BUILT_IN, make_engine, preload
from phidesk.worker.failures import describe
from phidesk.worker.generation import Generation, Pulse, Tally
from phidesk.worker.jobs import run_job
from phidesk.worker.outbox import Outbox
from phidesk.worker.reporter import Reporter

# Nothing goes out: a model that is not on this disk is an error, not a download.
_OFFLINE = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "VLLM_NO_USAGE_STATS": "1",
    "DO_NOT_TRACK": "1",
}

_LAST_ANSWERS_S = 1.0
_MAX_THREADS = 64  # each answer takes one; those of asyncio are as few as the cores


def main(argv: Sequence[str] | None = None) -> None:
    """Run a worker on this process's stdin and stdout until the window ends it."""
    commands, events_fd = claim_pipes()
    os.environ.update(_OFFLINE)
    # Beside the temporary files by default, which go with this process.
    os.environ.setdefault("TORCHINDUCTOR_CACHE_DIR", str(cache_dir() / "torchinductor"))
    faulthandler.enable()
    parser = argparse.ArgumentParser(prog="phidesk.worker")
    parser.add_argument("--preload", default="", metavar="ENGINE")
    parser.add_argument(
        "--engine", action="append", default=[], metavar="NAME=MODULE:CLASS", help="add an engine"
    )
    parser.add_argument(
        "--purpose", default="", help="tells processes apart from outside: “download” may go out"
    )
    options = parser.parse_args(argv)
    engines = BUILT_IN | dict(entry.split("=", 1) for entry in options.engine)
    outbox = Outbox(events_fd)
    outbox.put(
        Hello(
            protocol_version=PROTOCOL_VERSION,
            pid=os.getpid(),
            phidesk_version=phidesk.__version__,
            python_version=platform.python_version(),
        )
    )
    if options.preload:
        threading.Thread(target=preload, args=(engines, options.preload), daemon=True).start()
    asyncio.run(Worker(outbox, engines).serve(commands))
    outbox.close()
    # Engines leave threads behind that could hold up the interpreter's own way out.
    sys.stderr.flush()
    end_worker()


def claim_pipes() -> tuple[BinaryIO, int]:
    """Take stdin and stdout for the messages, so that no library can read or write them.

    Returns the command stream and the event descriptor, private copies of fd 0 and fd 1.
    fd 0 then reads nothing and fd 1 is stderr: a print, also one from C, ends in the log.
    """
    commands = os.fdopen(os.dup(0), "rb")
    events_fd = os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return commands, events_fd


def end_worker() -> None:
    """End this process and everything that it started, at once."""
    folder = os.environ.get(WORKER_FOLDER, "")
    if os.path.basename(folder).startswith(WORKER_FOLDER_PREFIX):  # noqa: PTH119
        shutil.rmtree(folder, ignore_errors=True)
    if hasattr(os, "killpg") and os.getpgrp() == os.getpid():
        end_process_group(os.getpid())
    os._exit(0)


class Worker:
    """Runs the jobs of one window: at most one model, many generations at once."""

    def __init__(self, outbox: Outbox, engines: dict[str, str]) -> None:
        self._outbox = outbox
        self._engines = engines
        self._engine: Engine | None = None
        self._generations: dict[str, Generation] = {}
        self._tally = Tally()
        self._pulse = Pulse(outbox, self._generations, self._tally, self._figures)
        self._tasks: set[asyncio.Task[None]] = set()
        self._jobs: set[str] = set()
        self._stopping = asyncio.Event()

    async def serve(self, commands: BinaryIO) -> None:
        """Handle commands until Shutdown; end of the stream ends the process group."""
        loop = asyncio.get_running_loop()
        loop.set_default_executor(ThreadPoolExecutor(_MAX_THREADS))

        def hand_over(command: Command) -> None:
            loop.call_soon_threadsafe(self._handle, command)

        reader = threading.Thread(
            target=_read_commands, args=(commands, hand_over, self._outbox.put), daemon=True
        )
        reader.start()
        await self._stopping.wait()
        for task in self._tasks:
            task.cancel()
        if self._engine is not None:
            await self._engine.close()

    def _handle(self, command: Command) -> None:
        match command:
            # Noted here and not in the task, so that a Cancel right behind finds its job.
            case LoadModel():
                self._jobs.add(command.job_id)
                self._start(self._load(command))
            case Generate():
                self._generations[command.job_id] = Generation(command, self._outbox, self._tally)
                self._start(self._generate(command.job_id))
            case CountTokens():
                self._start(self._count(command))
            case Quantize() | TimeLayer() | Score() | SearchHub() | ListRepo() | Download():
                self._jobs.add(command.job_id)
                self._start(self._run_job(command))
            case Cancel():
                self._cancel(command.job_id)
            case Shutdown():
                self._stopping.set()
            case _:
                assert_never(command)

    def _start(self, job: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(job)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _cancel(self, job_id: str) -> None:
        if job_id in self._jobs:
            # These cannot be stopped half-way; ending the process gives all of it back.
            self._outbox.put(Cancelled(job_id=job_id))
            self._outbox.close()
            end_worker()
        elif (generation := self._generations.get(job_id)) is not None:
            generation.cancel()

    async def _load(self, command: LoadModel) -> None:
        job_id = command.job_id
        report = Reporter(job_id, self._outbox.put)
        try:
            if self._engine is not None:
                raise EngineError(
                    FailureKind.UNSUPPORTED, "This worker holds a model already: eject it first."
                )
            report.progress("start")
            engine = await asyncio.to_thread(make_engine, self._engines, command.engine)
            loaded = await engine.load(command, report)
            self._engine = engine
            if isinstance(engine, Breakable):
                self._start(self._end_with(engine))
            self._outbox.put(loaded)
            self._outbox.put(Finished(job_id=job_id))
        except Exception as error:
            self._outbox.put(describe(job_id, error))
        finally:
            self._jobs.discard(job_id)

    async def _count(self, command: CountTokens) -> None:
        engine = self._engine
        try:
            if engine is None:
                raise EngineError(FailureKind.UNSUPPORTED, "No model is loaded.")
            self._outbox.put(await asyncio.to_thread(_counted, engine, command))
            self._outbox.put(Finished(job_id=command.job_id))
        except Exception as error:
            self._outbox.put(describe(command.job_id, error))

    async def _end_with(self, engine: Breakable) -> None:
        """End the worker once the engine is broken: what it holds comes back with the process."""
        error = await engine.broken()
        answers = self._tasks - {asyncio.current_task()}
        if answers:  # they are about to end with words of their own
            await asyncio.wait(answers, timeout=_LAST_ANSWERS_S)
        self._outbox.put(Broken(message=error.message, details=error.details))
        self._outbox.close()
        end_worker()

    async def _run_job(self, command: LongJob) -> None:
        report = Reporter(command.job_id, self._outbox.put)
        try:
            await run_job(command, self._engine, report)
            self._outbox.put(Finished(job_id=command.job_id))
        except Exception as error:
            self._outbox.put(describe(command.job_id, error))
        finally:
            self._jobs.discard(command.job_id)

    def _figures(self) -> Figures:
        return self._engine.figures() if self._engine is not None else Figures()

    async def _generate(self, job_id: str) -> None:
        generation = self._generations[job_id]
        try:
            if self._engine is None:
                error = EngineError(FailureKind.UNSUPPORTED, "No model is loaded.")
                generation.fail(error)
                return
            self._pulse.start()
            await generation.run(self._engine)
        finally:
            del self._generations[job_id]


def _counted(engine: Engine, command: CountTokens) -> Counted:
    return Counted(
        job_id=command.job_id,
        prompt=engine.count_prompt(command.messages) if command.messages else 0,
        texts=tuple(engine.count_text(text) for text in command.texts),
    )


def _read_commands(
    commands: BinaryIO, hand_over: Callable[[Command], None], put: Callable[[Event], None]
) -> None:
    """Hand over each line; where there are no more, the window is gone, and so are we."""
    for line in commands:
        try:
            hand_over(decode_command(line))
        except msgspec.DecodeError as error:
            put(Log(level="error", text=f"unreadable command: {error}"))
    end_worker()

"""One quantization as it happens: stage, layers, losses, time, memory, and how it ended."""

import asyncio
import contextlib
import statistics
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from uuid import uuid4

from PySide6.QtCore import QObject, QTimer, Signal

from phidesk.client.standby import Spawn
from phidesk.core.jobs import JobState, discard, load_state
from phidesk.protocol.commands import Quantize
from phidesk.protocol.events import (
    Cancelled,
    Event,
    Failed,
    FailureKind,
    Finished,
    LayerDone,
    Log,
    Progress,
    Quantized,
)
from phidesk.viewmodels.load_request import Failure
from phidesk.viewmodels.worker_job import Ending, WorkerJob

_RECENT_LAYERS = 8


class RunState(StrEnum):
    """What a run is at; the last three are its ends."""

    IDLE = "idle"
    RUNNING = "running"
    CANCELLING = "cancelling"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


@dataclass(frozen=True)
class Layer:
    """A layer that is done: its number from 1, its seconds, the losses before and after."""

    number: int
    seconds: float
    loss_before: float | None
    loss_after: float | None


@dataclass(frozen=True)
class Made:
    """The finished copy: the folder or the GGUF file in it; seconds of the run."""

    path: str
    size_bytes: int
    seconds: float


class QuantizeRun(QObject):
    """Runs one quantization at a time in a worker of its own.

    done of total layers are there. unfinished: what is on disk to go on with, after a run that
    did not come to its end.
    """

    state_changed = Signal()
    progress_changed = Signal()
    """also once a second while it runs: the times change"""
    layer_added = Signal()
    finished = Signal()
    """the copy is there: `made`"""
    started = Signal(str)
    """what the log is about from now on"""
    log_received = Signal(str, str)
    """level, text"""

    def __init__(self, spawn: Spawn, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._spawn = spawn
        self._job: WorkerJob | None = None
        self._task: asyncio.Task[None] | None = None
        self._began = self._layer_began = 0.0
        self._ended: float | None = None
        self._expected_s: float | None = None
        self._ticking = QTimer(self)
        self._ticking.setInterval(1000)
        self._ticking.timeout.connect(self.progress_changed)
        self.state = RunState.IDLE
        self.command: Quantize | None = None
        self.stage = self.text = ""
        self.done = self.total = 0
        self.layers: list[Layer] = []
        self.peak_ram = self.peak_vram = 0
        self.made: Made | None = None
        self.failure: Failure | None = None
        self.unfinished: JobState | None = None

    @property
    def is_active(self) -> bool:
        """Whether a worker is at work."""
        return self.state in (RunState.RUNNING, RunState.CANCELLING)

    @property
    def elapsed_s(self) -> float:
        """Seconds since the start, or of the whole run."""
        return (self._ended or time.monotonic()) - self._began if self._began else 0.0

    @property
    def remaining_s(self) -> float | None:
        """Seconds that the layers to come will take, from those that are done; None: not known."""
        if self.state is not RunState.RUNNING:
            return None
        if self.layers:
            recent = [layer.seconds for layer in self.layers[-_RECENT_LAYERS:]]
            each = statistics.mean(recent)
            since = min(time.monotonic() - self._layer_began, each)  # the next one is late
            return max(0.0, each * (self.total - self.done) - since)
        if self._expected_s is not None:
            return max(0.0, self._expected_s - self.elapsed_s)
        return None

    def start(
        self,
        command: Quantize,
        *,
        layers: int,
        expected_s: float | None = None,
        after: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        """Start a run of a model with so many layers; expected_s: what a timing said.

        after: what has to come to its end before, for example another worker.
        """
        if self.is_active:
            return
        done = 0
        if command.resume:
            left = load_state(Path(command.out))
            done = left.done if left is not None and left.resumable else 0
            layers = left.total if left is not None and left.total else layers
        same = self.command is not None and self.command.out == command.out
        before = self.layers if same else []
        self.command, self.done, self.total = command, done, layers
        self._expected_s = expected_s
        self._began, self._ended = time.monotonic(), None
        self.stage, self.text = "start", ""
        self._layer_began = time.monotonic()
        self.layers = [layer for layer in before if layer.number <= done]
        self.peak_ram = self.peak_vram = 0
        self.made = self.failure = self.unfinished = None
        self._ticking.start()
        self.started.emit(self.tr("Quantizing to {0}").format(Path(command.out).name))
        self._set_state(RunState.RUNNING)
        self.progress_changed.emit()
        self._job = WorkerJob(self._spawn, command, self._take)
        self._task = asyncio.ensure_future(self._run(command, self._job, after))

    def resume(self, job: JobState) -> None:
        """Go on with an interrupted run; one that keeps no layers begins anew."""
        command = Quantize(
            job_id=uuid4().hex, model=job.model, recipe=job.recipe, out=job.out, resume=True
        )
        self.start(command, layers=job.total)

    def cancel(self) -> None:
        """End the run; what is done stays on disk for a resume."""
        if self.state is RunState.RUNNING and self._job is not None:
            self._set_state(RunState.CANCELLING)
            self._job.cancel()

    async def discard(self, out: Path) -> None:
        """Delete what an interrupted run left; raises OSError where that fails."""
        with contextlib.suppress(FileNotFoundError):
            await asyncio.to_thread(discard, out)
        if self.unfinished is not None and Path(self.unfinished.out) == out:
            self.unfinished = None
            self.state_changed.emit()

    async def shut_down(self) -> None:
        """End the worker at once; the window is closing."""
        self._ticking.stop()
        if self._job is not None:
            self._job.kill()
            self._job.cancel()
        if self._task is not None:
            await asyncio.wait([self._task])

    async def _run(
        self, command: Quantize, job: WorkerJob, after: Callable[[], Awaitable[None]] | None
    ) -> None:
        if after is not None:
            await after()
        ending = await job.run()
        self._job = None
        self._ticking.stop()
        self._ended = time.monotonic()
        self.progress_changed.emit()
        if isinstance(ending, Finished) and self.made is not None:
            self._set_state(RunState.DONE)
            self.finished.emit()
            return
        self.unfinished = await self._what_is_left(ending, Path(command.out))
        match ending:
            case Cancelled():
                self._set_state(RunState.CANCELLED)
            case Failed():
                message = self._in_words(ending)
                self.failure = Failure(ending.kind, message, ending.details)
                self._set_state(RunState.FAILED)
            case Finished():
                words = self.tr("The worker said that it was done, but made no copy.")
                self.failure = Failure(FailureKind.BUG, words)
                self._set_state(RunState.FAILED)

    async def _what_is_left(self, ending: Ending, out: Path) -> JobState | None:
        left = await asyncio.to_thread(load_state, out)
        if left is not None and isinstance(ending, Cancelled) and not left.resumable:
            with contextlib.suppress(OSError):
                await asyncio.to_thread(discard, out)
                return None
        return left

    def _in_words(self, failed: Failed) -> str:
        if failed.kind is not FailureKind.WORKER_DIED:
            return failed.message
        # The rest of it is about a chat.
        what = failed.message.partition(". ")[0].rstrip(".")
        return self.tr("{0}. The original is untouched.").format(what)

    def _take(self, event: Event) -> None:
        match event:
            case Progress():
                self.stage, self.text = event.stage, event.text
                self.progress_changed.emit()
            case LayerDone():
                self._layer_began = time.monotonic()
                self.done, self.total = event.done, event.total
                self.peak_ram = max(self.peak_ram, event.peak_ram_bytes)
                self.peak_vram = max(self.peak_vram, event.peak_vram_bytes)
                layer = Layer(event.done, event.seconds, event.loss_before, event.loss_after)
                self.layers.append(layer)
                self.layer_added.emit()
                self.progress_changed.emit()
            case Quantized():
                self.made = Made(event.path, event.size_bytes, event.seconds)
                self.peak_ram = max(self.peak_ram, event.peak_ram_bytes)
                self.peak_vram = max(self.peak_vram, event.peak_vram_bytes)
            case Log():
                self.log_received.emit(event.level, event.text)
            case _:
                pass

    def _set_state(self, state: RunState) -> None:
        self.state = state
        self.state_changed.emit()

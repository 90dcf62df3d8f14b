"""Times one real layer, for an estimate of the whole run."""

import asyncio
from dataclasses import dataclass
from enum import StrEnum
from uuid import uuid4

from PySide6.QtCore import QObject, QTimer, Signal

from phidesk.client.standby import Spawn
from phidesk.core.models import ModelRef
from phidesk.core.recipes import Recipe
from phidesk.protocol.commands import TimeLayer
from phidesk.protocol.events import Cancelled, Event, Failed, Finished, LayerTimed
from phidesk.viewmodels.load_request import Failure
from phidesk.viewmodels.worker_job import WorkerJob

SETTLE_MS = 600


class TimingState(StrEnum):
    """WAITING: the recipe was changed just now."""

    IDLE = "idle"
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True)
class TimeEstimate:
    """Seconds of the whole run, and what the timing itself took at its peak."""

    low_s: float
    likely_s: float
    high_s: float
    peak_ram: int
    peak_vram: int


class LayerTiming(QObject):
    """Times the recipe that it was asked for last; one worker at a time."""

    changed = Signal()

    def __init__(self, spawn: Spawn, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._spawn = spawn
        self._asked: tuple[ModelRef, Recipe] | None = None
        self._job: WorkerJob | None = None
        self._task: asyncio.Task[None] | None = None
        self._settling = QTimer(self)
        self._settling.setSingleShot(True)
        self._settling.setInterval(SETTLE_MS)
        self._settling.timeout.connect(self._on_settled)
        self._known: dict[tuple[ModelRef, Recipe], TimeEstimate] = {}
        self.state = TimingState.IDLE
        self.estimate: TimeEstimate | None = None
        self.failure: Failure | None = None

    def ask(self, model: ModelRef, recipe: Recipe) -> None:
        """Time a recipe once it has not changed for a moment; what is known stays known."""
        if self._asked == (model, recipe):
            return
        self._stop_job()
        self._asked = (model, recipe)
        self.failure = None
        self.estimate = self._known.get(self._asked)
        if self.estimate is not None:
            self._settling.stop()
            self._set_state(TimingState.DONE)
        else:
            self._settling.start()
            self._set_state(TimingState.WAITING)

    def again(self) -> None:
        """Time the same recipe once more, after a failure."""
        asked, self._asked = self._asked, None
        if asked is not None:
            self.ask(*asked)

    def stop(self) -> None:
        """End the timing; an estimate that is there stays."""
        self._settling.stop()
        self._stop_job()
        self._asked = None
        if self.state in (TimingState.WAITING, TimingState.RUNNING):
            self._set_state(TimingState.IDLE)

    async def stopped(self) -> None:
        """Wait until the worker of the last timing is gone."""
        if self._task is not None:
            await asyncio.wait([self._task])

    async def shut_down(self) -> None:
        """End everything at once."""
        self._settling.stop()
        if self._job is not None:
            self._job.kill()
        self._stop_job()
        await self.stopped()

    def _stop_job(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self._job = None

    def _on_settled(self) -> None:
        if self._asked is not None:
            self._task = asyncio.ensure_future(self._run(*self._asked, self._task))

    async def _run(
        self, model: ModelRef, recipe: Recipe, before: asyncio.Task[None] | None
    ) -> None:
        if before is not None:
            await asyncio.wait([before])
        if self._asked != (model, recipe):
            return
        found: list[LayerTimed] = []

        def take(event: Event) -> None:
            if isinstance(event, LayerTimed):
                found.append(event)

        command = TimeLayer(job_id=uuid4().hex, model=model, recipe=recipe)
        self._job = job = WorkerJob(self._spawn, command, take)
        self._set_state(TimingState.RUNNING)
        ending = await job.run()
        if self._job is not job:
            return
        self._job = None
        match ending:
            case Finished() if found:
                self.estimate = self._known[model, recipe] = _estimate(found[-1])
                self._set_state(TimingState.DONE)
            case Failed():
                self.failure = Failure(ending.kind, ending.message, ending.details)
                self._set_state(TimingState.FAILED)
            case Finished() | Cancelled():
                self._set_state(TimingState.IDLE)

    def _set_state(self, state: TimingState) -> None:
        self.state = state
        self.changed.emit()


def _estimate(timed: LayerTimed) -> TimeEstimate:
    return TimeEstimate(
        low_s=timed.low_s,
        likely_s=timed.likely_s,
        high_s=timed.high_s,
        peak_ram=timed.peak_ram_bytes,
        peak_vram=timed.peak_vram_bytes,
    )

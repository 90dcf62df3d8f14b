"""One download: its worker, how far it is, and how it ended."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from enum import StrEnum
from uuid import uuid4

from PySide6.QtCore import QObject, Signal

from phidesk.client.standby import Spawn
from phidesk.core.downloads import DownloadPlan, discard, kept_bytes
from phidesk.core.rates import Rate
from phidesk.protocol.commands import Download
from phidesk.protocol.events import Downloaded, Event, Failed, Finished, Log, Progress
from phidesk.viewmodels.load_request import Failure
from phidesk.viewmodels.worker_job import Ending, WorkerJob, plain_words


class DownloadState(StrEnum):
    """What a download is at."""

    WAITING = "waiting"
    RUNNING = "running"
    STOPPING = "stopping"
    """its worker is about to end"""
    REMOVING = "removing"
    """what came is being deleted: it cannot go on any more"""
    PAUSED = "paused"
    FAILED = "failed"
    DONE = "done"


class DownloadItem(QObject):
    """A plan on its way. done of total bytes are there; path: what the finished model is."""

    state_changed = Signal()
    progress_changed = Signal()
    log_received = Signal(str, str)
    """level, text"""

    def __init__(
        self,
        plan: DownloadPlan,
        spawn: Spawn,
        token: Callable[[], Awaitable[str]],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._spawn = spawn
        self._token = token
        self._rate = Rate()
        self._job: WorkerJob | None = None
        self._task: asyncio.Task[None] | None = None
        self.plan = plan
        self.state = DownloadState.WAITING
        self.done, self.total = 0.0, float(plan.total)
        self.stage = self.text = ""
        self.path = ""
        self.failure: Failure | None = None

    @property
    def is_active(self) -> bool:
        """Whether somebody is at work on its files: its worker, or who deletes them."""
        busy = (DownloadState.RUNNING, DownloadState.STOPPING, DownloadState.REMOVING)
        return self.state in busy

    @property
    def speed(self) -> float:
        """Bytes a second at the moment; 0 where nothing comes."""
        return self._rate.per_second if self.state is DownloadState.RUNNING else 0.0

    @property
    def remaining_s(self) -> float | None:
        """Seconds that the rest takes; None: not known."""
        return self._rate.remaining_s(self.total - self.done) if self.speed else None

    @property
    def still_to_come(self) -> int:
        """Bytes that it will still write to the disk."""
        return 0 if self.state is DownloadState.DONE else max(0, int(self.total - self.done))

    async def look(self) -> None:
        """See how much is on disk."""
        self.done = float(await asyncio.to_thread(kept_bytes, self.plan))
        self.progress_changed.emit()

    def start(self) -> None:
        """Fetch what is missing in a worker of its own."""
        if self.is_active:
            return
        self.failure = None
        self.stage, self.text = "start", ""
        self._rate.clear()
        self._set_state(DownloadState.RUNNING)
        self._task = asyncio.ensure_future(self._run())

    def wait(self) -> None:
        """Stand in line, for the first time or again."""
        if not self.is_active:
            self.failure = None
            self._set_state(DownloadState.WAITING)

    def pause(self) -> None:
        """End the worker, or leave the line; what came is kept."""
        if self.state is DownloadState.RUNNING and self._job is not None:
            self._set_state(DownloadState.STOPPING)
            self._job.cancel()
        elif self.state in (DownloadState.WAITING, DownloadState.RUNNING):
            self._set_state(DownloadState.PAUSED)

    async def remove(self) -> None:
        """End the worker and delete what came of an unfinished one; raises OSError."""
        if self.state is DownloadState.DONE:
            return
        if self._job is not None:
            self._job.cancel()
        self._set_state(DownloadState.REMOVING)
        await self.stopped()
        if self.state is not DownloadState.REMOVING:  # it was whole before it could be stopped
            return
        try:
            await asyncio.to_thread(discard, [self.plan])
        except OSError:
            await self.look()
            self._set_state(DownloadState.PAUSED)
            raise

    async def stopped(self) -> None:
        """Wait until there is no worker."""
        if self._task is not None:
            await asyncio.wait([self._task])

    def kill(self) -> None:
        """End the worker at once, or see that none is started; the window is closing."""
        if self._job is None:
            self.pause()
        else:
            self._job.kill()
            self._job.cancel()

    async def _run(self) -> None:
        token = await self._token()
        if self.state is not DownloadState.RUNNING or self._task is not asyncio.current_task():
            return  # paused before it began
        command = Download(job_id=uuid4().hex, plan=self.plan, token=token)
        self._job = WorkerJob(self._spawn, command, self._take)
        await self._end(await self._job.run())

    async def _end(self, ending: Ending) -> None:
        self._job = None
        self._rate.clear()
        if isinstance(ending, Finished):
            self.done = self.total
            self._set_state(DownloadState.DONE)
            return
        await self.look()
        if self.state is DownloadState.REMOVING:
            return
        if isinstance(ending, Failed):
            self.failure = Failure(ending.kind, plain_words(ending), ending.details)
            self._set_state(DownloadState.FAILED)
        else:
            self._set_state(DownloadState.PAUSED)

    def _take(self, event: Event) -> None:
        match event:
            case Progress():
                self.stage, self.text = event.stage, event.text
                if event.total is not None:
                    self.done, self.total = event.done, event.total
                if event.stage == "downloading":
                    self._rate.add(time.monotonic(), event.done)
                else:
                    self._rate.clear()
                self.progress_changed.emit()
            case Downloaded():
                self.path = event.path
            case Log():
                self.log_received.emit(event.level, event.text)
            case _:
                pass

    def _set_state(self, state: DownloadState) -> None:
        self.state = state
        self.state_changed.emit()

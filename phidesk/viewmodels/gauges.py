"""Live figures of the machine and of the engine, with a short history."""

import asyncio
import time
from collections import deque

from PySide6.QtCore import QObject, QTimer, Signal

from phidesk.hardware.sampler import HardwareSampler, Sample
from phidesk.viewmodels.engine_session import EngineSession, EngineState

HISTORY = 60
_BUSY_MS, _IDLE_MS = 1000, 2000


class GaugesViewModel(QObject):
    """Samples every second while something happens, and every other second otherwise.

    speeds: tokens/s of the last HISTORY samples while generating.
    """

    changed = Signal()

    def __init__(
        self, session: EngineSession, sampler: HardwareSampler, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._sampler = sampler
        self._sampling: asyncio.Task[None] | None = None
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._on_timeout)
        self._stats_time = 0.0
        self.sample: Sample | None = None
        self.speeds: deque[float] = deque(maxlen=HISTORY)
        self.tokens_per_second = 0.0
        self.context_used = 0
        session.stats_changed.connect(self._on_stats_changed)
        session.state_changed.connect(self._on_state_changed)
        session.job_ended.connect(self._on_job_ended)

    @property
    def context_max(self) -> int:
        """Tokens that the loaded model's context holds; 0 without a model."""
        return self._session.loaded.context_length if self._session.loaded else 0

    def start(self) -> None:
        """Begin to sample."""
        self._timer.start(_IDLE_MS)
        self._on_timeout()

    async def stop(self) -> None:
        """Stop sampling, and wait for a sample that is being taken."""
        self._timer.stop()
        if self._sampling is not None:
            await asyncio.wait([self._sampling])

    def _on_timeout(self) -> None:
        if self._sampling is None or self._sampling.done():
            self._sampling = asyncio.ensure_future(self._take_sample())

    async def _take_sample(self) -> None:
        # Looking through all processes takes milliseconds that the event loop does not have.
        pid = self._session.worker_pid
        sample = await asyncio.to_thread(self._sampler.sample, pid)
        self.sample = sample
        if time.monotonic() - self._stats_time > 1.0:  # else the next Stats show it, too
            self.changed.emit()

    def _on_stats_changed(self) -> None:
        stats = self._session.stats
        if stats is not None:
            self._stats_time = time.monotonic()
            self.tokens_per_second = stats.tokens_per_second
            self.speeds.append(stats.tokens_per_second)
            self.context_used = stats.context_used or self.context_used
            self._pace(busy=stats.running + stats.waiting > 0)
            self.changed.emit()

    def _on_job_ended(self, event: object) -> None:
        result = getattr(event, "result", None)
        if result is not None:
            self.context_used = result.prompt_tokens + result.completion_tokens
            self.tokens_per_second = result.tokens_per_second or self.tokens_per_second
        self._pace(busy=False)
        self.changed.emit()

    def _on_state_changed(self) -> None:
        state = self._session.state
        if state is not EngineState.READY:
            self.tokens_per_second, self.context_used = 0.0, 0
            self.speeds.clear()
        self._pace(busy=state is EngineState.LOADING)
        if self._timer.isActive():
            self._on_timeout()
        self.changed.emit()

    def _pace(self, *, busy: bool) -> None:
        wanted = _BUSY_MS if busy else _IDLE_MS
        if self._timer.isActive() and self._timer.interval() != wanted:
            self._timer.start(wanted)

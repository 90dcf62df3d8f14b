"""Live figures of the machine and of the engine, with a short history."""

import asyncio
import time
from collections import deque

from PySide6.QtCore import QObject, QTimer, Signal

from phidesk.hardware.sampler import HardwareSampler, Sample
from phidesk.protocol.events import Cancelled, Failed, Finished
from phidesk.viewmodels.engine_session import EngineSession, EngineState
from phidesk.viewmodels.memory_parts import MemoryParts, parts_of

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
        self._kv_used: float | None = None
        self.acceptance: float | None = None
        session.stats_changed.connect(self._on_stats_changed)
        session.state_changed.connect(self._on_state_changed)
        session.job_ended.connect(self._on_job_ended)

    @property
    def context_max(self) -> int:
        """Tokens that the loaded model's context holds; 0 without a model."""
        return self._session.loaded.context_length if self._session.loaded else 0

    def gpu_parts(self, place: int) -> MemoryParts | None:
        """Return what fills a GPU, where the model's engine reserves a part of it."""
        loaded, request, sample = self._session.loaded, self._session.request, self.sample
        if loaded is None or request is None or sample is None or not self._has_pool:
            return None
        gpus = request.options.gpus
        if not loaded.device.startswith("cuda") or place >= gpus:
            return None
        gpu = sample.gpus[place]
        weights = loaded.weights_bytes or request.model.size_bytes // gpus
        pool = (loaded.kv_bytes or 0) // gpus
        share = self._kv_used or 0.0
        return parts_of(weights, pool, share, used=gpu.used_bytes, ours=gpu.ours_bytes)

    def ram_parts(self) -> MemoryParts | None:
        """Return what fills the memory, where the model's engine reserves a part of it there."""
        loaded, sample = self._session.loaded, self.sample
        if loaded is None or sample is None or not self._has_pool:
            return None
        if not loaded.device.startswith("cpu"):
            return None
        ours = min(sample.worker_bytes, sample.ram_used_bytes)
        known = (loaded.weights_bytes or 0, loaded.kv_bytes or 0, self._kv_used or 0.0)
        return parts_of(*known, used=sample.ram_used_bytes, ours=ours)

    @property
    def _has_pool(self) -> bool:
        """Whether the KV cache is a part of the memory that is reserved at the load."""
        loaded = self._session.loaded
        if loaded is None or loaded.kv_bytes is None:
            return False
        return loaded.kv_tokens is not None or self._kv_used is not None

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
        if stats is not None and stats.running + stats.waiting > len(self._session.asides):
            self._stats_time = time.monotonic()
            self.tokens_per_second = stats.tokens_per_second
            self.speeds.append(stats.tokens_per_second)
            self.context_used = stats.context_used or self.context_used
            self._kv_used, self.acceptance = stats.kv_used, stats.acceptance
            self._pace(busy=stats.running + stats.waiting > 0)
            self.changed.emit()

    def _on_job_ended(self, event: Finished | Cancelled | Failed) -> None:
        if event.job_id in self._session.asides:
            return
        result = None if isinstance(event, Failed) else event.result
        if result is not None:
            self.context_used = result.prompt_tokens + result.completion_tokens
            self.tokens_per_second = result.tokens_per_second or self.tokens_per_second
        self._pace(busy=False)
        self.changed.emit()

    def _on_state_changed(self) -> None:
        state = self._session.state
        if state is not EngineState.READY:
            self.tokens_per_second, self.context_used = 0.0, 0
            self._kv_used = self.acceptance = None
            self.speeds.clear()
        self._pace(busy=state is EngineState.LOADING)
        if self._timer.isActive():
            self._on_timeout()
        self.changed.emit()

    def _pace(self, *, busy: bool) -> None:
        wanted = _BUSY_MS if busy else _IDLE_MS
        if self._timer.isActive() and self._timer.interval() != wanted:
            self._timer.start(wanted)

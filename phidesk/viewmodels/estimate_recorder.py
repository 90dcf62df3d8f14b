"""Writes down what each load took beside what was estimated for it."""

import asyncio

from PySide6.QtCore import QObject

from phidesk.core.estimate_history import EstimateHistory
from phidesk.hardware.outcomes import LoadedFacts, outcome_of
from phidesk.hardware.sampler import Sample
from phidesk.viewmodels.engine_session import EngineSession
from phidesk.viewmodels.engine_status import EngineState
from phidesk.viewmodels.gauges import GaugesViewModel

_SETTLED_SAMPLES = 2  # the first after a load may have been begun before its end


class EstimateRecorder(QObject):
    """Looks at the memory once after each load, unless a chat has begun by then."""

    def __init__(
        self,
        session: EngineSession,
        gauges: GaugesViewModel,
        history: EstimateHistory,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._gauges = gauges
        self._history = history
        self._waits_for = 0
        self._recording: asyncio.Task[None] | None = None
        session.state_changed.connect(self._on_state_changed)
        gauges.changed.connect(self._on_gauges_changed)

    async def shut_down(self) -> None:
        """Write down nothing more."""
        self._waits_for = 0
        if self._recording is not None:
            self._recording.cancel()
            await asyncio.wait([self._recording])

    def _on_state_changed(self) -> None:
        ready = self._session.state is EngineState.READY
        self._waits_for = _SETTLED_SAMPLES if ready else 0

    def _on_gauges_changed(self) -> None:
        if not self._waits_for:
            return
        if self._session.stats is not None:  # what a chat takes is not what a load takes
            self._waits_for = 0
            return
        self._waits_for -= 1
        if self._waits_for == 0:
            self._record()

    def _record(self) -> None:
        request, loaded, engine = self._session.request, self._session.loaded, self._session.engine
        sample = self._gauges.sample
        if request is None or loaded is None or engine is None or sample is None:
            return
        load = LoadedFacts(
            model=request.model,
            engine=engine,
            options=request.options,
            device=loaded.device,
            dtype=loaded.dtype,
            context_length=loaded.context_length,
        )
        self._recording = asyncio.ensure_future(self._compare(load, sample))

    async def _compare(self, load: LoadedFacts, sample: Sample) -> None:
        """Read the model's files beside the event loop."""
        outcome = await asyncio.to_thread(outcome_of, load, sample, self._history)
        if outcome is not None:
            self._history.add(outcome)

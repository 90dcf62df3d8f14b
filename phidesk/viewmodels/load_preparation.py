"""What happens between Load and the start of a worker: look, choose, make room."""

import asyncio
from collections.abc import Awaitable, Callable

from phidesk.core.engines import EngineName, choose_engine
from phidesk.core.estimate_history import EstimateHistory
from phidesk.core.machine import Machine
from phidesk.core.models import Device
from phidesk.hardware.estimator import computes_on
from phidesk.hardware.machine import machine_of
from phidesk.hardware.sampler import HardwareSampler, Sample
from phidesk.protocol.events import FailureKind
from phidesk.viewmodels.load_check import engine_problem, memory_problem
from phidesk.viewmodels.load_request import Failure, LoadRequest
from phidesk.viewmodels.memory import released, worker_pids


class LoadPreparation:
    """Knows the machine as it was before the last load.

    machine: None before the first sample.
    """

    def __init__(self, sampler: HardwareSampler, history: EstimateHistory) -> None:
        self._sampler = sampler
        self._history = history
        self._sample: Sample | None = None
        self._before_load: Sample | None = None
        self.machine: Machine | None = None

    @property
    def ram_used_before_load(self) -> int:
        """Bytes in use on the whole machine before the last load."""
        return self._before_load.ram_used_bytes if self._before_load else 0

    async def choose(self, request: LoadRequest, loaded_pid: int | None) -> EngineName | Failure:
        """Choose the engine while the model before is still there, or refuse the load.

        loaded_pid: the worker of the model before, whose memory will be free.
        """
        sample = await self._look(loaded_pid)
        if problem := engine_problem(request, self.machine):
            return Failure(FailureKind.ENGINE_MISSING, problem)
        engine = choose_engine(request.model, request.engine, self.machine)
        given_back = self._given_back(request, engine, sample)
        problem_now = await asyncio.to_thread(
            memory_problem, request, engine, sample, self._history, given_back
        )
        return problem_now or engine

    async def make_room(
        self,
        request: LoadRequest,
        engine: EngineName,
        loaded_pid: int | None,
        close: Callable[[], Awaitable[None]] | None,
    ) -> Failure | None:
        """Wait until the memory of the model before is back, and see if this one fits.

        close: ends the model before; None where none is loaded.
        """
        sample = self._sample
        if close is not None or sample is None:
            pids = await worker_pids(loaded_pid)
            if close is not None:
                await close()
            if sample is not None and _on_gpu(request, engine, sample):
                sample = await released(self._sampler, pids, sample)
            else:
                sample = await self._look(None)
        self._before_load = sample
        return await asyncio.to_thread(memory_problem, request, engine, sample, self._history)

    async def problem_after(self, request: LoadRequest, engine: EngineName) -> Failure | None:
        """See if the model fits with another engine, once the worker of the first has ended."""
        sample = await self._look(None)
        return await asyncio.to_thread(memory_problem, request, engine, sample, self._history)

    async def _look(self, pid: int | None) -> Sample:
        self._sample = sample = await asyncio.to_thread(self._sampler.sample, pid)
        self.machine = machine_of(sample)
        return sample

    def _given_back(self, request: LoadRequest, engine: EngineName, sample: Sample) -> int:
        """Return what the model before holds of the memory that this one would need."""
        if not (sample.gpus and _on_gpu(request, engine, sample)):
            return sample.worker_bytes
        gpu, before = sample.gpus[0], self._before_load
        # Where the driver does not name processes, all that came since the load.
        since = gpu.used_bytes - before.gpus[0].used_bytes if before and before.gpus else 0
        return max(gpu.ours_bytes, since, 0)


def _on_gpu(request: LoadRequest, engine: EngineName, sample: Sample) -> bool:
    return computes_on(engine, request.options, sample) is Device.CUDA

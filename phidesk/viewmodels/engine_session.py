"""The loaded model: loads, ejects, and routes what the worker says."""

import asyncio
import time
from collections.abc import Coroutine
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import uuid4

from PySide6.QtCore import QObject, Signal

from phidesk.client.interface import WorkerClient, WorkerStartError
from phidesk.client.standby import Standby
from phidesk.core.chat import Message, SamplingParams
from phidesk.core.engines import EngineName, NoEngineError, choose_engine
from phidesk.core.models import Concern, ModelRef
from phidesk.hardware.sampler import HardwareSampler
from phidesk.protocol.commands import Cancel, Generate, LoadModel
from phidesk.protocol.events import (
    Cancelled,
    Event,
    Failed,
    FailureKind,
    Finished,
    Loaded,
    Progress,
    Stats,
    TokenDelta,
)
from phidesk.viewmodels.memory import MemoryReturn, measure_return

_SLICE_S = 0.004


class EngineState(StrEnum):
    """What the window can do with the engine."""

    EMPTY = "empty"
    LOADING = "loading"
    READY = "ready"
    EJECTING = "ejecting"
    FAILED = "failed"


@dataclass(frozen=True)
class LoadRequest:
    """What the user asked to load; engine None means: the best installed one."""

    model: ModelRef
    engine: EngineName | None = None
    context_length: int | None = None
    without_code: bool = False


@dataclass(frozen=True)
class Failure:
    """What went wrong, for the banner: words, and details for "Copy diagnostics"."""

    kind: FailureKind
    message: str
    details: str = ""

    @property
    def can_load_without_code(self) -> bool:
        """Whether the user may have the model loaded without the code that it brings."""
        return self.kind is FailureKind.REMOTE_CODE


class EngineSession(QObject):
    """One worker at a time, from Load to Eject."""

    state_changed = Signal()
    progress_changed = Signal()
    text_received = Signal(str, str)
    """job_id, text"""
    job_ended = Signal(object)
    """a Finished, Cancelled or Failed of a generation"""
    stats_changed = Signal()
    load_refused = Signal(object)
    """a Failure; the model that is loaded stays"""
    memory_returned = Signal(object)
    """a MemoryReturn, after an eject"""

    def __init__(
        self, standby: Standby, sampler: HardwareSampler, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._standby = standby
        self._sampler = sampler
        self._client: WorkerClient | None = None
        self._run_task: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._load_job = ""
        self._used_before_load = 0
        self.state = EngineState.EMPTY
        self.request: LoadRequest | None = None
        self.engine: EngineName | None = None
        self.loaded: Loaded | None = None
        self.progress: Progress | None = None
        self.stats: Stats | None = None
        self.failure: Failure | None = None

    @property
    def worker_pid(self) -> int | None:
        """The process id of the worker that holds or loads a model."""
        return self._client.pid if self._client else None

    def load(self, request: LoadRequest) -> None:
        """Load a model; one that is loaded is ejected first."""
        if self.state in (EngineState.LOADING, EngineState.EJECTING):
            return
        if request.model.problem:
            self._refuse(request, FailureKind.CORRUPT_FILE, request.model.problem)
            return
        if Concern.PICKLE in request.model.concerns:
            words = self.tr(
                "“{0}” has its weights only as pickles, which can run code when they are read. "
                "Get the same model as safetensors or GGUF."
            )
            self._refuse(request, FailureKind.UNSUPPORTED, words.format(request.model.name))
            return
        try:
            engine = choose_engine(request.model, request.engine)
        except NoEngineError as error:
            self._refuse(request, FailureKind.ENGINE_MISSING, str(error))
            return
        self.request, self.engine = request, engine
        self.loaded = self.stats = self.progress = None
        previous = self._client
        self.failure = None
        self._set_state(EngineState.LOADING)
        self._run_task = self._start(self._run(request, engine, previous))

    def reload(self, *, without_code: bool = False) -> None:
        """Load the same model again, after a failure; without_code: the user agreed to that."""
        if self.request is not None:
            agreed = self.request.without_code or without_code
            self.load(replace(self.request, without_code=agreed))

    def eject(self) -> None:
        """End the worker and measure what came back; also cancels a load."""
        if self._client is not None or self.state is EngineState.LOADING:
            self._start(self._eject())

    def generate(self, messages: tuple[Message, ...], sampling: SamplingParams) -> str:
        """Start an answer and return its job_id; only while READY."""
        job_id = uuid4().hex
        assert self._client is not None  # noqa: S101 - READY implies a client
        self._client.send(Generate(job_id=job_id, messages=messages, sampling=sampling))
        return job_id

    def cancel(self, job_id: str) -> None:
        """Stop an answer."""
        if self._client is not None and self._client.alive:
            self._client.send(Cancel(job_id=job_id))

    async def shut_down(self) -> None:
        """End everything at once; the window is closing."""
        client, self._client = self._client, None
        if client is not None:
            client.kill()
            await client.close()
        if self._run_task is not None:
            self._run_task.cancel()
        # What is left closes workers, and must come to its end.
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._standby.close()

    def _start(self, job: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = asyncio.ensure_future(job)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _run(
        self, request: LoadRequest, engine: EngineName, previous: WorkerClient | None
    ) -> None:
        if previous is not None:
            self._client = None
            await asyncio.shield(self._start(previous.close()))
        sample = await asyncio.to_thread(self._sampler.sample)
        self._used_before_load = sample.ram_used_bytes
        try:
            client = await self._standby.take(engine.value)
        except WorkerStartError as error:
            if self._run_task is not asyncio.current_task():  # cancelled meanwhile
                return
            self._fail(Failure(FailureKind.WORKER_DIED, str(error), error.details))
            return
        if self._run_task is not asyncio.current_task():  # cancelled meanwhile
            await client.close()
            return
        self._client = client
        self._load_job = uuid4().hex
        client.send(
            LoadModel(
                job_id=self._load_job,
                model=request.model,
                engine=engine.value,
                context_length=request.context_length,
                without_code=request.without_code,
            )
        )
        await self._pump(client)

    async def _pump(self, client: WorkerClient) -> None:
        turn = time.monotonic()
        async for event in client.events():
            self._take(event, client)
            if time.monotonic() - turn > _SLICE_S:
                await asyncio.sleep(0)  # the queue never blocks under a flood: let Qt in
                turn = time.monotonic()
        if client is self._client:
            self._client = None
            message, details = client.end_message(), client.log_tail()
            if message and self.state is not EngineState.FAILED:
                self._fail(Failure(FailureKind.WORKER_DIED, message, details))
            await client.close()

    def _take(self, event: Event, client: WorkerClient) -> None:
        current = client is self._client  # one that is being ejected only ends its answers
        match event:
            case TokenDelta():
                self.text_received.emit(event.job_id, event.text)
            case Stats() if current:
                self.stats = event
                self.stats_changed.emit()
            case Progress() if current:
                self.progress = event
                self.progress_changed.emit()
            case Loaded() if current:
                self.loaded = event
            case Failed() if event.job_id == self._load_job and current:
                self._client = None
                self._start(client.close())
                self._fail(Failure(event.kind, event.message, event.details))
            case Finished() if event.job_id == self._load_job and current:
                self._set_state(EngineState.READY)
            case Finished() | Cancelled() | Failed() if event.job_id == self._load_job:
                pass
            case Finished() | Cancelled() | Failed():
                self.job_ended.emit(event)
            case _:
                pass

    async def _eject(self) -> None:
        client, self._client = self._client, None
        self._run_task = None
        self._set_state(EngineState.EJECTING)
        returned: MemoryReturn | None = None
        if client is not None:
            returned = await measure_return(self._sampler, client, self._used_before_load)
        self.loaded = self.stats = self.progress = None
        self._set_state(EngineState.EMPTY)
        if returned is not None:
            self.memory_returned.emit(returned)

    def _refuse(self, request: LoadRequest, kind: FailureKind, message: str) -> None:
        if self._client is not None:
            self.load_refused.emit(Failure(kind, message))  # what is loaded stays
        else:
            self.request = request
            self._fail(Failure(kind, message))

    def _fail(self, failure: Failure) -> None:
        self.failure, self.loaded, self.stats, self.progress = failure, None, None, None
        self._set_state(EngineState.FAILED)

    def _set_state(self, state: EngineState) -> None:
        self.state = state
        self.state_changed.emit()

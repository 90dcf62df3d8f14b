"""The loaded model: loads, ejects, and routes what the worker says."""

import asyncio
import time
import traceback
from collections.abc import Awaitable, Callable, Coroutine
from uuid import uuid4

import msgspec
from msgspec.structs import replace
from PySide6.QtCore import QObject

from phidesk.client.interface import WorkerClient, WorkerGoneError, WorkerStartError
from phidesk.client.standby import Standby
from phidesk.core.chat import Message, SamplingParams, Structure
from phidesk.core.engines import EngineName
from phidesk.core.estimate_history import EstimateHistory
from phidesk.core.machine import Machine
from phidesk.core.models import ModelRef
from phidesk.hardware.sampler import HardwareSampler, Sample
from phidesk.protocol.commands import Cancel, CountTokens, Generate, LoadModel
from phidesk.protocol.events import (
    Cancelled,
    Counted,
    Event,
    Failed,
    FailureKind,
    Finished,
    Loaded,
    Log,
    Progress,
    Stats,
    TokenDelta,
)
from phidesk.viewmodels.engine_status import EngineState as EngineState
from phidesk.viewmodels.engine_status import EngineStatus
from phidesk.viewmodels.load_check import engine_problem, file_problem, next_engine
from phidesk.viewmodels.load_preparation import LoadPreparation
from phidesk.viewmodels.load_request import Failure, LoadRequest
from phidesk.viewmodels.memory import MemoryReturn, measure_left, measure_return, worker_pids
from phidesk.viewmodels.words import in_words

_SLICE_S = 0.004

IsAgreed = Callable[[ModelRef], Awaitable[bool]]
"""whether the user has agreed to what was found in a model, for good"""
Refusal = Callable[[LoadRequest], Awaitable[Failure | None]]
"""why a model is not loaded before the user has agreed to what was found in it"""


class _Before(msgspec.Struct, frozen=True):
    """What was loaded before a load, to go on with where the load is refused."""

    client: WorkerClient
    request: LoadRequest | None
    engine: EngineName | None
    loaded: Loaded | None
    stats: Stats | None
    fallback: str


class EngineSession(EngineStatus):
    """One worker at a time, from Load to Eject."""

    def __init__(
        self,
        standby: Standby,
        sampler: HardwareSampler,
        history: EstimateHistory,
        is_agreed: IsAgreed,
        refusal: Refusal,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._standby = standby
        self._sampler = sampler
        self._is_agreed = is_agreed
        self._refusal = refusal
        self._client: WorkerClient | None = None
        self._before: _Before | None = None
        self._run_task: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._load_job = ""
        self._counts: dict[str, asyncio.Future[Counted | None]] = {}
        self.asides: set[str] = set()
        """jobs that nobody waits for: the gauges leave them out"""
        self._preparation = LoadPreparation(sampler, history)
        # Of the worker that holds a model, for when it is gone.
        self._pids: frozenset[int] = frozenset()
        self._held: Sample | None = None

    @property
    def machine(self) -> Machine | None:
        """The machine as it was at the last load; None before the first one."""
        return self._preparation.machine

    @property
    def worker_pid(self) -> int | None:
        """The process id of the worker that holds or loads a model."""
        return self._client.pid if self._client else None

    @property
    def can_generate(self) -> bool:
        """Whether an answer can be started: not where the worker has just ended."""
        is_ready = self.state is EngineState.READY
        return is_ready and self._client is not None and self._client.alive

    def load(self, request: LoadRequest) -> None:
        """Load a model; one that is loaded is ejected first."""
        if self.state in (EngineState.LOADING, EngineState.EJECTING):
            return
        failure = file_problem(self, request)
        if failure is None and (problem := engine_problem(request, self.machine)):
            failure = Failure(FailureKind.ENGINE_MISSING, problem)
        if failure is not None:
            self._refuse(request, failure)
            return
        if self._client is not None:
            known = (self.request, self.engine, self.loaded, self.stats, self.fallback)
            self._before = _Before(self._client, *known)
        self._client = None
        self.request, self.engine, self.fallback = request, None, ""
        self.loaded = self.stats = self.progress = self.failure = None
        self._set_state(EngineState.LOADING)
        self._run_task = self._start(self._to_an_end(self._run(request)))

    def reload(self) -> None:
        """Load the same model again, after a failure."""
        if self.request is not None:
            self.load(self.request)

    def eject(self) -> None:
        """End the worker and measure what came back; also cancels a load."""
        if self._client is not None or self.state is EngineState.LOADING:
            self._start(self._eject())

    def generate(
        self,
        messages: tuple[Message, ...],
        sampling: SamplingParams,
        structure: Structure | None = None,
        *,
        continues: bool = False,
    ) -> str:
        """Start an answer and return its job_id; only where can_generate."""
        job_id = uuid4().hex
        assert self._client is not None  # noqa: S101 - see can_generate
        self._client.send(
            Generate(
                job_id=job_id,
                messages=messages,
                sampling=sampling,
                structure=structure,
                continues=continues,
            )
        )
        return job_id

    async def count(
        self, messages: tuple[Message, ...] = (), texts: tuple[str, ...] = ()
    ) -> Counted | None:
        """Count with the model's own tokenizer; None where there is none, or it refuses."""
        job_id = uuid4().hex
        if self.state is not EngineState.READY or self._client is None:
            return None
        counted: asyncio.Future[Counted | None] = asyncio.get_running_loop().create_future()
        self._counts[job_id] = counted
        try:
            self._client.send(CountTokens(job_id=job_id, messages=messages, texts=texts))
        except WorkerGoneError:
            del self._counts[job_id]
            return None
        return await counted

    def cancel(self, job_id: str) -> None:
        """Stop an answer."""
        if self._client is not None and self._client.alive:
            self._client.send(Cancel(job_id=job_id))

    async def shut_down(self) -> None:
        """End everything at once; the window is closing."""
        clients = [self._client, self._before.client if self._before else None]
        self._client = self._before = None
        for client in clients:
            if client is not None:
                client.kill()
                await client.close()
        if self._run_task is not None:
            self._run_task.cancel()
        for job_id in self._counts:
            self._tell_count(job_id, None)
        # What is left closes workers, and must come to its end.
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._standby.close()

    def _start(self, job: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = asyncio.ensure_future(job)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _to_an_end(self, load: Coroutine[None, None, None]) -> None:
        """Make a failure of what nobody foresaw: the window would wait for ever."""
        try:
            await load
        except Exception as error:
            client = None
            if self._is_current():
                client, self._client = self._client, None
                words = self.tr("Something went wrong that nobody foresaw: {0}. Please report it.")
                details = "".join(traceback.format_exception(error))
                self._stay(Failure(FailureKind.BUG, words.format(repr(error)), details))
            if client is not None:
                client.kill()
                await client.close()

    async def _run(self, request: LoadRequest) -> None:
        engine = await self._prepare(request)
        if engine is not None:
            await self._load_with(request, engine)

    async def _prepare(self, request: LoadRequest) -> EngineName | None:
        """Choose the engine, and make room; None where there will be no load."""
        pid = self._before.client.pid if self._before else None
        chosen: EngineName | Failure | None = None
        if self._before is not None:  # the worker would refuse as well, when nothing is loaded
            chosen = await self._refusal(request)
        chosen = chosen or await self._preparation.choose(request, pid)
        if not self._is_current():
            await self._close_before()
            return None
        if isinstance(chosen, Failure):
            self._stay(chosen)
            return None
        self.engine = chosen
        close = self._close_before if self._before else None
        failure = await self._preparation.make_room(request, chosen, pid, close)
        if not self._is_current():
            return None
        if failure is not None:
            self._fail(failure)
        return chosen if failure is None else None

    async def _close_before(self) -> None:
        before, self._before = self._before, None
        if before is not None:
            await asyncio.shield(self._start(before.client.close()))

    async def _load_with(self, request: LoadRequest, engine: EngineName) -> None:
        self.engine = engine
        words = self.tr("{0} with {1}").format(request.model.name, engine.label)
        self.load_started.emit(words)
        agreed = request.without_code or await self._is_agreed(request.model)
        try:
            client = await self._standby.take(engine.value)
        except WorkerStartError as error:
            if self._is_current():
                self._fail(Failure(FailureKind.WORKER_DIED, str(error), error.details))
            return
        if not self._is_current():  # cancelled meanwhile
            await client.close()
            return
        self._client = client
        self._pids, self._held = frozenset(), None
        self._load_job = uuid4().hex
        client.send(
            LoadModel(
                job_id=self._load_job,
                model=request.model,
                engine=engine.value,
                context_length=request.context_length,
                without_code=agreed,
                options=request.options,
            )
        )
        await self._pump(client)

    def _is_current(self) -> bool:
        return self._run_task is asyncio.current_task()

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
                self._start(self._measure_left(self._pids, self._held))
            await client.close()

    def _take(self, event: Event, client: WorkerClient) -> None:
        current = client is self._client  # one that is being ejected only ends its answers
        match event:
            case Counted():
                self._tell_count(event.job_id, event)
            case Finished() | Cancelled() | Failed() if event.job_id in self._counts:
                self._tell_count(event.job_id, None)
                del self._counts[event.job_id]
            case TokenDelta():
                self.text_received.emit(event.job_id, event.text)
            case Log():
                self.log_received.emit(event.level, event.text)
            case Stats() if current:
                self.stats = event
                self.stats_changed.emit()
            case Progress() if current:
                self.progress = event
                self.progress_changed.emit()
            case Loaded() if current:
                self.loaded = event
            case Failed() if event.job_id == self._load_job and current:
                self._on_load_failed(event, client)
            case Finished() if event.job_id == self._load_job and current:
                self._start(self._note_held(client))
                self._set_state(EngineState.READY)
            case Finished() | Cancelled() | Failed() if event.job_id == self._load_job:
                pass
            case Finished() | Cancelled() | Failed():
                self.job_ended.emit(event)
                self.asides.discard(event.job_id)
            case _:
                pass

    def _tell_count(self, job_id: str, counted: Counted | None) -> None:
        waiting = self._counts.get(job_id)
        if waiting is not None and not waiting.done():
            waiting.set_result(counted)

    def _on_load_failed(self, failed: Failed, client: WorkerClient) -> None:
        self._client = None
        ending = self._start(self._end_failed(client))
        request, engine = self.request, self.engine
        if request is not None and engine is not None:
            following = next_engine(request, engine, self.machine, failed.kind)
            if following is not None:
                self.fallback = self.tr("{0} says: {1}").format(
                    engine.label, in_words(failed.message)
                )
                self.progress = None
                following_load = self._load_after(ending, request, following)
                self._run_task = self._start(self._to_an_end(following_load))
                self.progress_changed.emit()
                return
        self._fail(Failure(failed.kind, failed.message, failed.details))

    async def _end_failed(self, client: WorkerClient) -> None:
        pids = await worker_pids(client.pid)
        held = await asyncio.to_thread(self._sampler.sample, client.pid)
        await client.close()
        await self._measure_left(pids, held)

    async def _load_after(
        self, ending: asyncio.Task[None], request: LoadRequest, engine: EngineName
    ) -> None:
        await asyncio.shield(ending)
        failure = await self._preparation.problem_after(request, engine)
        if not self._is_current():
            return
        if failure is not None:
            self.engine = engine
            self._fail(failure)
        else:
            await self._load_with(request, engine)

    async def _note_held(self, client: WorkerClient) -> None:
        pids = await worker_pids(client.pid)
        held = await asyncio.to_thread(self._sampler.sample, client.pid)
        if client is self._client:
            self._pids, self._held = pids, held

    async def _measure_left(self, pids: frozenset[int], held: Sample | None) -> None:
        """Add to a failure what came back, what is left on the graphics card, and whose it is."""
        failure = self.failure
        returned = await measure_left(self._sampler, pids, held)
        if failure is not None and self.failure is failure and returned.has_gpu:
            self.failure = replace(failure, returned=returned)
            self.failure_detailed.emit()

    async def _eject(self) -> None:
        client, self._client = self._client, None
        is_cancel = self.loaded is None  # what came back of half a load is no news
        self._run_task = None
        self._set_state(EngineState.EJECTING)
        returned: MemoryReturn | None = None
        if client is not None:
            used = self._preparation.ram_used_before_load
            returned = await measure_return(self._sampler, client, used)
        self.loaded = self.stats = self.progress = None
        self._set_state(EngineState.EMPTY)
        if returned is not None and not is_cancel:
            self.memory_returned.emit(returned)

    def _refuse(self, request: LoadRequest, failure: Failure) -> None:
        if self._client is not None:
            self.load_refused.emit(failure)  # what is loaded stays
        else:
            self.request = request
            self._fail(failure)

    def _stay(self, failure: Failure) -> None:
        """Refuse a load that has begun: go back to what is loaded, if it still lives."""
        before, self._before = self._before, None
        if before is None:
            self._fail(failure)
        elif not before.client.alive:
            self._start(before.client.close())
            self._fail(failure)
        else:
            self._client = before.client
            self.request, self.engine, self.fallback = (
                before.request, before.engine, before.fallback,
            )  # fmt: skip
            self.loaded, self.stats = before.loaded, before.stats
            self._set_state(EngineState.READY)
            self.load_refused.emit(failure)

    def _fail(self, failure: Failure) -> None:
        self.failure, self.loaded, self.stats, self.progress = failure, None, None, None
        self._set_state(EngineState.FAILED)

    def _set_state(self, state: EngineState) -> None:
        self.state = state
        self.state_changed.emit()

"""Measures how fast models answer a workload, each in a worker of its own."""

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import Callable, Sequence
from enum import StrEnum

import msgspec

from phidesk.client.interface import WorkerClient, WorkerGoneError
from phidesk.client.jobs import JobError, JobRunner
from phidesk.client.loading import LoadPlan, loaded
from phidesk.core.bench import Answer, Memory, ModelBench, Request, Run, Workload
from phidesk.core.chat import GenerationResult, SamplingParams
from phidesk.core.engines import EngineName
from phidesk.protocol.commands import Generate
from phidesk.protocol.events import (
    Cancelled,
    Event,
    Failed,
    FailureKind,
    Finished,
    Loaded,
    Progress,
    TokenDelta,
)

_SAMPLE_S = 0.25


class BenchStage(StrEnum):
    """What is done with a model."""

    LOAD = "load"
    WARM_UP = "warm_up"
    MEASURE = "measure"


class BenchProgress(msgspec.Struct, frozen=True, kw_only=True, tag="bench_progress"):
    """How far a model is; done and total: tokens of all its runs, 0 while it loads.

    detail: the stage of the load, or which run it is. warning: what the user should know.
    """

    model: str
    stage: BenchStage
    detail: str = ""
    done: int = 0
    total: int = 0
    warning: str = ""


class Bench:
    """Measures models one after the other.

    spawn: makes a client whose worker is about to load for the named engine. memory_of: returns
    what a process and its descendants hold, and is called in a thread; for process 0 only what
    all programs hold. at_once: how many requests are under way at the same time; None for all.
    on_loaded: is told of each load with its worker's process, in a thread, before the first prompt.
    """

    def __init__(
        self,
        spawn: Callable[[str], WorkerClient],
        memory_of: Callable[[int], Memory],
        on_progress: Callable[[BenchProgress], None],
        workload: Workload,
        *,
        repeats: int = 3,
        at_once: int | None = None,
        on_loaded: Callable[[LoadPlan, Loaded, int | None], None] | None = None,
    ) -> None:
        self._on_loaded = on_loaded
        self._spawn = spawn
        self._memory_of = memory_of
        self._on_progress = on_progress
        self._workload = workload
        self._repeats = repeats
        self._at_once = at_once or len(workload.requests)

    async def measure(self, plan: LoadPlan) -> ModelBench:
        """Load the model, run the workload once to warm up, then `repeats` times for the figures.

        What goes wrong becomes the error of the result. Each run begins its conversations with
        its own number, so that no prompt is found in the cache of an earlier one.
        """
        model = plan.model
        found = ModelBench(name=model.name, path=model.path, engine=plan.engines[0].value)
        try:
            return await self._measure(plan, found)
        except JobError as error:
            return msgspec.structs.replace(found, error=str(error), details=error.details)

    async def _measure(self, plan: LoadPlan, found: ModelBench) -> ModelBench:
        name = plan.model.name
        facts: list[Loaded] = []
        watch = _MemoryWatch(self._memory_of)

        def on_event(event: Event) -> None:
            match event:
                case Loaded():
                    facts.append(event)
                case Progress():
                    self._tell(name, BenchStage.LOAD, event.stage)
                case _:
                    pass

        def on_warning(words: str) -> None:
            self._tell(name, BenchStage.LOAD, warning=words)

        def start(engine: EngineName) -> _Answers:
            watch.worker = _Answers(self._spawn(engine.value))
            return watch.worker

        self._tell(name, BenchStage.LOAD)
        async with watch, loaded(plan, start, on_event, on_warning) as worker:
            load_s = time.monotonic() - worker.started
            at_rest = await watch.look()
            if self._on_loaded is not None:
                await asyncio.to_thread(self._on_loaded, plan, facts[-1], worker.pid)
            runs = [await self._run(worker, name, number) for number in range(self._repeats + 1)]
        event = facts[-1]
        return msgspec.structs.replace(
            found,
            engine=event.engine,
            engine_version=event.engine_version,
            device=event.device,
            dtype=event.dtype,
            kernel=event.kernel,
            attention=event.attention,
            slow=event.slow,
            context_length=event.context_length,
            load_s=load_s,
            weights_bytes=event.weights_bytes,
            kv_bytes=event.kv_bytes,
            loaded=at_rest,
            peak=watch.peak,
            runs=tuple(runs[1:]),
        )

    async def _run(self, worker: "_Answers", name: str, number: int) -> Run:
        tokens = self._workload.tokens
        stage = BenchStage.MEASURE if number else BenchStage.WARM_UP
        detail = f"run {number} of {self._repeats}" if number else ""

        def tell(done: int) -> None:
            total = tokens * (self._repeats + 1)
            self._tell(name, stage, detail, number * tokens + done, total)

        tell(0)
        jobs = [
            _job(request, f"run-{number}-{n}", number)
            for n, request in enumerate(self._workload.requests)
        ]
        return await worker.answer(jobs, self._at_once, tell)

    def _tell(
        self,
        model: str,
        stage: BenchStage,
        detail: str = "",
        done: int = 0,
        total: int = 0,
        warning: str = "",
    ) -> None:
        progress = BenchProgress(
            model=model, stage=stage, detail=detail, done=done, total=total, warning=warning
        )
        self._on_progress(progress)


class _Answers(JobRunner):
    """A worker that can answer many requests at once."""

    def __init__(self, client: WorkerClient) -> None:
        super().__init__(client)
        self.started = time.monotonic()

    async def answer(
        self, jobs: Sequence[Generate], at_once: int, on_tokens: Callable[[int], None]
    ) -> Run:
        """Ask all, at most so many at a time; raises JobError where one is not answered.

        on_tokens: is told how many tokens have come.
        """
        waiting = deque(jobs)
        sent: dict[str, float] = {}
        first: dict[str, float] = {}
        answers: dict[str, Answer] = {}
        tokens = 0
        begun = time.monotonic()
        for _ in range(min(at_once, len(jobs))):
            self._send(waiting.popleft(), sent)
        async for event in self._events:
            now = time.monotonic()
            match event:
                case TokenDelta() if event.tokens:
                    first.setdefault(event.job_id, now)
                    tokens += event.tokens
                    on_tokens(tokens)
                case Finished() if event.job_id in sent:
                    asked = sent[event.job_id]
                    began = first.get(event.job_id)
                    ttft = began - asked if began is not None else None
                    answers[event.job_id] = _answer(event.result, ttft, now - asked)
                    if waiting:
                        self._send(waiting.popleft(), sent)
                    elif len(answers) == len(jobs):
                        in_order = tuple(answers[job.job_id] for job in jobs)
                        return Run(seconds=now - begun, answers=in_order)
                case Failed():
                    raise JobError(event.message, event.kind, event.details)
                case Cancelled():
                    raise JobError("It was cancelled.", FailureKind.WORKER_DIED)
                case _:
                    pass
        raise self._gone()

    def _send(self, job: Generate, sent: dict[str, float]) -> None:
        sent[job.job_id] = time.monotonic()
        try:
            self._client.send(job)
        except WorkerGoneError as error:
            raise self._gone() from error


class _MemoryWatch:
    """Looks at a worker's memory a few times a second, from its start to its end."""

    def __init__(self, memory_of: Callable[[int], Memory]) -> None:
        self._memory_of = memory_of
        self._before = Memory()
        self._task: asyncio.Task[None] | None = None
        self.worker: JobRunner | None = None
        self.peak = Memory()

    async def __aenter__(self) -> None:
        self._before = await asyncio.to_thread(self._memory_of, 0)
        self._task = asyncio.create_task(self._watch())

    async def __aexit__(self, *_error: object) -> None:
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def look(self) -> Memory:
        """Return what the worker holds now."""
        pid = self.worker.pid if self.worker is not None else None
        if pid is None:
            return Memory()
        found = (await asyncio.to_thread(self._memory_of, pid)).beyond(self._before)
        self.peak = self.peak.peak(found)
        return found

    async def _watch(self) -> None:
        while True:
            await self.look()
            await asyncio.sleep(_SAMPLE_S)


def _job(request: Request, job_id: str, run: int) -> Generate:
    head, *rest = request.messages
    head = msgspec.structs.replace(head, content=f"{run}: {head.content}")
    return Generate(
        job_id=job_id,
        messages=(head, *rest),
        sampling=SamplingParams(temperature=0.0, max_tokens=request.max_tokens),
        ignore_end=True,
    )


def _answer(result: GenerationResult | None, ttft_s: float | None, seconds: float) -> Answer:
    result = result or GenerationResult(prompt_tokens=0, completion_tokens=0)
    speed = result.tokens_per_second
    return Answer(
        prompt_tokens=result.prompt_tokens,
        cached_tokens=result.cached_tokens,
        tokens=result.completion_tokens,
        ttft_s=ttft_s,
        seconds=seconds,
        token_s=1 / speed if speed else None,
    )

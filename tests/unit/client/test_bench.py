"""The driver of benchmarks, with scripted workers."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import msgspec
import pytest

from phidesk.client.bench import Bench, BenchProgress, BenchStage
from phidesk.client.loading import LoadPlan
from phidesk.client.scripted import Death, ScriptedWorkerClient
from phidesk.core.bench import Memory, Request, Workload
from phidesk.core.chat import GenerationResult, Message, Role
from phidesk.core.engines import EngineName
from phidesk.core.models import ModelFormat, ModelRef
from phidesk.protocol.commands import Command, Generate, LoadModel
from phidesk.protocol.events import (
    Event,
    Failed,
    FailureKind,
    Finished,
    Loaded,
    Progress,
    TokenDelta,
)

MODEL = ModelRef(name="模型", path="/m", format=ModelFormat.SAFETENSORS)
PLAN = LoadPlan(model=MODEL, engines=(EngineName.VLLM, EngineName.TRANSFORMERS))
WORKLOAD = Workload(
    name="w",
    requests=tuple(
        Request(messages=(Message(role=Role.USER, content=f"question {n}"),), max_tokens=n + 1)
        for n in range(5)
    ),
)
Play = Callable[[Command], AsyncIterator[Event]]


class Stage:
    """Plays the workers: counts what is under way, and fails where it is told to."""

    def __init__(self, fail_load: FailureKind | None = None, die_at: str = "") -> None:
        self.fail_load = fail_load
        self.die_at = die_at
        self.workers: list[ScriptedWorkerClient] = []
        self.engines: list[str] = []
        self.running = self.most = 0
        self.answering = asyncio.Event()
        self.progress: list[BenchProgress] = []

    def spawn(self, engine: str) -> ScriptedWorkerClient:
        self.engines.append(engine)
        self.workers.append(ScriptedWorkerClient(self.play))
        return self.workers[-1]

    async def play(self, command: Command) -> AsyncIterator[Event]:
        match command:
            case LoadModel():
                yield Progress(job_id="load", stage="weights")
                if self.fail_load is not None and command.engine == "vllm":
                    yield Failed(job_id="load", kind=self.fail_load, message="It cannot be.")
                    return
                yield Loaded(
                    job_id="load",
                    engine=command.engine,
                    engine_version="1",
                    device="cpu",
                    dtype="bf16",
                    kernel="the kernel",
                    context_length=99,
                    load_s=0.5,
                )
            case Generate():
                if command.job_id == self.die_at:
                    raise Death("The engine process crashed.")
                self.answering.set()
                self.running += 1
                self.most = max(self.most, self.running)
                wanted = command.sampling.max_tokens or 0
                for _ in range(wanted):
                    await asyncio.sleep(0.001)
                    yield TokenDelta(job_id=command.job_id, text="x", tokens=1)
                self.running -= 1
                result = GenerationResult(
                    prompt_tokens=3,
                    completion_tokens=wanted,
                    tokens_per_second=500.0 if wanted > 1 else None,
                )
                yield Finished(job_id=command.job_id, result=result)
            case _:
                raise AssertionError(command)

    def bench(self, **more: Any) -> Bench:
        return Bench(
            self.spawn,
            lambda pid: Memory(ram=pid, vram_used=7),
            self.progress.append,
            WORKLOAD,
            **more,
        )

    def questions(self) -> list[Generate]:
        return [c for w in self.workers for c in w.commands if isinstance(c, Generate)]


async def test_the_figures_are_those_of_the_measured_runs() -> None:
    stage = Stage()
    found = await stage.bench(repeats=2).measure(PLAN)
    assert found.error == ""
    assert (found.name, found.engine, found.kernel) == ("模型", "vllm", "the kernel")
    assert len(found.runs) == 2
    assert len(stage.questions()) == 3 * 5  # the warm-up is not among the runs
    for run in found.runs:
        assert [a.tokens for a in run.answers] == [1, 2, 3, 4, 5]
        longest = max(a.seconds for a in run.answers)
        assert run.seconds >= longest
        assert run.tokens_per_second == pytest.approx(15 / run.seconds)
        assert all(a.ttft_s is not None and 0 < a.ttft_s <= a.seconds for a in run.answers)
        assert [a.token_s for a in run.answers] == [None] + [0.002] * 4
    assert found.load_s > 0
    assert stage.workers[0].closed


async def test_each_answer_is_asked_for_greedily_in_full_and_with_its_own_prompt() -> None:
    stage = Stage()
    await stage.bench(repeats=1).measure(PLAN)
    questions = stage.questions()
    assert all(q.ignore_end and q.sampling.temperature == 0.0 for q in questions)
    assert [q.sampling.max_tokens for q in questions] == [1, 2, 3, 4, 5] * 2
    begins = {q.messages[0].content for q in questions}
    assert len(begins) == 10  # nothing of an earlier run can be found in a cache
    assert all("question" in text for text in begins)


@pytest.mark.parametrize(("at_once", "most"), [(None, 5), (1, 1), (2, 2), (9, 5)])
async def test_no_more_are_under_way_than_asked_for(at_once: int | None, most: int) -> None:
    stage = Stage()
    more = {} if at_once is None else {"at_once": at_once}
    found = await stage.bench(repeats=1, **more).measure(PLAN)
    assert found.error == ""
    assert stage.most == most


async def test_progress_goes_from_the_load_to_the_last_token() -> None:
    stage = Stage()
    await stage.bench(repeats=2).measure(PLAN)
    stages = [p.stage for p in stage.progress]
    assert stages == sorted(stages, key=list(BenchStage).index)
    assert stage.progress[1].detail == "weights"
    done = [p.done for p in stage.progress if p.total]
    assert done == sorted(done)
    assert done[-1] == stage.progress[-1].total == 3 * WORKLOAD.tokens


async def test_a_worker_that_dies_is_told_and_ended() -> None:
    stage = Stage(die_at="run-1-2")
    found = await stage.bench().measure(PLAN)
    assert found.error == "The engine process crashed."
    assert found.details == "the scripted log"
    assert found.runs == ()
    assert found.figures is None
    assert stage.workers[0].closed


@pytest.mark.parametrize("kind", [FailureKind.UNSUPPORTED, FailureKind.ENGINE_MISSING])
async def test_where_an_engine_declines_the_next_one_is_measured(kind: FailureKind) -> None:
    stage = Stage(fail_load=kind)
    found = await stage.bench(repeats=1).measure(PLAN)
    assert (found.error, found.engine) == ("", "transformers")
    assert stage.engines == ["vllm", "transformers"]
    assert [p.warning for p in stage.progress if p.warning] == [
        "It cannot be. Going on with Transformers."
    ]
    assert all(worker.closed for worker in stage.workers)


async def test_the_next_engine_is_not_tried_where_it_has_too_little_memory() -> None:
    stage = Stage(fail_load=FailureKind.UNSUPPORTED)
    closed: list[bool] = []

    def memory_problem(engine: EngineName) -> str:
        closed.append(stage.workers[0].closed)
        return f"Too little for {engine.label}."

    plan = msgspec.structs.replace(PLAN, memory_problem=memory_problem)
    found = await stage.bench(repeats=1).measure(plan)
    assert found.error == "It cannot be. Too little for Transformers."
    assert (stage.engines, closed) == (["vllm"], [True])


@pytest.mark.parametrize(
    ("kind", "engines"),
    [
        (FailureKind.OUT_OF_MEMORY, PLAN.engines),
        (FailureKind.BUG, PLAN.engines),
        (FailureKind.UNSUPPORTED, (EngineName.VLLM,)),
    ],
)
async def test_other_failures_of_the_load_are_the_models(
    kind: FailureKind, engines: tuple[EngineName, ...]
) -> None:
    stage = Stage(fail_load=kind)
    found = await stage.bench().measure(msgspec.structs.replace(PLAN, engines=engines))
    assert found.error == "It cannot be."
    assert stage.engines == ["vllm"]
    assert stage.workers[0].closed


async def test_an_interrupted_measurement_ends_its_worker() -> None:
    stage = Stage()
    task = asyncio.create_task(stage.bench(repeats=1000).measure(PLAN))
    await stage.answering.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert stage.workers[0].closed

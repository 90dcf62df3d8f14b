"""Measures one model for the report card: its answers, speed, memory and scores."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from enum import StrEnum

import msgspec

from phidesk.client.interface import WorkerClient
from phidesk.client.jobs import JobRunner
from phidesk.core.chat import DEFAULT_SYSTEM_PROMPT, GenerationResult, Message, Role, SamplingParams
from phidesk.core.engines import EngineName, choose_engine
from phidesk.core.models import ModelRef
from phidesk.core.prompts import PROMPTS
from phidesk.protocol.commands import Generate, LoadModel, Score
from phidesk.protocol.events import Finished, Progress, Scored, TokenDelta

ANSWER_TOKENS = 64
_GREEDY = SamplingParams(temperature=0.0, max_tokens=ANSWER_TOKENS)


class ReportStage(StrEnum):
    """What is done with a model."""

    LOAD = "load"
    ANSWER = "answer"
    SCORE = "score"


class ReportProgress(msgspec.Struct, frozen=True, kw_only=True, tag="report_progress"):
    """How far the report is. detail: the stage of the load, the prompt or the text pack.

    done of total count prompts and scored sequences of both models.
    """

    model: str
    stage: ReportStage
    detail: str
    done: float
    total: float


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """What was found about one model; scores by text pack."""

    engine: EngineName
    answers: tuple[str, ...]
    tokens_per_second: float
    memory_bytes: int
    scores: dict[str, Scored]


class ModelMeter:
    """Measures models one after the other, each in workers of its own.

    spawn: makes a client whose worker is about to load for the named engine. memory_of: returns
    the bytes that a process and its children hold. total: the steps of all that is measured.
    """

    def __init__(
        self,
        spawn: Callable[[str], WorkerClient],
        memory_of: Callable[[int], int],
        on_progress: Callable[[ReportProgress], None],
        total: int,
        *,
        without_code: bool = False,
    ) -> None:
        self._spawn = spawn
        self._memory_of = memory_of
        self._on_progress = on_progress
        self._total = total
        self._without_code = without_code
        self._done = 0

    async def measure(self, model: ModelRef, jobs: dict[str, Score]) -> Measured:
        """Ask the prompts, then run the scoring jobs (by text pack); raises JobError."""
        engine = choose_engine(model)
        scores: dict[str, Scored] | None = None
        async with self._loaded(model, engine) as worker:
            answers, speed = await self._ask(worker, model)
            memory = await asyncio.to_thread(self._memory_of, worker.pid or 0)
            if not jobs or engine is EngineName.TRANSFORMERS:
                scores = await self._score(worker, model, jobs)
        if scores is None:
            async with self._loaded(model, EngineName.TRANSFORMERS) as worker:
                scores = await self._score(worker, model, jobs)
        return Measured(
            engine=engine,
            answers=answers,
            tokens_per_second=speed,
            memory_bytes=memory,
            scores=scores,
        )

    @asynccontextmanager
    async def _loaded(self, model: ModelRef, engine: EngineName) -> AsyncIterator[JobRunner]:
        self._tell(model, ReportStage.LOAD, "")
        async with JobRunner(self._spawn(engine.value)) as worker:
            command = LoadModel(
                job_id="load", model=model, engine=engine.value, without_code=self._without_code
            )
            async for event in worker.run(command):
                if isinstance(event, Progress):
                    self._tell(model, ReportStage.LOAD, event.stage)
            yield worker

    async def _ask(self, worker: JobRunner, model: ModelRef) -> tuple[tuple[str, ...], float]:
        answers, results = [], []
        for number, prompt in enumerate(PROMPTS):
            self._tell(model, ReportStage.ANSWER, prompt)
            messages = (
                Message(role=Role.SYSTEM, content=DEFAULT_SYSTEM_PROMPT),
                Message(role=Role.USER, content=prompt),
            )
            command = Generate(job_id=f"answer-{number}", messages=messages, sampling=_GREEDY)
            text = ""
            async for event in worker.run(command):
                if isinstance(event, TokenDelta):
                    text += event.text
                elif isinstance(event, Finished) and event.result is not None:
                    results.append(event.result)
            answers.append(text)
            self._done += 1
        return tuple(answers), tokens_per_second(results)

    async def _score(
        self, worker: JobRunner, model: ModelRef, jobs: dict[str, Score]
    ) -> dict[str, Scored]:
        scores: dict[str, Scored] = {}
        for name, job in jobs.items():
            self._tell(model, ReportStage.SCORE, name)
            async for event in worker.run(job):
                if isinstance(event, Progress):
                    self._tell(model, ReportStage.SCORE, name, event.done)
                elif isinstance(event, Scored):
                    scores[name] = event
            self._done += job.sequences
        return scores

    def _tell(self, model: ModelRef, stage: ReportStage, detail: str, more: float = 0.0) -> None:
        progress = ReportProgress(
            model=model.name,
            stage=stage,
            detail=detail,
            done=self._done + more,
            total=self._total,
        )
        self._on_progress(progress)


def tokens_per_second(results: list[GenerationResult]) -> float:
    """Return the decoding speed of several answers, 0 where none has two tokens.

    The tokens after the first of each answer, divided by the seconds from its first to its
    last, both summed over the answers.
    """
    tokens = seconds = 0.0
    for result in results:
        if result.tokens_per_second:
            tokens += result.completion_tokens - 1
            seconds += (result.completion_tokens - 1) / result.tokens_per_second
    return tokens / seconds if seconds else 0.0

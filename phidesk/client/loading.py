"""Loads a model in a worker of its own, with the first of several engines that takes it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

import msgspec

from phidesk.client.jobs import JobError, JobRunner
from phidesk.core.engines import EngineName
from phidesk.core.load_options import LoadOptions
from phidesk.core.models import ModelRef
from phidesk.protocol.commands import LoadModel
from phidesk.protocol.events import Event, FailureKind, Loaded

_Runner = TypeVar("_Runner", bound=JobRunner)


class LoadPlan(msgspec.Struct, frozen=True, kw_only=True):
    """A load; engines: the one to begin with, and those to go on with where it declines.

    memory_problem: says why there is too little memory for one of those; called in a thread.
    """

    model: ModelRef
    engines: tuple[EngineName, ...]
    context_length: int | None = None
    options: LoadOptions = LoadOptions()
    without_code: bool = False
    memory_problem: Callable[[EngineName], str] = lambda _engine: ""

    def command(self, engine: EngineName) -> LoadModel:
        """Return the command that loads with one of the engines."""
        return LoadModel(
            job_id="load",
            model=self.model,
            engine=engine.value,
            context_length=self.context_length,
            options=self.options,
            without_code=self.without_code,
        )


@asynccontextmanager
async def loaded(
    plan: LoadPlan,
    start: Callable[[EngineName], _Runner],
    on_event: Callable[[Event], None],
    on_warning: Callable[[str], None],
) -> AsyncIterator[_Runner]:
    """Yield a worker that holds the model; raises JobError where no engine loads it.

    start: makes the runner of a worker that is about to load for the engine. on_event: is told
    the events of the load. on_warning: is told why it goes on with the next engine, and what is
    otherwise than asked for.
    """
    for engine, other in zip(plan.engines, (*plan.engines[1:], None), strict=True):
        async with start(engine) as worker:
            try:
                async for event in worker.run(plan.command(engine)):
                    on_event(event)
                    if isinstance(event, Loaded) and (words := _other_context(plan, event)):
                        on_warning(words)
            except JobError as error:
                if other is None or not error.kind.lets_another_engine_try:
                    raise
                declined, following = error, other
            else:
                yield worker
                return
        # That worker has ended, and given back what it held.
        if words := await asyncio.to_thread(plan.memory_problem, following):
            raise JobError(f"{declined} {words}", FailureKind.OUT_OF_MEMORY) from declined
        on_warning(f"{declined} Going on with {following.label}.")


def _other_context(plan: LoadPlan, found: Loaded) -> str:
    """Return how the context is not the one that was asked for, "" where it is."""
    asked, has = plan.context_length, found.context_length
    if asked is None or asked == has:
        return ""
    why = "that is as far as this model goes" if has < asked else "the engine takes no fewer"
    return f"The context is {has:,} tokens, not {asked:,}: {why}."

"""Loads a model in a worker of its own, with the first of several engines that takes it."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

import msgspec

from phidesk.client.jobs import JobError, JobRunner
from phidesk.core.engines import EngineName
from phidesk.core.load_options import LoadOptions
from phidesk.core.models import ModelRef
from phidesk.protocol.commands import LoadModel
from phidesk.protocol.events import Event

_Runner = TypeVar("_Runner", bound=JobRunner)


class LoadPlan(msgspec.Struct, frozen=True, kw_only=True):
    """A load; engines: the one to begin with, and those to go on with where it declines."""

    model: ModelRef
    engines: tuple[EngineName, ...]
    context_length: int | None = None
    options: LoadOptions = LoadOptions()
    without_code: bool = False

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
    on_decline: Callable[[str], None],
) -> AsyncIterator[_Runner]:
    """Yield a worker that holds the model; raises JobError where no engine loads it.

    start: makes the runner of a worker that is about to load for the engine. on_event: is told
    the events of the load. on_decline: is told why it goes on with the next engine.
    """
    for engine, other in zip(plan.engines, (*plan.engines[1:], None), strict=True):
        async with start(engine) as worker:
            try:
                async for event in worker.run(plan.command(engine)):
                    on_event(event)
            except JobError as error:
                if other is None or not error.kind.lets_another_engine_try:
                    raise
                on_decline(f"{error} Going on with {other.label}.")
                continue
            yield worker
            return

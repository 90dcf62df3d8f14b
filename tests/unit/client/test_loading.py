"""A load whose engine takes another context than the one that was asked for."""

from collections.abc import AsyncIterator

import pytest

from phidesk.client.jobs import JobRunner
from phidesk.client.loading import LoadPlan, loaded
from phidesk.client.scripted import ScriptedWorkerClient
from phidesk.core.engines import EngineName
from phidesk.core.models import ModelFormat, ModelRef
from phidesk.protocol.commands import Command, LoadModel
from phidesk.protocol.events import Event, Loaded

MODEL = ModelRef(name="tiny", path="/m/tiny", format=ModelFormat.GGUF)


async def _load(command: Command) -> AsyncIterator[Event]:
    assert isinstance(command, LoadModel)
    yield Loaded(
        job_id=command.job_id, engine="llamacpp", engine_version="1", device="cpu", dtype="q4",
        kernel="q4", context_length=min(max(command.context_length or 8192, 256), 8192), load_s=1.0,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "warnings"),
    [
        (None, []),
        (1024, []),
        (
            9_000_000,
            ["The context is 8,192 tokens, not 9,000,000: that is as far as this model goes."],
        ),
        (20, ["The context is 256 tokens, not 20: the engine takes no fewer."]),
    ],
)
async def test_another_context_than_asked_for_is_told(
    asked: int | None, warnings: list[str]
) -> None:
    plan = LoadPlan(model=MODEL, engines=(EngineName.LLAMACPP,), context_length=asked)
    told: list[str] = []
    events: list[Event] = []
    async with loaded(
        plan, lambda _: JobRunner(ScriptedWorkerClient(_load)), events.append, told.append
    ):
        assert told == warnings
    assert isinstance(events[0], Loaded)

"""Commands for the scripted engine in a real spawned worker."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import msgspec

from phidesk.client.process import ProcessWorkerClient
from phidesk.core.chat import Message, Role
from phidesk.core.models import ModelFormat, ModelRef
from phidesk.protocol.commands import Generate, LoadModel
from phidesk.protocol.events import Cancelled, Event, Failed, Finished
from phidesk.worker.engines.fake import AnswerScript, LoadScript

FAKE = ("--engine", "fake=phidesk.worker.engines.fake:FakeEngine")
MakeClient = Callable[..., ProcessWorkerClient]


@asynccontextmanager
async def worker_clients() -> AsyncIterator[MakeClient]:
    """Give a maker of clients, and end all that it made."""
    clients: list[ProcessWorkerClient] = []

    def make(*arguments: str, python: str | None = None) -> ProcessWorkerClient:
        options = {} if python is None else {"python": python}
        client = ProcessWorkerClient(arguments=(*FAKE, *arguments), **options)
        clients.append(client)
        return client

    try:
        yield make
    finally:
        for client in clients:
            client.kill()
            await client.close()


def load_command(script: LoadScript | None = None, job_id: str = "load") -> LoadModel:
    path = msgspec.json.encode(script or LoadScript()).decode()
    model = ModelRef(name="scripted", path=path, format=ModelFormat.GGUF)
    return LoadModel(job_id=job_id, model=model, engine="fake")


def answer_command(script: AnswerScript | None = None, job_id: str = "answer") -> Generate:
    content = msgspec.json.encode(script or AnswerScript()).decode()
    return Generate(job_id=job_id, messages=(Message(role=Role.USER, content=content),))


async def until_end(events: AsyncIterator[Event], job_id: str) -> list[Event]:
    """Return the events up to and including the job's terminal one."""
    seen: list[Event] = []
    async for event in events:
        seen.append(event)
        if isinstance(event, Finished | Cancelled | Failed) and event.job_id == job_id:
            return seen
    raise AssertionError(f"the worker ended without a terminal event for {job_id}: {seen}")

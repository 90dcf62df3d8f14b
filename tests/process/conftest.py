"""A real spawned worker with the scripted engine."""

from collections.abc import AsyncIterator

import pytest

from phidesk.client.process import ProcessWorkerClient
from phidesk.protocol.events import Event
from tests.process.scripts import MakeClient, load_command, until_end, worker_clients


@pytest.fixture
async def make_client() -> AsyncIterator[MakeClient]:
    async with worker_clients() as make:
        yield make


@pytest.fixture
async def loaded(make_client: MakeClient) -> tuple[ProcessWorkerClient, AsyncIterator[Event]]:
    """A worker with a scripted model in it."""
    client = make_client()
    await client.start()
    events = client.events()
    client.send(load_command())
    await until_end(events, "load")
    return client, events

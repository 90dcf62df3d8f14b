"""A real spawned worker with the scripted engine."""

from collections.abc import AsyncIterator

import pytest

from phidesk.client.process import ProcessWorkerClient
from phidesk.protocol.events import Event
from tests.process.scripts import FAKE, MakeClient, load_command, until_end


@pytest.fixture
async def make_client() -> AsyncIterator[MakeClient]:
    clients: list[ProcessWorkerClient] = []

    def make(*arguments: str, python: str | None = None) -> ProcessWorkerClient:
        options = {} if python is None else {"python": python}
        client = ProcessWorkerClient(arguments=(*FAKE, *arguments), **options)
        clients.append(client)
        return client

    yield make
    for client in clients:
        client.kill()
        await client.close()


@pytest.fixture
async def loaded(make_client: MakeClient) -> tuple[ProcessWorkerClient, AsyncIterator[Event]]:
    """A worker with a scripted model in it."""
    client = make_client()
    await client.start()
    events = client.events()
    client.send(load_command())
    await until_end(events, "load")
    return client, events

"""A real spawned worker with the scripted engine."""

import os
import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

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


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 3 MB."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("a tmpfs cannot be mounted here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)

"""What a worker and its libraries leave in the temporary folder goes with them."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from phidesk.protocol.events import FailureKind
from phidesk.worker.engines.fake import AnswerScript
from tests.process.scripts import MakeClient, answer_command, load_command, until_end

_DIES = """
import asyncio, os
from phidesk.client.process import ProcessWorkerClient

async def main():
    await ProcessWorkerClient().start()
    os._exit(0)

asyncio.run(main())
"""


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


async def test_it_goes_with_an_eject(make_client: MakeClient, temporary: Path) -> None:
    client = make_client()
    await client.start()
    (folder,) = _inside(temporary)
    (folder / "left behind").write_text("by a library")
    await client.close()
    assert _inside(temporary) == []


async def test_it_goes_with_a_kill(make_client: MakeClient, temporary: Path) -> None:
    client = make_client()
    await client.start()
    events = client.events()
    client.send(load_command())
    await until_end(events, "load")
    client.send(answer_command(AnswerScript(deltas=1000, interval_s=0.05)))
    assert client.pid is not None
    os.kill(client.pid, signal.SIGKILL)
    end = (await until_end(events, "answer"))[-1]
    assert getattr(end, "kind", None) is FailureKind.WORKER_DIED
    await client.close()
    assert _inside(temporary) == []


def test_it_goes_where_the_window_dies(tmp_path: Path) -> None:
    env = os.environ | {"TMPDIR": str(tmp_path)}
    subprocess.run([sys.executable, "-c", _DIES], check=True, env=env, timeout=60)
    until = time.monotonic() + 10
    while _inside(tmp_path) and time.monotonic() < until:
        time.sleep(0.1)
    assert _inside(tmp_path) == []


def _inside(folder: Path) -> list[Path]:
    return list(folder.iterdir())

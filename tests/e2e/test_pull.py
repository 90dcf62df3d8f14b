"""`phidesk pull` in a process of its own, from a server that behaves like the Hub."""

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from phidesk.core.downloads import unfinished
from phidesk.core.settings import Settings, SettingsFile
from tests.hub_server import Fault, HubServer, Repo, hub_server

REPO, Q4, Q8 = "tiny/model-GGUF", "model-Q4_K_M.gguf", "model-Q8_0.gguf"
SIZE = 3_000_000
TOKEN = "hf_secret"  # noqa: S105 - it opens nothing


@pytest.fixture
def hub(gguf_bytes: Callable[..., bytes]) -> Iterator[HubServer]:
    data = gguf_bytes()
    data += random.Random(3).randbytes(SIZE - len(data))
    with hub_server() as server:
        server.repos[REPO] = Repo({Q4: data, Q8: data * 2, "LICENSE": b"Take it."})
        yield server


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The user's data folder."""
    return tmp_path / "data"


def test_the_usual_variant_is_fetched(hub: HubServer, data: Path) -> None:
    done = pull(hub, data, REPO)
    assert done.returncode == 0, done.stderr
    path = data / "phidesk" / "models" / REPO / Q4
    assert path.read_bytes() == hub.repos[REPO].files[Q4]
    assert f"done: {path} (3.0 MB; fetched 3.0 MB" in done.stdout
    assert "Q8_0: 6.0 MB" in done.stdout
    assert hub.asked(Q8) == []
    again = pull(hub, data, REPO)
    assert "fetched 0 kB" in again.stdout
    assert len(hub.asked(Q4)) == 1


def test_another_variant_by_its_pattern_and_one_event_a_line(hub: HubServer, data: Path) -> None:
    done = pull(hub, data, f"{hub.endpoint}/{REPO}")
    assert done.returncode == 2
    assert "no page of the Hugging Face Hub" in done.stderr
    done = pull(
        hub, data, REPO, "--include", "*q8*", "--include", "*Q8*", "--json", "--revision", "main"
    )
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert events[-1]["type"] == "downloaded"
    assert Path(events[-1]["path"]).read_bytes() == hub.repos[REPO].files[Q8]
    assert {event["type"] for event in events} == {"progress", "downloaded"}
    assert hub.asked(Q4) == []
    missing = pull(hub, data, REPO, "--include", "*Q2_K*")
    assert missing.returncode == 1
    assert "It has: Q4_K_M, Q8_0." in missing.stderr


def test_kill_9_at_half_then_the_same_command_goes_on(hub: HubServer, data: Path) -> None:
    hub.fail(Q4, Fault(hold_at=SIZE // 2))
    process = subprocess.Popen(command(REPO), env=environment(hub, data), stdout=subprocess.DEVNULL)
    folder = data / "phidesk" / "models"
    part = folder / "tiny" / "model-GGUF.Q4_K_M.partial" / "files" / f"{Q4}.part"
    until(lambda: part.exists() and part.stat().st_size == SIZE // 2)
    process.kill()
    process.wait()
    until(lambda: len(unfinished(folder)) == 1)  # its worker is gone as well
    hub.release.set()
    done = pull(hub, data, REPO)
    assert done.returncode == 0, done.stderr
    assert "goes on: 1.5 MB of 3.0 MB are there" in done.stdout
    assert "fetched 1.5 MB" in done.stdout
    assert (folder / REPO / Q4).read_bytes() == hub.repos[REPO].files[Q4]
    second = hub.asked(Q4)[1]
    assert second.headers["Range"] == f"bytes={SIZE // 2}-"
    assert second.sent == SIZE // 2
    assert len(hub.asked("LICENSE")) == 1


def test_offline_opens_no_connection(hub: HubServer, data: Path, tmp_path: Path) -> None:
    SettingsFile(tmp_path / "phidesk" / "settings.json").save(Settings(offline=True))
    done = pull(hub, data, REPO, config=tmp_path)
    assert done.returncode == 2
    assert "phidesk is offline" in done.stderr
    assert hub.requests == []


def test_the_mirror_of_the_settings_is_asked_and_gets_no_token(
    hub: HubServer, data: Path, tmp_path: Path
) -> None:
    settings = Settings(hub_mirror=hub.endpoint)
    SettingsFile(tmp_path / "phidesk" / "settings.json").save(settings)
    hub.repos[REPO].gated = "auto"
    done = pull(hub, data, REPO, config=tmp_path, HF_ENDPOINT="", HF_TOKEN=TOKEN)
    assert done.returncode == 1
    assert "never to a mirror" in done.stderr
    assert len(hub.requests) == 2
    assert not any("secret" in str(request.headers) for request in hub.requests)


def pull(
    hub: HubServer, data: Path, *arguments: str, config: Path | None = None, **changes: str
) -> "subprocess.CompletedProcess[str]":
    if config is not None:
        changes["XDG_CONFIG_HOME"] = str(config)
    return subprocess.run(
        command(*arguments),
        env=environment(hub, data) | changes,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "phidesk", "pull", *arguments]


def environment(hub: HubServer, data: Path) -> dict[str, str]:
    nobody = "keyring.backends.fail.Keyring"
    return os.environ | {
        "HF_ENDPOINT": hub.endpoint,
        "XDG_DATA_HOME": str(data),
        "PYTHON_KEYRING_BACKEND": nobody,
    }


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)

"""The real engines for the processor, from nothing to an answer: `pytest -m install`.

uv takes the packages from where its own settings say (`UV_FIND_LINKS`, `UV_DEFAULT_INDEX`).
"""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from phidesk.client.engine_install import Step, install
from phidesk.client.uv import EngineInstallError, Trouble
from phidesk.core.engine_environments import (
    EngineState,
    Flavour,
    Lock,
    engines_dir,
    load_environments,
    lock_of,
    read_lock,
    state_of,
)

pytestmark = [
    pytest.mark.install,
    pytest.mark.skipif(sys.platform != "linux", reason="this flavour is for Linux"),
]
_PHIDESK = (sys.executable, "-m", "phidesk")
_FAR = 300_000_000  # bytes that are unpacked when an install is killed


@pytest.fixture(scope="module", autouse=True)
def engines() -> Iterator[Path]:
    """The folder of the engines, removed at the end."""
    # What Python compiles is part of what is measured.
    patch = pytest.MonkeyPatch()
    patch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    patch.setenv("PHIDESK_ENGINES", "managed")
    yield engines_dir()
    shutil.rmtree(engines_dir(), ignore_errors=True)
    patch.undo()


def _quiet(_step: Step) -> None:
    pass


def _install(*options: str, kill_at: int | None = None) -> tuple[int, list[dict[str, object]]]:
    """Run `phidesk engines`, and kill it where so many bytes are unpacked."""
    command = [*_PHIDESK, "engines", "install", "--flavour", "cpu-linux", "--json", *options]
    steps: list[dict[str, object]] = []
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        for line in process.stdout:
            steps.append(json.loads(line))
            if kill_at is not None and int(str(steps[-1].get("done", 0))) >= kill_at:
                process.kill()
        errors = process.stderr.read()
        status = process.wait()
    print(status, steps[-1:], errors)
    return status, steps


def _answer() -> str:
    ask = ["chat", "--engine", "transformers", "--temperature", "0", "--max-tokens", "12"]
    done = subprocess.run(
        [*_PHIDESK, *ask, "What is the capital of France?"], capture_output=True, text=True
    )
    return done.stdout + done.stderr


def _run(*command: str) -> None:
    subprocess.run(command, check=True)


def _changed_lock(folder: Path, old: str, new: str) -> Lock:
    path = folder / "cpu-linux.txt"
    text = lock_of(Flavour.CPU_LINUX).path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    return read_lock(path)


def test_from_nothing_to_an_answer_though_it_is_killed_in_the_middle() -> None:
    assert state_of(lock_of(Flavour.CPU_LINUX)) is EngineState.MISSING
    assert "not installed" in _answer()
    status, _ = _install(kill_at=_FAR)
    assert status == -signal.SIGKILL
    assert state_of(lock_of(Flavour.CPU_LINUX)) is EngineState.INTERRUPTED
    status, steps = _install()
    assert status == 0
    counted = [int(str(s["done"])) for s in steps if s.get("stage") == "download"]
    assert counted[0] > 0, "what was unpacked before the kill was thrown away"
    found = load_environments().current
    assert found is not None
    taken = sum(f.stat().st_size for f in (engines_dir() / found.folder).rglob("*") if f.is_file())
    assert taken <= lock_of(Flavour.CPU_LINUX).needed_bytes
    print(f"{taken=} of {lock_of(Flavour.CPU_LINUX).needed_bytes}")
    assert "Paris" in _answer()


async def test_an_upgrade_that_fails_leaves_the_engines_working(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = load_environments().current
    text = lock_of(Flavour.CPU_LINUX).path.read_text()
    digest = text.partition("msgspec==")[2].partition("sha256:")[2][:64]
    only = text.partition("msgspec==")[2].partition("    # via")[0]
    wrong = _changed_lock(tmp_path, only, f"{only[: only.index(' ')]} \\\n    --hash=sha256:"
                          f"{digest[::-1]}\n")  # fmt: skip
    with pytest.raises(EngineInstallError, match="not the one that phidesk was tested") as caught:
        await install(wrong, _quiet)
    assert caught.value.trouble is Trouble.HASH
    newer = _changed_lock(tmp_path, "# python", "# a newer one\n# python")
    assert state_of(newer) is EngineState.OUTDATED
    shutil.rmtree(engines_dir() / "cache")
    for name in ("UV_FIND_LINKS", "UV_INDEX"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("UV_DEFAULT_INDEX", "http://127.0.0.1:9/simple")
    with pytest.raises(EngineInstallError, match="is this machine online") as caught:
        await install(newer, _quiet)
    assert caught.value.trouble is Trouble.NETWORK
    assert load_environments().current == before
    assert "Paris" in _answer()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small disk")
async def test_a_full_disk_is_seen_before_and_while_it_fills(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    _run("mount", "-t", "tmpfs", "-o", "size=200m", "tmpfs", str(disk))
    try:
        with pytest.raises(EngineInstallError, match=r"need 1\.7 GB of free disk") as caught:
            await install(lock_of(Flavour.CPU_LINUX), _quiet, root=disk / "engines")
        assert caught.value.trouble is Trouble.DISK
        size = lock_of(Flavour.CPU_LINUX).installed
        understated = _changed_lock(tmp_path, f"# installed {size}", "# installed 1000")
        with pytest.raises(EngineInstallError, match="The disk is full") as caught:
            await install(understated, _quiet, root=disk / "engines")
        assert caught.value.trouble is Trouble.DISK
    finally:
        _run("umount", str(disk))

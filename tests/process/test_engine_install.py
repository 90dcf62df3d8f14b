"""Engine environments made by the real uv, from a package index on this machine."""

import asyncio
import shutil
import subprocess
import sys
import threading
import venv
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from phidesk.client import engine_install
from phidesk.client.engine_check import choose
from phidesk.client.engine_install import Stage, Step, install, remove, roll_back, use
from phidesk.client.uv import EngineInstallError, Trouble
from phidesk.core.engine_environments import (
    BusyError,
    EngineState,
    Environment,
    Environments,
    Lock,
    held,
    load_environments,
    read_lock,
    save_environments,
    state_of,
)
from tests.process.package_index import PackageIndex, write_lock

_INSTALL = (
    "import asyncio, sys\n"
    "from pathlib import Path\n"
    "from phidesk.client.engine_install import install\n"
    "from phidesk.core.engine_environments import read_lock\n"
    "asyncio.run(install(read_lock(Path(sys.argv[1])), print, root=Path(sys.argv[2])))\n"
)


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PackageIndex]:
    with PackageIndex(tmp_path / "wheels") as made:
        monkeypatch.setenv("UV_DEFAULT_INDEX", made.url)
        monkeypatch.setenv("UV_HTTP_RETRIES", "0")
        monkeypatch.setenv("UV_PYTHON_DOWNLOADS", "never")
        for name in ("UV_FIND_LINKS", "UV_INDEX"):
            monkeypatch.delenv(name, raising=False)
        yield made


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "engines"


def _lock(tmp_path: Path, *lines: str, installed: int = 1000) -> Lock:
    write_lock(tmp_path / "tiny.txt", *lines, installed=installed)
    return read_lock(tmp_path / "tiny.txt")


def _versions(environment: Environment) -> str:
    code = "import tiny_one, tiny_two; print(tiny_one.version, tiny_two.version)"
    done = subprocess.run([environment.python, "-c", code], capture_output=True, text=True)
    return done.stdout.strip() or done.stderr


async def _works(environment: Environment) -> None:
    assert "." in (await asyncio.to_thread(_versions, environment)).split()[0]


async def _until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not is_so():  # noqa: ASYNC110 - other processes set no event
            await asyncio.sleep(0.01)


def _is_free(root: Path) -> bool:
    try:
        with held(root):
            return True
    except BusyError:
        return False


def _entries(folder: Path) -> list[Path]:
    return list(folder.iterdir())


def _quiet(_step: Step) -> None:
    pass


async def test_installs_upgrades_beside_it_rolls_back_and_removes(
    index: PackageIndex, root: Path, tmp_path: Path
) -> None:
    lock = _lock(tmp_path, index.add("tiny_one", "1.0", 300_000), index.add("tiny_two", "1.0"))
    assert state_of(lock, root) is EngineState.MISSING
    steps: list[Step] = []
    first = await install(lock, steps.append, root=root, self_test=_works)
    assert _versions(first) == "1.0 1.0"
    assert load_environments(root).current == first
    assert first.size > 300_000
    stages = list(dict.fromkeys(step.stage for step in steps))
    assert stages == [Stage.PREPARE, Stage.DOWNLOAD, Stage.TEST, Stage.DONE]
    assert state_of(lock, root) is EngineState.INSTALLED

    newer = _lock(tmp_path, index.add("tiny_one", "2.0"), index.add("tiny_two", "1.0"))
    assert state_of(newer, root) is EngineState.OUTDATED
    second = await install(newer, _quiet, root=root, self_test=_works)
    assert (_versions(second), _versions(first)) == ("2.0 1.0", "1.0 1.0")
    assert index.fetched.count("tiny_two-1.0-py3-none-any.whl") == 1
    assert roll_back(root) == first
    assert load_environments(root).previous == second
    fetched = len(index.fetched)
    assert await install(newer, _quiet, root=root, self_test=_works) == second
    assert len(index.fetched) == fetched

    shutil.rmtree(Path(second.python).parents[1])
    assert state_of(newer, root) is EngineState.DAMAGED
    repaired = await install(newer, _quiet, root=root, afresh=True, self_test=_works)
    assert _versions(repaired) == "2.0 1.0"
    again = await install(newer, _quiet, root=root, afresh=True, self_test=_works)
    assert roll_back(root) == first  # not the one that was repaired
    assert _versions(first) == "1.0 1.0"
    assert roll_back(root) == again
    elsewhere = msgspec.structs.replace(newer, flavour="another-machine")
    assert state_of(elsewhere, root) is EngineState.OTHER
    assert remove(root) > 0
    assert state_of(newer, root) is EngineState.MISSING
    assert sorted(path.name for path in _entries(root)) == ["engines.json", "lock"]


async def test_killed_in_the_middle_it_goes_on_with_what_it_has(
    index: PackageIndex, root: Path, tmp_path: Path
) -> None:
    lines = index.add("tiny_one", "1.0"), index.add("tiny_two", "1.0", 100_000)
    lock = _lock(tmp_path, *lines)
    index.withheld = "tiny_two-1.0-py3-none-any.whl"
    command = [sys.executable, "-c", _INSTALL, str(lock.path), str(root)]
    process = await asyncio.create_subprocess_exec(*command)
    assert await asyncio.to_thread(index.asked.wait, 30)
    await _until(lambda: any((root / "cache" / "archive-v0").glob("*/tiny_one-1.0.dist-info")))
    with pytest.raises(EngineInstallError) as busy:
        await install(lock, _quiet, root=root, self_test=_works)
    assert busy.value.trouble is Trouble.BUSY
    process.kill()  # nobody tells uv
    await process.wait()
    await _until(lambda: _is_free(root))
    assert state_of(lock, root) is EngineState.INTERRUPTED
    index.release.set()
    assert _versions(await install(lock, _quiet, root=root, self_test=_works)) == "1.0 1.0"
    assert index.fetched.count("tiny_one-1.0-py3-none-any.whl") == 1


async def test_what_goes_wrong_is_said_in_words_and_leaves_the_old_engines(
    index: PackageIndex, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = index.add("tiny_one", "1.0"), index.add("tiny_two", "1.0")
    old = await install(_lock(tmp_path, *lines), _quiet, root=root, self_test=_works)
    newer = index.add("tiny_one", "2.0")

    async def failed(lock: Lock) -> EngineInstallError:
        with pytest.raises(EngineInstallError) as caught:
            await install(lock, _quiet, root=root, self_test=_works)
        assert load_environments(root).current == old
        assert _versions(old) == "1.0 1.0"
        return caught.value

    wrong = newer[:-65] + "0" * 64 + "\n"
    error = await failed(_lock(tmp_path, wrong, lines[1]))
    assert (error.trouble, "tiny-one==2.0" in str(error).replace("_", "-")) == (Trouble.HASH, True)
    error = await failed(_lock(tmp_path, lines[0], newer.replace("tiny_one", "tiny_none")))
    assert error.trouble is Trouble.UNSUPPORTED
    error = await failed(_lock(tmp_path, newer, lines[1], installed=10**18))
    assert (error.trouble, "1000000.0 TB" in str(error)) == (Trouble.DISK, False)
    monkeypatch.setenv("UV_DEFAULT_INDEX", "http://127.0.0.1:9/simple")
    assert (await failed(_lock(tmp_path, newer, lines[1]))).trouble is Trouble.NETWORK


async def test_a_cancelled_upgrade_leaves_the_old_engines(
    index: PackageIndex, root: Path, tmp_path: Path
) -> None:
    lines = index.add("tiny_one", "1.0"), index.add("tiny_two", "1.0")
    old = await install(_lock(tmp_path, *lines), _quiet, root=root, self_test=_works)
    newer = _lock(tmp_path, index.add("tiny_one", "2.0"), lines[1])
    index.withheld = "tiny_one-2.0-py3-none-any.whl"
    upgrade = asyncio.ensure_future(install(newer, _quiet, root=root, self_test=_works))
    assert await asyncio.to_thread(index.asked.wait, 30)
    upgrade.cancel()
    await asyncio.wait([upgrade])
    assert upgrade.cancelled()
    assert (load_environments(root).current, _versions(old)) == (old, "1.0 1.0")
    index.release.set()
    assert _versions(await install(newer, _quiet, root=root, self_test=_works)) == "2.0 1.0"


async def test_a_cancel_while_it_switches_waits_for_that(
    index: PackageIndex, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = _lock(tmp_path, index.add("tiny_one", "1.0"), index.add("tiny_two", "1.0"))
    begun, go_on = threading.Event(), threading.Event()
    save = save_environments

    def late(environments: Environments, folder: Path) -> None:
        begun.set()
        go_on.wait(30)
        save(environments, folder)

    monkeypatch.setattr(engine_install, "save_environments", late)
    task = asyncio.ensure_future(install(lock, _quiet, root=root, self_test=_works))
    assert await asyncio.to_thread(begun.wait, 30)
    task.cancel()
    await asyncio.sleep(0.05)
    assert not _is_free(root)
    task.cancel()  # the window is closed, too
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert state_of(lock, root) is EngineState.INSTALLED
    assert _is_free(root)


async def test_a_python_that_is_too_old_is_told_so(tmp_path: Path) -> None:
    old = tmp_path / "python3.10"
    old.write_text(
        "#!/bin/sh\n"
        'case "$*" in *-P*) echo "Unknown option: -P" >&2; exit 2;; esac\n'
        "echo '[\"3.10.4\", [], []]'\n"
    )
    old.chmod(0o700)
    with pytest.raises(EngineInstallError, match=r"is Python 3\.10\.4: phidesk needs 3\.11"):
        await choose(old)


async def test_a_python_of_ones_own_has_to_have_the_engines(root: Path, tmp_path: Path) -> None:
    bare = tmp_path / "bare"
    venv.create(bare, symlinks=True)
    with pytest.raises(EngineInstallError, match=r"lacks msgspec, platformdirs.*torch"):
        await choose(bare / "bin" / "python")
    with pytest.raises(EngineInstallError, match="could not be started"):
        await choose(tmp_path / "nothing")
    found = Environment(python=sys.executable, sites=(str(tmp_path),))
    use(found, root)
    assert load_environments(root).chosen == found
    save_environments(load_environments(root), root)
    use(None, root)
    assert load_environments(root).chosen is None

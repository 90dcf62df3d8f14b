"""Ends a worker with everything that it started."""

import contextlib
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

_SHARED = Path("/dev/shm")  # noqa: S108 - where Linux keeps named shared memory
_NAMES = ("psm_", "sem.", "nccl-", "torch_", "vllm_")
"""how Python, its semaphores, NCCL, torch and vLLM name theirs"""
_TRACKER = b"multiprocessing.resource_tracker"
_TRACKER_S = 0.5


def end_process_group(leader: int) -> None:
    """Kill all processes of the group of that number; none of them is asked.

    Named shared memory outlives the processes that hold it, and what would remove it (Python's
    resource tracker) dies with them: it is unlinked before. What a process held that is dead by
    now cannot be seen any more: where that is the leader, its tracker gets a moment to do it,
    which it does when all others have ended.

    Raises:
        ProcessLookupError: there is no such group.
        PermissionError: it is somebody else's.
    """
    for file in _shared_memory(leader):
        with contextlib.suppress(OSError):
            file.unlink()
    if not _is_alive(leader):
        _let_tracker_clean(leader)
    os.killpg(leader, signal.SIGKILL)


def _shared_memory(leader: int) -> set[Path]:
    """Return the files of the shared memory that the group's processes have in use."""
    if not _SHARED.is_dir():
        return set()
    mapped = {inode for pid in _members(leader) for inode in _mapped(pid)}
    return {
        file
        for file in _SHARED.iterdir()
        if file.name.startswith(_NAMES) and _inode(file) in mapped
    }


def _members(leader: int) -> Iterator[int]:
    for entry in Path("/proc").glob("[0-9]*"):
        # A process may end meanwhile, or be somebody else's.
        with contextlib.suppress(OSError):
            if os.getpgid(pid := int(entry.name)) == leader:
                yield pid


def _mapped(pid: int) -> set[int]:
    """Return the inodes of shared memory; a semaphore's name there is not its file's."""
    found: set[int] = set()
    with contextlib.suppress(OSError):
        for line in Path("/proc", str(pid), "maps").read_text("utf-8", "replace").splitlines():
            fields = line.split(maxsplit=5)
            if len(fields) > 5 and fields[5].startswith(f"{_SHARED}/"):
                found.add(int(fields[4]))
    return found


def _inode(file: Path) -> int:
    with contextlib.suppress(OSError):
        return file.stat().st_ino
    return 0


def _is_alive(pid: int) -> bool:
    """Return whether a process runs; a dead one may wait for its parent to look at it."""
    with contextlib.suppress(OSError):
        state = Path("/proc", str(pid), "stat").read_text("utf-8", "replace")
        return state.rpartition(") ")[2][:1] not in ("Z", "X")
    return False


def _let_tracker_clean(leader: int) -> None:
    """Kill all but Python's resource trackers, and wait a moment until those have ended."""
    trackers = set()
    for pid in _members(leader):
        with contextlib.suppress(OSError):
            if _TRACKER in Path("/proc", str(pid), "cmdline").read_bytes():
                trackers.add(pid)
            else:
                os.kill(pid, signal.SIGKILL)
    until = time.monotonic() + _TRACKER_S
    while any(map(_is_alive, trackers)) and time.monotonic() < until:
        time.sleep(0.01)

"""Ends a worker with everything that it started."""

import contextlib
import os
import signal
from pathlib import Path

_SHARED = Path("/dev/shm")  # noqa: S108 - where Linux keeps named shared memory
_NAMES = ("psm_", "sem.", "nccl-", "torch_", "vllm_")
"""how Python, its semaphores, NCCL, torch and vLLM name theirs"""


def end_process_group(leader: int) -> None:
    """Kill all processes of the group of that number; none of them is asked.

    Named shared memory outlives the processes that hold it, and what would remove it (Python's
    resource tracker) dies with them: it is unlinked before.

    Raises:
        ProcessLookupError: there is no such group.
        PermissionError: it is somebody else's.
    """
    for file in _shared_memory(leader):
        with contextlib.suppress(OSError):
            file.unlink()
    os.killpg(leader, signal.SIGKILL)


def _shared_memory(leader: int) -> set[Path]:
    """Return the files of the shared memory that the group's processes have in use."""
    found: set[Path] = set()
    if not _SHARED.is_dir():
        return found
    for entry in Path("/proc").glob("[0-9]*"):
        # A process may end meanwhile, or be somebody else's.
        with contextlib.suppress(OSError):
            if os.getpgid(int(entry.name)) == leader:
                found |= _mapped(entry / "maps")
    return found


def _mapped(maps: Path) -> set[Path]:
    paths = (line.rpartition(" ")[2] for line in maps.read_text("utf-8", "replace").splitlines())
    names = (path.removeprefix(f"{_SHARED}/") for path in paths if path.startswith(f"{_SHARED}/"))
    return {_SHARED / name for name in names if name.startswith(_NAMES)}

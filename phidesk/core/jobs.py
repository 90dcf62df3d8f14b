"""Interrupted quantizations on disk: what they were, how far they came, and how they end.

A copy is made in `<out>.partial`, which no picker shows, and renamed when it is complete:
job.json says what it is to be, source/ holds dequantized weights, weights/ the copy, resume/
what AutoRound needs to go on.
"""

import contextlib
import errno
import os
import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec

from phidesk.core.models import ModelRef
from phidesk.core.recipes import Algorithm, Recipe
from phidesk.core.writing import write_in_one_step

PARTIAL = ".partial"
_JOB_FILE, _LOCK_FILE = "job.json", "lock"
_TRIES, _PAUSE_S = 20, 0.01  # for the lock: a look is over after some microseconds


class JobState(msgspec.Struct, frozen=True, kw_only=True):
    """A quantization that is under way or was interrupted: done of total layers are there.

    written: the folder of the copy once it is complete, and only has to be checked and named.
    """

    model: ModelRef
    recipe: Recipe
    out: str
    done: int = 0
    total: int = 0
    written: str = ""

    @property
    def resumable(self) -> bool:
        """Whether the layers that are done need not be done again."""
        return bool(self.written) or (self.done > 0 and can_resume(self.recipe))


def can_resume(recipe: Recipe) -> bool:
    """Return whether AutoRound can go on with an interrupted run of this recipe.

    It keeps finished layers only for the formats that it writes layer by layer: not for GGUF.
    With mixed bits it would search for them anew.
    """
    tuned = recipe.algorithm in (Algorithm.SIGNROUND, Algorithm.AWQ, Algorithm.IMATRIX)
    return tuned and not recipe.format.is_gguf and recipe.average_bits is None


def partial_of(out: Path) -> Path:
    """Return the folder in which a copy is made."""
    return out.with_name(out.name + PARTIAL)


def save_state(state: JobState) -> None:
    """Write how far a job is, in one step; raises OSError where that fails."""
    write_in_one_step(partial_of(Path(state.out)) / _JOB_FILE, msgspec.json.encode(state))


def load_state(out: Path) -> JobState | None:
    """Return the state of an interrupted job; None where there is none that can be read."""
    try:
        data = (partial_of(out) / _JOB_FILE).read_bytes()
        state = msgspec.json.decode(data, type=JobState)
        return msgspec.structs.replace(state, out=str(out))  # its folder may have been moved
    except (OSError, msgspec.DecodeError):
        return None


def interrupted_jobs(folder: Path) -> list[JobState]:
    """Return the jobs in a folder that were broken off, newest first; none that is at work."""
    try:
        partials = [p for p in folder.iterdir() if p.name.endswith(PARTIAL) and p.is_dir()]
        partials.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    except OSError:
        return []
    outs = (path.with_name(path.name.removesuffix(PARTIAL)) for path in partials)
    states = (load_state(out) for out in outs if not is_running(out))
    return [state for state in states if state is not None]


def discard(out: Path) -> None:
    """Delete what an interrupted job left; raises OSError where that fails.

    Nobody can go on with it meanwhile: the lock is held, and is the last to go.
    """
    partial = partial_of(out)
    try:
        with locked(out):
            for path in partial.iterdir():
                if path.is_dir() and not path.is_symlink():
                    shutil.rmtree(path)
            if sys.platform != "win32":  # there, a file that is open cannot be deleted
                shutil.rmtree(partial)
    except BlockingIOError as error:
        raise OSError(errno.EBUSY, "it is still being made", str(partial)) from error
    if sys.platform == "win32":
        shutil.rmtree(partial)


def is_running(out: Path) -> bool:
    """Return whether a process is at work on the copy."""
    try:
        with locked(out, is_look=True):
            return False
    except BlockingIOError:
        return True
    except OSError:
        return False


@contextlib.contextmanager
def locked(out: Path, *, is_look: bool = False) -> Iterator[None]:
    """Hold the job's folder alone; raises BlockingIOError where another process does.

    The lock ends with the process, however that ends. is_look: others may look meanwhile, and
    nobody is waited for.
    """
    path = partial_of(out) / _LOCK_FILE
    with path.open("a+") as file:  # NFS locks for a look what can be read
        if sys.platform != "win32":
            import fcntl

            how = fcntl.LOCK_SH if is_look else fcntl.LOCK_EX
            for tries_left in reversed(range(1 if is_look else _TRIES)):
                try:
                    fcntl.flock(file, how | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if not tries_left:
                        raise
                    time.sleep(_PAUSE_S)
            if os.fstat(file.fileno()).st_nlink == 0:  # deleted since it was opened
                raise BlockingIOError(errno.EAGAIN, "it was just deleted", str(path))
        yield

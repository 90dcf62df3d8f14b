"""The folder in which one copy is made: entered alone, left empty or with what a resume needs."""

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from phidesk.core.jobs import JobState, load_state, locked, partial_of, save_state
from phidesk.protocol.commands import Quantize
from phidesk.protocol.events import FailureKind
from phidesk.worker.engines.base import EngineError

_FOLDERS = ("source", "weights", "resume")


class Workplace:
    """The partial folder and what is written down of the job in it."""

    def __init__(self, partial: Path, state: JobState) -> None:
        self.partial = partial
        self.state = state

    def save(self, **changes: Any) -> None:
        """Write down how far the job is."""
        self.state = msgspec.structs.replace(self.state, **changes)
        save_state(self.state)


@contextlib.contextmanager
def workplace(command: Quantize, layers: int) -> Iterator[Workplace]:
    """Open the job's folder; raises EngineError where it belongs to another run.

    Where the block fails, what a resume can go on with stays, and the failure says so; all else
    is removed, as it is after success.
    """
    out = Path(command.out)
    partial = partial_of(out)
    if load_state(out) is not None and not command.resume:
        raise EngineError(
            FailureKind.UNSUPPORTED,
            f"An unfinished copy “{out.name}” is there: resume it or discard it.",
        )
    with contextlib.ExitStack() as stack:
        try:
            partial.mkdir(parents=True, exist_ok=True)
            stack.enter_context(locked(out))
        except BlockingIOError as error:
            words = f"“{out.name}” is being made by another phidesk at this moment."
            raise EngineError(FailureKind.UNSUPPORTED, words) from error
        except OSError as error:
            words = f"“{out.parent}” cannot be written to: {error.strerror}. Choose another folder."
            raise EngineError(FailureKind.MISSING_FILE, words) from error
        try:
            yield _open(command, partial, layers)
        except Exception as error:
            state = load_state(out)
            if state is None or not state.resumable:
                shutil.rmtree(partial, ignore_errors=True)
            elif isinstance(error, EngineError) and error.kind is FailureKind.DISK_FULL:
                error.message += " What is done so far is kept: resume it then, or discard it."
            raise
        shutil.rmtree(partial, ignore_errors=True)


def _open(command: Quantize, partial: Path, layers: int) -> Workplace:
    before = load_state(Path(command.out))
    state = JobState(model=command.model, recipe=command.recipe, out=command.out, total=layers)
    same = before is not None and (before.model, before.recipe) == (state.model, state.recipe)
    if before is not None and same and before.resumable:
        state = before
    else:
        for name in _FOLDERS:
            shutil.rmtree(partial / name, ignore_errors=True)
    for name in _FOLDERS:
        (partial / name).mkdir(exist_ok=True)
    place = Workplace(partial, state)
    place.save()
    return place

"""Keeps what AutoRound needs to go on after an interruption, at a price that does not show.

AutoRound 0.16 (auto_round/utils/resume.py) saves the hidden states of all calibration samples
after each layer, twice: 5.4 GB a layer for Phi-4, which took 10 s beside the 17 s of the layer.
Here it is done less often where it takes long, and so that a kill in its middle leaves the
state before.
"""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_REST = 30
"""Before a save there are at least this many times its length without one: 3 % at most."""
_BYTES_PER_S = 500e6  # torch.save to an NVMe disk, measured
_STATE_FILES = ("manifest_path", "q_input_path", "input_ids_path")


@contextmanager
def resume_points(folder: Path, on_saved: Callable[[int], None]) -> Iterator[None]:
    """Let AutoRound save its state below the folder; on_saved gets the layers that are safe."""
    from auto_round.utils.resume import ResumeState

    states: Any = ResumeState
    original = states.mark_block_done
    last, cost = time.monotonic(), 0.0

    def mark_block_done(state: Any, block: str, q_input: Any, input_ids: Any) -> None:
        nonlocal last, cost
        began = time.monotonic()
        cost = max(cost, (_size(q_input) + _size(input_ids)) / _BYTES_PER_S)
        is_last = len(state.completed_blocks) + 1 == len(state.block_names)
        # AutoRound looks for a block to go on with: of a run without one it could not.
        if is_last or began - last < _REST * cost:
            # Its weights are on disk: a resume makes them once more, the same way.
            state.completed_blocks.append(block)
            return
        final = state.dir
        new, old = final.with_name(f"{final.name}.new"), final.with_name(f"{final.name}.old")
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir()
        _point(state, new)
        try:
            original(state, block, q_input, input_ids)
        finally:
            _point(state, final)
        os.sync()  # the layers' weights, too, before anything says that they are there
        shutil.rmtree(old, ignore_errors=True)
        final.rename(old)
        new.rename(final)
        shutil.rmtree(old)
        last = time.monotonic()
        cost = max(cost, last - began)
        on_saved(state.resume_index)

    _mend(folder)
    os.environ["AR_RESUME_DIR"] = str(folder)
    states.mark_block_done = mark_block_done
    try:
        yield
    finally:
        states.mark_block_done = original
        del os.environ["AR_RESUME_DIR"]


def _size(value: Any) -> int:
    """Return the bytes of a tensor, or of all tensors in a list, tuple or dict."""
    match value:
        case dict():
            return sum(_size(item) for item in value.values())
        case list() | tuple():
            return sum(_size(item) for item in value)
        case _:
            return int(getattr(value, "nbytes", 0))


def _point(state: Any, folder: Path) -> None:
    for name in _STATE_FILES:
        setattr(state, name, folder / getattr(state, name).name)
    state.dir = folder


def _mend(folder: Path) -> None:
    """Finish an exchange of states that was interrupted between its two renames."""
    for old in folder.glob("*.old"):
        final = old.with_suffix("")
        if not final.exists():
            old.rename(final)

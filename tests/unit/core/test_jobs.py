"""Interrupted quantizations on disk."""

import fcntl
import shutil
import threading
from pathlib import Path
from typing import IO

import msgspec
import pytest

from phidesk.core.jobs import (
    JobState,
    can_resume,
    discard,
    interrupted_jobs,
    is_running,
    load_state,
    locked,
    partial_of,
    save_state,
)
from phidesk.core.models import ModelFormat, ModelRef
from phidesk.core.recipes import Algorithm, Recipe, SaveFormat

MODEL = ModelRef(name="模型", path="/m/模型", format=ModelFormat.SAFETENSORS)
TUNED = Recipe(algorithm=Algorithm.SIGNROUND, format=SaveFormat.AUTO_GPTQ)


def state(out: Path, done: int = 3, recipe: Recipe = TUNED) -> JobState:
    partial_of(out).mkdir(parents=True, exist_ok=True)
    made = JobState(model=MODEL, recipe=recipe, out=str(out), done=done, total=30)
    save_state(made)
    return made


def test_a_state_comes_back_and_is_discarded(tmp_path: Path) -> None:
    out = tmp_path / "副本"
    made = state(out)
    assert load_state(out) == made
    assert interrupted_jobs(tmp_path) == [made]
    assert made.resumable
    discard(out)
    assert interrupted_jobs(tmp_path) == []
    assert list(tmp_path.iterdir()) == []


def test_nobody_goes_on_with_what_is_being_deleted(tmp_path: Path) -> None:
    out = tmp_path / "copy"
    made = state(out)
    folder = partial_of(out) / "weights"
    folder.mkdir()
    before = shutil.rmtree
    seen: list[bool] = []

    def looking(path: Path) -> None:
        seen.append(is_running(out))
        before(path)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shutil, "rmtree", looking)
        discard(out)
    assert seen == [True, True]
    assert not partial_of(out).exists()
    partial_of(out).mkdir()
    save_state(made)
    with locked(out), pytest.raises(OSError, match="still being made"):
        discard(out)
    assert load_state(out) == made


def test_a_lock_that_was_deleted_is_none(tmp_path: Path) -> None:
    out = tmp_path / "copy"
    state(out)
    (partial_of(out) / "lock").touch()
    before = fcntl.flock

    def slow(file: IO[str], how: int) -> None:
        (partial_of(out) / "lock").unlink()
        before(file, how)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fcntl, "flock", slow)
        assert is_running(out)


def test_who_only_looks_stops_nobody(tmp_path: Path) -> None:
    out = tmp_path / "copy"
    state(out)
    with locked(out, is_look=True):
        assert not is_running(out)
        with pytest.raises(BlockingIOError), locked(out):
            pass
    looked, goes_on = threading.Event(), threading.Event()

    def look() -> None:
        with locked(out, is_look=True):
            looked.set()
            goes_on.wait(0.05)

    thread = threading.Thread(target=look)
    thread.start()
    looked.wait(10)
    with locked(out):
        assert is_running(out)
    thread.join()


def test_what_cannot_be_resumed(tmp_path: Path) -> None:
    assert not state(tmp_path / "a", done=0).resumable
    gguf = Recipe(algorithm=Algorithm.IMATRIX, format=SaveFormat.Q4_K_M)
    assert not state(tmp_path / "b", recipe=gguf).resumable
    assert not can_resume(msgspec.structs.replace(TUNED, algorithm=Algorithm.RTN))


def test_damaged_states_and_missing_folders_are_passed_over(tmp_path: Path) -> None:
    made = state(tmp_path / "good")
    partial_of(tmp_path / "bad").mkdir()
    (partial_of(tmp_path / "bad") / "job.json").write_text("{")
    assert interrupted_jobs(tmp_path) == [made]
    assert interrupted_jobs(tmp_path / "nowhere") == []

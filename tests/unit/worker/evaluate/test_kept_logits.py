"""Logits on disk: what comes back, and what is left where it does not fit."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("safetensors")

from phidesk.protocol.events import FailureKind  # noqa: E402
from phidesk.worker.engines.base import EngineError  # noqa: E402
from phidesk.worker.evaluate.kept_logits import (  # noqa: E402
    KeptLogits,
    LogitsWriter,
    vocabulary_of,
)

pytestmark = pytest.mark.engine
TOKENS = torch.arange(5)


def logits(seed: int, dtype: Any = torch.float32) -> Any:
    return torch.randn((5, 100), generator=torch.Generator().manual_seed(seed)).to(dtype)


def writer(folder: Path, sequences: int = 2) -> LogitsWriter:
    return LogitsWriter(folder, sequences, model="m", vocabulary="digest")


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float16])
def test_logits_come_back_as_they_were(tmp_path: Path, dtype: Any) -> None:
    folder = tmp_path / "cache" / "kept"
    with writer(folder) as out:
        for number in range(2):
            out.add(TOKENS + number, logits(number, dtype))
        assert not folder.exists()
    kept = KeptLogits(folder)
    assert (len(kept), kept.model, kept.vocabulary) == (2, "m", "digest")
    for number in range(2):
        assert torch.equal(kept.tokens(number), TOKENS + number)
        assert kept.logits(number).dtype is dtype
        assert torch.equal(kept.logits(number), logits(number, dtype))
    assert [path.name for path in folder.parent.iterdir()] == ["kept"]


def test_a_second_time_takes_the_place_of_the_first(tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    (tmp_path / "kept.partial").mkdir()
    (tmp_path / "kept.partial" / "of a run that was killed").touch()
    for seed in (1, 2):
        with writer(folder, 1) as out:
            out.add(TOKENS, logits(seed))
    assert torch.equal(KeptLogits(folder).logits(0), logits(2))
    assert len(list(folder.iterdir())) == 1


def test_a_run_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    def break_off() -> None:
        with writer(tmp_path / "kept") as out:
            out.add(TOKENS, logits(0))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        break_off()
    assert list(tmp_path.iterdir()) == []


@contextmanager
def files_of_1_kb() -> Iterator[None]:
    """The system refuses to write on, as a full disk does: the test's own report, too."""
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_disk_that_fills_up(tmp_path: Path) -> None:
    with (
        files_of_1_kb(),
        pytest.raises(EngineError) as caught,
        writer(tmp_path / "kept") as out,
    ):
        out.add(TOKENS, logits(0))
    assert caught.value.kind is FailureKind.DISK_FULL
    assert f"The disk of “{tmp_path}” is full" in caught.value.message
    assert list(tmp_path.iterdir()) == []


def test_too_little_room_is_told_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=3_000_000))
    with pytest.raises(EngineError) as caught, writer(tmp_path / "kept", 2000) as out:
        out.add(TOKENS, logits(0))
    assert caught.value.kind is FailureKind.DISK_FULL
    assert "needs 4.0 MB" in caught.value.message
    assert "3.0 MB are free" in caught.value.message
    assert list(tmp_path.iterdir()) == []


def test_vocabularies_are_compared_by_what_the_tokens_stand_for() -> None:
    class Tokenizer:
        def __init__(self, words: str) -> None:
            self.words = words

        def convert_ids_to_tokens(self, ids: list[int]) -> list[str]:
            return [self.words[n] for n in ids]

    one = vocabulary_of(Tokenizer("abcd"), {0, 2})
    assert one == vocabulary_of(Tokenizer("azcz"), {2, 0})
    assert one != vocabulary_of(Tokenizer("bacd"), {0, 2})

"""What is kept of an original: found again only while nothing has changed, and not for ever."""

import os
from pathlib import Path

import pytest

from phidesk.client.report_cache import Entry, KeptScores, ReportCache
from phidesk.core.models import ModelFormat, ModelRef
from phidesk.core.report import REPORT_FILE

TEXTS = {"general": ("a", "b"), "code": ("c",)}
SCORES = KeptScores(tokens={"general": 5, "code": 7}, perplexity={"general": 2.5, "code": 3.5})


@pytest.fixture
def model(tmp_path: Path) -> ModelRef:
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "config.json").write_text("{}")
    (folder / "model.safetensors").write_bytes(b"weights")
    return ModelRef(name="model", path=str(folder), format=ModelFormat.SAFETENSORS)


@pytest.fixture
def cache(tmp_path: Path) -> ReportCache:
    return ReportCache(tmp_path / "cache", limit_bytes=2500)


def fill(entry: Entry, size: int = 0, used: float | None = None) -> Entry:
    for name in TEXTS:
        entry.logits(name).mkdir(parents=True)
    (entry.logits("code") / "logits").write_bytes(bytes(size))
    entry.write(SCORES)
    if used is not None:
        os.utime(entry.folder, (used, used))
    return entry


def test_found_again(cache: ReportCache, model: ModelRef) -> None:
    assert cache.entry(model, TEXTS, 256, 8).read() is None
    fill(cache.entry(model, TEXTS, 256, 8))
    assert cache.entry(model, TEXTS, 256, 8).read() == SCORES


def test_whatever_is_written_beside_the_weights_by_phidesk_is_no_change(
    cache: ReportCache, model: ModelRef
) -> None:
    fill(cache.entry(model, TEXTS, 256, 8))
    (Path(model.path) / REPORT_FILE).write_text("{}")
    assert cache.entry(model, TEXTS, 256, 8).read() == SCORES


def test_another_model_text_or_length_is_another_entry(cache: ReportCache, model: ModelRef) -> None:
    folders = {
        cache.entry(model, TEXTS, 256, 8).folder,
        cache.entry(model, TEXTS, 128, 8).folder,
        cache.entry(model, TEXTS, 256, 4).folder,
        cache.entry(model, {"general": ("a", "b")}, 256, 8).folder,
        cache.entry(model, TEXTS | {"code": ("d",)}, 256, 8).folder,
    }
    weights = Path(model.path) / "model.safetensors"
    weights.write_bytes(b"other weights")
    folders.add(cache.entry(model, TEXTS, 256, 8).folder)
    os.utime(weights, (1, 1))
    folders.add(cache.entry(model, TEXTS, 256, 8).folder)
    assert len(folders) == 7


def test_a_gguf_file_is_known_by_all_its_parts(cache: ReportCache, tmp_path: Path) -> None:
    first = tmp_path / "m-00001-of-00002.gguf"
    for part in (first, tmp_path / "m-00002-of-00002.gguf"):
        part.write_bytes(b"part")
    model = ModelRef(name="m", path=str(first), format=ModelFormat.GGUF)
    before = cache.entry(model, TEXTS, 256, 8).folder
    (tmp_path / "m-00002-of-00002.gguf").write_bytes(b"another")
    assert cache.entry(model, TEXTS, 256, 8).folder != before


def test_a_model_that_is_gone_is_told(cache: ReportCache, model: ModelRef) -> None:
    gone = ModelRef(name="gone", path=f"{model.path}/nowhere", format=ModelFormat.SAFETENSORS)
    with pytest.raises(FileNotFoundError):
        cache.entry(gone, TEXTS, 256, 8)


@pytest.mark.parametrize("damage", ["scores", "logits", "half"])
def test_what_is_not_whole_is_not_found(cache: ReportCache, model: ModelRef, damage: str) -> None:
    entry = fill(cache.entry(model, TEXTS, 256, 8))
    if damage == "scores":
        (entry.folder / "scores.json").write_bytes(b"{")
    elif damage == "logits":
        (entry.logits("code") / "logits").unlink()
        entry.logits("code").rmdir()
    else:
        entry.write(KeptScores(tokens={"code": 1}, perplexity={"code": 1.0}))
    assert entry.read() is None
    entry.forget()
    assert not entry.folder.exists()


def test_what_was_not_used_for_longest_goes_first(cache: ReportCache, model: ModelRef) -> None:
    old = fill(cache.entry(model, TEXTS, 1, 8), 1000, used=100)
    older = fill(cache.entry(model, TEXTS, 2, 8), 1000, used=200)
    assert old.read() is not None  # and so it is the newer one now
    new = fill(cache.entry(model, TEXTS, 3, 8), 1000)
    cache.trim(new)
    assert [entry.folder.exists() for entry in (old, older, new)] == [True, False, True]
    large = fill(cache.entry(model, TEXTS, 4, 8), 9000)
    cache.trim(large)
    assert [entry.folder.exists() for entry in (old, new, large)] == [False, False, True]

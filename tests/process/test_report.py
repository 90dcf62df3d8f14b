"""A report card of tiny models, each in real workers."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest
import pytest_asyncio

pytest.importorskip("torch")
pytest.importorskip("transformers")

from phidesk.client.interface import WorkerClient
from phidesk.client.process import ProcessWorkerClient
from phidesk.client.report import ReportError, make_report
from phidesk.client.report_side import ReportProgress, ReportStage
from phidesk.core.catalog import open_model
from phidesk.core.models import ModelRef
from phidesk.core.prompts import PROMPTS
from phidesk.core.report import Report, Verdict
from phidesk.hardware.memory import worker_memory
from tests.models import write_noisy_copy, write_tiny_model

pytestmark = [pytest.mark.engine, pytest.mark.asyncio(loop_scope="module")]
TEXTS = {"english": ("The quick brown fox jumps. " * 30,), "chinese": ("量化模型。" * 30,)}
SEQUENCES = 4


class Bench:
    """Makes reports, and remembers which workers were started and what was told."""

    def __init__(self, cache: Path) -> None:
        self.cache = cache
        self.clients: list[WorkerClient] = []
        self.most_at_once = 0
        self.told: list[ReportProgress] = []
        self.made: Report

    async def report(self, original: ModelRef, copy: ModelRef, **more: Any) -> Report:
        self.clients, self.told = [], []
        options: dict[str, Any] = {
            "spawn": self._spawn,
            "measure": self._measure,
            "on_progress": self.told.append,
            "texts": TEXTS,
            "cache_dir": self.cache,
            "sequence_length": 32,
            "sequences": SEQUENCES,
        }
        self.made = await make_report(original, copy, **(options | more))
        return self.made

    def with_a_cache_of_its_own(self, folder: Path) -> "Bench":
        """Return a bench that has what this one kept, in a new folder in this one."""
        return Bench(Path(shutil.copytree(self.cache, folder / "cache")))

    def scored(self, model: ModelRef) -> set[str]:
        """Return the text packs that a model was scored with."""
        told = [p for p in self.told if p.model == model.name and p.stage is ReportStage.SCORE]
        return {progress.detail for progress in told}

    def entries(self) -> list[Path]:
        """Return what is kept of originals."""
        return list(self.cache.iterdir()) if self.cache.is_dir() else []

    def _spawn(self, engine: str) -> WorkerClient:
        self.clients.append(ProcessWorkerClient(preload=engine))
        self.most_at_once = max(self.most_at_once, sum(c.alive for c in self.clients))
        return self.clients[-1]

    def _measure(self, pid: int) -> int:
        assert pid == self.clients[-1].pid
        return worker_memory(pid)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    write_tiny_model(folder / "original")
    write_noisy_copy(folder / "original", folder / "copy", 0.1)
    write_tiny_model(folder / "stranger", more_tokens=1)
    return folder


@pytest.fixture
def models(folder: Path) -> Callable[[str], ModelRef]:
    return lambda name: open_model(folder / name)


Models = Callable[[str], ModelRef]


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path / "cache")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def first_bench(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """A bench after a report of the original and the copy."""
    bench = Bench(tmp_path_factory.mktemp("first") / "cache")
    await bench.report(open_model(folder / "original"), open_model(folder / "copy"))
    return bench


async def test_a_report_and_another_one_of_the_same_original(
    first_bench: Bench, models: Models, tmp_path: Path
) -> None:
    original, copy = models("original"), models("copy")
    bench, first = first_bench, first_bench.made
    assert len(bench.clients) == 2
    assert bench.most_at_once <= 1
    assert bench.scored(original) == bench.scored(copy) == set(TEXTS)
    assert [p.done for p in bench.told] == sorted(p.done for p in bench.told)
    assert bench.told[-1].done == bench.told[-1].total == 2 * (10 + 2 * SEQUENCES)
    assert first.tokens == dict.fromkeys(TEXTS, 32 * SEQUENCES)
    assert all(kl > 0.001 for kl in first.kl_divergence.values())
    assert 0 < first.agreement < 1
    assert [answer.prompt for answer in first.answers] == list(PROMPTS)
    assert any(answer.difference is not None for answer in first.answers)
    for side, model in ((first.original, original), (first.copy, copy)):
        assert (side.name, side.path, side.engine) == (model.name, model.path, "transformers")
        assert (side.size_bytes, side.quantization) == (model.size_bytes, "bf16")
        assert side.memory_bytes > 100 * 2**20
        assert side.tokens_per_second > 0
    assert not any(psutil.pid_exists(client.pid or 0) for client in bench.clients)

    bench = first_bench.with_a_cache_of_its_own(tmp_path)
    second = await bench.report(original, original)
    assert bench.scored(original) == set(TEXTS)  # as its own copy only
    assert bench.told[-1].total == 2 * 10 + 2 * SEQUENCES
    assert second.original.perplexity == first.original.perplexity
    assert second.copy.perplexity == first.original.perplexity
    assert second.mean_kl == 0.0
    assert second.agreement == 1.0
    assert second.verdict is Verdict.EXCELLENT
    assert all(answer.difference is None for answer in second.answers)


async def test_the_scores_of_an_original_are_kept(
    first_bench: Bench, models: Models, tmp_path: Path
) -> None:
    original, copy = models("original"), models("copy")
    bench, first = first_bench.with_a_cache_of_its_own(tmp_path), first_bench.made
    (entry,) = bench.entries()
    kept = {path: path.stat().st_mtime_ns for path in entry.rglob("*.safetensors")}
    again = await bench.report(original, copy)
    assert bench.scored(original) == set()
    assert bench.scored(copy) == set(TEXTS)
    assert kept == {path: path.stat().st_mtime_ns for path in entry.rglob("*.safetensors")}
    assert again.kl_divergence == first.kl_divergence
    assert again.copy.perplexity == first.copy.perplexity


async def test_kept_logits_that_were_damaged_are_made_again(
    first_bench: Bench, models: Models, tmp_path: Path
) -> None:
    original, copy = models("original"), models("copy")
    bench, first = first_bench.with_a_cache_of_its_own(tmp_path), first_bench.made
    file = next(bench.cache.rglob("*.safetensors"))
    file.write_bytes(b"damaged")
    with pytest.raises(ReportError, match="compare the two models again"):
        await bench.report(original, copy)
    assert bench.entries() == []
    assert (await bench.report(original, copy)).kl_divergence == first.kl_divergence


async def test_models_with_different_vocabularies(bench: Bench, models: Models) -> None:
    with pytest.raises(ReportError, match="different vocabularies"):
        await bench.report(models("original"), models("stranger"))


async def test_texts_that_are_too_short_leave_nothing(bench: Bench, models: Models) -> None:
    with pytest.raises(ReportError, match="too short"):
        await bench.report(models("original"), models("copy"), texts={"general": ("short",)})
    assert bench.entries() == []
    with pytest.raises(ReportError, match="no texts"):
        await bench.report(models("original"), models("copy"), texts={})


async def test_a_model_that_vanished(bench: Bench, models: Models, tmp_path: Path) -> None:
    path = Path(shutil.copytree(models("copy").path, tmp_path / "gone"))
    gone = open_model(path)
    shutil.rmtree(path)
    for pair in ((models("original"), gone), (gone, models("original"))):
        with pytest.raises(ReportError, match="“gone” is not there any more"):
            await bench.report(*pair)
        assert bench.clients == []


async def test_a_copy_that_vanishes_meanwhile(bench: Bench, models: Models, tmp_path: Path) -> None:
    path = Path(shutil.copytree(models("copy").path, tmp_path / "gone"))

    def remove(progress: ReportProgress) -> None:
        if progress.stage is ReportStage.SCORE:
            shutil.rmtree(path, ignore_errors=True)

    with pytest.raises(ReportError, match="“gone” is not there any more"):
        await bench.report(models("original"), open_model(path), on_progress=remove)


async def test_a_worker_that_dies(bench: Bench, models: Models) -> None:
    def kill(progress: ReportProgress) -> None:
        if progress.stage is ReportStage.SCORE:
            os.kill(bench.clients[-1].pid or 0, 9)

    with pytest.raises(ReportError, match="SIGKILL"):
        await bench.report(models("original"), models("copy"), on_progress=kill)
    assert bench.entries() == []


async def test_a_cache_that_cannot_be_written(bench: Bench, models: Models, tmp_path: Path) -> None:
    bench.cache = tmp_path / "file"
    bench.cache.write_text("in the way")
    with pytest.raises(ReportError, match="cannot be written"):
        await bench.report(models("original"), models("copy"))

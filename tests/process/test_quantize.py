"""Making copies in a real worker: what comes out, and what is left where it does not come out."""

import asyncio
import hashlib
import json
import os
import shutil
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import pytest
import pytest_asyncio

torch = pytest.importorskip("torch")
pytest.importorskip("auto_round")

from safetensors.torch import load_file  # noqa: E402

from phidesk.client.process import ProcessWorkerClient  # noqa: E402
from phidesk.core.catalog import open_model, scan  # noqa: E402
from phidesk.core.jobs import (  # noqa: E402
    JobState,
    discard,
    interrupted_jobs,
    load_state,
    partial_of,
    save_state,
)
from phidesk.core.recipes import Algorithm, Recipe, SaveFormat  # noqa: E402
from phidesk.protocol.commands import Cancel, Quantize, TimeLayer  # noqa: E402
from phidesk.protocol.events import (  # noqa: E402
    Cancelled,
    Event,
    Failed,
    FailureKind,
    Finished,
    LayerDone,
    LayerTimed,
    Quantized,
)
from tests.models import write_tiny_model  # noqa: E402
from tests.process.scripts import until_end  # noqa: E402

pytestmark = [pytest.mark.engine, pytest.mark.asyncio(loop_scope="module")]
LAYERS = 6
RECIPE = Recipe(
    algorithm=Algorithm.SIGNROUND,
    format=SaveFormat.AUTO_ROUND,
    group_size=32,
    iters=4,
    samples=8,
    seqlen=64,
    batch_size=4,
    calibration=("general",),
)


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("models") / "tiny"
    write_tiny_model(path, layers=LAYERS)
    return path


@pytest_asyncio.fixture(loop_scope="module")
async def client() -> AsyncIterator[ProcessWorkerClient]:
    """A worker of the test's own, which it may end or block."""
    made = ProcessWorkerClient()
    await made.start()
    yield made
    made.kill()
    await made.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared() -> AsyncIterator[ProcessWorkerClient]:
    """One worker for all that comes to its end: its imports take longer than most tests."""
    made = ProcessWorkerClient()
    await made.start()
    yield made
    made.kill()
    await made.close()


@dataclass(frozen=True)
class Whole:
    """A copy that came out; before: what its source was; events: what the worker told."""

    out: Path
    before: dict[str, str]
    events: list[Event]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def whole(
    shared: ProcessWorkerClient, source: Path, tmp_path_factory: pytest.TempPathFactory
) -> Whole:
    before = fingerprints(source)
    out = tmp_path_factory.mktemp("whole") / "copies" / "tiny 量化"
    return Whole(out, before, await quantize(shared, source, out))


@pytest.fixture
def uncompiled(monkeypatch: pytest.MonkeyPatch) -> None:
    """To compile the layers takes half a minute before the first of them is done."""
    monkeypatch.setenv("TORCHDYNAMO_DISABLE", "1")


async def test_a_copy_is_verified_named_and_alone(whole: Whole, source: Path) -> None:
    out, events = whole.out, whole.events
    layers = [e for e in events if isinstance(e, LayerDone)]
    assert [e.done for e in layers] == list(range(1, LAYERS + 1))
    losses = [(e.loss_before, e.loss_after) for e in layers]
    assert all(before is not None and after is not None for before, after in losses)
    assert all((after or 0) <= (before or 0) for before, after in losses)
    assert isinstance(events[-1], Finished)
    (made,) = (e for e in events if isinstance(e, Quantized))
    assert made.path == str(out)
    model = open_model(out)
    assert (model.method, model.problem) == ("auto-round", "")
    assert made.size_bytes == sum(f.stat().st_size for f in out.iterdir())
    assert made.peak_ram_bytes > 100e6
    assert [p.name for p in out.parent.iterdir()] == [out.name]
    assert msgspec.json.decode((out / "phidesk-recipe.json").read_bytes(), type=Recipe) == RECIPE
    assert fingerprints(source) == whole.before


async def test_kill_9_then_resume_gives_the_same_bits(
    client: ProcessWorkerClient,
    shared: ProcessWorkerClient,
    whole: Whole,
    source: Path,
    tmp_path: Path,
) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(whole.out, tmp_path / "whole")
    client.send(command(source, broken))
    async for event in client.events():
        if isinstance(event, LayerDone) and event.done == 3:
            assert client.pid is not None
            os.kill(client.pid, 9)
        if isinstance(event, Failed):
            assert event.kind is FailureKind.WORKER_DIED
            break
    assert not broken.exists()
    assert [m.path for m in scan(tmp_path)] == [str(tmp_path / "whole")]  # no half-written model
    (state,) = interrupted_jobs(tmp_path)
    assert state.resumable
    assert 1 <= state.done < LAYERS
    events = await quantize(shared, source, broken, resume=True)
    done = [e.done for e in events if isinstance(e, LayerDone)]
    assert done == list(range(state.done + 1, LAYERS + 1))  # none is computed again
    assert weights(broken).keys() == weights(whole.out).keys()
    for name, tensor in weights(whole.out).items():
        assert torch.equal(tensor, weights(broken)[name]), name
    assert interrupted_jobs(tmp_path) == []


@pytest.mark.usefixtures("uncompiled")
async def test_cancel_ends_it_within_two_seconds_and_keeps_the_layers(
    client: ProcessWorkerClient, source: Path, tmp_path: Path
) -> None:
    out = tmp_path / "copy"
    client.send(command(source, out, iters=40))
    events: list[Event] = []
    asked = 0.0
    async for event in client.events():
        events.append(event)
        if isinstance(event, LayerDone) and event.done == 1:
            asked = time.monotonic()
            client.send(Cancel(job_id="q"))
        if isinstance(event, Cancelled | Finished | Failed):
            break
    assert isinstance(events[-1], Cancelled)
    assert time.monotonic() - asked < 2
    await asyncio.sleep(0.2)
    state = load_state(out)
    assert state is not None
    assert state.done >= 1
    assert not out.exists()


@pytest.mark.parametrize("done", [0, 3])
async def test_an_unfinished_copy_is_neither_overwritten_nor_removed(
    shared: ProcessWorkerClient, source: Path, tmp_path: Path, done: int
) -> None:
    out = tmp_path / "copy"
    partial_of(out).mkdir()
    save_state(
        JobState(model=open_model(source), recipe=RECIPE, out=str(out), done=done, total=LAYERS)
    )
    failed = await failure(shared, source, out)
    assert "unfinished" in failed.message
    assert load_state(out) is not None


@pytest.mark.usefixtures("uncompiled")
async def test_a_copy_that_is_being_made_is_left_alone(
    client: ProcessWorkerClient, shared: ProcessWorkerClient, source: Path, tmp_path: Path
) -> None:
    out = tmp_path / "copy"
    client.send(command(source, out, iters=500))
    async for event in client.events():
        if isinstance(event, LayerDone):
            break
    assert interrupted_jobs(tmp_path) == []
    with pytest.raises(OSError, match="still being made"):
        discard(out)
    failed = await failure(shared, source, out, resume=True, iters=500)
    assert "at this moment" in failed.message
    assert load_state(out) is not None


async def test_the_code_of_a_source_is_not_run(shared: ProcessWorkerClient, tmp_path: Path) -> None:
    path, out, proof = tmp_path / "source", tmp_path / "copy", tmp_path / "proof"
    write_tiny_model(path, layers=LAYERS)
    (path / "evil.py").write_text(f"open({str(proof)!r}, 'w')\n")
    for name, key in (
        ("config.json", "AutoModelForCausalLM"),
        ("tokenizer_config.json", "AutoTokenizer"),
    ):
        content = json.loads((path / name).read_bytes())
        content["auto_map"] = {key: "evil.Evil"}
        (path / name).write_text(json.dumps(content))
    events = await quantize(shared, path, out)
    assert isinstance(events[-1], Finished), events[-1]
    assert not proof.exists()
    assert open_model(out).concerns == ()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"group_size": 128}, "Group size 128 does not divide 64: use 64"),
        ({"bits": 5}, "bits, not 5"),
        ({"format": SaveFormat.AUTO_GPTQ, "bits": 3, "symmetric": False}, "cannot be asymmetric"),
        ({"algorithm": Algorithm.NF4}, "cannot be saved as AutoRound"),
        ({"samples": 100_000_000}, "GB"),
        ({"seqlen": 4096}, "The model reads 512 tokens"),
        ({"seqlen": 0}, "seqlen is 0"),
        ({"batch_size": 0}, "batch_size is 0"),
        ({"iters": -3}, "iters is -3"),
        ({"average_bits": 40.0}, "The average is 40 bits"),
    ],
)
async def test_what_cannot_work_is_refused_before_the_start(
    shared: ProcessWorkerClient,
    source: Path,
    tmp_path: Path,
    changes: dict[str, Any],
    words: str,
) -> None:
    failed = await failure(shared, source, tmp_path / "copy", **changes)
    assert failed.kind is FailureKind.UNSUPPORTED
    assert words in failed.message
    assert not partial_of(tmp_path / "copy").exists()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("empty.txt", "", "empty"),
        ("broken.jsonl", '{"text": "a"}\n{"text": "b"}\nnot JSON\n', "line 3"),
        ("short.txt", "Hello.", "one sequence needs"),
        ("missing.txt", None, "missing.txt"),
    ],
)
async def test_a_calibration_file_that_cannot_be_used_is_explained(
    shared: ProcessWorkerClient,
    source: Path,
    tmp_path: Path,
    name: str,
    content: str | None,
    words: str,
) -> None:
    file, out = tmp_path / name, tmp_path / "copies" / "copy"
    if content is not None:
        file.write_text(content)
    failed = await failure(shared, source, out, calibration=(str(file),))
    assert failed.kind is FailureKind.CALIBRATION
    assert words in failed.message
    assert not partial_of(out).exists()


async def test_a_full_disk_leaves_no_model_and_the_layers(
    client: ProcessWorkerClient, shared: ProcessWorkerClient, source: Path, small_disk: Path
) -> None:
    before = fingerprints(source)
    out = small_disk / "copy"
    filler = small_disk / "filler"
    client.send(command(source, out, samples=8))
    ended: Event | None = None
    async for event in client.events():
        if isinstance(event, LayerDone) and event.done == 2:
            with filler.open("wb") as file:
                free = shutil.disk_usage(small_disk).free
                file.write(b"\0" * max(0, free - 16_384))
        if isinstance(event, Failed | Finished):
            ended = event
            break
    assert isinstance(ended, Failed), ended
    assert ended.kind is FailureKind.DISK_FULL
    assert "full" in ended.message
    assert not out.exists()
    assert list(scan(small_disk)) == []
    assert fingerprints(source) == before
    filler.unlink()
    events = await quantize(shared, source, out, resume=True, samples=8)
    assert isinstance(events[-1], Finished), events[-1]
    assert open_model(out).problem == ""


async def test_a_folder_that_cannot_be_written_to(
    shared: ProcessWorkerClient, source: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("not a folder")
    failed = await failure(shared, source, tmp_path / "file" / "copy")
    assert "file" in failed.message
    assert failed.kind is not FailureKind.BUG


async def test_a_source_that_vanishes(shared: ProcessWorkerClient, tmp_path: Path) -> None:
    path, out = tmp_path / "source", tmp_path / "copies" / "copy"
    write_tiny_model(path, layers=LAYERS)
    sent = command(path, out)
    shutil.rmtree(path)
    shared.send(sent)
    failed = (await until_end(shared.events(), "q"))[-1]
    assert isinstance(failed, Failed)
    assert failed.kind is not FailureKind.BUG
    assert "source" in failed.message
    assert not out.parent.exists()


async def test_one_layer_is_timed(shared: ProcessWorkerClient, source: Path) -> None:
    shared.send(TimeLayer(job_id="t", model=open_model(source), recipe=RECIPE))
    events = await until_end(shared.events(), "t")
    (timed,) = (e for e in events if isinstance(e, LayerTimed))
    assert 0 < timed.low_s < timed.likely_s < timed.high_s
    assert timed.layer_s > 0


def command(source: Path, out: Path, *, resume: bool = False, **changes: Any) -> Quantize:
    recipe = msgspec.structs.replace(RECIPE, **changes)
    return Quantize(
        job_id="q", model=open_model(source), recipe=recipe, out=str(out), resume=resume
    )


async def quantize(
    client: ProcessWorkerClient, source: Path, out: Path, **more: Any
) -> list[Event]:
    client.send(command(source, out, **more))
    return await until_end(client.events(), "q")


async def failure(client: ProcessWorkerClient, source: Path, out: Path, **changes: Any) -> Failed:
    failed = (await quantize(client, source, out, **changes))[-1]
    assert isinstance(failed, Failed), failed
    return failed


def fingerprints(folder: Path) -> dict[str, str]:
    return {f.name: hashlib.sha256(f.read_bytes()).hexdigest() for f in sorted(folder.iterdir())}


def weights(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for file in sorted(folder.glob("*.safetensors")):
        found |= load_file(file)
    return found

"""Scoring texts in a real worker, against a forward pass of its own in float32 figures."""

import json
import math
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
import pytest_asyncio

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")

from phidesk.client.process import ProcessWorkerClient  # noqa: E402
from phidesk.core.catalog import open_model  # noqa: E402
from phidesk.core.starter import starter_path  # noqa: E402
from phidesk.protocol.commands import LoadModel, Score  # noqa: E402
from phidesk.protocol.events import (  # noqa: E402
    Event,
    Failed,
    FailureKind,
    Finished,
    Log,
    Progress,
    Scored,
)
from tests.models import write_noisy_copy, write_tiny_model  # noqa: E402
from tests.process.scripts import MakeClient, load_command, until_end, worker_clients  # noqa: E402

pytestmark = [pytest.mark.engine, pytest.mark.asyncio(loop_scope="module")]
DOCUMENTS = ("The quick brown fox.\n", "量化模型 " * 20, "x = [n for n in range(100)]\n" * 10)
LENGTH, SEQUENCES = 48, 6

RunScore = Callable[..., Awaitable[list[Event]]]
Worker = Callable[[Path], Awaitable[RunScore]]


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("models") / "original"
    write_tiny_model(path)
    return path


@pytest.fixture(scope="module")
def copy(original: Path) -> Path:
    path = original.with_name("copy")
    write_noisy_copy(original, path, 0.1)
    return path


@pytest_asyncio.fixture(loop_scope="module")
async def make_client() -> AsyncIterator[MakeClient]:
    """As everywhere else, in the loop of this module."""
    async with worker_clients() as make:
        yield make


@pytest.fixture
def worker(make_client: MakeClient) -> Worker:
    """worker(path, engine) loads a model; what it returns scores and gives the job's events."""

    async def start(path: Path, engine: str = "transformers") -> RunScore:
        return await load(make_client(), path, engine)

    return start


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def score_original(original: Path) -> AsyncIterator[RunScore]:
    """One worker with the original for all the tests that need no other one."""
    async with worker_clients() as make:
        yield await load(make(), original)


async def load(client: ProcessWorkerClient, path: Path, engine: str = "transformers") -> RunScore:
    await client.start()
    events: AsyncIterator[Event] = client.events()
    client.send(LoadModel(job_id="load", model=open_model(path), engine=engine))
    loaded = await until_end(events, "load")
    assert isinstance(loaded[-1], Finished), loaded[-1]

    async def run(documents: tuple[str, ...] = DOCUMENTS, **more: Any) -> list[Event]:
        command = Score(
            job_id="score", documents=documents, sequence_length=LENGTH, sequences=SEQUENCES
        )
        client.send(msgspec.structs.replace(command, **more))
        return [*loaded, *await until_end(events, "score")]

    return run


def scored(events: list[Event]) -> Scored:
    (found,) = (event for event in events if isinstance(event, Scored))
    assert isinstance(events[-1], Finished)
    return found


def failed(events: list[Event]) -> Failed:
    assert isinstance(events[-1], Failed), events[-1]
    assert not any(isinstance(event, Scored) for event in events)
    return events[-1]


def log_probabilities(path: Path) -> tuple[Any, Any]:
    """Return the tokens (SEQUENCES, LENGTH) and the log-probabilities over the vocabulary."""
    from transformers import AutoModelForCausalLM, AutoTokenizer

    ids = AutoTokenizer.from_pretrained(path)("\n\n".join(DOCUMENTS))["input_ids"]
    batch = torch.tensor(ids[: LENGTH * SEQUENCES]).reshape(SEQUENCES, LENGTH)
    model = AutoModelForCausalLM.from_pretrained(path, dtype=torch.float32).eval()
    with torch.no_grad():
        return batch, torch.log_softmax(model(batch).logits.float(), dim=-1)


async def test_figures_are_those_of_plain_pytorch(
    worker: Worker, score_original: RunScore, original: Path, copy: Path, tmp_path: Path
) -> None:
    kept = str(tmp_path / "cache" / "kept")
    first = await score_original(logits_out=kept)
    second = await (await worker(copy))(reference=kept)
    ids, p = log_probabilities(original)
    _, q = log_probabilities(copy)
    perplexities = [
        math.exp(-torch.gather(x[:, :-1], -1, ids[:, 1:, None]).mean().item()) for x in (p, q)
    ]
    kl = (p.exp() * (p - q)).sum(dim=-1).mean().item()
    agreement = (p.argmax(-1) == q.argmax(-1)).float().mean().item()
    assert scored(first).tokens == scored(second).tokens == LENGTH * SEQUENCES
    assert scored(first).perplexity == pytest.approx(perplexities[0], rel=1e-3)
    assert scored(first).kl_divergence is scored(first).top1_agreement is None
    assert scored(second).perplexity == pytest.approx(perplexities[1], rel=1e-3)
    assert kl > 0.01
    assert scored(second).kl_divergence == pytest.approx(kl, rel=1e-3)
    assert 0.2 < agreement < 1
    assert scored(second).top1_agreement == pytest.approx(agreement, rel=1e-3)
    done = [event.done for event in second if isinstance(event, Progress)][-1]
    assert done == SEQUENCES


async def test_equal_models_do_not_diverge(
    worker: Worker, score_original: RunScore, original: Path, tmp_path: Path
) -> None:
    kept = str(tmp_path / "kept")
    before = scored(await score_original(logits_out=kept))
    again = scored(await (await worker(original))(reference=kept))
    assert again.kl_divergence == 0.0
    assert again.top1_agreement == 1.0
    assert again.perplexity == before.perplexity
    assert not (tmp_path / "kept.partial").exists()


async def test_texts_that_are_too_short(score_original: RunScore, tmp_path: Path) -> None:
    failure = failed(await score_original(("short",), logits_out=str(tmp_path / "kept")))
    assert failure.kind is FailureKind.CALIBRATION
    assert "they have 5 tokens, one sequence needs 48" in failure.message
    assert not (tmp_path / "kept").exists()
    events = await score_original(("a" * 100,))
    assert scored(events).tokens == 2 * LENGTH
    assert any(isinstance(e, Log) and "enough for 2 of 6" in e.text for e in events)


async def test_sequences_that_the_model_cannot_read(score_original: RunScore) -> None:
    failure = failed(await score_original(sequence_length=1024))
    assert failure.kind is FailureKind.CONTEXT_TOO_LONG
    assert "1,024 tokens, the model reads 512" in failure.message
    assert failed(await score_original(sequence_length=1)).kind is FailureKind.UNSUPPORTED


async def test_another_vocabulary(
    worker: Worker, score_original: RunScore, original: Path, tmp_path: Path
) -> None:
    kept = str(tmp_path / "kept")
    scored(await score_original(logits_out=kept))
    write_tiny_model(tmp_path / "shifted", more_tokens=1)
    failure = failed(await (await worker(tmp_path / "shifted"))(reference=kept))
    assert "different vocabularies" in failure.message
    wider = Path(shutil.copytree(tmp_path / "shifted", tmp_path / "wider"))
    for name in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copy(original / name, wider / name)  # the same words, one more row of weights
    failure = failed(await (await worker(wider))(reference=kept))
    assert failure.kind is FailureKind.UNSUPPORTED
    assert "the original's has 259 tokens, the copy's 260" in failure.message


async def test_without_a_model_and_with_another_engine(make_client: MakeClient) -> None:
    client = make_client()
    await client.start()
    events = client.events()
    command = Score(job_id="score", documents=DOCUMENTS, sequence_length=8, sequences=1)
    client.send(command)
    assert "No model is loaded" in failed(await until_end(events, "score")).message
    client.send(load_command())
    await until_end(events, "load")
    client.send(command)
    failure = failed(await until_end(events, "score"))
    assert failure.kind is FailureKind.UNSUPPORTED
    assert "measured with Transformers" in failure.message


@pytest.mark.skipif(starter_path() is None, reason="the starter model is not installed")
async def test_a_model_in_llama_cpp(worker: Callable[..., Awaitable[RunScore]]) -> None:
    path = starter_path()
    assert path is not None
    failure = failed(await (await worker(path, "llamacpp"))())
    assert "measured with Transformers" in failure.message


async def test_kept_logits_that_are_gone_or_damaged(
    score_original: RunScore, tmp_path: Path
) -> None:
    kept = tmp_path / "kept"
    gone = failed(await score_original(reference=str(kept)))
    assert gone.kind is FailureKind.CORRUPT_FILE
    assert "compare the two models again" in gone.message
    scored(await score_original(logits_out=str(kept)))
    file = kept / "sequence-00003.safetensors"
    file.write_bytes(file.read_bytes()[:-1000])
    assert failed(await score_original(reference=str(kept))).kind is FailureKind.CORRUPT_FILE


async def test_a_folder_that_cannot_be_made(score_original: RunScore, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    failure = failed(await score_original(logits_out=str(tmp_path / "file" / "kept")))
    assert failure.kind is FailureKind.MISSING_FILE
    assert "cannot be written" in failure.message


async def test_weights_that_are_no_numbers(worker: Worker, original: Path, tmp_path: Path) -> None:
    from safetensors.torch import load_file, save_file

    broken = Path(shutil.copytree(original, tmp_path / "broken"))
    weights = load_file(broken / "model.safetensors")
    weights["model.norm.weight"][3] = math.nan
    save_file(weights, broken / "model.safetensors", {"format": "pt"})
    failure = failed(await (await worker(broken))())
    assert failure.kind is FailureKind.CORRUPT_FILE
    assert "no numbers" in failure.message


async def test_tokens_are_the_originals_where_the_copy_splits_otherwise(
    worker: Worker, score_original: RunScore, original: Path, tmp_path: Path
) -> None:
    """A converted tokenizer may split words in another way: both models read the same tokens."""
    kept = str(tmp_path / "kept")
    scored(await score_original(logits_out=kept))
    other = Path(shutil.copytree(original, tmp_path / "other"))
    tokenizer = json.loads((other / "tokenizer.json").read_text())
    tokenizer["normalizer"] = {"type": "Lowercase"}
    (other / "tokenizer.json").write_text(json.dumps(tokenizer))
    again = scored(await (await worker(other))(reference=kept))
    assert again.kl_divergence == 0.0

"""vLLM's build for the CPU in a real worker, with the starter model."""

import asyncio
import json
import os
import random
import signal
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest
import pytest_asyncio

pytest.importorskip("vllm")
pytest.importorskip("torch")

from phidesk.core.catalog import open_model, starter
from phidesk.core.chat import Message, Role, SamplingParams, StopReason, Structure
from phidesk.core.load_options import LoadOptions, Speculation
from phidesk.core.paths import cache_dir
from phidesk.hardware.sampler import alive, process_tree
from phidesk.protocol.commands import CountTokens, LoadModel
from phidesk.protocol.events import Cancelled, Counted, Failed, FailureKind, Finished, TokenDelta
from tests.e2e.vllm_worker import CAPITAL, CONTEXT, VllmWorker, vllm_worker
from tests.models import write_tiny_model

pytestmark = [
    pytest.mark.engine,
    pytest.mark.skipif(starter() is None, reason="the starter model is not installed"),
    pytest.mark.asyncio(loop_scope="module"),
]
STORY = "Tell me a story about the sea."
PARIS = "The capital of France is Paris."


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def worker(starter_folder: str) -> AsyncIterator[VllmWorker]:
    async with vllm_worker(starter_folder) as found:
        yield found


async def test_what_was_loaded(worker: VllmWorker) -> None:
    loaded = worker.loaded
    assert loaded is not None
    assert (loaded.engine, loaded.device, loaded.context_length) == ("vllm", "cpu", CONTEXT)
    assert loaded.dtype in ("bf16", "fp32")
    size = {"bf16": 2, "fp32": 4}[loaded.dtype]
    # One context, and not a share of all memory; two blocks of 128 tokens more at most.
    token = 30 * 2 * 3 * 64 * size
    assert CONTEXT <= (loaded.kv_tokens or 0) <= CONTEXT + 256
    assert loaded.kv_bytes == pytest.approx(CONTEXT * token, abs=256 * token)
    assert loaded.attention == "CPU attention"


async def test_capital_of_france(worker: VllmWorker) -> None:
    job = await worker.ask("france", CAPITAL)
    assert job.text == PARIS
    assert job.result.stop_reason is StopReason.END
    assert job.result.completion_tokens == 7
    assert len([e for e in job.events if isinstance(e, TokenDelta)]) > 1  # it streams


async def test_an_answer_goes_on_where_it_ended(worker: VllmWorker) -> None:
    question = Message(role=Role.USER, content=CAPITAL)
    begun = Message(role=Role.ASSISTANT, content="The capital of")
    job = await worker.ask("on", "", more={"messages": (question, begun), "continues": True})
    assert job.text == " France is Paris."


async def test_nobody_outside_can_connect(worker: VllmWorker) -> None:
    assert worker.listens_on() <= {"127.0.0.1", "::1"}


async def test_chats_at_once_are_not_mixed_up(worker: VllmWorker) -> None:
    """What each has to say is fixed: greedy words differ by rounding from batch to batch."""
    words = ("red", "green", "blue", "gold", "黑", "😀")
    worker.order.clear()
    jobs = [
        worker.send(
            word, STORY, more={"structure": Structure(regex=f"{word}( {word}){{7}}")}, max_tokens=64
        )
        for word in words
    ]
    france = worker.send("france beside", CAPITAL)
    await asyncio.gather(*(job.ended.wait() for job in (*jobs, france)))
    assert [job.text for job in jobs] == [" ".join([word] * 8) for word in words]
    assert "Paris" in france.text
    first_end = next(n for n, (_, kind) in enumerate(worker.order) if kind is Finished)
    assert {job_id for job_id, _ in worker.order[:first_end]} >= set(words)  # all at once


async def test_an_abort_stops_one_and_no_other(worker: VllmWorker) -> None:
    worker.stats.clear()
    long = worker.send("long", STORY, max_tokens=None)
    other = worker.send("other", CAPITAL)
    await long.begun.wait()
    for _ in range(200):  # figures come once a second
        if any(s.kv_used for s in worker.stats):
            break
        await asyncio.sleep(0.05)
    assert any(s.kv_used for s in worker.stats)
    worker.cancel("long")
    await asyncio.wait_for(long.ended.wait(), 2)
    await other.ended.wait()
    assert [type(end) for end in long.ends] == [Cancelled]
    assert other.text == PARIS
    # The room in the batch and in the pool is free again: the next is alone.
    again = await worker.ask("again", CAPITAL)
    assert again.text == PARIS
    assert len(long.ends) == 1


async def test_seed_stop_string_and_limit(worker: VllmWorker) -> None:
    hot = {"temperature": 1.0, "top_k": 0, "top_p": 1.0, "min_p": 0.0, "max_tokens": 16}
    one = await worker.ask("seed1", STORY, seed=1, **hot)
    two = await worker.ask("seed2", STORY, seed=2, **hot)
    again = await worker.ask("seed3", STORY, seed=1, **hot)
    assert one.text == again.text != two.text
    assert one.result.stop_reason is StopReason.LENGTH
    assert one.result.completion_tokens == 16
    stopped = await worker.ask("stop", CAPITAL, stop=("of Fra",))
    assert stopped.text == "The capital "
    assert stopped.result.stop_reason is StopReason.STOP_STRING


async def test_the_count_is_that_of_the_prompt(worker: VllmWorker) -> None:
    messages = worker.messages(CAPITAL)
    worker.client.send(CountTokens(job_id="count", messages=messages, texts=(CAPITAL,)))
    await asyncio.wait_for(worker.jobs["count"].ended.wait(), 20)
    answer = await worker.ask("counted", CAPITAL)
    counted = [e for e in worker.jobs["count"].events if isinstance(e, Counted)]
    assert counted == [Counted(job_id="count", prompt=answer.result.prompt_tokens, texts=(7,))]


async def test_the_form_of_an_answer(worker: VllmWorker) -> None:
    choice = Structure(choices=("north", "south"))
    job = await worker.ask("choice", "Where is it colder?", more={"structure": choice})
    assert job.text in ("north", "south")
    schema = {
        "type": "object",
        "properties": {"city": {"type": "string", "maxLength": 20}},
        "required": ["city"],
    }
    structure = Structure(json_schema=json.dumps(schema))
    job = await worker.ask("json", CAPITAL, max_tokens=64, more={"structure": structure})
    assert set(json.loads(job.text)) == {"city"}


@pytest.mark.parametrize(
    ("structure", "words"),
    [
        (Structure(json_schema="{"), "The JSON schema cannot be used: Input data was truncated."),
        (Structure(json_schema="[]"), "The JSON schema cannot be used: Expected `object`"),
        (
            Structure(json_schema='{"type": "nonsense"}'),
            "The JSON schema cannot be used: Invalid type: nonsense.",
        ),
        (Structure(regex="("), "The regular expression cannot be used: unclosed group."),
        (Structure(regex=r"(a)\1"), "backreferences are not supported."),
        (Structure(regex=r"\bword"), "expression cannot be used: lookarounds not supported"),
    ],
)
async def test_a_form_that_cannot_be_followed_is_refused_in_words(
    worker: VllmWorker, structure: Structure, words: str
) -> None:
    job = await worker.ask(words, CAPITAL, more={"structure": structure})
    end = job.ends[0]
    assert isinstance(end, Failed)
    assert end.kind is FailureKind.UNSUPPORTED
    assert words in end.message
    assert "\n" not in end.message


async def test_log_probabilities(worker: VllmWorker) -> None:
    before = _compiled()
    job = await worker.ask("logprobs", CAPITAL, more={"logprobs": 3})
    assert _compiled() == before
    found = [p for e in job.events if isinstance(e, TokenDelta) for p in e.logprobs]
    assert [p.token for p in found[:2]] == ["The", " capital"]
    for entry in found:
        assert entry.logprob <= 0
        assert len(entry.top) >= 3
        assert entry.top[0][1] == max(p for _, p in entry.top)
        assert entry.logprob == pytest.approx(entry.top[0][1])  # greedy takes the likeliest


async def test_a_prompt_again_comes_from_the_cache(worker: VllmWorker) -> None:
    question = f"{'The sea is wide and blue. ' * 40}What is it?"
    first = await worker.ask("cache1", question)
    second = await worker.ask("cache2", question)
    assert first.result.cached_tokens < 128 <= second.result.cached_tokens


async def test_a_conversation_that_is_too_long(worker: VllmWorker) -> None:
    job = await worker.ask("too long", "word " * CONTEXT)
    assert isinstance(job.ends[0], Failed)
    assert job.ends[0].kind is FailureKind.CONTEXT_TOO_LONG
    assert "1,024" in job.ends[0].message


async def test_sixty_four_at_once_a_kill_and_a_new_worker(starter_folder: str) -> None:
    """Aborts at random, then kill -9: each request ends once.

    Then a new worker answers, and leaves nothing behind.
    """
    dice = random.Random()  # another moment each time
    shared, before = set(os.listdir("/dev/shm")), _own_folders()  # noqa: PTH208
    worker = VllmWorker()
    await worker.load(starter_folder)
    jobs = {}
    for number in range(64):
        limit = dice.choice((4, 8, 400))
        jobs[f"r{number}"] = worker.send(f"r{number}", STORY, max_tokens=limit)
    aborted = dice.sample(sorted(jobs), 20)
    for job_id in aborted:
        await asyncio.sleep(dice.random() / 20)
        worker.cancel(job_id)
    await worker.ended(dice.randrange(21, 30))
    await asyncio.sleep(dice.random() / 10)
    assert worker.client.pid is not None
    os.kill(worker.client.pid, signal.SIGKILL)
    await asyncio.wait_for(asyncio.gather(*(j.ended.wait() for j in jobs.values())), 10)
    await worker.close()
    assert [len(job.ends) for job in jobs.values()] == [1] * 64
    kinds = [type(job.ends[0]) for job in jobs.values()]
    assert {Finished, Cancelled, Failed} == set(kinds)
    dead = [e for job in jobs.values() for e in job.ends if isinstance(e, Failed)]
    assert {e.kind for e in dead} == {FailureKind.WORKER_DIED}
    assert set(os.listdir("/dev/shm")) <= shared  # noqa: PTH208
    async with vllm_worker(starter_folder) as found:
        assert (await found.ask("again", CAPITAL)).text == PARIS
        assert found.client.pid is not None
        processes = [p.pid for p in process_tree(found.client.pid)]
        folders = _own_folders() - before
    assert alive(processes) == []
    assert set(os.listdir("/dev/shm")) <= shared  # noqa: PTH208
    assert folders
    assert not folders & _own_folders()


async def test_guesses_are_counted_and_a_broken_engine_ends(
    starter_folder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = LoadOptions(speculation=Speculation.NGRAM)
    engine = "vllm=tests.e2e.breaking_engine:BreakingEngine"
    root = str(Path(__file__).parents[2])
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join((root, os.environ.get("PYTHONPATH", ""))))
    async with vllm_worker(starter_folder, options, "--engine", engine) as found:
        assert (await found.ask("france", CAPITAL)).text == PARIS
        line = "the quick brown fox jumps over the lazy dog. "
        job = await found.ask("again", line * 6, max_tokens=64, more={"ignore_end": True})
        assert 0 <= job.result.acceptance <= 1
        assert found.stats[-1].acceptance is not None
        # The sampling that a chat begins with would bring the engine down.
        default = msgspec.to_builtins(SamplingParams(max_tokens=8))
        job = await found.ask("default", CAPITAL, **{**default, "stop": ()})
        assert isinstance(job.ends[0], Failed)
        assert job.ends[0].kind is FailureKind.UNSUPPORTED
        assert "temperature to 0" in job.ends[0].message
        assert (await found.ask("goes on", CAPITAL)).text == PARIS
        # A step fails: both answers are told, and the worker does not live on without an engine.
        other = found.send("other", STORY, max_tokens=400)
        await other.begun.wait()
        job = await found.ask("break", "Break down.")
        await found.gone()
        words = "vLLM's engine has stopped: the kernel is on strike. Load the model again."
        for end in (*job.ends, *other.ends):
            assert isinstance(end, Failed)
            assert (end.kind, end.message) == (FailureKind.WORKER_DIED, words)
        assert len(job.ends) == len(other.ends) == 1
        assert found.client.end_message() == words
        assert "_fail" in found.client.log_tail()  # the traceback
        assert [line.text for line in found.log if line.level in ("error", "critical")] == []


async def test_loads_that_are_refused_in_words(tmp_path: Path) -> None:
    write_tiny_model(tmp_path / "tiny")
    config = tmp_path / "tiny" / "config.json"
    found = json.loads(config.read_text())
    found["quantization_config"] = {"quant_method": "nonsense", "bits": 3}
    config.write_text(json.dumps(found))
    model = open_model(tmp_path / "tiny")
    worker = VllmWorker()
    gpus = await worker.load(model.path, LoadOptions(gpus=2))
    worker.client.send(LoadModel(job_id="method", model=model, engine="vllm"))
    method = worker.jobs["method"]
    await method.ended.wait()
    await worker.close()
    for job, words in ((gpus, "over 2 GPUs"), (method, "nonsense")):
        end = job.ends[0]
        assert isinstance(end, Failed)
        assert end.kind is FailureKind.UNSUPPORTED, end
        assert words in end.message
    assert model.method == "nonsense"


def _compiled() -> set[Path]:
    """Return what torch has compiled so far."""
    folder = os.environ.get("TORCHINDUCTOR_CACHE_DIR", cache_dir() / "torchinductor")
    return set(Path(folder).rglob("*"))


def _own_folders() -> set[str]:
    root = tempfile.gettempdir()
    return {name for name in os.listdir(root) if name.startswith("phidesk-")}  # noqa: PTH208

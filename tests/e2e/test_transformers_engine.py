"""The Transformers engine with the starter model, from its GGUF file and as a folder."""

import asyncio
import warnings
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("torch")
pytest.importorskip("transformers")

from phidesk.core.catalog import open_model, starter
from phidesk.core.chat import (
    DEFAULT_SYSTEM_PROMPT,
    Message,
    Role,
    SamplingParams,
    StopReason,
)
from phidesk.protocol.commands import Generate, LoadModel
from phidesk.protocol.events import Event, Loaded, Progress
from phidesk.worker.engines.base import Piece
from phidesk.worker.engines.transformers_engine import TransformersEngine
from phidesk.worker.reporter import Reporter

pytestmark = [
    pytest.mark.engine,
    pytest.mark.skipif(starter() is None, reason="the starter model is not installed"),
]
PARIS = "The capital of France is Paris."


def _load(path: str) -> tuple[TransformersEngine, Loaded, list[Event]]:
    engine, events = TransformersEngine(), list[Event]()
    spec = LoadModel(job_id="load", model=open_model(path), engine="transformers")
    return engine, asyncio.run(engine.load(spec, Reporter("load", events.append))), events


@pytest.fixture(scope="module")
def from_gguf() -> tuple[TransformersEngine, Loaded, list[Event]]:
    return _load("starter")


@pytest.fixture(scope="module")
def engine(from_gguf: tuple[TransformersEngine, Loaded, list[Event]]) -> TransformersEngine:
    return from_gguf[0]


def _messages(question: str) -> tuple[Message, ...]:
    system = Message(role=Role.SYSTEM, content=DEFAULT_SYSTEM_PROMPT)
    return (system, Message(role=Role.USER, content=question))


async def _ask(engine: TransformersEngine, question: str, **sampling: Any) -> list[Piece]:
    request = Generate(
        job_id="ask",
        messages=_messages(question),
        sampling=SamplingParams(**({"temperature": 0.0, "max_tokens": 24} | sampling)),
    )
    async with aclosing(engine.generate(request)) as pieces:
        return [piece async for piece in pieces]


def _text(pieces: list[Piece]) -> str:
    return "".join(piece.text for piece in pieces)


def test_loaded_from_gguf(from_gguf: tuple[TransformersEngine, Loaded, list[Event]]) -> None:
    _, loaded, events = from_gguf
    size = {"bf16": 2, "fp32": 4}[loaded.dtype]
    assert loaded.weights_bytes == pytest.approx(134_515_008 * size, rel=0.001)
    assert loaded.context_length == 8192
    assert loaded.kv_bytes == 30 * 2 * 3 * 64 * size * 8192
    bars = [e.total for e in events if isinstance(e, Progress) and e.stage == "weights"]
    assert 272 in bars


async def test_capital_of_france(engine: TransformersEngine) -> None:
    pieces = await _ask(engine, "What is the capital of France?")
    assert _text(pieces) == PARIS
    assert pieces[0].prompt_tokens == 27
    assert engine.count_prompt(_messages("What is the capital of France?")) == 27
    assert engine.count_text(PARIS) == 7
    assert pieces[-1].stop_reason is StopReason.END
    assert sum(piece.tokens for piece in pieces) == 7


async def test_an_answer_goes_on_where_it_ended(engine: TransformersEngine) -> None:
    request = Generate(
        job_id="on",
        messages=(
            Message(role=Role.USER, content="What is the capital of France?"),
            Message(role=Role.ASSISTANT, content="The capital of"),
        ),
        sampling=SamplingParams(temperature=0.0, max_tokens=24),
        continues=True,
    )
    async with aclosing(engine.generate(request)) as pieces:
        assert "".join([piece.text async for piece in pieces]) == " France is Paris."


async def test_characters_are_never_broken(engine: TransformersEngine) -> None:
    question = "Continue this line with more of the same: 你好，世界 😀🎉 你好，世界 😀🎉"
    pieces = await _ask(engine, question, temperature=1.0, seed=3, max_tokens=40)
    assert "\ufffd" not in _text(pieces)
    assert sum(piece.tokens for piece in pieces) <= 40


async def test_seeds_alone_and_beside_each_other(engine: TransformersEngine) -> None:
    def ask(seed: int) -> Any:
        return _ask(engine, "Tell me a story.", temperature=1.0, seed=seed, max_tokens=12)

    one, two = await ask(1), await ask(2)
    assert _text(one) != _text(two)
    paris = _ask(engine, "What is the capital of France?")
    two_again, beside, one_again = await asyncio.gather(ask(2), paris, ask(1))
    assert (two_again, one_again) == (two, one)
    assert _text(beside) == PARIS


async def test_stop_string(engine: TransformersEngine) -> None:
    pieces = await _ask(engine, "What is the capital of France?", stop=("of Fra",))
    assert _text(pieces) == "The capital "
    assert pieces[-1].stop_reason is StopReason.STOP_STRING


async def test_cancelled_answer_leaves_the_engine_usable(engine: TransformersEngine) -> None:
    async def endless() -> None:
        await _ask(engine, "Write a very long story.", max_tokens=None)

    task = asyncio.create_task(endless())
    await asyncio.sleep(1)
    task.cancel()
    await asyncio.wait([task], timeout=20)
    assert task.cancelled()
    assert _text(await _ask(engine, "What is the capital of France?")) == PARIS


def test_as_a_folder(engine: TransformersEngine, tmp_path: Path) -> None:
    opened = engine._opened
    assert opened is not None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        opened.model.save_pretrained(tmp_path)
        opened.tokenizer.save_pretrained(tmp_path)
    folder, loaded, _ = _load(str(tmp_path))
    assert loaded.context_length == 8192
    assert _text(asyncio.run(_ask(folder, "What is the capital of France?"))) == PARIS

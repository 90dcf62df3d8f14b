"""Answers of an exact length, for measurements: the end-of-turn token does not end them."""

import asyncio
from contextlib import aclosing
from typing import Any

import pytest

from phidesk.core.catalog import starter
from phidesk.core.chat import DEFAULT_SYSTEM_PROMPT, Message, Role, SamplingParams, StopReason
from phidesk.protocol.commands import Generate, LoadModel
from phidesk.worker.engines.base import Piece
from phidesk.worker.reporter import Reporter

QUESTION = "What is the capital of France?"  # "The capital of France is Paris." has 7 tokens
CHINESE = "中国最长的河流是哪一条？"  # whose characters the starter model says in two tokens each


async def ask(engine: Any, text: str, tokens: int, **more: Any) -> list[Piece]:
    request = Generate(
        job_id="ask",
        messages=(
            Message(role=Role.SYSTEM, content=DEFAULT_SYSTEM_PROMPT),
            Message(role=Role.USER, content=text),
        ),
        sampling=SamplingParams(temperature=0.0, max_tokens=tokens),
        **more,
    )
    async with aclosing(engine.generate(request)) as pieces:
        return [piece async for piece in pieces]


def counted(pieces: list[Piece]) -> tuple[int, StopReason | None]:
    return sum(piece.tokens for piece in pieces), pieces[-1].stop_reason


async def load(engine: Any, name: str) -> None:
    model = starter()
    assert model is not None
    spec = LoadModel(job_id="load", model=model, engine=name, context_length=512)
    await engine.load(spec, Reporter("load", lambda _event: None))


async def test_llama_cpp_goes_on_to_the_last_token() -> None:
    from phidesk.worker.engines.llamacpp import LlamaCppEngine

    engine = LlamaCppEngine()
    await load(engine, "llamacpp")
    assert counted(await ask(engine, QUESTION, 20)) == (7, StopReason.END)
    assert counted(await ask(engine, QUESTION, 20, ignore_end=True)) == (20, StopReason.LENGTH)
    lengths = range(8, 20)  # some end inside a character
    answers = await asyncio.gather(*(ask(engine, CHINESE, n, ignore_end=True) for n in lengths))
    assert [counted(pieces) for pieces in answers] == [(n, StopReason.LENGTH) for n in lengths]
    await engine.close()


@pytest.mark.engine
async def test_transformers_goes_on_to_the_last_token() -> None:
    pytest.importorskip("torch")
    from phidesk.worker.engines.transformers_engine import TransformersEngine

    engine = TransformersEngine()
    await load(engine, "transformers")
    assert counted(await ask(engine, QUESTION, 20)) == (7, StopReason.END)
    assert counted(await ask(engine, QUESTION, 20, ignore_end=True)) == (20, StopReason.LENGTH)
    await engine.close()

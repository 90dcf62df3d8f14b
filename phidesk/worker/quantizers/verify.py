"""Checks a finished copy before it gets its name: it loads, it answers, its numbers are numbers."""

import asyncio
import math
from collections.abc import AsyncGenerator
from contextlib import aclosing
from pathlib import Path
from typing import cast

from phidesk.core.catalog import open_model
from phidesk.core.chat import Message, Role, SamplingParams
from phidesk.core.engines import EngineName, choose_engine
from phidesk.core.models import Device
from phidesk.protocol.commands import Generate, LoadModel
from phidesk.protocol.events import FailureKind
from phidesk.worker.engines.base import Engine, EngineError, Piece
from phidesk.worker.engines.dtype import choose_device
from phidesk.worker.engines.registry import BUILT_IN, make_engine
from phidesk.worker.reporter import Reporter

_QUESTION = "What is the capital of France?"
_TOKENS = 8


def verify(path: Path, report: Reporter) -> None:
    """Load the copy with the engine that will run it and let it answer a little.

    Raises EngineError where it does not load, is silent, or its weights have become NaN.
    """
    report.progress("verify")
    asyncio.run(_try(path, Reporter(report.job_id, lambda _event: None)))


async def _try(path: Path, report: Reporter) -> None:
    model = open_model(path)
    if model.method == "awq" and choose_device() is Device.CUDA:
        # vLLM has a kernel for it there and Transformers none, and vLLM wants a process of its own.
        _check_scales(path)
        return
    name = choose_engine(model)
    engine = make_engine(BUILT_IN, name.value)
    spec = LoadModel(
        job_id=report.job_id,
        model=model,
        engine=name.value,
        context_length=512,
        without_code=True,  # there is none in the copy
    )
    await engine.load(spec, report)
    try:
        if name is EngineName.TRANSFORMERS:
            _check_logits(engine)
        await _ask(engine, path)
    finally:
        await engine.close()


def _check_scales(path: Path) -> None:
    from safetensors import safe_open

    found = 0
    for file in sorted(path.glob("*.safetensors")):
        with safe_open(file, framework="pt") as tensors:
            for name in (n for n in tensors.keys() if n.endswith(".scales")):  # noqa: SIM118
                scales = tensors.get_tensor(name).float()
                found += 1
                if not bool(scales.isfinite().all()) or not bool(scales.any()):
                    raise _not_numbers()
    if not found:
        raise EngineError(
            FailureKind.CORRUPT_FILE, f"The finished copy “{path.name}” has no quantized weights."
        )


async def _ask(engine: Engine, path: Path) -> None:
    request = Generate(
        job_id="verify",
        messages=(Message(role=Role.USER, content=_QUESTION),),
        sampling=SamplingParams(temperature=0, max_tokens=_TOKENS),
    )
    tokens = 0
    pieces = cast(AsyncGenerator[Piece, None], engine.generate(request))
    async with aclosing(pieces):
        async for piece in pieces:
            tokens += piece.tokens
    if tokens == 0:
        raise EngineError(
            FailureKind.CORRUPT_FILE, f"The finished copy “{path.name}” says nothing: it is broken."
        )


def _check_logits(engine: Engine) -> None:
    import torch

    from phidesk.worker.engines.transformers_engine import TransformersEngine

    assert isinstance(engine, TransformersEngine)  # noqa: S101 - chosen above
    opened = engine.opened
    assert opened is not None  # noqa: S101 - it is loaded
    ids = opened.tokenizer(_QUESTION, return_tensors="pt").input_ids.to(opened.device)
    with torch.inference_mode():
        worst = float(opened.model(ids).logits.float().abs().max())
    if not math.isfinite(worst):
        raise _not_numbers()


def _not_numbers() -> EngineError:
    return EngineError(
        FailureKind.CORRUPT_FILE,
        "The finished copy computes numbers that are none (NaN). Choose more bits, a smaller "
        "group size, or more calibration samples.",
    )

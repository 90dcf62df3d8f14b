"""The Transformers engine on a graphics card, with a random Llama of 1.0 billion weights."""

import asyncio
import gc
import os
import statistics
import time
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")

from phidesk.core.catalog import open_model  # noqa: E402
from phidesk.core.chat import Message, Role, SamplingParams  # noqa: E402
from phidesk.protocol.commands import Generate, LoadModel  # noqa: E402
from phidesk.protocol.events import FailureKind, Loaded  # noqa: E402
from phidesk.worker.engines import transformers_load  # noqa: E402
from phidesk.worker.engines.base import EngineError, Piece  # noqa: E402
from phidesk.worker.engines.transformers_engine import TransformersEngine  # noqa: E402
from phidesk.worker.reporter import Reporter  # noqa: E402
from tests.models import write_llama  # noqa: E402

pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no NVIDIA GPU"),
]
SEEDED = {"temperature": 1.0, "top_k": 0, "top_p": 1.0, "min_p": 0.0}
TOKENS = int(os.environ.get("PHIDESK_RATIO_TOKENS", "128"))


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("models") / "random"
    write_llama(
        found,
        device="cuda",
        special=("<unk>",),
        hidden_size=2048,
        intermediate_size=5632,
        num_hidden_layers=20,
        num_attention_heads=16,
        num_key_value_heads=4,
        max_position_embeddings=4096,
        eos_token_id=None,  # no answer ends before its limit
    )
    _empty_cache()
    return found


def _load(path: Path) -> tuple[TransformersEngine, Loaded]:
    engine = TransformersEngine()
    spec = LoadModel(job_id="load", model=open_model(path), engine="transformers")
    return engine, asyncio.run(engine.load(spec, Reporter("load", lambda _event: None)))


@pytest.fixture(scope="module")
def loaded(path: Path) -> tuple[TransformersEngine, Loaded]:
    return _load(path)


@pytest.fixture(scope="module")
def engine(loaded: tuple[TransformersEngine, Loaded]) -> TransformersEngine:
    return loaded[0]


def _request(**sampling: Any) -> Generate:
    return Generate(
        job_id="ask",
        messages=(Message(role=Role.USER, content="Once upon a time"),),
        sampling=SamplingParams(**({"temperature": 0.0, "max_tokens": 32} | sampling)),
    )


async def _ask(engine: TransformersEngine, **sampling: Any) -> list[Piece]:
    async with aclosing(engine.generate(_request(**sampling))) as pieces:
        return [piece async for piece in pieces]


def _empty_cache() -> None:
    gc.collect()
    torch.cuda.empty_cache()


def test_loaded(loaded: tuple[TransformersEngine, Loaded]) -> None:
    print(loaded[1])
    assert loaded[1].device == "cuda"
    assert loaded[1].dtype == "bf16"
    assert loaded[1].kv_bytes == 20 * 2 * 4 * 128 * 2 * 4096
    assert loaded[1].weights_bytes == pytest.approx(2 * 0.9e9, rel=0.05)


def test_seeds_beside_each_other(engine: TransformersEngine) -> None:
    async def run() -> None:
        alone = [await _ask(engine, **SEEDED, seed=seed) for seed in range(4)]
        assert len({"".join(p.text for p in pieces) for pieces in alone}) == 4
        noise = _ask(engine, **SEEDED, max_tokens=100)
        again = (_ask(engine, **SEEDED, seed=seed) for seed in range(4))
        assert (await asyncio.gather(noise, *again))[1:] == alone

    asyncio.run(run())


def test_as_fast_as_bare_generate(engine: TransformersEngine) -> None:
    class Nothing:
        def put(self, value: Any) -> None: ...
        def end(self) -> None: ...

    opened = engine._opened
    assert opened is not None
    prompt = opened.tokenizer("Once upon a time", return_tensors="pt").to(opened.device)

    def bare() -> float:
        started = time.perf_counter()
        with torch.inference_mode():
            out = opened.model.generate(
                **prompt, max_new_tokens=TOKENS, do_sample=False, streamer=Nothing()
            )
        tokens = out.shape[1] - prompt["input_ids"].shape[1]
        return float(tokens / (time.perf_counter() - started))

    def ours() -> float:
        started = time.perf_counter()
        tokens = sum(p.tokens for p in asyncio.run(_ask(engine, max_tokens=TOKENS)))
        return tokens / (time.perf_counter() - started)

    bare(), ours()
    pairs = [(ours(), bare()) for _ in range(7)]
    ratio = statistics.median(o for o, _ in pairs) / statistics.median(b for _, b in pairs)
    print("ours, bare tok/s:", [(round(o, 1), round(b, 1)) for o, b in pairs], f"{ratio:.3f}")
    assert ratio >= 0.97


def test_card_that_is_too_full(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda: (10**9, 80 * 10**9))
    with pytest.raises(EngineError) as caught:
        _load(path)
    assert caught.value.kind is FailureKind.OUT_OF_MEMORY
    assert "1.0 GB are free on the graphics card" in caught.value.message


def test_memory_that_really_runs_out() -> None:
    with pytest.raises(EngineError) as caught, transformers_load.plain_words("m"):
        torch.empty(2**40, dtype=torch.uint8, device="cuda")
    assert caught.value.kind is FailureKind.OUT_OF_MEMORY


def test_close_gives_the_memory_back(path: Path) -> None:
    _empty_cache()
    before = torch.cuda.memory_allocated()
    engine, loaded = _load(path)
    asyncio.run(_ask(engine, max_tokens=4))
    assert loaded.weights_bytes is not None
    assert torch.cuda.memory_allocated() - before >= loaded.weights_bytes
    asyncio.run(engine.close())
    assert torch.cuda.memory_allocated() - before < 64 * 2**20

"""Folders that AutoRound and bitsandbytes really wrote, from the tiny model."""

import asyncio
import gc
import logging
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")

pytestmark = pytest.mark.engine
Load = Callable[..., Any]
Ask = Callable[..., Any]


@contextmanager
def _library(name: str) -> Iterator[Any]:
    """Import a library, let it warn about its own insides and collect garbage quickly.

    AutoRound collects 15 times; over all that torch and pytest hold that takes 0.3 to 2 s each.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        library = pytest.importorskip(name)
        gc.freeze()
        try:
            yield library
        finally:
            gc.unfreeze()


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory, write_model: Callable[..., None]) -> Path:
    """A tiny model that is just wide enough for the quantization kernels."""
    path = tmp_path_factory.mktemp("wide") / "wide"
    write_model(path, hidden=256)
    return path


def _open(path: Path, **more: Any) -> tuple[Any, Any]:
    model = transformers.AutoModelForCausalLM.from_pretrained(path, device_map="cpu", **more)
    return model, transformers.AutoTokenizer.from_pretrained(path)


@pytest.mark.parametrize("file_format", ["auto_round", "auto_gptq", "auto_awq"])
def test_folder_from_autoround(
    file_format: str, original: Path, tmp_path: Path, load: Load, ask: Ask
) -> None:
    with _library("auto_round") as auto_round:
        model, tokenizer = _open(original, dtype=torch.bfloat16)
        auto_round.AutoRound(
            model,
            tokenizer,
            scheme="W4A16",
            iters=0,
            nsamples=1,
            seqlen=32,
            group_size=32,
            dataset=[torch.arange(3, 35).reshape(1, 32)],
            device_map="cpu",
        ).quantize_and_save(str(tmp_path), format=file_format)
    logging.getLogger("auto_round").handlers.clear()
    path = next(tmp_path.rglob("config.json")).parent
    engine, loaded, _ = load(path)
    assert loaded.kernel.startswith("QuantLinear")
    assert loaded.weights_bytes < 1_500_000
    assert loaded.dtype in ("bf16", "fp16")
    assert sum(piece.tokens for piece in asyncio.run(ask(engine, max_tokens=5))) == 5


def test_folder_from_bitsandbytes(original: Path, tmp_path: Path, load: Load, ask: Ask) -> None:
    with _library("bitsandbytes"):
        settings = transformers.BitsAndBytesConfig(
            load_in_4bit=True, bnb_4bit_quant_type="nf4", bnb_4bit_use_double_quant=True
        )
        model, tokenizer = _open(original, dtype=torch.bfloat16, quantization_config=settings)
        model.save_pretrained(tmp_path)
        tokenizer.save_pretrained(tmp_path)
    engine, loaded, _ = load(tmp_path)
    assert loaded.kernel == "Linear4bit"
    assert loaded.dtype == "bf16"
    assert loaded.weights_bytes < 1_000_000
    assert sum(piece.tokens for piece in asyncio.run(ask(engine, max_tokens=5))) == 5

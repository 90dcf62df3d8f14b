"""A random two-layer Llama with a byte tokenizer, and ways to load and ask it."""

import asyncio
import json
import shutil
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest

from phidesk.core.catalog import open_model
from phidesk.core.chat import Message, Role, SamplingParams
from phidesk.protocol.commands import Generate, LoadModel
from phidesk.protocol.events import Event, Loaded
from phidesk.worker.engines.base import Piece
from phidesk.worker.reporter import Reporter

_TEMPLATE = (
    "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


def write_tiny_model(path: Path, hidden: int = 64) -> None:
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    special = ["<unk>", "<|im_start|>", "<|im_end|>"]
    vocab = {c: n for n, c in enumerate(special + sorted(pre_tokenizers.ByteLevel.alphabet()))}
    backend = Tokenizer(models.BPE(vocab=vocab, merges=[]))
    backend.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    backend.decoder = decoders.ByteLevel()
    backend.add_special_tokens(special)
    names = {
        "unk_token": special[0],
        "bos_token": special[1],
        "eos_token": special[2],
        "pad_token": special[2],
    }
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=backend, **names)
    tokenizer.chat_template = _TEMPLATE
    tokenizer.save_pretrained(path)
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=len(vocab),
        hidden_size=hidden,
        intermediate_size=2 * hidden,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=512,
        initializer_range=0.2,
        bos_token_id=1,
        eos_token_id=2,
        pad_token_id=2,
    )
    LlamaForCausalLM(config).to(torch.bfloat16).save_pretrained(path)


def _load(path: Path, engine: Any = None, **more: Any) -> tuple[Any, Loaded, list[Event]]:
    from phidesk.worker.engines.transformers_engine import TransformersEngine

    engine = engine or TransformersEngine()
    events: list[Event] = []
    spec = LoadModel(job_id="load", model=open_model(path), engine="transformers", **more)
    loaded = asyncio.run(engine.load(spec, Reporter("load", events.append)))
    return engine, loaded, events


async def _ask(engine: Any, text: str = "Hello", **sampling: Any) -> list[Piece]:
    sampling = {"temperature": 0.0, "max_tokens": 24} | sampling
    request = Generate(
        job_id="ask",
        messages=(Message(role=Role.USER, content=text),),
        sampling=SamplingParams(**sampling),
    )
    async with aclosing(engine.generate(request)) as pieces:
        return [piece async for piece in pieces]


@pytest.fixture(scope="session")
def load() -> Callable[..., tuple[Any, Loaded, list[Event]]]:
    """load(path, **LoadModel fields) -> engine, Loaded, the events of the load."""
    return _load


@pytest.fixture(scope="session")
def ask() -> Callable[..., Awaitable[list[Piece]]]:
    """ask(engine, text, **SamplingParams fields) -> all pieces of the answer."""
    return _ask


@pytest.fixture(scope="session")
def write_model() -> Callable[..., None]:
    """write_model(path, hidden=64) writes a random Llama."""
    return write_tiny_model


@pytest.fixture(scope="session")
def tiny_engine(tiny_model: Path) -> Any:
    """An engine with the tiny model loaded; tests must not close it."""
    return _load(tiny_model)[0]


@pytest.fixture(scope="session")
def tiny_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("models") / "tiny"
    write_tiny_model(path)
    return path


@pytest.fixture
def tiny_copy(tiny_model: Path, tmp_path: Path) -> Path:
    """A copy of the tiny model that a test may damage."""
    return Path(shutil.copytree(tiny_model, tmp_path / "copy"))


@pytest.fixture
def edit_json() -> Callable[..., None]:
    """Change keys of a JSON file; None removes one."""

    def edit(path: Path, **changes: object) -> None:
        found = json.loads(path.read_text()) | changes
        path.write_text(json.dumps({k: v for k, v in found.items() if v is not None}))

    return edit

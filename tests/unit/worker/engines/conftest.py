"""A random two-layer Llama, and ways to load and ask it."""

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
from tests.models import write_tiny_model


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

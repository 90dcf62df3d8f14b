"""The scan in a process of its own, and the command that prints the library."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import aclosing
from pathlib import Path

import psutil
import pytest

from phidesk.client.library import ScanError, scan
from phidesk.core.library.entry import LibraryEntry
from phidesk.core.library.messages import Batch, Finished, Listed
from phidesk.core.library.places import Place, Source

Make = Callable[..., bytes]


@pytest.fixture
def models(tmp_path: Path, gguf_bytes: Make, safetensors_bytes: Make) -> Path:
    root = tmp_path / "models"
    for name in ("a", "模型"):
        (root / name).mkdir(parents=True)
        (root / name / "config.json").write_text('{"model_type": "llama"}')
        (root / name / "model.safetensors").write_bytes(safetensors_bytes())
    for number in range(120):
        (root / f"{number}.gguf").write_bytes(gguf_bytes())
    return root


def place(path: Path) -> list[Place]:
    return [Place(source=Source.FOLDER, path=str(path))]


async def test_a_process_names_all_and_then_looks_closer(models: Path) -> None:
    kinds: list[type] = []
    entries: dict[str, LibraryEntry] = {}
    async for message in scan(place(models)):
        kinds.append(type(message))
        if isinstance(message, Batch):
            entries |= {entry.ref.name: entry for entry in message.entries}
        elif isinstance(message, Listed):
            assert len(entries) == 123
            assert str(models / "模型") in message.folders
        elif isinstance(message, Finished):
            (group,) = [g for g in message.duplicates if len(g.copies) == 2]
            assert group.copies == ((str(models / "a"),), (str(models / "模型"),))
    assert kinds.count(Listed) == kinds.count(Finished) == 1
    assert kinds[-1] is Finished
    assert entries["7"].parameters is None


async def test_who_stops_listening_ends_the_process(models: Path) -> None:
    for number in range(1500):  # a second's work
        (models / f"more{number}.gguf").hardlink_to(models / "0.gguf")
    async with aclosing(scan(place(models))) as messages:
        await anext(messages)
        assert scans()
    assert not scans()


def scans() -> list[psutil.Process]:
    """The processes of this one that scan."""
    children = psutil.Process().children()
    return [child for child in children if "phidesk.core.library" in child.cmdline()]


@pytest.mark.parametrize(
    ("python", "words"), [("false", "ended with exit code 1"), ("gone", "could not be started")]
)
async def test_a_scan_that_dies_is_told(
    models: Path, monkeypatch: pytest.MonkeyPatch, python: str, words: str
) -> None:
    monkeypatch.setattr(sys, "executable", shutil.which(python) or f"/{python}")
    with pytest.raises(ScanError, match=words):
        await anext(scan(place(models)))


def phidesk(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "phidesk", "models", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=os.environ, check=False)


def test_the_command_prints_a_table(models: Path) -> None:
    done = phidesk("--folder", str(models))
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0].split() == [
        "MODEL", "FAMILY", "PARAMS", "FORMAT", "SIZE", "CONTEXT", "LICENCE", "ENGINES", "FROM",
        "PATH",
    ]  # fmt: skip
    assert lines[1].startswith("SmolLM2 135M (starter)  Llama   135M    Q4_1    98.4 MB")
    assert f"= 模型 holds the same weights as {models / 'a'}" in lines


def test_the_command_prints_objects_and_names_missing_folders(models: Path) -> None:
    done = phidesk("--json", "--folder", str(models), "--folder", str(models / "gone"))
    assert done.returncode == 1
    assert f"there is no folder “{models / 'gone'}”" in done.stderr
    found = {model["name"]: model for model in map(json.loads, done.stdout.splitlines())}
    assert len(found) == 123
    assert found["模型"]["same_weights"] == [str(models / "a")]
    assert found["SmolLM2 135M (starter)"]["engines"][0] == "llamacpp"
    assert found["SmolLM2 135M (starter)"]["entry"]["is_exact"] is True

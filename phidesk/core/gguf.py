"""Reads what the picker needs from the head of a GGUF file.

The `gguf` package reads every key, the vocabulary included: 2.5 s for the 49,152 tokens of
the starter model, and it needs numpy. The picker needs a handful of keys that llama.cpp's
converters write before the vocabulary, so this reader stops there: under 1 ms a file.

Format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
"""

import os
import stat
import struct
from pathlib import Path
from typing import BinaryIO

import msgspec

from phidesk.core.models import plausible_tokens

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
SCALAR_SIZES = {kind: struct.calcsize("<" + layout) for kind, layout in _SCALARS.items()}
_STRING, _ARRAY = 8, 9
_MAX_HEAD = 4 * 2**20  # bytes before the vocabulary; real files have a few thousand
_MAX_KEYS = 100_000
_VOCABULARY = "tokenizer.ggml.tokens"
_MOST_PARAMETERS = 10**14
_NOT_MODELS = ("adapter", "imatrix", "mmproj")

# llama.cpp's llama_ftype, the general.file_type of a GGUF file.
_FILE_TYPES = {
    0: "F32", 1: "F16", 2: "Q4_0", 3: "Q4_1", 7: "Q8_0", 8: "Q5_0", 9: "Q5_1", 10: "Q2_K",
    11: "Q3_K_S", 12: "Q3_K_M", 13: "Q3_K_L", 14: "Q4_K_S", 15: "Q4_K_M", 16: "Q5_K_S",
    17: "Q5_K_M", 18: "Q6_K", 19: "IQ2_XXS", 20: "IQ2_XS", 21: "Q2_K_S", 22: "IQ3_XS",
    23: "IQ3_XXS", 24: "IQ1_S", 25: "IQ4_NL", 26: "IQ3_S", 27: "IQ3_M", 28: "IQ2_S", 29: "IQ2_M",
    30: "IQ4_XS", 31: "IQ1_M", 32: "BF16", 36: "TQ1_0", 37: "TQ2_0", 38: "MXFP4",
    39: "NVFP4", 40: "Q1_0",
}  # fmt: skip


class GgufError(ValueError):
    """The file is not a GGUF file that can be read; the message says why."""


class GgufHead(msgspec.Struct, frozen=True, kw_only=True):
    """What the head of the file says.

    kind: the general.type ("model", "adapter", "imatrix", "mmproj").
    numbers: the architecture's own figures ("block_count", "embedding_length", ...).
    vocabulary: how many tokens it claims to know. size_label: such as "8B". parameters: as it says.
    repo: the address of the repository that it was made from.
    """

    architecture: str
    name: str
    kind: str
    file_type: str
    context_length: int | None
    numbers: dict[str, int] = {}
    vocabulary: int | None = None
    parameters: int | None = None
    size_label: str = ""
    licence: str = ""
    repo: str = ""

    @property
    def is_model(self) -> bool:
        """False for what only goes with a model: adapters, image readers, statistics."""
        return self.kind not in _NOT_MODELS and self.architecture != "clip"


class _Reader:
    """Reads a file on from its start; no number in it can make it read past _MAX_HEAD."""

    def __init__(self, file: BinaryIO) -> None:
        info = os.fstat(file.fileno())
        self._file = file
        self._is_whole = info.st_size <= _MAX_HEAD
        self._left = min(info.st_size, _MAX_HEAD)

    def bytes(self, size: int) -> bytes:
        self._take(size)
        data = self._file.read(size)
        if len(data) < size:
            raise GgufError("the file ends in the middle of its header")
        return data

    def skip(self, size: int) -> None:
        self._take(size)
        self._file.seek(size, os.SEEK_CUR)

    def numbers(self, layout: str) -> tuple[int, ...]:
        return struct.unpack(layout, self.bytes(struct.calcsize(layout)))

    def string(self) -> str:
        (length,) = self.numbers("<Q")
        return self.bytes(length).decode("utf-8", errors="replace")

    def _take(self, size: int) -> None:
        if size > self._left:
            if self._is_whole:
                raise GgufError("the file ends in the middle of its header")
            raise GgufError(f"the header claims more than {_MAX_HEAD:,} bytes")
        self._left -= size


def is_gguf(path: Path) -> bool:
    """Return whether a file begins as GGUF files do, whatever its name; raises OSError."""
    with path.open("rb") as file:
        return file.read(4) == b"GGUF"


def read_head(path: Path) -> GgufHead:
    """Read the keys before the vocabulary; raises GgufError or OSError."""
    if not stat.S_ISREG(path.stat().st_mode):
        raise GgufError("not a regular file")  # a pipe would keep the reader waiting for ever
    with path.open("rb") as file:
        if file.read(4) != b"GGUF":
            raise GgufError("not a GGUF file (the first four bytes are not “GGUF”)")
        file.seek(0)
        found = _read_keys(_Reader(file))
    architecture = _text(found.get("general.architecture"))
    kind = _text(found.get("general.type")) or "model"
    if not architecture and kind not in _NOT_MODELS:
        raise GgufError("the header names no architecture")
    file_type = found.get("general.file_type")
    return GgufHead(
        architecture=architecture,
        name=_text(found.get("general.name")),
        kind=kind,
        file_type=_FILE_TYPES.get(file_type, "") if isinstance(file_type, int) else "",
        context_length=plausible_tokens(found.get(f"{architecture}.context_length")),
        numbers={
            key.removeprefix(f"{architecture}."): value
            for key, value in found.items()
            if key.startswith(f"{architecture}.") and type(value) is int
        },
        vocabulary=plausible_tokens(found.get(_VOCABULARY)),
        parameters=_parameters(found.get("general.parameter_count")),
        size_label=_text(found.get("general.size_label")),
        licence=_text(found.get("general.license")),
        repo=_text(found.get("general.repo_url")) or _text(found.get("general.source.repo_url")),
    )


def _read_keys(head: _Reader) -> dict[str, object]:
    _magic, version, _tensors, count = head.numbers("<IIQQ")
    if version not in (2, 3):
        raise GgufError(f"GGUF version {version} is not supported (2 and 3 are)")
    if count > _MAX_KEYS:
        raise GgufError(f"the header claims {count:,} keys")
    found: dict[str, object] = {}
    for _ in range(count):
        key = head.string()
        (kind,) = head.numbers("<I")
        if kind == _STRING:
            found[key] = head.string()
        elif kind == _ARRAY:
            if key.startswith("tokenizer."):
                if key == _VOCABULARY:
                    found[key] = head.numbers("<IQ")[1]
                break
            _skip_array(head)
        elif kind in _SCALARS:
            (found[key],) = head.numbers("<" + _SCALARS[kind])
        else:
            raise GgufError(f"the key “{key[:60]}” has an unknown type {kind}")
    return found


def _skip_array(head: _Reader) -> None:
    kind, length = head.numbers("<IQ")
    if kind in _SCALARS:
        head.skip(length * SCALAR_SIZES[kind])
    elif kind == _STRING:
        for _ in range(length):
            (size,) = head.numbers("<Q")
            head.skip(size)
    else:
        raise GgufError(f"the header holds an array of an unknown type {kind}")


def _parameters(claim: object) -> int | None:
    return claim if type(claim) is int and 0 < claim < _MOST_PARAMETERS else None


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""

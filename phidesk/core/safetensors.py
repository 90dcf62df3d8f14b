"""Checks the head of a safetensors file against the file's real size.

Format: https://huggingface.co/docs/safetensors/index#format
"""

import struct
from pathlib import Path

import msgspec

_MAX_HEADER = 100_000_000  # the safetensors library's own limit


class SafetensorsError(ValueError):
    """The file cannot be read; the message says why."""


class _Tensor(msgspec.Struct):
    dtype: str
    shape: list[int]
    data_offsets: tuple[int, int]


class SafetensorsHead(msgspec.Struct, frozen=True, kw_only=True):
    """dtypes: bytes of tensor data for each dtype ("BF16", "I32", ...)."""

    dtypes: dict[str, int]


def read_head(path: Path) -> SafetensorsHead:
    """Read the header; raises SafetensorsError where it or the file's length is wrong."""
    size = path.stat().st_size
    with path.open("rb") as file:
        prefix = file.read(8)
        if len(prefix) < 8:
            raise SafetensorsError("the file is shorter than its header")
        (length,) = struct.unpack("<Q", prefix)
        if length > _MAX_HEADER:
            raise SafetensorsError(f"the header claims {length:,} bytes: not a safetensors file")
        header = file.read(length)
    if len(header) < length:
        raise SafetensorsError("the file ends in the middle of its header")
    try:
        raw = msgspec.json.decode(header, type=dict[str, msgspec.Raw])
        raw.pop("__metadata__", None)
        tensors = [msgspec.json.decode(value, type=_Tensor) for value in raw.values()]
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise SafetensorsError("the header is not valid JSON of tensors") from error
    needed = 8 + length + max((t.data_offsets[1] for t in tensors), default=0)
    if size < needed:
        raise SafetensorsError(f"cut off: {size:,} bytes are there, {needed:,} are needed")
    dtypes: dict[str, int] = {}
    for tensor in tensors:
        begin, end = tensor.data_offsets
        dtypes[tensor.dtype] = dtypes.get(tensor.dtype, 0) + end - begin
    return SafetensorsHead(dtypes=dtypes)

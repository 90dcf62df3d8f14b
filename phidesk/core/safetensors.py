"""Checks the head of a safetensors file against the file's real size.

Format: https://huggingface.co/docs/safetensors/index#format
"""

import stat
import struct
from pathlib import Path
from typing import Annotated

import msgspec

_MAX_HEADER = 100_000_000  # the safetensors library's own limit
_MOST_SIZES = 16  # of a tensor; convolutions over time have five
_Size = Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)]


class SafetensorsError(ValueError):
    """The file cannot be read; the message says why."""


class Tensor(msgspec.Struct, gc=False):
    """One tensor; data_offsets: its first byte and the one after it, from the data's start."""

    dtype: str
    shape: Annotated[tuple[_Size, ...], msgspec.Meta(max_length=_MOST_SIZES)]
    data_offsets: tuple[int, int]


_TENSOR = msgspec.json.Decoder(Tensor)


class SafetensorsHead(msgspec.Struct, frozen=True, kw_only=True):
    """dtypes: bytes of tensor data for each dtype ("BF16", "I32", ...).

    tensors: by name. data_start: where in the file their data begins.
    """

    dtypes: dict[str, int]
    tensors: dict[str, Tensor]
    data_start: int

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The shapes by tensor name."""
        return {name: tensor.shape for name, tensor in self.tensors.items()}


def read_head(path: Path) -> SafetensorsHead:
    """Read the header; raises SafetensorsError where it or the file's length is wrong.

    Raises OSError where the file cannot be read.
    """
    info = path.stat()
    if not stat.S_ISREG(info.st_mode):
        raise SafetensorsError("not a regular file")
    size = info.st_size
    with path.open("rb") as file:
        prefix = file.read(8)
        if len(prefix) < 8:
            raise SafetensorsError("the file is shorter than its header")
        (length,) = struct.unpack("<Q", prefix)
        if length > _MAX_HEADER:
            raise SafetensorsError(f"the header claims {length:,} bytes: not a safetensors file")
        if length > size - 8:
            raise SafetensorsError("the file ends in the middle of its header")
        header = file.read(length)
    try:
        raw = msgspec.json.decode(header, type=dict[str, msgspec.Raw])
        raw.pop("__metadata__", None)
        decode = _TENSOR.decode
        named = {name: decode(value) for name, value in raw.items()}
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise SafetensorsError("the header is not valid JSON of tensors") from error
    tensors = list(named.values())
    _check_offsets(tensors, size - 8 - length)
    dtypes: dict[str, int] = {}
    for tensor in tensors:
        begin, end = tensor.data_offsets
        dtypes[tensor.dtype] = dtypes.get(tensor.dtype, 0) + end - begin
    return SafetensorsHead(dtypes=dtypes, tensors=named, data_start=8 + length)


def _check_offsets(tensors: list[Tensor], there: int) -> None:
    """Raise SafetensorsError unless the tensors fill the data without gaps, as the format asks."""
    needed = 0
    for begin, end in sorted(tensor.data_offsets for tensor in tensors):
        if begin != needed or end < begin:
            raise SafetensorsError("the header's tensors overlap or leave gaps")
        needed = end
    if there < needed:
        raise SafetensorsError(f"cut off: {there:,} bytes of data are there, {needed:,} are needed")
    if there > needed:
        raise SafetensorsError(f"{there - needed:,} bytes too long")

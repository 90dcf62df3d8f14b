"""Reads what lies behind the vocabulary of a GGUF file: its chat template and its tensors.

It passes over the vocabulary (core.gguf_walk), so this is no part of a scan's first look
(core.gguf); it says whether the file is whole, which the first look cannot.
"""

import math
import struct
from pathlib import Path

import msgspec

from phidesk.core.gguf import GgufError
from phidesk.core.gguf_walk import FIRST_KEY, STRING, keys_of, string_at

_UINT32 = 4
_TEMPLATE, _ALIGNMENT = b"tokenizer.chat_template", b"general.alignment"
_MOST_KEYS = 100_000
_MOST_TENSORS = 1_000_000
_MOST_SIZES = 4
_HEADS = (2**23, 2**26, 2**28)
"""How many bytes are read, one after the other, until the header is in them."""
_U32 = struct.Struct("<I")

# ggml's types: weights in a block, and bytes of the block.
# https://github.com/ggml-org/ggml/blob/master/src/ggml-common.h
_BLOCKS = {
    0: (1, 4), 1: (1, 2), 2: (32, 18), 3: (32, 20), 6: (32, 22), 7: (32, 24), 8: (32, 34),
    10: (256, 84), 11: (256, 110), 12: (256, 144), 13: (256, 176), 14: (256, 210),
    15: (256, 292), 16: (256, 66), 17: (256, 74), 18: (256, 98), 19: (256, 50), 20: (32, 18),
    21: (256, 110), 22: (256, 82), 23: (256, 136), 24: (1, 1), 25: (1, 2), 26: (1, 4), 27: (1, 8),
    28: (1, 8), 29: (256, 56), 30: (1, 2), 34: (256, 54), 35: (256, 66), 39: (32, 17),
    40: (64, 36), 41: (128, 18),
}  # fmt: skip


class GgufTensors(msgspec.Struct, frozen=True, kw_only=True):
    """parameters: numbers of all tensors; size: bytes that the whole file must have.

    Tensors of a type that is not known count nothing for the size.
    """

    parameters: int
    size: int
    has_template: bool


def read_tensors(path: Path) -> GgufTensors:
    """Read a file to the end of its header; raises GgufError or OSError."""
    with path.open("rb") as file:
        for most in _HEADS:  # not a map of the file: what is cut off meanwhile would be fatal
            file.seek(0)
            data = file.read(most)
            try:
                return _read(data)
            except (struct.error, OverflowError) as error:
                if len(data) < most:
                    raise GgufError("the file ends in the middle of its header") from error
    raise GgufError(f"the header is longer than {_HEADS[-1]:,} bytes")


def _read(data: bytes) -> GgufTensors:
    magic, _version, tensors, keys = struct.unpack_from("<4sIQQ", data)
    if magic != b"GGUF" or keys > _MOST_KEYS or tensors > _MOST_TENSORS:
        raise GgufError("the header claims absurd numbers")
    place, alignment, has_template = FIRST_KEY, 32, False
    for key, kind, start, end in keys_of(data, keys):
        place = end
        if key == _TEMPLATE:
            has_template = kind == STRING
        elif key == _ALIGNMENT and kind == _UINT32:
            (alignment,) = _U32.unpack_from(data, start)
    parameters, needed = 0, 0
    for _ in range(tensors):
        _name, place = string_at(data, place)
        (dimensions,) = _U32.unpack_from(data, place)
        if dimensions > _MOST_SIZES:
            raise GgufError(f"the header claims a tensor of {dimensions:,} dimensions")
        *sizes, kind, offset = struct.unpack_from(f"<{dimensions}QIQ", data, place + 4)
        place += 4 + 8 * dimensions + 12
        count = math.prod(sizes)
        parameters += count
        weights, size = _BLOCKS.get(kind, (1, 0))
        needed = max(needed, offset + count * size // weights)
    start = -(-place // max(1, alignment)) * max(1, alignment)
    return GgufTensors(
        parameters=parameters, size=start + needed if tensors else place, has_template=has_template
    )

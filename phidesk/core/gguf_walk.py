"""Walks through all keys of a GGUF file's head, the vocabulary included.

Passing over a vocabulary of 150,000 tokens takes some 30 ms. To search for the name of a key would
be faster, but a token could be made to look like one.

Format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
"""

import struct
from collections.abc import Iterator

from phidesk.core.gguf import SCALAR_SIZES, GgufError

FIRST_KEY = 24
"""Where the keys begin, behind magic, version and both counts."""
STRING = 8
ARRAY = 9
_U32, _U64 = struct.Struct("<I"), struct.Struct("<Q")


def keys_of(data: bytes, count: int) -> Iterator[tuple[bytes, int, int, int]]:
    """Yield each key, the kind of its value, and where that begins and ends.

    An end beyond the data shows up at the next read. Raises struct.error or OverflowError where
    the head goes on after the data, or lies; GgufError for an unknown kind.
    """
    place = FIRST_KEY
    for _ in range(count):
        key, place = string_at(data, place)
        (kind,) = _U32.unpack_from(data, place)
        place += 4
        start, place = place, end_of(data, place, kind)
        yield key, kind, start, place


def string_at(data: bytes, place: int) -> tuple[bytes, int]:
    """Return a string and where it ends; raises struct.error where it is not all there."""
    (length,) = _U64.unpack_from(data, place)
    end = place + 8 + length
    if end > len(data):
        raise struct.error("the string goes on after the data")
    return data[place + 8 : end], end


def end_of(data: bytes, place: int, kind: int) -> int:
    """Return where a value ends."""
    if kind == STRING:
        length: int = _U64.unpack_from(data, place)[0]
        return place + 8 + length
    if kind != ARRAY:
        return place + _size(kind)
    kind, length = struct.unpack_from("<IQ", data, place)
    place += 12
    if kind != STRING:
        return place + length * _size(kind)
    if length > len(data):
        raise struct.error("the list goes on after the data")
    unpack = _U64.unpack_from
    for _ in range(length):
        place += 8 + unpack(data, place)[0]
    return place


def _size(kind: int) -> int:
    try:
        return SCALAR_SIZES[kind]
    except KeyError as error:
        raise GgufError(f"the header holds a value of an unknown type {kind}") from error

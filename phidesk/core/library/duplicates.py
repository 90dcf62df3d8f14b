"""Finds models with the same weights by a look at a few places of their files."""

import hashlib
import os
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

import msgspec

from phidesk.core.library.entry import Duplicates
from phidesk.core.safetensors import SafetensorsHead

_SAMPLES = 24  # a fine-tune that changed one matrix in four is missed once in a thousand times
_SAMPLE_BYTES = 256
_HEAD_BYTES = 4096
_T = TypeVar("_T")


class Weights(msgspec.Struct, frozen=True, gc=False):
    """How to compare a model's weights with others that have the same key.

    samples: a file and a place in it, in bytes. files: all files of the weights.
    """

    key: bytes
    samples: tuple[tuple[str, int], ...]
    files: tuple[str, ...]


def weights_of_folder(folder: Path, heads: Mapping[str, SafetensorsHead]) -> Weights | None:
    """Return what tells a folder's weights apart: names and types of tensors, bytes of some.

    How the tensors are spread over files does not matter.
    """
    tensors = {name: (file, t) for file, head in heads.items() for name, t in head.tensors.items()}
    names = sorted(tensors)
    dtypes: Counter[str] = Counter()
    for head in heads.values():
        dtypes.update(head.dtypes)
    facts = repr((names, sorted(dtypes.items())))
    key = hashlib.blake2b(facts.encode("utf-8", "surrogatepass"), digest_size=16).digest()
    matrices = [n for n in names if len(tensors[n][1].shape) > 1] or names
    if not matrices:
        return None
    samples, paths = [], {file: str(folder / file) for file in heads}
    for name in _some(matrices):
        file, tensor = tensors[name]
        begin, end = tensor.data_offsets
        samples.append((paths[file], heads[file].data_start + (begin + end) // 2))
    return Weights(key, tuple(samples), tuple(paths.values()))


def weights_of_files(files: Sequence[Path], sizes: Sequence[int]) -> Weights:
    """Return what tells GGUF files apart: their sizes, their beginning, and bytes of each."""
    key = hashlib.blake2b(repr(list(sizes)).encode(), digest_size=16).digest()
    places = [
        (str(file), size * step // _SAMPLES)
        for file, size in zip(files, sizes, strict=True)
        for step in range(_SAMPLES)
    ]
    return Weights(key, tuple(_some(places)), tuple(map(str, files)))


def find_duplicates(models: Iterable[tuple[str, Weights]]) -> list[Duplicates]:
    """Return which of the models, named by their paths, hold the same weights."""
    by_key: dict[bytes, list[tuple[str, Weights]]] = defaultdict(list)
    for path, weights in models:
        by_key[weights.key].append((path, weights))
    found = []
    for alike in by_key.values():
        if len(alike) < 2:
            continue
        by_print: dict[bytes, list[tuple[str, Weights]]] = defaultdict(list)
        for path, weights in alike:
            if fingerprint := _fingerprint(weights):
                by_print[fingerprint].append((path, weights))
        found += [_group(same) for same in by_print.values() if len(same) > 1]
    return found


def _group(same: list[tuple[str, Weights]]) -> Duplicates:
    by_file: dict[object, list[str]] = defaultdict(list)
    for path, weights in same:
        by_file[_identity(weights) or path].append(path)
    return Duplicates(copies=tuple(tuple(paths) for paths in by_file.values()))


def _fingerprint(weights: Weights) -> bytes:
    """Return a hash of the key and the samples; b"" where they cannot be read."""
    digest = hashlib.blake2b(weights.key, digest_size=16)
    by_file: dict[str, list[int]] = defaultdict(list)
    for file, place in weights.samples:
        by_file[file].append(place)
    try:
        for file, places in by_file.items():
            with Path(file).open("rb", buffering=0) as data:
                for place in places:
                    data.seek(place)
                    digest.update(data.read(_SAMPLE_BYTES if place else _HEAD_BYTES))
    except OSError:
        return b""
    return digest.digest()


def _identity(weights: Weights) -> frozenset[tuple[int, int]]:
    """Return which files on disk the weights are, links followed; empty where that is unknown."""
    try:
        return frozenset((info.st_dev, info.st_ino) for info in map(os.stat, weights.files))
    except OSError:
        return frozenset()


def _some(values: Sequence[_T]) -> list[_T]:
    """Return _SAMPLES of the values, the first among them: always the same of as many."""
    if len(values) <= _SAMPLES:
        return list(values)
    chosen = random.Random(len(values)).sample(range(1, len(values)), _SAMPLES - 1)  # noqa: S311
    return [values[n] for n in (0, *sorted(chosen))]

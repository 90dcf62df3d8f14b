"""Has Transformers read a GGUF file in a fraction of its time."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import gguf
import numpy as np


class _Reader(gguf.GGUFReader):  # type: ignore[misc]
    """Cuts the file as a plain array: each cut of a memory map costs ten times as much."""

    @property
    def data(self) -> Any:
        return self._data

    @data.setter
    def data(self, mapped: Any) -> None:
        self._data = np.asarray(mapped)


@contextmanager
def quick_gguf() -> Iterator[None]:
    """Read each file once while this lasts, and make the table of tensor names once.

    Transformers 5 reads the file anew for configuration, tokenizer and weights, and makes the table
    for each module of the model.
    """
    readers: dict[Path, _Reader] = {}

    def read(path: Any, mode: Any = "r") -> _Reader:
        key = Path(path)
        if key not in readers:
            readers[key] = _Reader(path, mode)
        return readers[key]

    library: Any = gguf
    reader, names = library.GGUFReader, library.get_tensor_name_map
    library.GGUFReader, library.get_tensor_name_map = read, cache(names)
    try:
        yield
    finally:
        library.GGUFReader, library.get_tensor_name_map = reader, names

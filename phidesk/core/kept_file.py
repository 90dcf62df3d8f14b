"""A table of things that the user has made, kept as one JSON file."""

import contextlib
from pathlib import Path
from typing import Generic, TypeVar

import msgspec

from phidesk.core.paths import data_dir

T = TypeVar("T")


class KeptFile(Generic[T]):
    """Reads and writes a table; a damaged file is kept aside, never written over.

    An entry that another version wrote, and that cannot be read, is left as it is in the file.
    problem: after load, what is wrong with the whole file, in words; "" for nothing.
    """

    def __init__(self, name: str, kind: type[T], folder: Path | None = None) -> None:
        self._path = (folder or data_dir()) / name
        self._kind = kind
        self._foreign: dict[str, object] = {}
        self._keeps_aside = False
        self.problem = ""

    def load(self) -> dict[str, T]:
        """Return the entries that can be read, by name."""
        try:
            raw = msgspec.json.decode(self._path.read_bytes(), type=dict[str, object])
        except FileNotFoundError:
            return {}
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, OSError) as error:
            self._keeps_aside = True
            self.problem = f"“{self._path}” cannot be read: {error}. It is kept as it is."
            return {}
        found: dict[str, T] = {}
        for name, entry in raw.items():
            try:
                found[name] = msgspec.convert(entry, self._kind)
            except (msgspec.ValidationError, ValueError):
                self._foreign[name] = entry
        return found

    def save(self, entries: dict[str, T]) -> None:
        """Write all entries in one step; raises OSError where that fails."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        partial = self._path.with_suffix(".partial")
        whole = {**self._foreign, **entries}
        partial.write_bytes(msgspec.json.format(msgspec.json.encode(whole)))
        if self._keeps_aside:
            with contextlib.suppress(FileNotFoundError):
                self._path.replace(self._path.with_name(f"{self._path.name}.damaged"))
            self._keeps_aside = False
        partial.replace(self._path)

"""A table of things that the user has made, kept as one JSON file."""

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Generic, TypeVar

import msgspec

from phidesk.core.json_damage import json_damage
from phidesk.core.paths import data_dir
from phidesk.core.writing import write_in_one_step

T = TypeVar("T")
_DAMAGED = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


class KeptFile(Generic[T]):
    """Reads and writes a table; a damaged file is kept aside, never written over.

    An entry that another version wrote, and that cannot be read, is left as it is in the file; so
    is what another window has changed meanwhile. problem: after load, what is wrong with the whole
    file, in words; "" for nothing.
    """

    def __init__(self, name: str, kind: type[T], folder: Path | None = None) -> None:
        self._path = (folder or data_dir()) / name
        self._kind = kind
        self._known: dict[str, T] = {}
        """the entries as they were loaded or saved last: what differs is the user's doing"""
        self.problem = ""

    def load(self) -> dict[str, T]:
        """Return the entries that can be read, by name."""
        try:
            raw = self._read()
        except FileNotFoundError:
            return {}
        except OSError as error:
            self.problem = f"“{self._path}” cannot be read: {error}. It is kept as it is."
            return {}
        except _DAMAGED as error:
            self.problem = f"“{self._path}” cannot be read: {self._damage(error)}. It is kept."
            return {}
        found: dict[str, T] = {}
        for name, entry in raw.items():
            with contextlib.suppress(msgspec.ValidationError, ValueError):
                found[name] = msgspec.convert(entry, self._kind)
        self._known = dict(found)
        return found

    def save(self, entries: dict[str, T]) -> None:
        """Write all that has changed in one step; raises OSError where that fails."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._locked():
            try:
                whole = self._read()
            except FileNotFoundError:
                whole, self._known = {}, {}  # nothing is there that could stay
            except _DAMAGED:
                self._path.replace(self._path.with_name(f"{self._path.name}.damaged"))
                whole, self._known = {}, {}
            for name in self._known.keys() - entries.keys():
                whole.pop(name, None)
            for name, entry in entries.items():
                if entry != self._known.get(name):
                    whole[name] = entry
            # What is nobody else's: it tells of chats.
            data = msgspec.json.format(msgspec.json.encode(whole))
            write_in_one_step(self._path, data, is_private=True)
        self._known = dict(entries)

    def _damage(self, error: Exception) -> str:
        if isinstance(error, msgspec.ValidationError):
            return str(error)
        return json_damage(self._path.read_bytes(), error)

    def _read(self) -> dict[str, object]:
        return msgspec.json.decode(self._path.read_bytes(), type=dict[str, object])

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        """Wait for another window that saves."""
        with self._path.with_name(f".{self._path.name}.lock").open("a") as file:
            if sys.platform != "win32":
                import fcntl

                fcntl.flock(file, fcntl.LOCK_EX)
            yield

"""Looks closer at GGUF models, and keeps what was found until the file changes."""

import contextlib
from pathlib import Path

import msgspec
from msgspec.structs import replace

from phidesk.core import gguf_tensors
from phidesk.core.files import parts_of
from phidesk.core.gguf import GgufError
from phidesk.core.library.entry import LibraryEntry
from phidesk.core.models import ModelFormat, well_formed
from phidesk.core.paths import cache_dir


class _Kept(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What a whole header tells of a file of that size and date."""

    size: int
    modified: float
    parameters: int
    has_template: bool
    problem: str


class CloserLooks:
    """Reads each header to its end once: exact parameters, the template, whether it is cut."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file or cache_dir() / "library.json"
        self._kept: dict[str, _Kept] = {}
        self._used: dict[str, _Kept] = {}
        with contextlib.suppress(OSError, msgspec.DecodeError, UnicodeDecodeError):
            self._kept = msgspec.json.decode(self._file.read_bytes(), type=dict[str, _Kept])

    def known(self, entry: LibraryEntry) -> LibraryEntry | None:
        """Return the entry with what is known of it; None where a look is needed."""
        if entry.ref.format is not ModelFormat.GGUF or entry.ref.problem:
            return entry
        kept = self._kept.get(entry.ref.path)
        if kept is None or (kept.size, kept.modified) != (entry.ref.size_bytes, entry.modified):
            return None
        return self._with(entry, kept)

    def look(self, entry: LibraryEntry) -> LibraryEntry:
        """Return the entry with what the whole header tells."""
        known = self.known(entry)
        return known if known is not None else self._with(entry, _look(entry))

    def save(self) -> None:
        """Keep what was found of the models that are there; a failure costs only time."""
        if self._used == self._kept:
            return
        partial = self._file.with_suffix(".partial")
        with contextlib.suppress(OSError):
            self._file.parent.mkdir(parents=True, exist_ok=True)
            partial.write_bytes(msgspec.json.encode(self._used))
            partial.replace(self._file)

    def _with(self, entry: LibraryEntry, kept: _Kept) -> LibraryEntry:
        self._used[entry.ref.path] = kept
        if kept.problem:
            return replace(entry, ref=replace(entry.ref, problem=kept.problem))
        return replace(
            entry,
            parameters=kept.parameters or entry.parameters,
            is_exact=bool(kept.parameters),
            has_template=kept.has_template or bool(entry.has_template),
        )


def _look(entry: LibraryEntry) -> _Kept:
    parameters, has_template, problem = 0, False, ""
    for part in parts_of(Path(entry.ref.path))[0]:
        try:
            found = gguf_tensors.read_tensors(part)
            there = part.stat().st_size
        except GgufError as error:
            problem = problem or f"{part.name}: {error}"
            continue
        except OSError as error:
            problem = problem or f"{part.name}: {error.strerror or error}"
            continue
        if there < found.size:
            words = f"cut off: {there:,} bytes are there, {found.size:,} are needed"
            problem = problem or f"{part.name}: {words}"
        parameters += found.parameters
        has_template = has_template or found.has_template
    return _Kept(
        entry.ref.size_bytes, entry.modified, parameters, has_template, well_formed(problem)
    )

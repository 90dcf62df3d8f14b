"""Looks closer at models, and keeps what was found until their files change."""

import contextlib
import os
from pathlib import Path

import msgspec
from msgspec.structs import replace

from phidesk.core import gguf_tensors
from phidesk.core.files import parts_of
from phidesk.core.gguf import GgufError
from phidesk.core.library.entry import LibraryEntry
from phidesk.core.models import Concern, ModelFormat, ModelRef, well_formed
from phidesk.core.paths import cache_dir
from phidesk.core.templates import template_files
from phidesk.core.trust import template_findings
from phidesk.core.writing import write_in_one_step


class _Kept(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What a model's files tell, while those that were read have that size and date."""

    size: int
    modified: float
    parameters: int
    has_template: bool
    problem: str
    is_odd: bool


class CloserLooks:
    """Reads each GGUF header to its end, and each chat template, once.

    That tells the exact parameters, whether the file is cut, and whether a template is odd.
    """

    def __init__(self, file: Path | None = None) -> None:
        self._file = file or cache_dir() / "library.json"
        self._kept: dict[str, _Kept] = {}
        self._used: dict[str, _Kept] = {}
        with contextlib.suppress(OSError, msgspec.DecodeError, UnicodeDecodeError):
            self._kept = msgspec.json.decode(self._file.read_bytes(), type=dict[str, _Kept])

    def known(self, entry: LibraryEntry) -> LibraryEntry | None:
        """Return the entry with what is known of it; None where a look is needed."""
        if entry.ref.problem:
            return entry
        kept = self._kept.get(entry.ref.path)
        if kept is None or (kept.size, kept.modified) != _stamp(entry):
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
        with contextlib.suppress(OSError):
            self._file.parent.mkdir(parents=True, exist_ok=True)
            write_in_one_step(self._file, msgspec.json.encode(self._used))

    def _with(self, entry: LibraryEntry, kept: _Kept) -> LibraryEntry:
        self._used[entry.ref.path] = kept
        if kept.problem:
            return replace(entry, ref=replace(entry.ref, problem=kept.problem))
        if kept.is_odd:
            concerns = (*entry.ref.concerns, Concern.TEMPLATE)
            entry = replace(entry, ref=replace(entry.ref, concerns=concerns))
        if entry.ref.format is not ModelFormat.GGUF:
            return entry
        return replace(
            entry,
            parameters=kept.parameters or entry.parameters,
            is_exact=bool(kept.parameters),
            has_template=kept.has_template or bool(entry.has_template),
        )


def header_problem(model: ModelRef) -> str:
    """Return what is wrong with a GGUF model that its first keys do not tell; "" for nothing."""
    return _look_through(Path(model.path))[2]


def _stamp(entry: LibraryEntry) -> tuple[int, float]:
    """Return size and date of what a look reads: a GGUF file, or a folder's templates."""
    if entry.ref.format is ModelFormat.GGUF:
        return entry.ref.size_bytes, entry.modified
    size, modified = 0, 0.0
    with contextlib.suppress(OSError):
        for file in template_files(Path(entry.ref.path)):
            with contextlib.suppress(OSError):
                info = os.stat(file)  # noqa: PTH116 - a fifth of Path's time
                size, modified = size + info.st_size, max(modified, info.st_mtime)
    return size, modified


def _look(entry: LibraryEntry) -> _Kept:
    stamp = _stamp(entry)
    parameters, has_template, problem = 0, False, ""
    if entry.ref.format is ModelFormat.GGUF:
        parameters, has_template, problem = _look_through(Path(entry.ref.path))
    is_odd = not problem and bool(template_findings(entry.ref))
    return _Kept(*stamp, parameters, has_template, problem, is_odd)


def _look_through(path: Path) -> tuple[int, bool, str]:
    """Return parameters, whether there is a template, and what is wrong, of a GGUF model."""
    parameters, has_template, problem = 0, False, ""
    for part in parts_of(path)[0]:
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
    return parameters, has_template, well_formed(problem)

"""Looks through all places for models; what is in the way is told, and the scan goes on."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from msgspec.structs import replace

from phidesk.core.catalog import gguf_names
from phidesk.core.library.describe import Found, folder_entry, gguf_entry
from phidesk.core.library.duplicates import Weights, find_duplicates
from phidesk.core.library.entry import Duplicates, LibraryEntry
from phidesk.core.library.ollama import is_ollama, read_models
from phidesk.core.library.places import Place, Source
from phidesk.core.library.walk import walk
from phidesk.core.models import well_formed
from phidesk.core.starter import STARTER_NAME, starter_path

MOST_IN_FOLDER = 2000
MOST_WATCHED = 4000


class Scan:
    """One look through the places.

    problems: what could not be read, in words, by folder. folders: those in which a change may be
    one of the library, MOST_WATCHED at most.
    """

    def __init__(self, places: Iterable[Place]) -> None:
        self._places = list(places)
        self._weights: list[tuple[str, Weights]] = []
        self._walked: set[Path] = set()
        self.problems: dict[str, str] = {}
        self.folders: list[str] = []

    def entries(self) -> Iterator[LibraryEntry]:
        """Yield every model once: the starter model, then those of each place."""
        seen: set[str] = set()
        for entry, weights in self._found():
            if entry.ref.path in seen:
                continue
            seen.add(entry.ref.path)
            if weights is not None:
                self._weights.append((entry.ref.path, weights))
            yield entry

    def duplicates(self) -> list[Duplicates]:
        """Return which of the models that were found hold the same weights."""
        return find_duplicates(self._weights)

    def _found(self) -> Iterator[Found]:
        starter = starter_path()
        if starter is not None:
            found = gguf_entry(starter, [], Source.STARTER, name=STARTER_NAME)
            if found is not None:
                yield found
        for place in self._places:
            root = Path(place.path)
            if is_ollama(root):
                yield from self._in_ollama(root)
            else:
                yield from self._in_folders(root, place.source)

    def _in_folders(self, root: Path, source: Source) -> Iterator[Found]:
        real_root = Path(os.path.realpath(root))
        for folder, files in walk(root, self._on_error):
            if not self._is_new(real_root / folder.relative_to(root)):
                continue
            if len(self.folders) < MOST_WATCHED:
                self.folders.append(str(folder))
            found = folder_entry(folder, files, source)
            if found is not None:
                yield found
            names = gguf_names(files)
            if len(names) > MOST_IN_FOLDER:
                words = f"only {MOST_IN_FOLDER:,} of {len(names):,} GGUF files are listed"
                self.problems[well_formed(str(folder))] = words
            for name in names[:MOST_IN_FOLDER]:
                found = gguf_entry(folder / name, files, source)
                if found is not None:
                    yield found

    def _is_new(self, folder: Path) -> bool:
        """Return whether no other place, by whatever links it leads there, has this folder."""
        is_new = folder not in self._walked
        self._walked.add(folder)
        return is_new

    def _in_ollama(self, root: Path) -> Iterator[Found]:
        self.folders += [str(folder) for folder, _ in walk(root / "manifests", self._on_error)]
        for model in read_models(root):
            found = gguf_entry(model.blob, [], Source.OLLAMA, name=model.names[0])
            if found is not None:
                entry, weights = found
                entry = replace(
                    entry,
                    licence=entry.licence or model.licence,
                    has_template=model.has_template or None,
                    aliases=model.names[1:],
                )
                yield entry, weights

    def _on_error(self, error: OSError) -> None:
        where = well_formed(os.fsdecode(error.filename or ""))
        self.problems[where] = error.strerror or str(error)

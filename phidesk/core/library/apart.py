"""Tells models of equal names apart, by the folders that they lie in."""

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from phidesk.core.library.walk import repository_of
from phidesk.core.models import ModelRef


def folders_apart(models: Iterable[ModelRef]) -> dict[str, str]:
    """Return, by path, what tells a model from others of its name; one alone has nothing.

    It is as much of the end of its folder as that takes, or the file where the folder is the same.
    """
    named: dict[str, list[str]] = defaultdict(list)
    for model in models:
        named[model.name].append(model.path)
    found: dict[str, str] = {}
    for paths in named.values():
        if len(paths) > 1:
            found |= _apart([Path(path) for path in paths])
    return found


def _apart(paths: list[Path]) -> dict[str, str]:
    places = {path: _folder(path) for path in paths}
    if len(set(places.values())) < len(paths):
        places = {path: path.parts for path in paths}
    most = max(map(len, places.values()))
    for length in range(1, most + 1):
        ends = {str(path): "/".join(parts[-length:]) for path, parts in places.items()}
        if len(set(ends.values())) == len(paths):
            return ends
    return {str(path): str(path) for path in paths}


def _folder(path: Path) -> tuple[str, ...]:
    """Return the parts of the folder; of the Hub's cache the repository, not the commit."""
    known = repository_of(path) or repository_of(path.parent)
    if known is None:
        return path.parent.parts
    cache, repository, _revision = known
    return (*cache.parent.parts, repository)

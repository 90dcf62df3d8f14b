"""Walks through folders of models: without following links, and with an end."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from phidesk.core.jobs import PARTIAL

_MAX_DEPTH = 8
_HUB_PREFIX = "models--"
_SNAPSHOTS = "snapshots"


def walk(
    root: Path, on_error: Callable[[OSError], None] | None = None
) -> Iterator[tuple[Path, list[str]]]:
    """Yield every folder below the root and the names of the files in it.

    Links to folders are not followed, so a loop of links ends. What is still being made and what
    is hidden is passed over, and of a repository in the Hub's cache all but one snapshot.
    """
    root_depth = len(root.parts)
    for where, folders, files in os.walk(root, onerror=on_error):
        here = Path(where)
        if len(here.parts) - root_depth >= _MAX_DEPTH:
            folders.clear()
        elif here.name.startswith(_HUB_PREFIX) and _SNAPSHOTS in folders:
            folders[:] = [_SNAPSHOTS]
        elif here.name == _SNAPSHOTS and is_hub_repository(here.parent):
            folders[:] = [name for name in (current_snapshot(here, folders),) if name]
        folders[:] = sorted(n for n in folders if not n.startswith(".") and not n.endswith(PARTIAL))
        yield here, files


def is_hub_repository(folder: Path) -> bool:
    """Return whether the folder is laid out as a model's in the Hub's cache."""
    return folder.name.startswith(_HUB_PREFIX)


def repository_of(folder: Path) -> tuple[Path, str, str] | None:
    """Return the cache folder, the name and the revision of a snapshot; None for other folders.

    The folder may lie below the snapshot.
    """
    for here in (folder, *folder.parents):
        if here.parent.name == _SNAPSHOTS and is_hub_repository(here.parent.parent):
            cache = here.parent.parent
            return cache, cache.name.removeprefix(_HUB_PREFIX).replace("--", "/"), here.name
    return None


def current_snapshot(snapshots: Path, names: list[str]) -> str:
    """Return the snapshot that the branch main points to, or the newest; "" for none."""
    try:
        main = (snapshots.parent / "refs" / "main").read_text(encoding="utf-8")[:100].strip()
    except (OSError, ValueError):
        main = ""
    return main if main in names else max(names, key=lambda n: _changed(snapshots / n), default="")


def _changed(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0

"""Names and sizes of the files that a model lies in, which may be split, and room for them."""

import os
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

from phidesk.core.models import well_formed

UPDATING_FILE = ".phidesk-updating"
"""lies in a folder while files of a model that is there are replaced by newer ones"""
UPDATING_WORDS = "an update of its files was broken off: resume the download, or start it again"

_PART = re.compile(r"-([0-9]{5})-of-([0-9]{5})\.(?:gguf|safetensors)$", re.IGNORECASE)


def parts_of(path: Path) -> tuple[list[Path], str]:
    """Return the files of a model that may be split, and what is wrong with them."""
    match = _PART.search(path.name)
    if match is None:
        return [path], ""
    number, total = int(match[1]), int(match[2])
    if number != 1:
        return [path], f"this is part {number} of {total}: open the first part"
    parts = [path]
    for n in range(2, total + 1):
        part = path.with_name(f"{path.name[: match.start(1)]}{n:05}{path.name[match.end(1) :]}")
        if not size_of(part):
            return parts, f"part {n} of {total} is missing"
        parts.append(part)
    return parts, ""


def missing_part(names: Iterable[str]) -> str:
    """Return words for the first part that is not there of weights in several files."""
    parts: dict[tuple[str, int], set[int]] = {}
    for name in names:
        if match := _PART.search(name):
            key = (name[: match.start()], int(match[2]))
            parts.setdefault(key, set()).add(int(match[1]))
    for (stem, total), there in parts.items():
        for n in range(1, total + 1):
            if n not in there:
                return f"{stem}: part {n} of {total} is missing"
    return ""


def is_later_part(name: str) -> bool:
    """Return whether the file is a part of a split model other than the first."""
    match = _PART.search(name)
    return match is not None and int(match[1]) > 1


def name_problem(path: Path) -> str:
    """Return words for a name that no message to a worker could carry."""
    is_fine = well_formed(str(path)) == str(path)
    return "" if is_fine else f"{well_formed(path.name)}: the path is not valid UTF-8: rename it"


def size_of(path: Path) -> int:
    """Return the size in bytes; 0 for what cannot be reached."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def folder_size(folder: Path) -> int:
    """Return the bytes of all files below a folder; 0 for what cannot be reached."""
    return sum(size_of(Path(where) / name) for where, _, files in os.walk(folder) for name in files)


def free_bytes(folder: Path) -> int | None:
    """Return what is free on a folder's disk, also where the folder is still to be made."""
    for place in (folder, *folder.parents):
        if place.is_dir():
            try:
                return shutil.disk_usage(place).free
            except OSError:
                return None
    return None

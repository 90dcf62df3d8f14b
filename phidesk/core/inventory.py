"""What phidesk is made of: each part with its version, its licence, and the licence's words."""

import platform
import re
import sqlite3
import sys
from importlib import metadata
from pathlib import Path

import msgspec

from phidesk import __version__
from phidesk.core.paths import resources

_TEXTS = re.compile(r"(licen[cs]e|copying|notice)[^/]*$", re.IGNORECASE)
_MOST_TEXT = 200_000
_LONGEST_NAME = 80


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """licence: its short name, "" where the part does not say. texts: files with its words."""

    name: str
    version: str
    licence: str
    texts: tuple[Path, ...] = ()


def parts(qt: str) -> list[Part]:
    """Return phidesk, what it stands on, and every package beside it; qt: Qt's version.

    Takes a second where there are hundreds of packages.
    """
    found = {part.name.casefold(): part for part in map(_part, metadata.distributions())}
    installed = found.pop("phidesk", None)
    python, font = platform.python_version(), resources() / "licences" / "stix-two-math.txt"
    base = [
        Part(
            name="phidesk", version=__version__, licence="Apache-2.0", texts=_own_texts(installed)
        ),
        Part(name="Python", version=python, licence="PSF-2.0", texts=_python_texts()),
        Part(name="Qt", version=qt, licence="LGPL-3.0-only"),
        Part(name="SQLite", version=sqlite3.sqlite_version, licence="Public domain"),
        Part(name="STIX Two Math", version="", licence="OFL-1.1", texts=(font,)),
    ]
    return base + sorted(found.values(), key=lambda part: part.name.casefold())


def words(part: Part) -> str:
    """Return what the files of a licence say; "" where there are none that can be read."""
    found = []
    for path in part.texts:
        try:
            with path.open(encoding="utf-8", errors="replace") as file:
                found.append(file.read(_MOST_TEXT).strip("\n"))
        except OSError:
            continue
    return "\n\n".join(found)


def _part(found: metadata.Distribution) -> Part:
    about = found.metadata
    licence = _first(about, "License-Expression")
    if not licence:
        kinds = about.get_all("Classifier") or []
        licence = ", ".join(
            kind.rpartition(" :: ")[2] for kind in kinds if kind.startswith("License ::")
        )
    if not licence:  # some packages have all of the text here
        licence = _first(about, "License").strip().partition("\n")[0][:_LONGEST_NAME]
    files = [file for file in found.files or [] if _TEXTS.search(file.name)]
    inside = [file for file in files if ".dist-info" in str(file)]
    texts = tuple(Path(str(found.locate_file(file))) for file in inside or files)
    return Part(name=about["Name"], version=found.version, licence=licence, texts=texts)


def _first(about: metadata.PackageMetadata, field: str) -> str:
    return next(iter(about.get_all(field) or []), "")


def _own_texts(installed: Part | None) -> tuple[Path, ...]:
    """Return the licence: beside the resources, or what pip keeps of a wheel."""
    beside = resources().parent / "LICENSE"
    return (beside,) if beside.is_file() else installed.texts if installed else ()


def _python_texts() -> tuple[Path, ...]:
    folder = Path(sys.base_prefix) / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}"
    return tuple(path for path in (folder / "LICENSE.txt",) if path.is_file())

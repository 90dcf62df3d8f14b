"""Where a model came from and under which licence: its cache folder, side files and README."""

import re
from pathlib import Path

import msgspec

from phidesk.core.library.walk import repository_of
from phidesk.core.models import well_formed

SOURCE_FILE = "phidesk-source.json"
"""A download writes it beside the files: the keys repo, revision and source."""

_MOST_BYTES = 64 * 1024
_MOST_WORDS = 80
_FRONT = re.compile(r"\A---\s*\n(.*?)\n---\s*$", re.DOTALL | re.MULTILINE)
_FIELD = re.compile(r"^(license|license_name):[ \t]*(.+?)[ \t]*$", re.MULTILINE)
_LICENCES = ("LICENSE", "LICENSE.txt", "LICENSE.md", "LICENCE", "COPYING")
_HUB = re.compile(r"https?://(?:www\.)?huggingface\.co/([\w.-]+/[\w.-]+?)/?$")


class Origin(msgspec.Struct, frozen=True, kw_only=True):
    """The repository and the revision that a model was downloaded from; "" for unknown."""

    repo: str = ""
    revision: str = ""


class _SideFile(msgspec.Struct):
    repo: str = ""
    revision: str = ""


def origin_of(folder: Path, files: list[str]) -> Origin:
    """Return what the Hub's cache or the side file of a download tells."""
    if SOURCE_FILE in files:
        try:
            found = msgspec.json.decode(_read(folder / SOURCE_FILE), type=_SideFile)
            return Origin(repo=_words(found.repo), revision=_words(found.revision))
        except (OSError, msgspec.DecodeError, UnicodeDecodeError):
            pass
    cached = repository_of(folder)
    if cached is None:
        return Origin()
    return Origin(repo=_words(cached[1]), revision=_words(cached[2]))


def repo_of_address(address: str) -> str:
    """Return the repository that an address of the Hub names; "" for other addresses."""
    found = _HUB.match(address.strip())
    return found[1] if found else ""


def licence_of(folder: Path, files: list[str]) -> str:
    """Return the licence that a model card names, or that there is a text of one; "" for none.

    The card's metadata: https://huggingface.co/docs/hub/model-cards
    """
    if "README.md" in files:
        try:
            text = _read(folder / "README.md").decode("utf-8", errors="replace")
        except OSError:
            text = ""
        front = _FRONT.match(text.removeprefix("\ufeff").replace("\r\n", "\n"))
        if front:
            fields = dict(_FIELD.findall(front[1]))
            licence = str(fields.get("license", "")).strip("'\"[] ")
            if licence in ("", "other"):
                licence = str(fields.get("license_name", licence)).strip("'\" ")
            if licence:
                return _words(licence)
    return next((f"see {name}" for name in _LICENCES if name in files), "")


def _read(path: Path) -> bytes:
    if not path.is_file():  # a pipe would keep the reader waiting for ever
        raise FileNotFoundError(path)
    with path.open("rb") as file:
        return file.read(_MOST_BYTES)


def _words(text: str) -> str:
    return well_formed(text[:_MOST_WORDS])

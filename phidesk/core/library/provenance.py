"""Where a model came from and under which licence: its cache folder, side files and README."""

import re
from pathlib import Path

import msgspec

from phidesk.core.hub_files import ORIGIN_FILE
from phidesk.core.library.walk import repository_of
from phidesk.core.models import well_formed
from phidesk.core.origin import read_origin

_MOST_BYTES = 64 * 1024
_MOST_WORDS = 80
_FENCE = "---"
_LICENCES = ("LICENSE", "LICENSE.txt", "LICENSE.md", "LICENCE", "COPYING")
_HUB = re.compile(r"https?://(?:www\.)?huggingface\.co/([\w.-]+/[\w.-]+?)/?$")


class Provenance(msgspec.Struct, frozen=True, kw_only=True):
    """The repository and the revision that a model was downloaded from; "" for unknown."""

    repo: str = ""
    revision: str = ""
    licence: str = ""


def provenance_of(folder: Path, files: list[str]) -> Provenance:
    """Return what the side file of a download or the Hub's cache tells."""
    # A pipe would keep the reader waiting for ever.
    if ORIGIN_FILE in files and (folder / ORIGIN_FILE).is_file():
        origin = read_origin(folder)
        if origin is not None:
            words = (_words(text) for text in (origin.repo, origin.commit, origin.licence))
            return Provenance(**dict(zip(("repo", "revision", "licence"), words, strict=True)))
    cached = repository_of(folder)
    if cached is None:
        return Provenance()
    return Provenance(repo=_words(cached[1]), revision=_words(cached[2]))


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
        fields = _front_fields(text)
        licence = fields.get("license", "").strip("'\"[] ")
        if licence in ("", "other"):
            licence = fields.get("license_name", licence).strip("'\" ")
        if licence:
            return _words(licence)
    return next((f"see {name}" for name in _LICENCES if name in files), "")


def _front_fields(card: str) -> dict[str, str]:
    """Return the fields with a text on their line, of what stands between two fences at the top."""
    lines = [line.rstrip() for line in card.removeprefix("\ufeff").split("\n")]
    if lines[0] != _FENCE or _FENCE not in lines[1:]:
        return {}
    parts = (line.partition(":") for line in lines[1 : lines.index(_FENCE, 1)])
    return {key: value.strip() for key, colon, value in parts if colon and value}


def _read(path: Path) -> bytes:
    if not path.is_file():  # a pipe would keep the reader waiting for ever
        raise FileNotFoundError(path)
    with path.open("rb") as file:
        return file.read(_MOST_BYTES)


def _words(text: str) -> str:
    return well_formed(text[:_MOST_WORDS])

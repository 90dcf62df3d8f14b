"""Where a downloaded model came from, written beside its files."""

from pathlib import Path

import msgspec

from phidesk.core.hub import Source

ORIGIN_FILE = "phidesk-source.json"


class Origin(msgspec.Struct, frozen=True, kw_only=True):
    """A repository at a commit.

    files: what of the folder came from there, each with its checksum: SHA-256, git's SHA-1 of a
    small file, or "" where the source told none.
    """

    source: Source
    endpoint: str
    repo: str
    commit: str
    licence: str = ""
    files: dict[str, str] = {}


def read_origin(model: Path) -> Origin | None:
    """Return where a model folder, or the folder of a GGUF file, came from; None: not known."""
    folder = model if model.is_dir() else model.parent
    try:
        return msgspec.json.decode((folder / ORIGIN_FILE).read_bytes(), type=Origin)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return None


def write_origin(folder: Path, origin: Origin) -> None:
    """Write the file in one step; raises OSError where that fails."""
    new = folder / f".{ORIGIN_FILE}.new"
    new.write_bytes(msgspec.json.format(msgspec.json.encode(origin)))
    new.replace(folder / ORIGIN_FILE)

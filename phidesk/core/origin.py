"""Where a downloaded model came from, written beside its files."""

from pathlib import Path

import msgspec

from phidesk.core.hub import Source
from phidesk.core.hub_files import ORIGIN_FILE, is_safe_path


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
    """Return where a model folder, or the folder of a GGUF file, came from; None: not known.

    Files are overwritten and deleted by what it says: names that no download has are left out.
    """
    folder = model if model.is_dir() else model.parent
    try:
        origin = msgspec.json.decode((folder / ORIGIN_FILE).read_bytes(), type=Origin)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return None
    files = {name: checksum for name, checksum in origin.files.items() if is_safe_path(name)}
    return msgspec.structs.replace(origin, files=files)


def write_origin(folder: Path, origin: Origin) -> None:
    """Write the file in one step; raises OSError where that fails."""
    new = folder / f".{ORIGIN_FILE}.new"
    new.write_bytes(msgspec.json.format(msgspec.json.encode(origin)))
    new.replace(folder / ORIGIN_FILE)

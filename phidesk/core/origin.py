"""Where a downloaded model came from, written beside its files."""

import hashlib
import stat
from pathlib import Path

import msgspec

from phidesk.core.hub import Source
from phidesk.core.hub_files import ORIGIN_FILE, is_safe_path
from phidesk.core.writing import write_in_one_step

_LARGEST = 64 * 2**20  # bytes; a tokenizer has some ten million


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
    path = folder / ORIGIN_FILE
    try:
        info = path.stat()
        # A pipe would keep the reader waiting for ever.
        if not stat.S_ISREG(info.st_mode) or info.st_size > _LARGEST:
            return None
        origin = msgspec.json.decode(path.read_bytes(), type=Origin)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    files = {name: checksum for name, checksum in origin.files.items() if is_safe_path(name)}
    return msgspec.structs.replace(origin, files=files)


def is_as_it_came(path: Path, checksum: str) -> bool:
    """Return whether a small file is the one that an Origin's checksum was made of."""
    try:
        info = path.stat()
        if not stat.S_ISREG(info.st_mode) or info.st_size > _LARGEST:
            return False
        data = path.read_bytes()
    except OSError:
        return False
    if len(checksum) == hashlib.sha256().digest_size * 2:
        return hashlib.sha256(data).hexdigest() == checksum
    blob = hashlib.sha1(f"blob {len(data)}\0".encode(), usedforsecurity=False)
    blob.update(data)
    return blob.hexdigest() == checksum


def write_origin(folder: Path, origin: Origin) -> None:
    """Write the file in one step; raises OSError where that fails."""
    write_in_one_step(folder / ORIGIN_FILE, msgspec.json.format(msgspec.json.encode(origin)))

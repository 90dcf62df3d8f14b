"""The checksum of a file while it grows."""

import hashlib
from pathlib import Path

from phidesk.core.hub import RepoFile

_BLOCK = 4 * 2**20


class Checksum:
    """The checksum that the source tells of a file, made from the bytes as they come."""

    def __init__(self, file: RepoFile) -> None:
        self._file = file
        self.expected = file.sha256 or file.git_sha1
        self.name = "SHA-256" if file.sha256 else "git SHA-1"
        self.reset()

    def reset(self) -> None:
        """Begin with an empty file."""
        self.seen = 0
        if self._file.sha256 or not self._file.git_sha1:
            self._hash = hashlib.sha256()
        else:
            head = f"blob {self._file.size}\0".encode()
            self._hash = hashlib.sha1(head, usedforsecurity=False)

    def add(self, data: bytes) -> None:
        """Add the next bytes."""
        self._hash.update(data)
        self.seen += len(data)

    def catch_up(self, path: Path) -> None:
        """Add what a file has beyond the bytes that were seen."""
        with path.open("rb") as file:
            file.seek(self.seen)
            while data := file.read(_BLOCK):
                self.add(data)

    @property
    def matches(self) -> bool:
        """Whether the bytes are those that the source tells of; also where it tells nothing."""
        return not self.expected or self._hash.hexdigest() == self.expected


def is_whole(path: Path, file: RepoFile) -> bool:
    """Return whether a file on disk is, byte for byte, that of the source."""
    if not path.is_file() or (file.size and path.stat().st_size != file.size):
        return False
    checksum = Checksum(file)
    checksum.catch_up(path)
    return bool(checksum.expected) and checksum.matches

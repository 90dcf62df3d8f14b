"""Fetches one file, from the bytes on that are there, as often as it takes."""

import os
import re
from collections.abc import Callable
from pathlib import Path

import httpx2

from phidesk.core.files import size_of
from phidesk.core.hub import RepoFile
from phidesk.protocol.events import FailureKind
from phidesk.worker.engines.base import EngineError
from phidesk.worker.hub.checksum import Checksum
from phidesk.worker.hub.web import Hiccup, Patience, hiccups

_RANGE = re.compile(r"bytes (\d+)-\d*/(\d+|\*)")


class Refused(Exception):  # noqa: N818 - the caller knows whether it is an error
    """The source does not give the file out; code: its answer."""

    def __init__(self, response: httpx2.Response) -> None:
        super().__init__(f"{response.status_code} for {response.request.url.copy_with(query=None)}")
        self.code = response.status_code
        self.gated = response.headers.get("X-Error-Code") == "GatedRepo"


class Transfer:
    """One file on its way: part is where it grows.

    etag: of what the part was begun with, "" for none; on_etag is told when that changes, and
    on_bytes how many bytes more (or, where it begins anew, less) there are. fetched: bytes that
    came over the line.
    """

    def __init__(
        self,
        client: httpx2.Client,
        address: str,
        file: RepoFile,
        part: Path,
        *,
        etag: str,
        on_etag: Callable[[str], None],
        on_bytes: Callable[[int], None],
    ) -> None:
        self._client = client
        self._address = address
        self._file = file
        self._part = part
        self._etag = etag
        self._on_etag = on_etag
        self._on_bytes = on_bytes
        self._checksum = Checksum(file)
        self._reported = size_of(part)
        self.fetched = 0

    def run(self, patience: Patience) -> None:
        """Fetch what is missing and check the whole.

        Raises EngineError where it cannot be had, Refused where the source says no, and OSError
        where the disk does. The part stays, unless the file is not what it should be.
        """
        best = size_of(self._part)
        arrived = False
        while not (arrived or self._is_complete()):
            try:
                with hiccups():
                    self._fetch()
                arrived = True
            except Hiccup as hiccup:
                if size_of(self._part) > best:
                    best = size_of(self._part)
                    patience.renew()
                patience.wait(hiccup)
        self._check()

    def _is_complete(self) -> bool:
        there = size_of(self._part)
        if self._file.size and there > self._file.size:
            self._throw_away()
        return 0 < self._file.size == there

    def _fetch(self) -> None:
        there = size_of(self._part)
        # Encoded bytes could neither be counted nor continued.
        headers = {"Accept-Encoding": "identity"}
        if there and (self._etag or self._checksum.expected):
            headers["Range"] = f"bytes={there}-"
            if self._etag:
                headers["If-Range"] = self._etag
        with self._client.stream("GET", self._address, headers=headers) as response:
            if response.status_code == 416:
                self._throw_away()
                raise Hiccup("the file has changed at its source")
            if response.status_code not in (200, 206):
                raise Refused(response)
            start = self._start_of(response, there)
            if start == 0:
                self._etag = _strong(response.headers.get("ETag", ""))
                self._on_etag(self._etag)
            self._write(response, start)
        if self._file.size and not self._is_complete():
            raise Hiccup("the file that came is shorter than the one that was listed")

    def _start_of(self, response: httpx2.Response, there: int) -> int:
        """Return at which byte the answer begins.

        ModelScope sends a part of the file with the code of a whole one: the header decides.
        """
        match = _RANGE.match(response.headers.get("Content-Range", ""))
        if match is None:
            if response.status_code == 206:
                raise Hiccup("the server does not say which part of the file it sends")
            return 0
        start, total = int(match[1]), match[2]
        changed = self._file.size and total not in ("*", str(self._file.size))
        if start != there or changed:
            self._throw_away()
            raise Hiccup("the server sends another part of the file than was asked for")
        return start

    def _write(self, response: httpx2.Response, start: int) -> None:
        """Write the answer from a byte on; each piece is on disk before the next one is read."""
        if self._checksum.seen > start or start == 0:
            self._checksum.reset()
        if start:
            self._checksum.catch_up(self._part)
        with self._part.open("r+b" if start else "wb", buffering=0) as out:
            out.seek(start)
            self._tell(start)
            there = start
            for piece in response.iter_raw():
                if 0 < self._file.size < there + len(piece):
                    raise Hiccup("the file that comes is longer than the one that was listed")
                rest = memoryview(piece)
                while rest:
                    rest = rest[out.write(rest) :]
                there += len(piece)
                self.fetched += len(piece)
                self._checksum.add(piece)
                self._tell(there)

    def _check(self) -> None:
        if self._checksum.seen != size_of(self._part):
            self._checksum.reset()
            self._checksum.catch_up(self._part)
        if not self._checksum.matches:
            self._throw_away()
            raise EngineError(
                FailureKind.CORRUPT_FILE,
                f"“{self._file.path}” arrived damaged: its {self._checksum.name} is not the one "
                "that the source tells. It was thrown away; try again to fetch it anew.",
            )
        # After a power cut as well, a file that has its name has its bytes.
        with self._part.open("rb+") as file:
            os.fsync(file.fileno())

    def _throw_away(self) -> None:
        self._part.unlink(missing_ok=True)
        self._checksum.reset()
        self._etag = ""
        self._tell(0)

    def _tell(self, there: int) -> None:
        self._on_bytes(there - self._reported)
        self._reported = there


def _strong(etag: str) -> str:
    """Return an ETag that promises the same bytes; a weak one promises less."""
    return etag if etag.startswith('"') else ""

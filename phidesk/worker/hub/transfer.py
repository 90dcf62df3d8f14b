"""Fetches one file, from the bytes on that are there, as often as it takes."""

import os
import re
from collections.abc import Callable
from pathlib import Path

import httpx2

from phidesk.core.amounts import exact_size
from phidesk.core.files import size_of
from phidesk.core.hub import RepoFile
from phidesk.protocol.events import FailureKind
from phidesk.worker.engines.base import EngineError
from phidesk.worker.hub.checksum import Checksum
from phidesk.worker.hub.web import Hiccup, Patience, hiccups

_MOST_UNTOLD = 64 * 2**20  # bytes of a file whose size is not told; a tokenizer has 35 million
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
        self._ask_for_rest = True
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
        if there and self._ask_for_rest and (self._etag or self._checksum.expected):
            headers["Range"] = f"bytes={there}-"
            # Where the checksum is known, another ETag is no reason to begin anew.
            if not self._checksum.expected:
                headers["If-Range"] = self._etag
        with self._client.stream("GET", self._address, headers=headers) as response:
            if response.status_code == 416:
                raise self._without_range("the server has no more of the file")
            if response.status_code not in (200, 206):
                raise Refused(response)
            is_rest = self._is_rest(response, there)
            keep = there if is_rest or self._is_same(response) else 0
            if not keep:
                self._etag = _strong(response.headers.get("ETag", ""))
                self._on_etag(self._etag)
            self._write(response, there if is_rest else 0, keep)
        if self._file.size and not self._is_complete():
            raise Hiccup("the file that came is shorter than the one that was listed")

    def _is_rest(self, response: httpx2.Response, there: int) -> bool:
        """Return whether the answer goes on where the part ends, and does not begin anew.

        ModelScope sends a part of the file with the code of a whole one: the header decides.
        Raises Hiccup for what cannot be the file, before anything of the part is touched.
        """
        match = _RANGE.match(response.headers.get("Content-Range", ""))
        if match is None:
            if response.status_code == 206:
                raise self._without_range("the server does not say which part it sends")
            length = response.headers.get("Content-Length", "")
            if self._file.size and length.isdigit() and int(length) != self._file.size:
                # Such as the page of a network that wants a log-in first.
                longer = "longer" if int(length) > self._file.size else "shorter"
                raise Hiccup(f"what the server sends is {longer} than the file that was listed")
            return False
        start, total = int(match[1]), match[2]
        changed = self._file.size and total not in ("*", str(self._file.size))
        if start != there or changed:
            raise self._without_range("the server sends another part than was asked for")
        return there > 0

    def _is_same(self, response: httpx2.Response) -> bool:
        """Return whether a whole file, sent anew, begins with the bytes that are there."""
        etag = _strong(response.headers.get("ETag", ""))
        return bool(self._checksum.expected) or (etag != "" and etag == self._etag)

    def _without_range(self, words: str) -> Hiccup:
        """Return the Hiccup after which the whole file is asked for."""
        self._ask_for_rest = False
        return Hiccup(words)

    def _write(self, response: httpx2.Response, start: int, keep: int) -> None:
        """Write the answer, which begins at start, behind the bytes that are kept.

        Each piece is on disk before the next one is read.
        """
        if self._checksum.seen > keep or not keep:
            self._checksum.reset()
        if keep:
            self._checksum.catch_up(self._part)
        with self._part.open("r+b" if keep else "wb", buffering=0) as out:
            out.seek(keep)
            self._tell(keep)
            at = start
            for piece in response.iter_raw():
                at += len(piece)
                if 0 < self._file.size < at:
                    raise Hiccup("the file that comes is longer than the one that was listed")
                if self._file.size <= 0 and at > _MOST_UNTOLD:
                    out.truncate(0)
                    self._tell(0)
                    raise EngineError(
                        FailureKind.UNSUPPORTED,
                        f"“{self._file.path}” is larger than {exact_size(_MOST_UNTOLD)}, and the "
                        "source did not tell so: it could fill the disk. Try another source.",
                    )
                self.fetched += len(piece)
                new = piece[max(0, len(piece) - max(0, at - keep)) :]
                rest = memoryview(new)
                while rest:
                    rest = rest[out.write(rest) :]
                self._checksum.add(new)
                self._tell(max(at, keep))
            if start == 0 and at < max(keep, self._file.size):
                # It said that this is all: no file of ours, and nothing to go on from.
                out.truncate(keep)
                self._checksum.reset()
                self._tell(keep)
                raise Hiccup("the file that came is shorter than the one that was listed")

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

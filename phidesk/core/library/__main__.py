"""Scans in a process of its own: `python -m phidesk.core.library`, see messages.py.

Not in a thread: Python's lock would make the window wait at each of the thousand small calls that
painting a table takes.
"""

import contextlib
import gc
import os
import sys

import msgspec

from phidesk.core.library.closer import CloserLooks
from phidesk.core.library.entry import LibraryEntry
from phidesk.core.library.messages import Batch, Finished, Listed, Message, Request
from phidesk.core.library.scan import Scan
from phidesk.core.models import well_formed

_BATCH = 50
_CLOSER_BATCH = 10
_NICENESS = 10


def main() -> None:
    """Read the request and write what is found; ends early where nobody reads it."""
    gc.disable()  # nothing here goes in circles
    with contextlib.suppress(OSError, AttributeError):  # Windows has no nice()
        os.nice(_NICENESS)
    request = msgspec.json.decode(sys.stdin.buffer.readline(), type=Request)
    with contextlib.suppress(BrokenPipeError):
        _run(request)


def _run(request: Request) -> None:
    scan, looks = Scan(request.places), CloserLooks()
    waiting: list[LibraryEntry] = []
    batch: list[LibraryEntry] = []
    for entry in scan.entries():
        known = looks.known(entry)
        if known is None:
            waiting.append(entry)
        batch.append(known or entry)
        if len(batch) == _BATCH:
            _write(Batch(entries=tuple(batch)))
            batch.clear()
    _write(Batch(entries=tuple(batch)))
    _write(Listed(problems=scan.problems, folders=tuple(map(well_formed, scan.folders))))
    for begin in range(0, len(waiting), _CLOSER_BATCH):
        part = waiting[begin : begin + _CLOSER_BATCH]
        _write(Batch(entries=tuple(looks.look(entry) for entry in part)))
    looks.save()
    _write(Finished(duplicates=tuple(scan.duplicates())))


def _write(message: Message) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(message) + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()

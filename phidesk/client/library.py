"""Scans for models in a process of its own, which a cancelled scan ends."""

import asyncio
import contextlib
import os
import sys
from collections.abc import AsyncGenerator, Sequence

import msgspec

from phidesk.core.library.messages import Message, Request
from phidesk.core.library.places import Place

_MAX_LINE = 64 * 2**20


class ScanError(RuntimeError):
    """The scan ended before it was finished; the message is for a person."""


async def scan(places: Sequence[Place]) -> AsyncGenerator[Message, None]:
    """Yield what is found, Finished last; raises ScanError where that does not come."""
    try:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "phidesk.core.library"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,
            env=os.environ | {"PYTHONSAFEPATH": "1"},
            limit=_MAX_LINE,
        )
    except OSError as error:
        raise ScanError(f"The scan could not be started: {error.strerror or error}.") from error
    has_ended = False
    try:
        assert process.stdin is not None  # noqa: S101 - asked for above
        assert process.stdout is not None  # noqa: S101 - asked for above
        with contextlib.suppress(OSError, RuntimeError):
            process.stdin.write(msgspec.json.encode(Request(places=tuple(places))) + b"\n")
        decoder = msgspec.json.Decoder(Message)
        while line := await process.stdout.readline():
            yield decoder.decode(line)
        has_ended = True
    except (ValueError, msgspec.DecodeError) as error:
        raise ScanError("The scan said what phidesk does not understand.") from error
    finally:
        if not has_ended:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
        await process.wait()
    if process.returncode:
        raise ScanError(f"The scan ended with exit code {process.returncode}.")

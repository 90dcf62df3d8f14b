"""Small dealings with the operating system around native libraries."""

import ctypes
import os
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_PR_SET_PDEATHSIG = 1


@contextmanager
def dies_with_parent() -> Iterator[None]:
    """Have the kernel kill this process if its parent dies in the block (Linux; see prctl(2)).

    For calls that hold the GIL, in which the thread that watches stdin cannot run.
    """
    if sys.platform != "linux":
        yield
        return
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    try:
        yield
    finally:
        prctl(_PR_SET_PDEATHSIG, 0, 0, 0, 0)


@contextmanager
def captured_stderr() -> Iterator[Callable[[], str]]:
    """Collect what native code writes to fd 2 in the block, and pass it on afterwards.

    The value is a function that returns the text so far. A file takes it, not a pipe: code
    that holds the GIL would fill a pipe that nobody can drain.
    """
    sys.stderr.flush()
    original = os.dup(2)
    with tempfile.TemporaryFile() as file:
        os.dup2(file.fileno(), 2)
        try:
            yield lambda: os.pread(file.fileno(), 1 << 20, 0).decode("utf-8", "replace")
        finally:
            os.dup2(original, 2)
            text = os.pread(file.fileno(), 1 << 20, 0)
            if text:
                os.write(original, text)
            os.close(original)

"""Puts the end of a process that nobody asked for into words."""

import signal
from collections.abc import Iterable

_WORDS = {
    "SIGKILL": "was ended by the system or by another program (often because memory ran out)",
    "SIGSEGV": "crashed (memory fault)",
    "SIGABRT": "stopped itself after an internal error",
    "SIGILL": "used an instruction that this processor does not have",
    "SIGBUS": "crashed while it read a file (is the disk still there?)",
    "SIGTERM": "was ended by another program",
}
_OUT_OF_MEMORY = ("out of memory", "OutOfMemoryError", "MemoryError", "std::bad_alloc")


def describe_exit(code: int | None, log: Iterable[str], *, is_download: bool = False) -> str:
    """Return two sentences: what happened to the process, and what to do.

    is_download: it was to search or to download, else an engine.
    """
    if code is None:
        what = "ended unexpectedly"
    elif code < 0:
        name = _signal_name(-code)
        what = f"{_WORDS.get(name, 'was stopped')} ({name})"
    else:
        what = f"ended by itself with exit code {code}"
    if is_download:
        return f"The download process {what}. What came is kept: start it again to go on."
    hint = "Reload the model to go on; your chat is untouched."
    if any(word in line for line in log for word in _OUT_OF_MEMORY):
        hint = "Its log speaks of a lack of memory: try a shorter context or a smaller model."
    return f"The engine process {what}. {hint}"


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"

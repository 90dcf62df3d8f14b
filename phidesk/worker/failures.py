"""Turns what went wrong in a job into a Failed event with words for a person."""

import errno
import traceback

from phidesk.protocol.events import Failed, FailureKind
from phidesk.worker.engines.base import EngineError

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
# safetensors tells the system's error by its number in the text only, torch not even that.
_FULL_WORDS = (
    "no space left",
    "disk quota",
    "enforce fail at inline_container",
    *(f"(os error {number})" for number in _FULL),
)
_MEMORY_WORDS = ("out of memory", "can't allocate memory", "not enough memory")


def is_out_of_memory(error: BaseException) -> bool:
    """Return whether memory ran out, that of a GPU included; torch is not imported for it.

    Libraries wrap it in errors of their own: those that led to an error are looked at as well.
    """
    link: BaseException | None = error
    while link is not None:
        if isinstance(link, MemoryError) or type(link).__name__ == "OutOfMemoryError":
            return True
        if any(words in str(link).lower() for words in _MEMORY_WORDS):
            return True
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)
    return False


def is_disk_full(error: BaseException) -> bool:
    """Return whether the system refused to write on, however the library tells it."""
    if isinstance(error, OSError) and error.errno in _FULL:
        return True
    return any(words in str(error).lower() for words in _FULL_WORDS)


def describe(job_id: str, error: BaseException) -> Failed:
    """Return the terminal event for an error; what nobody foresaw is a BUG with a traceback."""
    details = "".join(traceback.format_exception(error))
    match error:
        case EngineError():
            kind, message = error.kind, error.message
            details = error.details
        case MemoryError():
            kind = FailureKind.OUT_OF_MEMORY
            message = (
                "The memory of this machine is used up. Choose a smaller context, a smaller or "
                "quantized model, or close other programs."
            )
        case FileNotFoundError() | PermissionError():
            kind = FailureKind.MISSING_FILE
            message = f"“{error.filename}” cannot be read: {error.strerror}."
        case _:
            kind = FailureKind.BUG
            message = f"Something went wrong in phidesk: {type(error).__name__}: {error}"
    return Failed(job_id=job_id, kind=kind, message=message, details=details)

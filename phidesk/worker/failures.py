"""Turns what went wrong in a job into a Failed event with words for a person."""

import traceback

from phidesk.protocol.events import Failed, FailureKind
from phidesk.worker.engines.base import EngineError


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

"""Plain words for what goes wrong while a copy is made."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from phidesk.core.models import ModelRef
from phidesk.protocol.events import FailureKind
from phidesk.worker.engines.base import EngineError
from phidesk.worker.failures import is_disk_full, is_out_of_memory

_NEARLY_FULL = 4 * 2**20  # bytes free


@contextmanager
def plain_words(model: ModelRef, folder: Path) -> Iterator[None]:
    """Turn known failures of the block into EngineErrors; folder: where the copy is made."""
    try:
        yield
    except EngineError:
        raise
    except Exception as error:
        kind, message = _explain(error, model, folder)
        if kind is None:
            raise
        raise EngineError(kind, message, str(error)) from error


def _explain(error: Exception, model: ModelRef, folder: Path) -> tuple[FailureKind | None, str]:
    if is_out_of_memory(error):
        return FailureKind.OUT_OF_MEMORY, (
            "The memory of this machine is used up. Take fewer or shorter calibration sequences, "
            "a smaller batch, or close other programs; eject the model that is loaded."
        )
    if not Path(model.path).exists():
        return FailureKind.MISSING_FILE, f"“{model.name}” is no longer there: {model.path}."
    if is_disk_full(error) or _free(folder) < _NEARLY_FULL:
        return FailureKind.DISK_FULL, (
            f"The disk of “{folder.parent}” is full ({_free(folder) / 1e6:.0f} MB free). Free some "
            "space."
        )
    if isinstance(error, OSError) and error.filename:
        return (
            FailureKind.MISSING_FILE,
            f"“{error.filename}” cannot be used: {error.strerror}. Choose another folder.",
        )
    return None, ""


def _free(folder: Path) -> int:
    try:
        return shutil.disk_usage(folder if folder.exists() else folder.parent).free
    except OSError:
        return 1 << 62

"""Writes files so that nobody ever finds half of one."""

import os
from pathlib import Path

_ANYBODY, _OWNER = 0o666, 0o600


def write_in_one_step(path: Path, data: bytes, *, is_private: bool = False) -> None:
    """Write a file, or leave what is there as it is; raises OSError where that fails.

    is_private: nobody but the user may read it.
    """
    partial = path.with_name(f"{path.name}.partial")
    partial.unlink(missing_ok=True)  # of a process that was killed; its rights may be others
    flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY
    try:
        with os.fdopen(os.open(partial, flags, _OWNER if is_private else _ANYBODY), "wb") as file:
            file.write(data)
        partial.replace(path)
    except OSError:
        partial.unlink(missing_ok=True)
        raise

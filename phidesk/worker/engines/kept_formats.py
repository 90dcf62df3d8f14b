"""Remembers which number format this processor computes faster in, so that loads agree."""

import contextlib
import os
import platform
import zlib
from pathlib import Path

import msgspec
import torch

from phidesk.core.paths import cache_dir

_TELLING = ("model name", "flags", "Features", "CPU implementer", "CPU part")


def kept_format(rows: int, columns: int) -> str:
    """Return the name of the format that was kept for matrices of this shape, "" for none."""
    return _read().get(_key(rows, columns), "")


def keep_format(rows: int, columns: int, name: str) -> None:
    """Keep it for the next load; where that cannot be written, it is measured again."""
    partial = _path().with_suffix(f".{os.getpid()}")
    with contextlib.suppress(OSError):
        partial.parent.mkdir(parents=True, exist_ok=True)
        kept = _read() | {_key(rows, columns): name}
        try:
            partial.write_bytes(msgspec.json.format(msgspec.json.encode(kept)))
            partial.replace(_path())
        finally:
            partial.unlink(missing_ok=True)


def _path() -> Path:
    return cache_dir() / "number-formats.json"


def _read() -> dict[str, str]:
    try:
        return msgspec.json.decode(_path().read_bytes(), type=dict[str, str])
    except (OSError, ValueError):  # not there, or damaged
        return {}


def _key(rows: int, columns: int) -> str:
    return (
        f"{_processor()}, torch {torch.__version__}, {torch.get_num_threads()} threads, "
        f"{rows} x {columns}"
    )


def _processor() -> str:
    """Return what tells processors apart, their instructions too: a virtual machine hides some."""
    try:
        first = Path("/proc/cpuinfo").read_text("utf-8", "replace").partition("\n\n")[0]
    except OSError:
        return platform.processor() or platform.machine()
    pairs = [line.partition(":") for line in first.splitlines()]
    told = {key.strip(): value.strip() for key, _, value in pairs if key.strip() in _TELLING}
    name = told.get("model name", platform.machine())
    return f"{name} {zlib.crc32(repr(sorted(told.items())).encode()):08x}"

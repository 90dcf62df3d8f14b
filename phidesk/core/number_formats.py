"""Which number format a network is computed in here: what workers measured, kept for all."""

import contextlib
import os
import platform
import re
import zlib
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from phidesk.core.memory import number
from phidesk.core.models import ModelFormat, ModelRef
from phidesk.core.paths import cache_dir

_TELLING = ("model name", "flags", "Features", "CPU implementer", "CPU part")
_BYTES_IN_FILE = {"fp32": 4.0, "bf16": 2.0, "fp16": 2.0}
_SCALES_BITS = 0.6  # what GGUF's blocks add to each weight for their scales


def matrix_shape(config: dict[str, Any]) -> tuple[int, int]:
    """Return rows and columns of the larger weight matrices, as the processor is measured with.

    config: a config.json, {} where there is none.
    """
    text = config.get("text_config")
    known = text if isinstance(text, dict) else config
    columns = number(known, "hidden_size") or 2048
    rows = number(known, "intermediate_size") or 4 * columns
    return min(max(rows, 64), 2048), min(max(columns, 64), 2048)


def kept_format(rows: int, columns: int, setting: str = "") -> str:
    """Return the name of the format that was kept for matrices of this shape, "" for none.

    setting: what else it was measured with; "" for any, where they all say the same.
    """
    if setting:
        return _read().get(_key(rows, columns, setting), "")
    begin, end = f"{_processor()}, ", f", {rows} x {columns}"
    kept = {name for key, name in _read().items() if key.startswith(begin) and key.endswith(end)}
    return kept.pop() if len(kept) == 1 else ""


def keep_format(rows: int, columns: int, setting: str, name: str) -> None:
    """Keep it for the next load; where that cannot be written, it is measured again."""
    partial = _path().with_suffix(f".{os.getpid()}")
    with contextlib.suppress(OSError):
        partial.parent.mkdir(parents=True, exist_ok=True)
        kept = _read() | {_key(rows, columns, setting): name}
        try:
            partial.write_bytes(msgspec.json.format(msgspec.json.encode(kept)))
            partial.replace(_path())
        finally:
            partial.unlink(missing_ok=True)


def needed_bytes(model: ModelRef, element_size: float) -> int:
    """Return about how much memory the loaded weights take.

    Quantized checkpoints keep their size; others are scaled from the number format in the file
    to element_size bytes a weight. GGUF is dequantized: its bits a weight come from its name.
    """
    if model.format is ModelFormat.SAFETENSORS:
        if model.method:
            return model.size_bytes
        return round(model.size_bytes * element_size / _BYTES_IN_FILE.get(model.quantization, 2.0))
    digits = re.search(r"\d+", model.quantization)
    bits = float(digits.group()) if digits else 4.0
    if bits < 16:
        bits += _SCALES_BITS
    return round(model.size_bytes * element_size * 8 / bits)


def _path() -> Path:
    return cache_dir() / "number-formats.json"


def _read() -> dict[str, str]:
    try:
        return msgspec.json.decode(_path().read_bytes(), type=dict[str, str])
    except (OSError, ValueError):  # not there, or damaged
        return {}


def _key(rows: int, columns: int, setting: str) -> str:
    return f"{_processor()}, {setting}, {rows} x {columns}"


@cache
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

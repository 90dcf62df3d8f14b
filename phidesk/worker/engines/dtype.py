"""Chooses where a model computes and with which number format."""

import time
from functools import cache
from typing import Any

import torch
from torch.nn import functional

from phidesk.core.load_options import Dtype, LoadOptions
from phidesk.core.models import Device
from phidesk.core.number_formats import keep_format, kept_format

_BYTES_TO_READ = 16 * 2**20
_MEASURE_S = 0.2
_MIN_ROUNDS = 3
_CLEARLY_FASTER = 1.1
_CPU_FORMATS = (torch.bfloat16, torch.float32)
_LABELS = {torch.bfloat16: "bf16", torch.float16: "fp16", torch.float32: "fp32"}


def choose_device() -> Device:
    """Return the fastest kind of device that torch finds here."""
    if torch.cuda.is_available():
        return Device.CUDA
    return Device.MPS if torch.backends.mps.is_available() else Device.CPU


def choose_dtype(device: Device, rows: int, columns: int) -> Any:
    """Return the number format for a model that is not quantized.

    rows, columns: number_formats.matrix_shape, which the CPU is measured with.
    """
    if device is Device.CUDA:
        return torch.bfloat16 if torch.cuda.is_bf16_supported(False) else torch.float16
    if device is Device.MPS:
        return torch.bfloat16 if _mps_has_bf16() else torch.float16
    return faster_cpu_dtype(rows, columns)


def asked_dtype(options: LoadOptions) -> Any:
    """Return the number format that the user chose; None where that is left to the engine."""
    return None if options.dtype is Dtype.AUTO else getattr(torch, options.dtype.torch_name)


def label(dtype: Any) -> str:
    """Return the short name that the catalog uses ("bf16")."""
    return _LABELS.get(dtype, str(dtype).removeprefix("torch."))


@cache
def faster_cpu_dtype(rows: int, columns: int) -> Any:
    """Return bf16 or fp32, whichever this CPU decodes faster with.

    It is measured once for a processor and shape, and kept: a busy moment could turn it round,
    and the same model would answer differently and take twice the memory.
    """
    setting = f"torch {torch.__version__}, {torch.get_num_threads()} threads"
    kept = kept_format(rows, columns, setting)
    for number_format in _CPU_FORMATS:
        if label(number_format) == kept:
            return number_format
    measured = _measure(rows, columns)
    keep_format(rows, columns, setting, label(measured))
    return measured


def _measure(rows: int, columns: int) -> Any:
    """Return the faster format.

    What one decoding step does: F.linear of one row vector with a few weight matrices of the
    model's own shape (at most 2048 x 2048, 16 MB together in fp32), in both formats by turns for
    0.2 s, at least three rounds; the best rounds are compared, since other programs can only
    slow one down. Which one wins depends on the processor (bf16 is native with AMX or
    AVX512-BF16 and emulated without) and on the shape: bf16 moves half the bytes, but costs
    more for each call. It also takes half the memory, so fp32 has to win by a tenth.
    """
    count = min(16, max(1, _BYTES_TO_READ // (rows * columns * 4)))
    best = dict.fromkeys(_CPU_FORMATS, float("inf"))
    with torch.inference_mode():
        weights = {
            f: [torch.full((rows, columns), 0.01, dtype=f) for _ in range(count)] for f in best
        }
        for matrices in weights.values():
            _time_step(matrices)  # makes oneDNN's kernels
        rounds, deadline = 0, time.perf_counter() + _MEASURE_S
        while rounds < _MIN_ROUNDS or time.perf_counter() < deadline:
            for number_format, matrices in weights.items():
                best[number_format] = min(best[number_format], _time_step(matrices))
            rounds += 1
    clearly = best[torch.bfloat16] > best[torch.float32] * _CLEARLY_FASTER
    return torch.float32 if clearly else torch.bfloat16


def _time_step(matrices: list[Any]) -> float:
    vector = torch.full((1, matrices[0].shape[1]), 0.01, dtype=matrices[0].dtype)
    started = time.perf_counter()
    for matrix in matrices:
        functional.linear(vector, matrix)
    return time.perf_counter() - started


def _mps_has_bf16() -> bool:
    try:
        torch.zeros(1, dtype=torch.bfloat16, device="mps")
    except (RuntimeError, TypeError):
        return False
    return True

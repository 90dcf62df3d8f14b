import time

import pytest

torch = pytest.importorskip("torch")

from phidesk.core.models import Device  # noqa: E402
from phidesk.worker.engines import dtype  # noqa: E402

pytestmark = pytest.mark.engine


def _pretend_speed(monkeypatch: pytest.MonkeyPatch, bf16: float, fp32: float) -> None:
    seconds = {torch.bfloat16: bf16, torch.float32: fp32}
    monkeypatch.setattr(dtype, "_time_step", lambda matrices: seconds[matrices[0].dtype])
    dtype.faster_cpu_dtype.cache_clear()


@pytest.mark.parametrize(
    ("bf16", "fp32", "chosen"), [(1.0, 2.0, "bf16"), (2.0, 1.0, "fp32"), (1.05, 1.0, "bf16")]
)
def test_cpu_takes_the_measured_format(
    monkeypatch: pytest.MonkeyPatch, bf16: float, fp32: float, chosen: str
) -> None:
    _pretend_speed(monkeypatch, bf16, fp32)
    assert dtype.label(dtype.choose_dtype(Device.CPU, 64, 64)) == chosen
    dtype.faster_cpu_dtype.cache_clear()


def test_measuring_is_short_and_remembered() -> None:
    dtype.faster_cpu_dtype(1536, 576)
    started = time.perf_counter()
    found = [dtype.faster_cpu_dtype(1536, 576) for _ in range(100)]
    assert time.perf_counter() - started < 0.05
    assert len(set(found)) == 1


@pytest.mark.parametrize(("supported", "chosen"), [(True, "bf16"), (False, "fp16")])
def test_cuda_takes_bf16_where_the_card_has_it(
    monkeypatch: pytest.MonkeyPatch, supported: bool, chosen: str
) -> None:
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda _emulated: supported)
    assert dtype.label(dtype.choose_dtype(Device.CUDA, 64, 64)) == chosen


def test_devices_in_order_of_speed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    assert dtype.choose_device() is Device.CPU
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: True)
    assert dtype.choose_device() is Device.MPS
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    assert dtype.choose_device() is Device.CUDA


def test_labels() -> None:
    assert [dtype.label(d) for d in (torch.float16, torch.float8_e4m3fn)] == [
        "fp16",
        "float8_e4m3fn",
    ]

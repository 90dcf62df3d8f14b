import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")

from phidesk.core import number_formats  # noqa: E402
from phidesk.core.load_options import Dtype, LoadOptions  # noqa: E402
from phidesk.core.models import Device  # noqa: E402
from phidesk.worker.engines import dtype  # noqa: E402

pytestmark = pytest.mark.engine


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Nothing is known yet; returns the file in which the choices are kept."""
    monkeypatch.setattr(number_formats, "cache_dir", lambda: tmp_path / "cache")
    dtype.faster_cpu_dtype.cache_clear()
    yield tmp_path / "cache" / "number-formats.json"
    dtype.faster_cpu_dtype.cache_clear()


def _pretend_speed(monkeypatch: pytest.MonkeyPatch, bf16: float, fp32: float) -> None:
    seconds = {torch.bfloat16: bf16, torch.float32: fp32}
    monkeypatch.setattr(dtype, "_MEASURE_S", 0.0)
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


def test_a_busy_moment_changes_nothing_once_it_was_measured(
    monkeypatch: pytest.MonkeyPatch, cache: Path
) -> None:
    _pretend_speed(monkeypatch, bf16=2.0, fp32=1.0)
    assert dtype.faster_cpu_dtype(64, 64) is torch.float32
    _pretend_speed(monkeypatch, bf16=1.0, fp32=2.0)  # the next process, with nothing cached
    assert dtype.faster_cpu_dtype(64, 64) is torch.float32
    assert dtype.faster_cpu_dtype(128, 64) is torch.bfloat16  # another shape is measured
    kept = json.loads(cache.read_text())
    assert sorted(kept.values()) == ["bf16", "fp32"]
    assert all("threads" in key for key in kept)
    assert list(cache.parent.iterdir()) == [cache]


def test_another_processor_measures_for_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    _pretend_speed(monkeypatch, bf16=2.0, fp32=1.0)
    assert dtype.faster_cpu_dtype(64, 64) is torch.float32
    _pretend_speed(monkeypatch, bf16=1.0, fp32=2.0)
    monkeypatch.setattr(number_formats, "_processor", lambda: "another")
    assert dtype.faster_cpu_dtype(64, 64) is torch.bfloat16


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"a": 1}', b"\xff", "other values"])
def test_a_damaged_file_is_measured_again_and_mended(
    monkeypatch: pytest.MonkeyPatch, cache: Path, content: bytes | str
) -> None:
    _pretend_speed(monkeypatch, bf16=2.0, fp32=1.0)
    dtype.faster_cpu_dtype(64, 64)
    if isinstance(content, str):
        content = cache.read_bytes().replace(b"fp32", b"fp128")
    cache.write_bytes(content)
    _pretend_speed(monkeypatch, bf16=1.0, fp32=2.0)
    assert dtype.faster_cpu_dtype(64, 64) is torch.bfloat16
    assert "bf16" in json.loads(cache.read_text()).values()


def test_a_cache_that_cannot_be_written_is_no_error(
    monkeypatch: pytest.MonkeyPatch, cache: Path
) -> None:
    cache.parent.write_text("a file where the folder should be")
    _pretend_speed(monkeypatch, bf16=1.0, fp32=2.0)
    assert dtype.faster_cpu_dtype(64, 64) is torch.bfloat16


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


def test_what_the_user_asks_for_is_taken() -> None:
    assert dtype.asked_dtype(LoadOptions()) is None
    assert dtype.asked_dtype(LoadOptions(dtype=Dtype.FP16)) is torch.float16
    assert dtype.asked_dtype(LoadOptions(dtype=Dtype.FP32)) is torch.float32

"""What is looked at where no engine of this process can run a finished copy."""

import json
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("safetensors")

from safetensors.torch import save_file  # noqa: E402

from phidesk.core.models import Device  # noqa: E402
from phidesk.protocol.events import FailureKind  # noqa: E402
from phidesk.worker.engines.base import EngineError  # noqa: E402
from phidesk.worker.quantizers import verify as module  # noqa: E402
from phidesk.worker.reporter import Reporter  # noqa: E402

pytestmark = pytest.mark.engine
NAME = "model.layers.0.mlp.down_proj"


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(module, "choose_device", lambda: Device.CUDA)
    config = {"model_type": "llama", "quantization_config": {"quant_method": "awq", "bits": 4}}
    (tmp_path / "config.json").write_text(json.dumps(config))
    return tmp_path


def check(copy: Path, tensors: dict[str, Any]) -> None:
    save_file(tensors, copy / "model.safetensors", metadata={"format": "pt"})
    module.verify(copy, Reporter("job", lambda _event: None))


def test_an_awq_copy_on_a_gpu_is_looked_through(copy: Path) -> None:
    check(copy, {f"{NAME}.scales": torch.full((2, 8), 0.1, dtype=torch.float16)})


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 0.0])
def test_scales_that_are_no_numbers(copy: Path, value: float) -> None:
    with pytest.raises(EngineError, match="NaN") as caught:
        check(copy, {f"{NAME}.scales": torch.full((2, 8), value, dtype=torch.float16)})
    assert caught.value.kind is FailureKind.CORRUPT_FILE


def test_a_copy_without_quantized_weights(copy: Path) -> None:
    with pytest.raises(EngineError, match="no quantized weights"):
        check(copy, {f"{NAME}.weight": torch.ones((2, 8))})

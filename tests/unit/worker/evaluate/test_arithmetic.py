"""A network computes the same for a score, whichever format it was loaded in."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")

import psutil  # noqa: E402

from phidesk.worker.evaluate.arithmetic import use_float32  # noqa: E402
from tests.models import write_tiny_model  # noqa: E402

pytestmark = pytest.mark.engine
Load = Callable[[Any], Any]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    from transformers import AutoModelForCausalLM

    write_tiny_model(tmp_path)
    return lambda dtype: AutoModelForCausalLM.from_pretrained(tmp_path, dtype=dtype).eval()


def logits(model: Any) -> Any:
    with torch.inference_mode():
        return model(input_ids=torch.arange(40)[None]).logits


def test_both_formats_give_the_same_logits(load: Load) -> None:
    narrow, wide = load(torch.bfloat16), load(torch.float32)
    assert not torch.equal(logits(narrow).float(), logits(wide))
    exact = logits(wide)
    assert use_float32(narrow)
    assert use_float32(wide)
    assert torch.equal(logits(narrow), exact)
    assert torch.equal(logits(wide), exact)


def test_weights_finer_than_bf16_are_rounded_to_it(load: Load) -> None:
    narrow, wide = load(torch.bfloat16), load(torch.float32)
    with torch.no_grad():
        for weights in wide.parameters():
            weights.mul_(1.0001)
        for rounded, weights in zip(narrow.parameters(), wide.parameters(), strict=True):
            rounded.copy_(weights)
    assert use_float32(narrow)
    assert use_float32(wide)
    assert torch.equal(logits(narrow), logits(wide))


def test_a_network_that_does_not_fit_in_fp32_stays(
    load: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    narrow = load(torch.bfloat16)
    monkeypatch.setattr(psutil, "virtual_memory", lambda: SimpleNamespace(available=1000))
    assert not use_float32(narrow)
    assert narrow.dtype is torch.bfloat16


def test_a_quantized_network_stays(load: Load) -> None:
    narrow = load(torch.bfloat16)
    narrow.is_quantized = True
    assert not use_float32(narrow)
    assert narrow.dtype is torch.bfloat16

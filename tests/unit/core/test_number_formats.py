from typing import Any

import pytest

from phidesk.core.models import ModelFormat, ModelRef
from phidesk.core.number_formats import matrix_shape, needed_bytes


def test_the_shape_that_is_measured() -> None:
    assert matrix_shape({}) == (2048, 2048)
    assert matrix_shape({"hidden_size": 576, "intermediate_size": 1536}) == (1536, 576)
    assert matrix_shape({"text_config": {"hidden_size": 100}, "hidden_size": 9}) == (400, 100)
    assert matrix_shape({"hidden_size": "many", "intermediate_size": -5}) == (2048, 2048)


@pytest.mark.parametrize(
    ("fields", "element_size", "expected"),
    [
        ({"quantization": "bf16"}, 2, 1000),
        ({"quantization": "bf16"}, 4, 2000),
        ({"quantization": "fp32"}, 2, 500),
        ({"quantization": "gptq 4-bit", "method": "gptq"}, 2, 1000),
        ({"format": ModelFormat.GGUF, "quantization": "F16", "method": "gguf"}, 2, 1000),
        ({"format": ModelFormat.GGUF, "quantization": "Q4_K_M", "method": "gguf"}, 2, 3478),
        ({"format": ModelFormat.GGUF, "quantization": "Q8_0", "method": "gguf"}, 4, 3721),
    ],
)
def test_needed_bytes(fields: dict[str, Any], element_size: int, expected: int) -> None:
    all_fields: dict[str, Any] = {"format": ModelFormat.SAFETENSORS} | fields
    model = ModelRef(name="m", path="/m", size_bytes=1000, **all_fields)
    assert needed_bytes(model, element_size) == expected

from types import SimpleNamespace
from typing import Any

import pytest

pytest.importorskip("torch")

from phidesk.worker.engines.transformers_figures import kv_bytes

pytestmark = pytest.mark.engine


def _config(**fields: Any) -> Any:
    text = SimpleNamespace(**fields)
    return SimpleNamespace(get_text_config=lambda: text)


def test_kv_bytes_of_grouped_heads() -> None:
    config = _config(
        num_hidden_layers=32, num_attention_heads=32, num_key_value_heads=8, hidden_size=4096
    )
    assert kv_bytes(config, 8192, 2) == 2**30


def test_kv_bytes_of_windows_and_layers_without_cache() -> None:
    config = _config(
        num_hidden_layers=4,
        num_attention_heads=4,
        head_dim=8,
        hidden_size=32,
        sliding_window=100,
        layer_types=["full_attention", "sliding_attention", "linear_attention", "mamba"],
    )
    assert kv_bytes(config, 1000, 2) == 1100 * 2 * 4 * 8 * 2


def test_kv_bytes_without_attention() -> None:
    assert kv_bytes(_config(num_hidden_layers=4), 1000, 2) is None

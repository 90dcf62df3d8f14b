import json
from collections.abc import Callable
from pathlib import Path

import pytest

from phidesk.core.checkpoint import read_folder, tokenizer_problem

Bytes = Callable[..., bytes]


def _make(folder: Path, safetensors_bytes: Bytes, **config: object) -> Path:
    (folder / "model.safetensors").write_bytes(safetensors_bytes())
    (folder / "config.json").write_text(json.dumps({"model_type": "llama"} | config))
    return folder


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ({"num_hidden_layers": -5}, "num_hidden_layers is -5"),
        ({"text_config": {"num_key_value_heads": "many"}}, "num_key_value_heads is many"),
        ({"num_hidden_layers": 30, "head_dim": None, "intermediate_size": [64, 128]}, ""),
    ],
)
def test_sizes_that_cannot_be(
    tmp_path: Path, safetensors_bytes: Bytes, config: dict[str, object], words: str
) -> None:
    model = read_folder(_make(tmp_path, safetensors_bytes, **config))
    assert model is not None
    assert words in model.problem
    assert bool(model.problem) is bool(words)


def test_a_folder_without_a_tokenizer(tmp_path: Path, safetensors_bytes: Bytes) -> None:
    model = read_folder(_make(tmp_path, safetensors_bytes))
    assert model is not None
    assert "has no tokenizer" in tokenizer_problem(model)
    (tmp_path / "qwen.tiktoken").write_text("")
    assert not tokenizer_problem(model)

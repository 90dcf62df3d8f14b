"""What chat refuses before a load where vLLM's build for the CPU is installed."""

import json
from pathlib import Path
from typing import Any

import pytest

from phidesk.cli.chat import run_chat
from phidesk.cli.parser import make_parser
from phidesk.core import engines
from phidesk.core.models import Device

CONFIG = {"architectures": ["LlamaForCausalLM"], "model_type": "llama"}


@pytest.fixture
def folder(tmp_path: Path, safetensors_bytes: Any, monkeypatch: pytest.MonkeyPatch) -> str:
    """A model without weights: whatever gets past the checks could not be loaded."""
    monkeypatch.setattr(engines, "find_spec", lambda name: name)
    monkeypatch.setattr(engines, "vllm_device", lambda: Device.CPU)
    made = tmp_path / "model"
    made.mkdir()
    (made / "config.json").write_text(json.dumps(CONFIG))
    tensors = {"w": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}
    (made / "model.safetensors").write_bytes(safetensors_bytes(tensors) + bytes(4))
    return str(made)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--speculation", "ngram"), "Set the temperature to 0"),
        (("--gpus", "2"), "cannot be spread over 2 GPUs"),
        (("--cpu-offload", "1"), "cannot be kept in the computer's memory"),
    ],
)
def test_what_the_build_for_the_cpu_cannot_do(
    folder: str, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], words: str
) -> None:
    options = make_parser().parse_args(
        ["chat", "hi", "--model", folder, "--engine", "vllm", *arguments]
    )
    assert run_chat(options) == 2
    assert words in capsys.readouterr().err

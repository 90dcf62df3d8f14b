import json
from pathlib import Path

import pytest

from phidesk.__main__ import main
from phidesk.core.catalog import starter
from tests.ui.conftest import forget
from tests.ui.serving.machine import make_model

pytestmark = pytest.mark.skipif(starter() is None, reason="the starter model is not installed")


def test_the_starter_model(capsys: pytest.CaptureFixture[str], user_folders: Path) -> None:
    forget(user_folders)
    assert main(["estimate", "starter", "--context", "4096", "--engine", "llamacpp"]) == 0
    printed = capsys.readouterr().out
    assert "KV cache for 4,096 tokens" in printed
    assert "largest context that fits    8,192 tokens" in printed
    assert "no load on this machine yet" in printed


def test_as_one_object(capsys: pytest.CaptureFixture[str], user_folders: Path) -> None:
    command = ["estimate", "starter", "--context", "1024", "--engine", "llamacpp", "--json"]
    assert main(command) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["kv_bytes"] == 1024 * 30 * 2 * 3 * 64 * 2
    parts = found["weights_bytes"] + found["kv_bytes"] + found["workspace_bytes"]
    assert found["total_bytes"] == parts < found["free_bytes"]


def test_what_does_not_fit(
    capsys: pytest.CaptureFixture[str], user_folders: Path, tmp_path: Path
) -> None:
    pytest.importorskip("torch")
    huge = make_model(tmp_path / "huge", 5000.0, quantization_config=None)
    assert main(["estimate", str(huge), "--engine", "transformers"]) == 1
    printed = capsys.readouterr().out
    assert "largest context that fits    0 tokens" in printed
    assert "Choose a smaller or quantized copy" in printed


def test_a_file_that_is_cut_behind_its_header_is_told(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    whole = starter()
    assert whole is not None
    cut = tmp_path / "模型.gguf"
    cut.write_bytes(Path(whole.path).read_bytes()[:20_000_000])
    assert main(["estimate", str(cut)]) == 2
    assert "模型.gguf: cut off: 20,000,000 bytes are there" in capsys.readouterr().err


def test_errors_are_words(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["estimate", str(tmp_path / "nothing")]) == 2
    assert "There is nothing at" in capsys.readouterr().err
    assert main(["estimate", "starter", "--context", "-5"]) == 2
    assert "makes no sense" in capsys.readouterr().err


def test_a_context_beyond_the_longest_and_pickles_are_told(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["estimate", "starter", "--context", "99999999", "--engine", "llamacpp"]) == 0
    assert "longest context is 8,192 tokens" in capsys.readouterr().out
    (tmp_path / "config.json").write_text('{"model_type": "llama"}')
    (tmp_path / "pytorch_model.bin").write_bytes(b"x")
    assert main(["estimate", str(tmp_path)]) == 2
    assert "only as pickles" in capsys.readouterr().err

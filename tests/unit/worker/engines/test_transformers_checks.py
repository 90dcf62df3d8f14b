import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from phidesk.core.models import Concern, ModelFormat, ModelRef
from phidesk.protocol.commands import LoadModel
from phidesk.protocol.events import FailureKind
from phidesk.worker.engines.base import EngineError
from phidesk.worker.engines.transformers_checks import (
    check_draft,
    check_files,
    check_memory,
    check_trust,
)

BUILT_IN = {"llama", "phi3"}
Bytes = Callable[..., bytes]


@pytest.fixture
def folder(tmp_path: Path, safetensors_bytes: Bytes) -> Path:
    (tmp_path / "config.json").write_text('{"model_type": "llama", "hidden_size": 64}')
    (tmp_path / "tokenizer.json").write_text("{}")
    (tmp_path / "model.safetensors").write_bytes(safetensors_bytes())
    return tmp_path


def _ref(path: Path, **more: Any) -> ModelRef:
    fields: dict[str, Any] = {"architecture": "llama", "format": ModelFormat.SAFETENSORS} | more
    return ModelRef(name="m", path=str(path), **fields)


def _refused(call: Callable[[], object]) -> tuple[FailureKind, str]:
    with pytest.raises(EngineError) as caught:
        call()
    assert caught.value.message.endswith(".")
    return caught.value.kind, caught.value.message


def _trust(folder: Path, *, without_code: bool = False, **more: Any) -> None:
    spec = LoadModel(
        job_id="j",
        model=_ref(folder, concerns=(Concern.REMOTE_CODE,), **more),
        engine="transformers",
        without_code=without_code,
    )
    check_trust(spec, BUILT_IN, "5.0")


def test_consent_to_a_model_is_none_to_its_draft_model(folder: Path) -> None:
    def check(**more: Any) -> None:
        model = _ref(folder, concerns=(Concern.REMOTE_CODE,))
        spec = LoadModel(job_id="j", model=model, engine="vllm", without_code=True)
        check_trust(spec, BUILT_IN, "5.0")
        check_draft(spec, _ref(folder, **more), BUILT_IN, "5.0")

    check()
    kind, words = _refused(lambda: check(concerns=(Concern.REMOTE_CODE,)))
    assert kind is FailureKind.UNSUPPORTED
    assert "another draft model" in words


def test_whole_folder_passes(folder: Path) -> None:
    assert check_files(_ref(folder), BUILT_IN, "5.0")["hidden_size"] == 64


def test_code_is_named_and_refused(folder: Path) -> None:
    (folder / "modeling_x.py").write_text("raise SystemExit")
    (folder / "config.json").write_text(
        json.dumps(
            {
                "model_type": "llama",
                "auto_map": {"AutoConfig": "conf.X", "AutoTokenizer": ["tok.Y", None]},
            }
        )
    )
    kind, message = _refused(lambda: _trust(folder))
    assert kind is FailureKind.REMOTE_CODE
    assert "brings program code (conf.X, tok.Y, modeling_x.py)" in message
    assert "phidesk does not run it" in message
    assert "built in" in message


def test_code_that_transformers_can_do_without_is_a_choice(folder: Path) -> None:
    _trust(folder, without_code=True)


@pytest.mark.parametrize("without_code", [True, False])
def test_code_that_is_needed_is_refused_in_any_case(folder: Path, without_code: bool) -> None:
    call = lambda: _trust(folder, without_code=without_code, architecture="zork")  # noqa: E731
    kind, message = _refused(call)
    assert kind is FailureKind.UNSUPPORTED  # to agree to it would change nothing
    assert "Transformers 5.0 has no built-in support for “zork”" in message


def test_pickles_are_refused_with_a_way_out(folder: Path) -> None:
    model = _ref(folder, concerns=(Concern.PICKLE,))
    spec = LoadModel(job_id="j", model=model, engine="transformers", without_code=True)
    kind, message = _refused(lambda: check_trust(spec, BUILT_IN, "5.0"))
    assert kind is FailureKind.UNSUPPORTED
    assert "safetensors" in message


@pytest.mark.parametrize(
    ("problem", "kind"),
    [
        ("model.safetensors: cut off: 1 bytes are there", FailureKind.CORRUPT_FILE),
        ("config.json is missing: copy it", FailureKind.MISSING_FILE),
    ],
)
def test_known_problem_is_told(folder: Path, problem: str, kind: FailureKind) -> None:
    found = _refused(lambda: check_files(_ref(folder, problem=problem), BUILT_IN, "5.0"))
    assert found == (kind, f"“m” cannot be loaded: {problem}.")


@pytest.mark.parametrize("name", ["config.json", "tokenizer.json", "model.safetensors"])
def test_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    kind, message = _refused(lambda: check_files(_ref(folder), BUILT_IN, "5.0"))
    assert kind is FailureKind.MISSING_FILE
    assert name.removeprefix("model") in message


def test_missing_part_of_the_weights_is_named(folder: Path) -> None:
    index = {"weight_map": {"a": "model.safetensors", "b": "model-00002.safetensors"}}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))
    kind, message = _refused(lambda: check_files(_ref(folder), BUILT_IN, "5.0"))
    assert kind is FailureKind.MISSING_FILE
    assert "model-00002.safetensors" in message


def test_file_that_was_cut_off_since_the_scan(folder: Path, safetensors_bytes: Bytes) -> None:
    (folder / "model.safetensors").write_bytes(safetensors_bytes()[:-4])
    kind, message = _refused(lambda: check_files(_ref(folder), BUILT_IN, "5.0"))
    assert kind is FailureKind.CORRUPT_FILE
    assert "model.safetensors: cut off" in message


def test_unreadable_config(folder: Path) -> None:
    (folder / "config.json").write_text('{"model_type": ')
    kind, _ = _refused(lambda: check_files(_ref(folder), BUILT_IN, "5.0"))
    assert kind is FailureKind.CORRUPT_FILE


def test_unknown_architecture_is_named_with_the_version(folder: Path) -> None:
    (folder / "config.json").write_text('{"model_type": "zork"}')
    kind, message = _refused(lambda: check_files(_ref(folder), BUILT_IN, "5.23.0"))
    assert kind is FailureKind.UNSUPPORTED
    assert "“zork”" in message
    assert "5.23.0" in message


def test_config_without_model_type(folder: Path) -> None:
    (folder / "config.json").write_text("{}")
    kind, _ = _refused(lambda: check_files(_ref(folder), BUILT_IN, "5.0"))
    assert kind is FailureKind.CORRUPT_FILE


def test_memory_is_told_in_both_numbers(tmp_path: Path) -> None:
    model = _ref(tmp_path)
    check_memory(model, 10, 10, "in memory")
    kind, message = _refused(
        lambda: check_memory(model, 29_340_000_000, 21_000_000_000, "in memory")
    )
    assert kind is FailureKind.OUT_OF_MEMORY
    assert "needs about 29.3 GB, 21.0 GB are free in memory" in message

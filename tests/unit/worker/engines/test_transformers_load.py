import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")

from huggingface_hub.errors import StrictDataclassError  # noqa: E402

from phidesk.protocol.events import FailureKind, Log, Progress  # noqa: E402
from phidesk.worker.engines import transformers_load  # noqa: E402
from phidesk.worker.engines.base import EngineError  # noqa: E402

pytestmark = pytest.mark.engine
Load = Callable[..., Any]


def _refused(load: Load, path: Path, **more: Any) -> tuple[FailureKind, str]:
    with pytest.raises(EngineError) as caught:
        load(path, **more)
    return caught.value.kind, caught.value.message


def test_loaded_says_what_was_really_got(load: Load, tiny_model: Path) -> None:
    _, loaded, events = load(tiny_model)
    size = {"bf16": 2, "fp32": 4}[loaded.dtype]
    assert loaded.job_id == "load"
    assert loaded.engine == "transformers"
    assert loaded.engine_version == transformers.__version__
    assert loaded.device == ("cuda" if torch.cuda.is_available() else "cpu")
    assert loaded.kernel == loaded.dtype
    assert loaded.context_length == 512
    assert loaded.kv_bytes == 2 * 2 * 2 * 16 * size * 512
    assert loaded.weights_bytes == pytest.approx(107_232 * size, rel=0.01)
    assert 0 < loaded.load_s < 60
    stages = [event.stage for event in events if isinstance(event, Progress)]
    assert list(dict.fromkeys(stages)) == ["tokenizer", "weights", "warm-up"]
    bar = [event for event in events if isinstance(event, Progress) and event.total]
    assert bar[-1].done == bar[-1].total == 21


@pytest.mark.parametrize(("wanted", "got"), [(None, 512), (100, 100), (9999, 512)])
def test_context_is_the_shorter_one(
    load: Load, tiny_model: Path, wanted: int | None, got: int
) -> None:
    assert load(tiny_model, context_length=wanted)[1].context_length == got


def test_without_chat_template_it_is_logged(load: Load, tiny_copy: Path) -> None:
    (tiny_copy / "chat_template.jinja").unlink()
    _, _, events = load(tiny_copy)
    assert any(isinstance(e, Log) and "no chat template" in e.text for e in events)


def test_built_in_model_loads_without_its_code(
    load: Load, tiny_copy: Path, edit_json: Callable[..., None]
) -> None:
    (tiny_copy / "evil.py").write_text("raise SystemExit('ran')")
    edit_json(
        tiny_copy / "config.json",
        auto_map={"AutoConfig": "evil.Config", "AutoModelForCausalLM": "evil.Model"},
    )
    kind, message = _refused(load, tiny_copy)
    assert kind is FailureKind.REMOTE_CODE
    assert "evil.Config, evil.Model, evil.py" in message
    engine, _, _ = load(tiny_copy, without_code=True)
    assert type(engine._opened.model) is transformers.LlamaForCausalLM


def test_tokenizer_that_is_code_is_refused(
    load: Load, tiny_copy: Path, edit_json: Callable[..., None]
) -> None:
    edit_json(
        tiny_copy / "tokenizer_config.json",
        auto_map={"AutoTokenizer": ["evil.Tokenizer", None]},
        tokenizer_class="EvilTokenizer",
    )
    assert _refused(load, tiny_copy)[0] is FailureKind.REMOTE_CODE
    kind, message = _refused(load, tiny_copy, without_code=True)
    assert kind is FailureKind.UNSUPPORTED
    assert "tokenizer" in message


def test_unreadable_tokenizer(load: Load, tiny_copy: Path) -> None:
    os.truncate(tiny_copy / "tokenizer.json", 500)
    kind, message = _refused(load, tiny_copy)
    assert kind is FailureKind.CORRUPT_FILE
    assert "tokenizer" in message


def test_config_of_another_model(
    load: Load, tiny_copy: Path, edit_json: Callable[..., None]
) -> None:
    edit_json(tiny_copy / "config.json", intermediate_size=256)
    kind, message = _refused(load, tiny_copy)
    assert kind is FailureKind.CORRUPT_FILE
    assert "config.json" in message


def test_weights_that_are_in_no_file(
    load: Load, tiny_copy: Path, edit_json: Callable[..., None]
) -> None:
    edit_json(tiny_copy / "config.json", num_hidden_layers=3)
    kind, message = _refused(load, tiny_copy)
    assert kind is FailureKind.CORRUPT_FILE
    assert "9 of the weights" in message
    assert "model.layers.2." in message


def test_too_little_memory(load: Load, tiny_model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transformers_load, "_free_memory", lambda _device: (1000, "in memory"))
    kind, message = _refused(load, tiny_model)
    assert kind is FailureKind.OUT_OF_MEMORY
    assert "0.0 GB are free in memory" in message


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (torch.OutOfMemoryError("CUDA out of memory"), FailureKind.OUT_OF_MEMORY),
        (MemoryError(), FailureKind.OUT_OF_MEMORY),
        (
            RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried"),
            FailureKind.OUT_OF_MEMORY,
        ),
        (StrictDataclassError("layers is -5"), FailureKind.CORRUPT_FILE),
        (ImportError("compressed-tensors is required"), FailureKind.ENGINE_MISSING),
    ],
)
def test_known_failures_in_plain_words(error: Exception, kind: FailureKind) -> None:
    with pytest.raises(EngineError) as caught, transformers_load.plain_words("m"):
        raise error
    assert caught.value.kind is kind
    assert "“m”" in caught.value.message


def test_unknown_failures_are_left_alone() -> None:
    with pytest.raises(RuntimeError, match="surprise"), transformers_load.plain_words("m"):
        raise RuntimeError("surprise")

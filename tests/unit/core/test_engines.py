"""The table of what runs where, and the choice that follows from it."""

import importlib.util
from collections.abc import Callable
from importlib.machinery import ModuleSpec

import pytest

from phidesk.core import engines
from phidesk.core.engines import (
    RUNS,
    EngineName,
    NoEngineError,
    choose_engine,
    lacking,
    missing_modules,
    rows_for,
)
from phidesk.core.models import ModelFormat, ModelRef

GGUF = ModelRef(name="g", path="/g", format=ModelFormat.GGUF, method="gguf", quantization="Q4_1")
TORCH = ("torch", "transformers", "accelerate")
Install = Callable[..., None]


def safetensors(method: str, quantization: str = "") -> ModelRef:
    return ModelRef(
        name="s",
        path="/s",
        format=ModelFormat.SAFETENSORS,
        method=method,
        quantization=quantization,
    )


@pytest.fixture
def only_installed(monkeypatch: pytest.MonkeyPatch) -> Install:
    def install(*names: str) -> None:
        def find_spec(name: str) -> ModuleSpec | None:
            return ModuleSpec(name, None) if name in names else None

        monkeypatch.setattr(engines, "find_spec", find_spec)

    return install


@pytest.mark.parametrize(
    ("model", "installed", "engine"),
    [
        (GGUF, ("xllamacpp",), EngineName.LLAMACPP),
        (GGUF, ("xllamacpp", *TORCH, "gguf"), EngineName.LLAMACPP),
        (GGUF, (*TORCH, "gguf"), EngineName.TRANSFORMERS),
        (safetensors(""), TORCH, EngineName.TRANSFORMERS),
        (safetensors(""), ("xllamacpp", *TORCH), EngineName.TRANSFORMERS),
        (safetensors("auto-round"), (*TORCH, "auto_round"), EngineName.TRANSFORMERS),
        (safetensors("gptq"), (*TORCH, "auto_round"), EngineName.TRANSFORMERS),
        (safetensors("awq"), (*TORCH, "auto_round"), EngineName.TRANSFORMERS),
        (safetensors("bitsandbytes"), (*TORCH, "bitsandbytes"), EngineName.TRANSFORMERS),
    ],
)
def test_the_first_engine_that_is_installed_is_chosen(
    only_installed: Install, model: ModelRef, installed: tuple[str, ...], engine: EngineName
) -> None:
    only_installed(*installed)
    assert choose_engine(model) is engine


@pytest.mark.parametrize(
    ("model", "installed", "missing"),
    [
        (GGUF, (), r"llama.cpp .*missing: xllamacpp\)"),
        (GGUF, TORCH, r"llama.cpp .*missing: xllamacpp\)"),
        (safetensors(""), ("xllamacpp",), r"missing: torch, transformers, accelerate\)"),
        (safetensors(""), ("torch", "transformers"), r"missing: accelerate\)"),
        (safetensors("gptq"), TORCH, r"missing: auto_round\)"),
        (safetensors("awq"), (), r"missing: torch, transformers, accelerate, auto_round\)"),
        (safetensors("bitsandbytes"), TORCH, r"missing: bitsandbytes\)"),
    ],
)
def test_what_is_missing_is_named_with_the_way_out(
    only_installed: Install, model: ModelRef, installed: tuple[str, ...], missing: str
) -> None:
    only_installed(*installed)
    with pytest.raises(NoEngineError, match=missing) as caught:
        choose_engine(model)
    assert "pip install" in str(caught.value)


def test_the_users_choice_overrules_the_order(only_installed: Install) -> None:
    only_installed("xllamacpp", *TORCH, "gguf")
    assert choose_engine(GGUF, EngineName.TRANSFORMERS) is EngineName.TRANSFORMERS
    assert choose_engine(GGUF, EngineName.LLAMACPP) is EngineName.LLAMACPP


def test_the_users_choice_is_not_replaced_where_it_is_not_installed(
    only_installed: Install,
) -> None:
    only_installed("xllamacpp")
    with pytest.raises(NoEngineError, match=r"^Transformers would .*missing: torch.*gguf"):
        choose_engine(GGUF, EngineName.TRANSFORMERS)


def test_an_engine_that_cannot_read_the_file_is_refused(only_installed: Install) -> None:
    only_installed("xllamacpp", *TORCH)
    with pytest.raises(NoEngineError, match=r"^llama\.cpp does not read safetensors files\.$"):
        choose_engine(safetensors(""), EngineName.LLAMACPP)


@pytest.mark.parametrize(
    ("model", "word"),
    [
        (safetensors("fp8", "fp8 8-bit"), "fp8 8-bit"),
        (safetensors("hqq"), "hqq"),
        (safetensors("unknown", "unknown"), "unknown"),
        (ModelRef(name="x", path="/x", format=ModelFormat.GGUF), "gguf"),
    ],
)
@pytest.mark.parametrize("wanted", [None, EngineName.TRANSFORMERS])
def test_weights_that_nothing_reads_are_named(
    model: ModelRef, word: str, wanted: EngineName | None
) -> None:
    with pytest.raises(NoEngineError, match=f"“{word}”"):
        choose_engine(model, wanted)


def test_rows_do_not_depend_on_what_is_installed(only_installed: Install) -> None:
    only_installed()
    assert [row.engine for row in rows_for(GGUF)] == [
        EngineName.LLAMACPP,
        EngineName.TRANSFORMERS,
    ]
    assert rows_for(safetensors("gguf")) == ()


def test_missing_modules_are_those_of_the_engine(only_installed: Install) -> None:
    only_installed("torch")
    assert missing_modules(EngineName.LLAMACPP) == ("xllamacpp",)
    assert missing_modules(EngineName.TRANSFORMERS) == ("transformers", "accelerate")
    only_installed("xllamacpp", *TORCH)
    assert [missing_modules(engine) for engine in EngineName] == [()] * len(EngineName)


def test_a_row_lacks_its_engines_modules_and_its_own(only_installed: Install) -> None:
    only_installed("torch", "transformers")
    (row,) = rows_for(safetensors("bitsandbytes"))
    assert lacking(row) == ("accelerate", "bitsandbytes")


def test_every_engine_has_a_row_a_label_and_modules() -> None:
    assert {row.engine for row in RUNS} == set(EngineName)
    for engine in EngineName:
        assert engine.label.isprintable()
        assert engine.label != ""
        assert isinstance(missing_modules(engine), tuple)


def test_no_two_rows_give_one_engine_the_same_files() -> None:
    claims = [(row.format, method, row.engine) for row in RUNS for method in row.methods]
    assert len(claims) == len(set(claims))


def test_llama_cpp_of_the_base_install_is_found_without_importing_it() -> None:
    assert importlib.util.find_spec("xllamacpp") is not None
    assert choose_engine(GGUF) is EngineName.LLAMACPP

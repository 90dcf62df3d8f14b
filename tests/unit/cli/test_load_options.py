"""Load options on the command line: what they become, and what is refused before a load."""

import argparse
import json
import os
from pathlib import Path
from typing import Any

import msgspec
import pytest

from phidesk.cli import load_options as module
from phidesk.cli.load_options import (
    DoesNotFitError,
    ignored_options,
    plan_load,
    read_load_options,
)
from phidesk.cli.parser import make_parser
from phidesk.core import engines
from phidesk.core.catalog import open_model
from phidesk.core.engines import EngineName
from phidesk.core.load_options import KvDtype, LoadOptions, Speculation, Startup
from phidesk.core.machine import GpuProcess, Machine
from phidesk.core.models import Device, ModelRef
from phidesk.hardware.sampler import GpuSample, Sample

GB = 10**9
CONFIG = {
    "architectures": ["LlamaForCausalLM"],
    "model_type": "llama",
    "num_hidden_layers": 40,
    "hidden_size": 5120,
    "num_attention_heads": 40,
    "num_key_value_heads": 10,
    "intermediate_size": 17_920,
    "vocab_size": 100_352,
    "max_position_embeddings": 16_384,
}
GPU = GpuSample(
    name="NVIDIA GeForce RTX 4090",
    total_bytes=24 * GB,
    used_bytes=4 * GB,
    ours_bytes=0,
    busy_percent=0.0,
    capability=(8, 9),
    others=(GpuProcess(pid=7, name="blender", bytes=3 * GB),),
)


def sample(*gpus: GpuSample) -> Sample:
    return Sample(
        ram_total_bytes=64 * GB,
        ram_used_bytes=4 * GB,
        cpu_percent=0.0,
        worker_bytes=0,
        gpus=gpus,
    )


def parsed(*arguments: str) -> argparse.Namespace:
    return make_parser().parse_args(["chat", "hello", *arguments])


@pytest.fixture
def model(tmp_path: Path, safetensors_bytes: Any) -> ModelRef:
    """A folder whose weights seem to have 9 GB."""
    folder = tmp_path / "phi"
    folder.mkdir()
    (folder / "config.json").write_text(json.dumps(CONFIG))
    size = 9 * GB
    tensors = {"w": {"dtype": "U8", "shape": [size], "data_offsets": [0, size]}}
    head = safetensors_bytes(tensors)
    (folder / "model.safetensors").write_bytes(head)
    os.truncate(folder / "model.safetensors", len(head) + size)  # a hole: no bytes on disk
    return open_model(folder)


@pytest.fixture
def vllm_on_cuda(monkeypatch: pytest.MonkeyPatch) -> None:
    """vLLM for CUDA and Transformers seem to be installed, with a torch for them."""
    monkeypatch.setattr(engines, "find_spec", lambda name: name)
    monkeypatch.setattr(engines, "vllm_device", lambda: Device.CUDA)
    monkeypatch.setattr(engines, "vllm_version", lambda: (0, 33))

    def machine_of(found: Sample) -> Machine:
        gpu = next(iter(found.gpus), None)
        if gpu is None:
            return Machine(device=Device.CPU, ram_free=GB, ram_total=GB)
        return Machine(device=Device.CUDA, ram_free=GB, ram_total=GB, capability=gpu.capability)

    monkeypatch.setattr(module, "machine_of", machine_of)


def test_nothing_given_is_the_default() -> None:
    options = parsed()
    assert read_load_options(options) == LoadOptions()
    assert (options.engine, options.context, options.without_code) == (None, None, False)
    assert ignored_options(options, EngineName.LLAMACPP) == ""


def test_every_option_arrives(model: ModelRef) -> None:
    options = parsed(
        *("--engine", "vllm", "--context", "4096", "--startup", "eager", "--parallel-chats", "3"),
        *("--kv", "fp8", "--cpu-offload", "1.5", "--gpus", "2", "--speculation", "draft"),
        *("--draft-model", model.path),
    )
    assert read_load_options(options) == LoadOptions(
        startup=Startup.EAGER,
        parallel_chats=3,
        kv_dtype=KvDtype.FP8,
        cpu_offload_bytes=1_500_000_000,
        gpus=2,
        speculation=Speculation.DRAFT,
        draft_model=model.path,
    )
    assert (options.engine, options.context) == ("vllm", 4096)


def test_a_draft_model_alone_is_meant_to_be_used(model: ModelRef) -> None:
    found = read_load_options(parsed("--draft-model", model.path))
    assert found.speculation is Speculation.DRAFT


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--parallel-chats", "0"), "between 1 and 64"),
        (("--gpus", "99"), "between 1 and 16"),
        (("--cpu-offload", "-1"), "cannot be negative"),
        (("--cpu-offload", "nan"), "--cpu-offload"),
        (("--cpu-offload", "inf"), "--cpu-offload"),
        (("--speculation", "draft"), "needs the folder"),
        (("--speculation", "ngram", "--draft-model", "starter"), "safetensors is needed"),
    ],
)
def test_nonsense_is_refused_in_words(arguments: tuple[str, ...], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        read_load_options(parsed(*arguments))


def test_options_of_another_engine_are_told() -> None:
    options = parsed("--kv", "fp8", "--gpus", "1")
    assert ignored_options(options, EngineName.VLLM) == ""
    words = ignored_options(options, EngineName.LLAMACPP)
    assert words == "llama.cpp loads without --kv, --gpus: only vLLM knows that."


@pytest.mark.usefixtures("vllm_on_cuda")
class TestPlan:
    def test_vllm_comes_first_where_it_fits_and_transformers_after_it(
        self, model: ModelRef
    ) -> None:
        plan = plan_load(parsed("--context", "2048"), model, sample(GPU))
        assert plan.engines == (EngineName.VLLM, EngineName.TRANSFORMERS)
        assert plan.context_length == 2048

    def test_what_does_not_fit_is_refused_with_the_numbers(self, model: ModelRef) -> None:
        full = msgspec.structs.replace(GPU, used_bytes=12 * GB)
        words = r"needs 1\d\.\d GB .*, 12\.0 GB are free, “blender” holds 3\.0 GB: a context of"
        with pytest.raises(DoesNotFitError, match=words):
            plan_load(parsed("--context", "16384"), model, sample(full))

    def test_the_fullest_of_the_gpus_decides(self, model: ModelRef) -> None:
        full = msgspec.structs.replace(GPU, used_bytes=22 * GB)
        plan_load(parsed(), model, sample(GPU, full))
        with pytest.raises(DoesNotFitError, match=r"2\.0 GB are free"):
            plan_load(parsed("--gpus", "2"), model, sample(GPU, full))

    def test_more_gpus_than_there_are_are_refused(self, model: ModelRef) -> None:
        with pytest.raises(ValueError, match=r"no 2 GPUs \(found: 1\)"):
            plan_load(parsed("--gpus", "2"), model, sample(GPU))

    def test_other_engines_are_not_measured_by_vllms_needs(self, model: ModelRef) -> None:
        full = msgspec.structs.replace(GPU, used_bytes=23 * GB)
        plan = plan_load(parsed("--engine", "transformers"), model, sample(full))
        assert plan.engines == (EngineName.TRANSFORMERS,)
        assert plan_load(parsed(), model, sample()).engines == (EngineName.TRANSFORMERS,)

    def test_a_context_of_nothing_is_refused(self, model: ModelRef) -> None:
        with pytest.raises(ValueError, match="context of 0"):
            plan_load(parsed("--context", "0"), model, sample(GPU))

    def test_on_the_processor_the_computers_memory_is_compared(
        self, model: ModelRef, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(engines, "vllm_device", lambda: Device.CPU)
        full = msgspec.structs.replace(sample(), ram_used_bytes=62 * GB)
        arguments = parsed("--engine", "vllm", "--parallel-chats", "8")
        assert plan_load(arguments, model, sample()).engines == (EngineName.VLLM,)
        with pytest.raises(DoesNotFitError, match=r"of memory, 2\.0 GB are free"):
            plan_load(arguments, model, full)

"""What a load takes, by hand for Phi-4, and the context that fits."""

import json
import os
import struct
import time
from pathlib import Path
from typing import Any

import msgspec
import pytest

from phidesk.core.catalog import starter
from phidesk.core.engines import EngineName
from phidesk.core.gguf import read_head
from phidesk.core.load_options import KvDtype, LoadOptions, Speculation
from phidesk.core.memory import Estimator, MemoryNeeds, read_facts
from phidesk.core.models import Device, ModelFormat, ModelRef

# https://huggingface.co/microsoft/phi-4/blob/main/config.json
PHI4 = {
    "num_hidden_layers": 40,
    "hidden_size": 5120,
    "num_attention_heads": 40,
    "num_key_value_heads": 10,
    "intermediate_size": 17_920,
    "vocab_size": 100_352,
}
PHI4_KV = 40 * 2 * 10 * 128 * 2
WEIGHTS = 9_140_000_000  # 14.7 billion in GPTQ with 4 bits and groups of 128
GB = 10**9


def write(
    folder: Path, config: object = PHI4, weights: int = WEIGHTS, dtype: str = "U8", **more: Any
) -> ModelRef:
    folder.mkdir(exist_ok=True)
    (folder / "config.json").write_text(json.dumps(config))
    for name, size in (("model-1.safetensors", weights - 1000), ("model-2.safetensors", 1000)):
        tensor = {"dtype": dtype, "shape": [size], "data_offsets": [0, size]}
        header = json.dumps({"weight": tensor}).encode()
        (folder / name).write_bytes(struct.pack("<Q", len(header)) + header)
        os.truncate(folder / name, 8 + len(header) + size)  # a hole: no bytes on disk
    fields: dict[str, Any] = {
        "name": "phi-4 W4",
        "context_length": 16_384,
        "quantization": "gptq 4-bit",
    } | more
    return ModelRef(path=str(folder), format=ModelFormat.SAFETENSORS, **fields)


def estimator(
    model: ModelRef,
    engine: EngineName = EngineName.VLLM,
    device: Device = Device.CUDA,
    **options: Any,
) -> Estimator:
    facts = read_facts(model)
    assert facts is not None
    draft = options.get("draft_model")
    return Estimator(
        model=model,
        facts=facts,
        engine=engine,
        device=device,
        options=LoadOptions(**options),
        draft=read_facts(msgspec.structs.replace(model, path=draft)) if draft else None,
    )


def needs_of(model: ModelRef, context: int | None = None, **options: Any) -> MemoryNeeds:
    needs = estimator(model, **options).at(context)
    assert needs is not None
    return needs


@pytest.fixture
def phi4(tmp_path: Path) -> ModelRef:
    return write(tmp_path / "phi-4")


def test_a_token_of_phi4_takes_what_its_heads_say(phi4: ModelRef) -> None:
    needs = needs_of(phi4, 2048)
    assert needs.weights == WEIGHTS
    assert needs.kv == (2048 + 2 * 128) * PHI4_KV
    assert needs.total == needs.weights + needs.kv + needs.workspace
    # 10,863 MiB are in use on an H100 with this context
    assert needs.total == pytest.approx(10_863 * 2**20, rel=0.05)


def test_fp8_halves_the_pool(phi4: ModelRef) -> None:
    whole, half = needs_of(phi4), needs_of(phi4, kv_dtype=KvDtype.FP8)
    assert half.kv * 2 == whole.kv
    assert half.weights == whole.weights


def test_each_chat_has_a_context_of_its_own(phi4: ModelRef) -> None:
    one, four = needs_of(phi4, 4096), needs_of(phi4, 4096, parallel_chats=4)
    assert four.kv - one.kv == 3 * 4096 * PHI4_KV
    assert four.chats == 4
    assert needs_of(phi4, 4096, parallel_chats=32).workspace > four.workspace == one.workspace


def test_what_stays_in_the_computers_memory_is_not_counted(phi4: ModelRef) -> None:
    assert needs_of(phi4, cpu_offload_bytes=4 * GB).weights == WEIGHTS - 4 * GB
    assert needs_of(phi4, cpu_offload_bytes=40 * GB).weights == 0


def test_several_gpus_share_weights_and_heads(phi4: ModelRef) -> None:
    one, two = needs_of(phi4), needs_of(phi4, gpus=2)
    assert two.weights == WEIGHTS // 2
    assert two.kv == one.kv // 2
    assert needs_of(phi4, gpus=16).kv == one.kv // 10  # one head each at least


def test_a_draft_model_lies_beside_it(phi4: ModelRef, tmp_path: Path) -> None:
    small = PHI4 | {"num_hidden_layers": 4}
    write(tmp_path / "draft", small, 500_000_000)
    drafting = needs_of(phi4, speculation=Speculation.DRAFT, draft_model=str(tmp_path / "draft"))
    assert drafting.weights == WEIGHTS + 500_000_000
    assert drafting.kv == (8192 + 2 * 128) * (PHI4_KV + PHI4_KV // 10)


def test_fp32_is_computed_in_16_bits(tmp_path: Path) -> None:
    model = write(tmp_path / "m", dtype="F32", quantization="fp32")
    assert needs_of(model).weights == WEIGHTS // 2


def test_the_text_part_of_a_model_that_sees_is_what_counts(tmp_path: Path) -> None:
    model = write(tmp_path / "m", {"text_config": PHI4, "num_hidden_layers": 3})
    assert needs_of(model).kv == (8192 + 2 * 128) * PHI4_KV


@pytest.mark.parametrize("config", [[], "x", {"model_type": "mamba"}])
@pytest.mark.parametrize("engine", [EngineName.VLLM, EngineName.TRANSFORMERS])
def test_files_that_do_not_tell_give_no_estimate(
    tmp_path: Path, config: object, engine: EngineName
) -> None:
    assert estimator(write(tmp_path / "m", config), engine).at(None) is None


def test_neither_do_files_that_are_gone(tmp_path: Path) -> None:
    gguf = ModelRef(name="g", path=str(tmp_path / "g.gguf"), format=ModelFormat.GGUF)
    gone = ModelRef(name="s", path=str(tmp_path / "gone"), format=ModelFormat.SAFETENSORS)
    assert read_facts(gguf) is None
    assert read_facts(gone) is None


def test_transformers_fills_its_cache_as_a_chat_grows(phi4: ModelRef) -> None:
    found = estimator(phi4, EngineName.TRANSFORMERS)
    short, long = found.at(2048), found.at(8192)
    assert short is not None
    assert long is not None
    assert (short.kv, long.kv) == (2048 * PHI4_KV, 8192 * PHI4_KV)
    assert short.at_load == long.at_load == WEIGHTS + long.runtime
    assert not long.kv_reserved


def test_only_layers_with_a_window_stop_growing(tmp_path: Path) -> None:
    kinds = (["sliding_attention"] * 4 + ["full_attention"]) * 8
    model = write(tmp_path / "m", PHI4 | {"layer_types": kinds, "sliding_window": 1024})
    needs = estimator(model, EngineName.TRANSFORMERS).at(8192)
    assert needs is not None
    assert needs.kv == PHI4_KV // 40 * (32 * 1024 + 8 * 8192)


def test_fp32_on_this_machine_takes_twice_as_much(tmp_path: Path) -> None:
    model = write(tmp_path / "m", quantization="bf16")
    half = estimator(model, EngineName.TRANSFORMERS, Device.CPU)
    whole = msgspec.structs.replace(half, element_size=4)
    a, b = half.at(2048), whole.at(2048)
    assert a is not None
    assert b is not None
    assert (b.weights, b.kv) == (2 * a.weights, 2 * a.kv)


def test_a_correction_is_part_of_the_runtime(phi4: ModelRef) -> None:
    plain = estimator(phi4)
    more = msgspec.structs.replace(plain, correction=100_000_000)
    a, b = plain.at(2048), more.at(2048)
    assert a is not None
    assert b is not None
    assert b.total - a.total == 100_000_000


@pytest.mark.parametrize("chats", [1, 3])
@pytest.mark.parametrize("dtype", KvDtype)
@pytest.mark.parametrize("engine", [EngineName.VLLM, EngineName.TRANSFORMERS])
def test_the_longest_context_fits_and_one_step_more_does_not(
    phi4: ModelRef, chats: int, dtype: KvDtype, engine: EngineName
) -> None:
    found = estimator(phi4, engine, parallel_chats=chats, kv_dtype=dtype)
    whole = found.at(16_384)
    assert whole is not None
    free = whole.total - whole.kv // 3
    fits = found.fitting(16_384, free)
    assert 0 < fits < 16_384
    best, more = found.at(fits), found.at(fits + 256)
    assert best is not None
    assert more is not None
    assert best.total <= free < more.total
    assert found.fitting(16_384, whole.weights) == 0


@pytest.mark.skipif(starter() is None, reason="the starter model is not installed")
def test_the_starter_model() -> None:
    model = starter()
    assert model is not None
    needs = estimator(model, EngineName.LLAMACPP, Device.CPU).at(4096)
    assert needs is not None
    assert needs.weights == model.size_bytes
    assert needs.kv == 4096 * 30 * 2 * 3 * 64 * 2
    dequantized = estimator(model, EngineName.TRANSFORMERS, Device.CPU).at(4096)
    assert dequantized is not None
    assert dequantized.weights == pytest.approx(269_030_272, rel=0.01)  # as torch counts it


def test_vllms_pool_is_known_for_a_gguf_file() -> None:
    model = starter()
    assert model is not None
    head = read_head(Path(model.path)).numbers
    width = head["embedding_length"] // head["attention.head_count"]
    token = head["block_count"] * head["attention.head_count_kv"] * 2 * width * 2
    needs = needs_of(model, 2048)
    assert 2048 * token < needs.kv < 2400 * token  # some blocks more
    assert needs.weights == model.size_bytes


@pytest.mark.parametrize(
    "field",
    ["num_hidden_layers", "max_position_embeddings", "intermediate_size", "vocab_size"],
)
def test_absurd_numbers_are_taken_for_nonsense(tmp_path: Path, field: str) -> None:
    model = write(tmp_path / "m", PHI4 | {field: 10**400})
    for engine in (EngineName.VLLM, EngineName.TRANSFORMERS):
        needs = estimator(model, engine).at(None)
        assert needs is None or needs.total < 2**50


@pytest.mark.parametrize("shape", [[2**62] * 2, [2**62] * 40_000])
def test_shapes_that_the_file_has_no_bytes_for_count_nothing(
    tmp_path: Path, shape: list[int]
) -> None:
    model = write(tmp_path / "m")
    tensors = {
        name: {"dtype": "I32", "shape": shape, "data_offsets": [0, 0]}
        for name in ("a.scales", "a.qzeros")
    }
    header = json.dumps(tensors).encode()
    (tmp_path / "m" / "model-3.safetensors").write_bytes(struct.pack("<Q", len(header)) + header)
    began = time.process_time()
    needs = estimator(model, EngineName.TRANSFORMERS, Device.CPU).at(512)
    assert time.process_time() - began < 2
    assert needs is not None
    assert 0 <= needs.weights - WEIGHTS < 2**24  # the header itself, where it is refused


def test_files_are_read_again_only_where_they_changed(tmp_path: Path) -> None:
    model = write(tmp_path / "m")
    first = read_facts(model)
    assert read_facts(model) is first
    write(tmp_path / "m", weights=WEIGHTS + 1000)
    again = read_facts(model)
    assert again is not None
    assert again.weights == WEIGHTS + 1000

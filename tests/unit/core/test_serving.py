"""What a load takes on a GPU, by hand for Phi-4, and the words where it does not fit."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from phidesk.core.load_options import KvDtype, LoadOptions, Speculation
from phidesk.core.machine import GpuProcess
from phidesk.core.models import ModelFormat, ModelRef
from phidesk.core.serving import (
    DEFAULT_CONTEXT,
    MIN_CONTEXT,
    ServingNeeds,
    fitting_context,
    graph_sizes,
    kv_bytes_per_token,
    pool_tokens,
    refusal,
    running_at_once,
    serving_context,
    serving_needs,
)

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


def write(folder: Path, config: object = PHI4, weights: int = WEIGHTS, **more: Any) -> ModelRef:
    folder.mkdir(exist_ok=True)
    (folder / "config.json").write_text(json.dumps(config))
    for name, size in (("model-1.safetensors", weights - 1000), ("model-2.safetensors", 1000)):
        (folder / name).touch()
        os.truncate(folder / name, size)  # a hole: no bytes on disk
    fields: dict[str, Any] = {
        "name": "phi-4 W4",
        "context_length": 16_384,
        "quantization": "gptq 4-bit",
    } | more
    return ModelRef(path=str(folder), format=ModelFormat.SAFETENSORS, **fields)


def needs_of(model: ModelRef, context: int | None = None, **options: Any) -> ServingNeeds:
    needs = serving_needs(model, context, LoadOptions(**options))
    assert needs is not None
    return needs


@pytest.fixture
def phi4(tmp_path: Path) -> ModelRef:
    return write(tmp_path / "phi-4")


def test_a_token_of_phi4_takes_what_its_heads_say(phi4: ModelRef) -> None:
    needs = needs_of(phi4, 2048)
    assert needs.kv_token == PHI4_KV == 204_800
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
    assert needs_of(phi4, gpus=16).kv_token == PHI4_KV // 10  # one head each at least


def test_a_draft_model_lies_beside_it(phi4: ModelRef, tmp_path: Path) -> None:
    small = PHI4 | {"num_hidden_layers": 4}
    write(tmp_path / "draft", small, 500_000_000)
    drafting = needs_of(phi4, speculation=Speculation.DRAFT, draft_model=str(tmp_path / "draft"))
    assert drafting.weights == WEIGHTS + 500_000_000
    assert drafting.kv_token == PHI4_KV + PHI4_KV // 10
    assert drafting.kv == pool_tokens(drafting.context, 1) * drafting.kv_token


def test_fp32_is_computed_in_16_bits(tmp_path: Path) -> None:
    model = write(tmp_path / "m", quantization="fp32")
    assert needs_of(model).weights == WEIGHTS // 2


@pytest.mark.parametrize(
    ("config", "bytes_per_token"),
    [
        (PHI4, 204_800),
        (PHI4 | {"num_key_value_heads": None}, 4 * 204_800),
        (PHI4 | {"head_dim": 256}, 2 * 204_800),
        (PHI4 | {"sliding_window": 1024}, 204_800),
        # DeepSeek-V2: 60 layers, a latent of 512 and 64 rotary dimensions (arXiv 2405.04434)
        (
            {
                "num_hidden_layers": 60,
                "num_attention_heads": 128,
                "kv_lora_rank": 512,
                "qk_rope_head_dim": 64,
            },
            60 * 576 * 2,
        ),
        ({}, None),
        (PHI4 | {"num_attention_heads": 0, "num_key_value_heads": 0}, None),
        (PHI4 | {"num_hidden_layers": "many"}, None),
        (PHI4 | {"hidden_size": None}, None),
    ],
)
def test_kv_bytes_of_other_shapes(config: dict[str, Any], bytes_per_token: int | None) -> None:
    assert kv_bytes_per_token(config, 2) == bytes_per_token


def test_a_latent_cannot_be_spread_over_gpus() -> None:
    latent = {"num_hidden_layers": 2, "num_attention_heads": 8, "kv_lora_rank": 512}
    latent["qk_rope_head_dim"] = 64
    assert kv_bytes_per_token(latent, 2, gpus=4) == kv_bytes_per_token(latent, 2)


def test_the_text_part_of_a_model_that_sees_is_what_counts(tmp_path: Path) -> None:
    model = write(tmp_path / "m", {"text_config": PHI4, "num_hidden_layers": 3})
    assert needs_of(model).kv_token == PHI4_KV


@pytest.mark.parametrize("config", [[], "x", {"model_type": "mamba"}])
def test_files_that_do_not_tell_give_no_estimate(tmp_path: Path, config: object) -> None:
    assert serving_needs(write(tmp_path / "m", config), None, LoadOptions()) is None


def test_neither_do_gguf_files_and_folders_that_are_gone(tmp_path: Path) -> None:
    gguf = ModelRef(name="g", path=str(tmp_path / "g.gguf"), format=ModelFormat.GGUF)
    gone = ModelRef(name="s", path=str(tmp_path / "gone"), format=ModelFormat.SAFETENSORS)
    for model in (gguf, gone):
        assert serving_needs(model, None, LoadOptions()) is None


@pytest.mark.parametrize(
    ("wanted", "longest", "context"),
    [
        (None, 16_384, DEFAULT_CONTEXT),
        (None, 2048, 2048),
        (None, None, DEFAULT_CONTEXT),
        (4096, 16_384, 4096),
        (100_000, 16_384, 16_384),
        (10, 16_384, MIN_CONTEXT),
    ],
)
def test_the_context_lies_within_the_models(
    wanted: int | None, longest: int | None, context: int
) -> None:
    model = ModelRef(name="m", path="/m", format=ModelFormat.SAFETENSORS, context_length=longest)
    assert serving_context(model, wanted) == context


@pytest.mark.parametrize(
    ("chats", "most", "sizes"),
    [(1, 8, [1, 2, 4, 8]), (8, 8, [1, 2, 4, 8]), (9, 9, [1, 2, 4, 8, 16])],
)
def test_graphs_reach_what_runs_at_once(chats: int, most: int, sizes: list[int]) -> None:
    options = LoadOptions(parallel_chats=chats)
    assert (running_at_once(options), graph_sizes(options)) == (most, sizes)


class TestRefusal:
    def test_what_fits_is_not_refused(self, phi4: ModelRef) -> None:
        needs = needs_of(phi4)
        assert refusal(phi4, needs, needs.total, ()) == ""
        assert refusal(phi4, needs, needs.total - 1, ()) != ""

    def test_the_words_name_both_sizes_and_the_context_that_fits(self, phi4: ModelRef) -> None:
        needs = needs_of(phi4, 16_384)
        assert refusal(phi4, needs, 12 * GB, ()) == (
            "“phi-4 W4” needs 13.8 GB on the graphics card, 12.0 GB are free: "
            "a context of 7,168 tokens would fit."
        )

    def test_the_largest_other_program_is_named(self, phi4: ModelRef) -> None:
        others = (
            GpuProcess(pid=1, name="Xorg", bytes=GB // 2),
            GpuProcess(pid=2, name="python3", bytes=11 * GB),
            GpuProcess(pid=3, name="blender", bytes=2 * GB),
        )
        words = refusal(phi4, needs_of(phi4, 16_384), 12 * GB, others)
        assert "12.0 GB are free, “python3” holds 11.0 GB: a context" in words
        assert "Xorg" not in words

    def test_where_no_context_fits_a_smaller_copy_is_the_way_out(self, phi4: ModelRef) -> None:
        words = refusal(phi4, needs_of(phi4), 8 * GB, ())
        assert words.endswith(
            "are free. Choose a smaller or quantized copy, or close other programs."
        )
        assert "context" not in words

    @pytest.mark.parametrize("chats", [1, 3])
    @pytest.mark.parametrize("dtype", KvDtype)
    def test_the_context_that_is_proposed_fits_and_one_step_more_does_not(
        self, phi4: ModelRef, chats: int, dtype: KvDtype
    ) -> None:
        options: dict[str, Any] = {"parallel_chats": chats, "kv_dtype": dtype}
        needs = needs_of(phi4, 16_384, **options)
        free = needs.total - needs.kv // 3
        fits = fitting_context(needs, free)
        assert 0 < fits < 16_384
        assert needs_of(phi4, fits, **options).total <= free
        assert needs_of(phi4, fits + 1024, **options).total > free

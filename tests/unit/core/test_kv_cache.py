"""What a KV cache keeps, by hand for published shapes."""

from typing import Any

import pytest

from phidesk.core.kv_cache import KvCache, KvLayers, kv_of_config, kv_of_gguf

# https://huggingface.co/microsoft/phi-4/blob/main/config.json
PHI4: dict[str, Any] = {
    "num_hidden_layers": 40,
    "hidden_size": 5120,
    "num_attention_heads": 40,
    "num_key_value_heads": 10,
}
# DeepSeek-V2: 60 layers, a latent of 512 and 64 rotary dimensions (arXiv 2405.04434)
LATENT: dict[str, Any] = {
    "num_hidden_layers": 60,
    "num_attention_heads": 128,
    "kv_lora_rank": 512,
    "qk_rope_head_dim": 64,
}
# Gemma 3 4B: five layers with a window to each without
GEMMA3: dict[str, Any] = {
    "num_hidden_layers": 34,
    "num_attention_heads": 8,
    "num_key_value_heads": 4,
    "head_dim": 256,
    "sliding_window": 1024,
    "layer_types": (["sliding_attention"] * 5 + ["full_attention"]) * 5 + ["sliding_attention"] * 4,
}
FALCON: dict[str, Any] = {"hidden_size": 4544, "multi_query": True}


@pytest.mark.parametrize(
    ("config", "numbers"),
    [
        (PHI4, 102_400),
        (PHI4 | {"num_key_value_heads": None}, 4 * 102_400),
        (PHI4 | {"head_dim": 256}, 2 * 102_400),
        (PHI4 | {"sliding_window": 1024}, 102_400),
        (LATENT, 60 * 576),
        (GEMMA3, 34 * 2 * 4 * 256),
        (PHI4 | {"layer_types": ["mamba"] * 30 + ["full_attention"] * 10}, 25_600),
        ({"n_layer": 12, "n_head": 12, "n_embd": 768}, 12 * 2 * 768),  # GPT-2
        ({"n_layer": 30, "num_attention_heads": 32, "n_embed": 4096}, 30 * 2 * 4096),  # Bloom
        ({"n_layers": 32, "n_heads": 32, "d_model": 4096, "attn_config": {}}, 32 * 2 * 4096),  # MPT
        (FALCON | {"num_hidden_layers": 32, "num_attention_heads": 71}, 32 * 2 * 64),  # 7B
        (
            FALCON
            | {"num_hidden_layers": 60, "num_attention_heads": 128, "hidden_size": 8192}
            | {"num_kv_heads": 8, "new_decoder_architecture": True},  # 40B
            60 * 2 * 8 * 64,
        ),
        (
            {"num_layers": 28, "num_attention_heads": 32, "hidden_size": 4096}
            | {"kv_channels": 128, "multi_query_attention": True, "multi_query_group_num": 2},
            28 * 2 * 2 * 128,  # ChatGLM 3
        ),
    ],
)
def test_the_numbers_of_a_token(config: dict[str, Any], numbers: int) -> None:
    cache = kv_of_config(config)
    assert cache is not None
    assert cache.token == cache.held(1) == numbers


@pytest.mark.parametrize(
    "config",
    [
        {},
        PHI4 | {"num_attention_heads": 0, "num_key_value_heads": 0},
        PHI4 | {"num_hidden_layers": "many"},
        PHI4 | {"num_hidden_layers": -1},
        PHI4 | {"hidden_size": None},
        PHI4 | {"num_hidden_layers": 1e400},
        PHI4 | {"layer_types": ["mamba"] * 40},
    ],
)
def test_shapes_that_tell_nothing(config: dict[str, Any]) -> None:
    assert kv_of_config(config) is None


def test_heads_are_spread_over_gpus_and_a_latent_is_not() -> None:
    spread, latent = kv_of_config(PHI4, gpus=4), kv_of_config(LATENT, gpus=4)
    assert spread is not None
    assert latent is not None
    assert spread.token == 40 * 2 * 3 * 128  # three of ten heads, where four GPUs share them
    assert latent.token == 60 * 576


@pytest.mark.parametrize(
    ("more", "kept"),
    [
        ({"model_type": "mistral"}, 40 * 1024),
        ({"model_type": "phi3"}, 40 * 1024),
        ({"model_type": "llama"}, 40 * 4096),
        ({"model_type": "qwen2", "use_sliding_window": False}, 40 * 4096),
        ({"sliding_window_pattern": 4}, 10 * 4096 + 30 * 1024),
    ],
)
def test_windows_that_a_config_only_implies(more: dict[str, Any], kept: int) -> None:
    cache = kv_of_config(PHI4 | {"sliding_window": 1024} | more)
    assert cache is not None
    assert cache.held(4096) == kept * 2 * 10 * 128
    named = kv_of_config(PHI4 | {"sliding_window": 1024} | more, only_named=True)
    assert named is not None
    assert named.held(4096) == 40 * 4096 * 2 * 10 * 128


def test_a_pool_of_one_kind_is_whole_blocks_and_two() -> None:
    cache = kv_of_config(PHI4)
    assert cache is not None
    assert cache.pool(1000, 1, 2048) == (1024 + 2 * 128) * 102_400
    assert cache.pool(1000, 3, 2048) == (3 * 1024 + 2 * 128) * 102_400


def test_a_pool_of_groups() -> None:
    """Five full layers and 29 with a window: one group of full ones, six of the others."""
    cache = kv_of_config(GEMMA3)
    assert cache is not None
    window = 1024 + 2 * 2048  # and the steps under way
    blocks = 32_768 // 128 + 6 * (window // 128 + 1) + 2
    assert cache.pool(32_768, 1, 2048) == blocks * 128 * 5 * 2048
    assert cache.pool(32_768, 1, 2048) < (32_768 + 256) * cache.token / 3


def test_nearly_as_many_of_either_kind_are_padded_to_the_larger() -> None:
    kinds = (KvLayers(count=9, numbers=10), KvLayers(count=8, numbers=10, window=128))
    # 8192 tokens are 64 blocks; a window of 128 and a batch of 128 twice are 3 and one more
    assert KvCache(kinds=kinds).pool(8192, 1, 128) == (64 + 4 + 2) * 128 * 9 * 10


def test_a_gguf_file() -> None:
    numbers = {
        "block_count": 30,
        "embedding_length": 576,
        "attention.head_count": 9,
        "attention.head_count_kv": 3,
    }
    cache = kv_of_gguf(numbers)
    assert cache is not None
    assert cache.held(100) == 100 * 30 * 2 * 3 * 64
    own = kv_of_gguf(numbers | {"attention.key_length": 96, "attention.value_length": 32})
    assert own is not None
    assert own.token == 30 * 3 * 128
    windows = {"attention.sliding_window": 512, "attention.sliding_window_pattern": 6}
    windowed = kv_of_gguf(numbers | windows)
    assert windowed is not None
    assert windowed.held(4096) == (5 * 4096 + 25 * 512) * 2 * 3 * 64
    assert kv_of_gguf({}) is None
    assert kv_of_gguf(numbers | {"attention.head_count": 0}) is None


@pytest.mark.parametrize(
    ("architecture", "more", "context", "kib"),
    [
        ("gemma3", {}, 4096, 16.5 * 1024),
        ("gemma3", {}, 32_768, 44.5 * 1024),
        ("gemma3", {}, 700, 4.5 * 1024),
        ("gemma3", {"attention.sliding_window_pattern": 4}, 32_768, 59.25 * 1024),
        ("gemma3", {"block_count": 13, "attention.sliding_window": 200}, 4096, 12.25 * 1024),
        ("gemma2", {}, 32_768, 103.5 * 1024),
        ("llama", {}, 4096, 24 * 1024),
    ],
)
def test_what_llama_cpp_says_it_took(
    architecture: str, more: dict[str, int], context: int, kib: float
) -> None:
    """Measured with xllamacpp 2026.10 and four chats, on models of random weights."""
    numbers = {
        "block_count": 12,
        "embedding_length": 128,
        "attention.head_count": 4,
        "attention.head_count_kv": 2,
        "attention.key_length": 64,
        "attention.value_length": 64,
        "attention.sliding_window": 512,
    }
    cache = kv_of_gguf(numbers | more, architecture)
    assert cache is not None
    assert cache.llama(context, 4, 512) * 2 == kib * 1024

"""What is read from configs, cards and names."""

import json
import time
from pathlib import Path
from typing import Any

import pytest

from phidesk.core.gguf import GgufHead
from phidesk.core.library.facts import bits_of, family, settings_of, told_parameters
from phidesk.core.library.parameters import count_parameters
from phidesk.core.library.provenance import (
    Provenance,
    licence_of,
    provenance_of,
    repo_of_address,
)
from phidesk.core.safetensors import SafetensorsHead, Tensor


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("llama", "Llama"), ("qwen3_moe", "Qwen3 MoE"), ("phi3", "Phi-3"), ("qwen2-vl", "Qwen2 VL"),
        ("gemma3_text", "Gemma3"), ("gpt_oss", "gpt-oss"), ("", ""), ("新模型", "新模型"),
    ],
)  # fmt: skip
def test_families_are_spelt_as_people_do(key: str, words: str) -> None:
    assert family(key) == words


@pytest.mark.parametrize(
    ("method", "words", "bits"),
    [
        ("gguf", "Q4_K_M", 4), ("gguf", "IQ2_XS", 2), ("gguf", "TQ1_0", 1), ("gguf", "GGUF", None),
        ("", "bf16", 16), ("", "fp32", 32), ("gptq", "gptq 4-bit", 4), ("fp8", "fp8", 8),
        ("bitsandbytes", "NF4", 4), ("bitsandbytes", "LLM.int8()", 8), ("gguf", "MXFP4", 4),
        ("awq", "awq", None), ("gptq", "gptq 0-bit", None), ("", "", None),
    ],
)  # fmt: skip
def test_the_bits_follow_from_the_name(method: str, words: str, bits: float | None) -> None:
    assert bits_of(method, words) == bits


@pytest.mark.parametrize(
    ("head", "parameters"),
    [
        ({"parameters": 7}, 7),
        ({"size_label": "8B"}, 8e9),
        ({"size_label": "135M"}, 135e6),
        ({"size_label": "8x7B"}, 56e9),
        ({"size_label": "1.5b"}, 1.5e9),
        ({"size_label": "large"}, None),
        ({"size_label": "0B"}, None),
        ({}, None),
    ],
)
def test_a_gguf_head_tells_its_parameters(head: dict[str, Any], parameters: float | None) -> None:
    made = GgufHead(
        architecture="llama", name="", kind="model", file_type="", context_length=None, **head
    )
    assert told_parameters(made) == parameters


def test_sizes_let_expect_the_parameters() -> None:
    """Llama 3 8B has 8.03 billion, of which its second embedding matrix is 0.53."""
    numbers = {
        "block_count": 32, "embedding_length": 4096, "feed_forward_length": 14336,
        "attention.head_count": 32, "attention.head_count_kv": 8, "vocab_size": 128256,
    }  # fmt: skip
    head = GgufHead(
        architecture="llama", name="", kind="model", file_type="", context_length=None,
        numbers=numbers,
    )  # fmt: skip
    found = told_parameters(head)
    assert found is not None
    assert abs(found - 7.5e9) < 0.01e9


LAYOUTS = {  # one layer of 256 × 128, as each format packs it, and a norm of 256 in fp16
    "gptq": {"qweight": ("I32", 16384), "qzeros": ("I32", 128), "scales": ("F16", 512),
             "g_idx": ("I32", 1024)},
    "awq": {"qweight": ("I32", 16384), "qzeros": ("I32", 128), "scales": ("F16", 512)},
    "compressed-tensors": {"weight_packed": ("I32", 16384), "weight_scale": ("BF16", 512),
                           "weight_shape": ("I64", 16)},
    "bitsandbytes": {"weight": ("U8", 16384), "weight.absmax": ("U8", 512),
                     "weight.quant_map": ("F32", 64), "weight.nested_absmax": ("F32", 8),
                     "weight.quant_state.bitsandbytes__nf4": ("U8", 80)},
    "": {"weight": ("BF16", 65536)},
}  # fmt: skip


@pytest.mark.parametrize("method", LAYOUTS)
def test_packed_parameters_are_counted(method: str) -> None:
    tensors = {
        f"model.layers.0.mlp.up_proj.{name}": Tensor(dtype, (1,), (0, size))
        for name, (dtype, size) in LAYOUTS[method].items()
    }
    tensors["model.norm.weight"] = Tensor("F16", (256,), (0, 512))
    head = SafetensorsHead(dtypes={}, tensors=tensors, data_start=0)
    # The same tensors in a second file are the same parameters.
    assert count_parameters([head, head], method, 4 if method else 16) == 256 * 128 + 256


def test_of_a_model_in_one_file_the_types_are_enough() -> None:
    tensors = {"w": Tensor("BF16", (8,), (0, 16)), "b": Tensor("F32", (2,), (16, 24))}
    head = SafetensorsHead(dtypes={"BF16": 16, "F32": 8}, tensors=tensors, data_start=0)
    assert count_parameters([head], "", 16) == 10


def test_parameters_of_unknown_types_are_unknown() -> None:
    head = SafetensorsHead(
        dtypes={"X9": 8}, tensors={"w": Tensor("X9", (1,), (0, 8))}, data_start=0
    )
    assert count_parameters([head], "", 16) is None
    packed = SafetensorsHead(
        dtypes={}, tensors={"a.qweight": Tensor("I32", (1,), (0, 8))}, data_start=0
    )
    assert count_parameters([packed], "gptq", None) is None


@pytest.mark.parametrize(
    ("card", "licence"),
    [
        ("---\nlicense: mit\n---\n", "mit"),
        ("\ufeff---\r\nlicense: 'apache-2.0'\r\ntags: [a]\r\n---\r\nText", "apache-2.0"),
        ("---\nlicense: other\nlicense_name: llama-3\n---\n", "llama-3"),
        ("---\nlicense: other\n---\n", "other"),
        ("---\nlicense: [mit]\n---\n", "mit"),
        ("---\ntags: x\n---\nlicense: mit\n", ""),
        ("license: mit", ""),
        ("---\nlicense: " + "x" * 500 + "\n---\n", "x" * 80),
        ("---\nlicense: mit\n", ""),
        ("", ""),
    ],
)
def test_the_card_names_the_licence(tmp_path: Path, card: str, licence: str) -> None:
    (tmp_path / "README.md").write_bytes(card.encode())
    assert licence_of(tmp_path, ["README.md"]) == licence


@pytest.mark.parametrize("text", ["---" + "\n" * 65_000, f"---\nlicense: a{' ' * 60_000}b\n---\n"])
def test_no_card_keeps_the_reader_busy(tmp_path: Path, text: str) -> None:
    (tmp_path / "README.md").write_text(text)
    began = time.process_time()
    licence_of(tmp_path, ["README.md"])
    assert time.process_time() - began < 1  # a minute, once


def test_a_text_of_the_licence_is_pointed_to(tmp_path: Path) -> None:
    assert licence_of(tmp_path, ["LICENSE"]) == "see LICENSE"
    assert licence_of(tmp_path, ["README.md", "LICENSE"]) == "see LICENSE"  # no file any more


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"[]", b'{"repo": 1}', b"\xff", b"[" * 100_000, b'{"repo": "' + b"x" * 10**6],
)
def test_a_broken_side_file_tells_nothing(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "phidesk-source.json").write_bytes(data)
    assert provenance_of(tmp_path, ["phidesk-source.json"]) == Provenance()


def test_addresses_of_the_hub_name_a_repository() -> None:
    assert repo_of_address("https://huggingface.co/org/name") == "org/name"
    assert repo_of_address("https://huggingface.co/org/name/") == "org/name"
    assert repo_of_address("https://example.com/org/name") == ""
    assert repo_of_address("") == ""


def test_settings_are_plain_and_few() -> None:
    claim = {"bits": 4, "sym": True, "big": 10**30000, "deep": {"a": 1}, "none": None,
             **{f"k{n}": n for n in range(100)}}  # fmt: skip
    found = settings_of(claim)
    assert (found["bits"], found["sym"], found["big"]) == ("4", "True", "…")
    assert len(found) == 24
    assert "deep" not in found
    assert settings_of(json.loads("[1]")) == settings_of(None) == {}

"""Which files make a model."""

import pytest

from phidesk.core.hub import RepoFile
from phidesk.core.hub_files import including, is_safe_path, preselected, variants_of


def files(*names: str) -> list[RepoFile]:
    return [RepoFile(path=name, size=100 * (place + 1)) for place, name in enumerate(names)]


def test_safetensors_with_what_belongs_to_them_and_nothing_that_runs_code() -> None:
    (found,) = variants_of(
        files(
            ".gitattributes", "LICENSE", "README.md", "chat_template.jinja", "config.json",
            "model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors",
            "model.safetensors.index.json", "tokenizer.json", "tokenizer.model", "merges.txt",
            "pytorch_model.bin", "model.pt", "modeling.py", "consolidated.safetensors",
            "original/model.safetensors", "onnx/model.onnx", "flax_model.msgpack", "logo.png",
            "additional_chat_templates/tools.jinja", "LICENSE.py", "weights.pkl",
        )
    )  # fmt: skip
    assert found.name == "safetensors"
    assert {file.path for file in found.files} == {
        "LICENSE", "README.md", "chat_template.jinja", "config.json",
        "model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors",
        "model.safetensors.index.json", "tokenizer.json", "tokenizer.model", "merges.txt",
        "additional_chat_templates/tools.jinja",
    }  # fmt: skip
    assert [file.path for file in found.weights] == [file.path for file in found.files[-2:]]


def test_mistral_s_own_form_is_taken_where_there_is_no_other() -> None:
    (found,) = variants_of(files("consolidated.safetensors", "params.json"))
    assert [file.path for file in found.weights] == ["consolidated.safetensors"]


@pytest.mark.parametrize(
    ("name", "quant"),
    [
        ("Phi-4-Q4_K_M.gguf", "Q4_K_M"),
        ("qwen2.5-0.5b-instruct-q4_k_m.gguf", "Q4_K_M"),
        ("model.i1-IQ2_XXS.gguf", "IQ2_XXS"),
        ("model-UD-Q2_K_XL.gguf", "UD-Q2_K_XL"),
        ("Model-F16.gguf", "F16"),
        ("model.BF16.gguf", "BF16"),
        ("Q8_0/model-Q8_0-00001-of-00002.gguf", "Q8_0"),
        ("BF16/model-00001-of-00002.gguf", "BF16"),
        ("gpt-oss-20b-mxfp4.gguf", "MXFP4"),
        ("smollm.gguf", "smollm"),
    ],
)
def test_a_gguf_file_tells_its_quantization(name: str, quant: str) -> None:
    (found,) = variants_of(files(name))
    assert found.name == quant


def test_parts_are_together_and_one_variant_is_proposed() -> None:
    found = variants_of(
        files(
            "m-Q8_0-00001-of-00002.gguf", "m-Q8_0-00002-of-00002.gguf", "m-Q2_K.gguf",
            "m-Q4_K_M.gguf", "mmproj-F16.gguf", "README.md", "imatrix.gguf", "config.json",
        )
    )  # fmt: skip
    assert [(v.name, len(v.weights)) for v in found] == [
        ("Q2_K", 1), ("Q8_0", 2), ("Q4_K_M", 1)
    ]  # fmt: skip
    assert all(v.files[0].path == "README.md" for v in found)
    assert found[1].size == 100 + 200 + 600
    chosen = preselected(found)
    assert chosen is not None
    assert chosen.name == "Q4_K_M"
    assert preselected([]) is None
    odd = variants_of(files("m-Q2_K.gguf", "m-Q3_K_S.gguf"))
    assert preselected(odd) is odd[0]


def test_a_pattern_chooses_weights_and_brings_what_belongs_to_them() -> None:
    repo = files("config.json", "a-Q4_K_M.gguf", "sub/a-Q8_0.gguf", "LICENSE", "a.bin", "a.py")
    found = including(repo, ["*Q8*"])
    assert found is not None
    assert [file.path for file in found.files] == ["LICENSE", "sub/a-Q8_0.gguf"]
    alone = including(repo, ["LICENSE"])
    assert alone is not None
    assert [file.path for file in alone.files] == ["LICENSE"]
    assert including(repo, ["*.bin", "*.py", "config.json"]) is None


@pytest.mark.parametrize(
    "path",
    ["../a.json", "/a.json", "a/../b.json", "a//b.json", ".hidden", "a/.b/c.json", "C:a.json",
     "a\\b.json", "a\nb.json", "phidesk-source.json", "sub/Phidesk-Source.JSON",
     "phidesk-source.json.", " a.json", "a.json.part", "a.partial", "x" * 300, ""],
)  # fmt: skip
def test_a_path_that_leads_elsewhere_is_not_safe(path: str) -> None:
    assert not is_safe_path(path)
    assert variants_of(files(path + "/model.safetensors", path)) == []


def test_a_usual_path_is_safe() -> None:
    assert is_safe_path("sub folder/模型 (1)+x-00001-of-00002.gguf")

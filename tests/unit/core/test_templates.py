"""Where chat templates are found, and files that lie about themselves."""

import json
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from phidesk.core.models import ModelFormat, ModelRef
from phidesk.core.templates import Template, UnreadableTemplateError, read_templates

GgufBytes = Callable[..., bytes]


def _folder(path: Path) -> ModelRef:
    return ModelRef(name="m", path=str(path), format=ModelFormat.SAFETENSORS)


def _gguf(path: Path, data: bytes) -> ModelRef:
    path.write_bytes(data)
    return ModelRef(name="m", path=str(path), format=ModelFormat.GGUF)


def test_all_places_of_a_folder_are_read(tmp_path: Path) -> None:
    several = [{"name": "default", "template": "b"}, {"name": "tools", "template": "c"}, 7]
    (tmp_path / "tokenizer_config.json").write_text(json.dumps({"chat_template": "a"}))
    (tmp_path / "chat_template.json").write_text(json.dumps({"chat_template": several}))
    (tmp_path / "processor_config.json").write_text(json.dumps({"chat_template": {"x": "d"}}))
    (tmp_path / "chat_template.jinja").write_text("你好", "utf-8")
    (tmp_path / "additional_chat_templates").mkdir()
    (tmp_path / "additional_chat_templates" / "rag.jinja").write_text("f")
    assert read_templates(_folder(tmp_path)) == (
        Template(file="tokenizer_config.json", text="a"),
        Template(file="chat_template.json", name="default", text="b"),
        Template(file="chat_template.json", name="tools", text="c"),
        Template(file="processor_config.json", name="x", text="d"),
        Template(file="chat_template.jinja", text="你好"),
        Template(file="additional_chat_templates/rag.jinja", text="f"),
    )


def test_a_model_that_is_gone_has_none(tmp_path: Path) -> None:
    assert read_templates(_folder(tmp_path / "gone")) == ()
    gone = ModelRef(name="m", path=str(tmp_path / "gone.gguf"), format=ModelFormat.GGUF)
    assert read_templates(gone) == ()


def test_a_folder_s_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "tokenizer_config.json").write_text("{cut")
    with pytest.raises(UnreadableTemplateError, match=r"tokenizer_config\.json"):
        read_templates(_folder(tmp_path))


def test_a_link_that_leads_nowhere_hides_no_other_template(tmp_path: Path) -> None:
    (tmp_path / "chat_template.jinja").write_text("x")
    (tmp_path / "a.jinja").symlink_to("/nowhere")
    with pytest.raises(UnreadableTemplateError, match=r"a\.jinja: No such file"):
        read_templates(_folder(tmp_path))


def test_more_files_than_are_read_are_told(tmp_path: Path) -> None:
    for number in range(101):
        (tmp_path / f"{number}.jinja").write_text("x")
    with pytest.raises(UnreadableTemplateError, match="104 files"):
        read_templates(_folder(tmp_path))


def test_a_gguf_that_is_cut_while_it_is_read_ends_nothing(
    tmp_path: Path, gguf_bytes: GgufBytes
) -> None:
    # In a process of its own, which a mapped file would end.
    model = _gguf(tmp_path / "m.gguf", gguf_bytes({"tokens": ["a" * 50] * 200_000}))
    code = (
        "import struct, sys, os; from phidesk.core import gguf_walk, templates;"
        "from phidesk.core.models import ModelFormat, ModelRef;"
        "walk = gguf_walk.end_of; cut = lambda *a: (os.truncate(sys.argv[1], 40), walk(*a))[1];"
        "gguf_walk.end_of = cut;"
        "model = ModelRef(name='m', path=sys.argv[1], format=ModelFormat.GGUF);"
        "templates.read_templates(model)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, model.path], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "UnreadableTemplateError: m.gguf: the header is broken" in done.stderr


def test_a_header_of_absurd_length_is_not_read(tmp_path: Path, gguf_bytes: GgufBytes) -> None:
    head = gguf_bytes({"a": struct.pack("<IIQ", 9, 0, 80 * 2**20), "b": 1})
    path = tmp_path / "m.gguf"
    path.write_bytes(head[:49])
    with path.open("r+b") as file:
        file.truncate(100 * 2**20)  # sparse
    model = ModelRef(name="m", path=str(path), format=ModelFormat.GGUF)
    with pytest.raises(UnreadableTemplateError, match="the header is broken"):
        read_templates(model)


def test_templates_of_a_gguf_lie_behind_the_vocabulary(
    tmp_path: Path, gguf_bytes: GgufBytes
) -> None:
    fake = struct.pack("<Q", 23) + b"tokenizer.chat_template" + struct.pack("<IQ", 8, 1) + b"x"
    keys = {
        "general.architecture": "llama",
        "tokenizer.ggml.tokens": ["a", "b", fake],  # a token that looks like the key is none
        "tokenizer.ggml.scores": struct.pack("<IIQ2f", 9, 6, 2, 0.5, 1.5),
        "llama.some": True,
        "tokenizer.chat_template": "{{ messages }}",
        "tokenizer.chat_template.tool_use": "tools",
        "after": 1.5,
    }
    assert read_templates(_gguf(tmp_path / "m.gguf", gguf_bytes(keys))) == (
        Template(file="m.gguf", text="{{ messages }}"),
        Template(file="m.gguf", name="tool_use", text="tools"),
    )


@pytest.mark.parametrize(
    "value",
    [
        struct.pack("<IIQ", 9, 8, 2**60),  # an array of more strings than there can be
        struct.pack("<IIQ", 9, 4, 2**63),
        struct.pack("<IQ", 8, 2**63),
        struct.pack("<I", 99),
        struct.pack("<IIQ", 9, 9, 1),  # an array of arrays
    ],
)
def test_a_header_that_lies_is_told_at_once(
    tmp_path: Path, gguf_bytes: GgufBytes, value: bytes
) -> None:
    model = _gguf(tmp_path / "m.gguf", gguf_bytes({"a": value, "b": 1}) + bytes(1000))
    with pytest.raises(UnreadableTemplateError, match=r"m\.gguf: the header is broken"):
        read_templates(model)


def test_a_cut_file_is_told(tmp_path: Path, gguf_bytes: GgufBytes) -> None:
    whole = gguf_bytes({"a": ["b"] * 9, "tokenizer.chat_template": "x"})
    for length in (0, 5, 30, 60, len(whole) - 1):
        model = _gguf(tmp_path / "m.gguf", whole[:length])
        try:
            assert all(t.text == "" for t in read_templates(model))
        except UnreadableTemplateError:
            continue

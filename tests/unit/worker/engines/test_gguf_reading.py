"""What is read quickly is what the library reads."""

from pathlib import Path

import pytest

gguf = pytest.importorskip("gguf")
import numpy as np  # noqa: E402

from phidesk.worker.engines.gguf_reading import quick_gguf  # noqa: E402

pytestmark = pytest.mark.engine


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file with each kind of field, and one tensor."""
    path = tmp_path / "模型.gguf"
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_block_count(2)
    writer.add_float32("llama.rope.freq_base", 1e4)
    writer.add_token_list(["<s>", "北京", "a b"])
    writer.add_token_scores([0.0, -1.5, 2.0])
    writer.add_tensor("output_norm.weight", np.arange(64, dtype=np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def test_the_same_fields_and_tensors_as_the_library(path: Path) -> None:
    plain = gguf.GGUFReader(path)
    with quick_gguf():
        quick = gguf.GGUFReader(path)
    assert quick.fields.keys() == plain.fields.keys()
    for name, field in plain.fields.items():
        assert quick.fields[name].contents() == field.contents(), name
    (tensor,), (expected,) = quick.tensors, plain.tensors
    assert tensor.name == expected.name
    np.testing.assert_array_equal(tensor.data, expected.data)


def test_each_file_and_table_is_read_once_and_only_meanwhile(path: Path) -> None:
    reader, names = gguf.GGUFReader, gguf.get_tensor_name_map
    damaged = path.with_name("damaged.gguf")
    damaged.write_bytes(b"no model" * 64)
    with quick_gguf():
        assert gguf.GGUFReader(path) is gguf.GGUFReader(str(path))
        table = gguf.get_tensor_name_map(gguf.MODEL_ARCH.LLAMA, 2)
        assert gguf.get_tensor_name_map(gguf.MODEL_ARCH.LLAMA, 2) is table
        with pytest.raises(ValueError, match="magic"):
            gguf.GGUFReader(damaged)
    assert (gguf.GGUFReader, gguf.get_tensor_name_map) == (reader, names)

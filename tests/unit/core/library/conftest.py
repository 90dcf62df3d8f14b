"""Model folders, GGUF files with tensors, and the caches of other programs."""

import hashlib
import json
import struct
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

MakeFile = Callable[..., bytes]

CONFIG = {
    "architectures": ["LlamaForCausalLM"],
    "model_type": "llama",
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "hidden_size": 64,
    "vocab_size": 256,
    "max_position_embeddings": 2048,
}


class Maker:
    """Writes models below a folder; fill: the bytes of the weights."""

    def __init__(self, root: Path, gguf_bytes: MakeFile, safetensors_bytes: MakeFile) -> None:
        self.root = root
        self._gguf = gguf_bytes
        self._safetensors = safetensors_bytes

    def weights(self, fill: bytes = b"\1", tensors: Mapping[str, int] | None = None) -> bytes:
        """Return a safetensors file of F16 tensors of 4 columns, by their rows."""
        header, end = {}, 0
        for name, rows in (tensors or {"model.layers.0.q_proj.weight": 512}).items():
            header[name] = {
                "dtype": "F16",
                "shape": [rows, 4],
                "data_offsets": [end, end + rows * 8],
            }
            end += rows * 8
        return self._safetensors(header) + (fill * end)[:end]

    def folder(
        self, place: str, fill: bytes = b"\1", config: object = CONFIG, **files: str | bytes
    ) -> Path:
        """Write a folder; the names of further files have "__" for the dot."""
        path = self.root / place
        path.mkdir(parents=True)
        (path / "config.json").write_text(json.dumps(config))
        (path / "model.safetensors").write_bytes(self.weights(fill))
        for name, content in files.items():
            data = content.encode() if isinstance(content, str) else content
            (path / name.replace("__", ".")).write_bytes(data)
        return path

    def gguf(self, fill: bytes = b"\1", rows: int = 64, **keys: object) -> bytes:
        """Return a whole GGUF file with a vocabulary, a template and one F16 tensor."""
        known = {
            "general.architecture": "llama", "general.file_type": 1, "general.license": "mit",
            "general.size_label": "1.5B", "llama.context_length": 4096, "llama.block_count": 2,
            "llama.embedding_length": 64, "llama.attention.head_count": 4,
            "llama.attention.head_count_kv": 2, "tokenizer.ggml.tokens": ["a", "b", "模型"],
            "tokenizer.chat_template": "{{ messages }}",
        }  # fmt: skip
        given = {name.replace("__", "."): value for name, value in keys.items()}
        head = bytearray(self._gguf(given | known | given))
        head[8:16] = struct.pack("<Q", 1)
        name = b"blk.0.weight"
        head += struct.pack("<Q", len(name)) + name + struct.pack("<IQQIQ", 2, 32, rows, 1, 0)
        head += bytes(-len(head) % 32)
        return bytes(head) + (fill * (64 * rows))[: 64 * rows]

    def snapshot(
        self, repo: str, revision: str, files: Mapping[str, bytes], hub: str = "hub"
    ) -> Path:
        """Write a snapshot as the Hub's cache lays it out: links into blobs/."""
        cache = self.root / hub / f"models--{repo.replace('/', '--')}"
        snapshot = cache / "snapshots" / revision
        (cache / "blobs").mkdir(parents=True, exist_ok=True)
        snapshot.mkdir(parents=True)
        for name, data in files.items():
            digest = hashlib.sha256(data).hexdigest()
            (cache / "blobs" / digest).write_bytes(data)
            (snapshot / name).symlink_to(f"../../blobs/{digest}")
        return snapshot

    def main_is(self, snapshot: Path) -> None:
        """Let the branch main point to the snapshot."""
        refs = snapshot.parents[1] / "refs"
        refs.mkdir(exist_ok=True)
        (refs / "main").write_text(snapshot.name)

    def ollama(self, name: str, layers: Mapping[str, bytes], root: str = "ollama") -> Path:
        """Write a manifest ("host/owner/model/tag") and its layers as blobs; returns the root."""
        folder, listed = self.root / root, []
        (folder / "blobs").mkdir(parents=True, exist_ok=True)
        for kind, data in layers.items():
            digest = hashlib.sha256(data).hexdigest()
            (folder / "blobs" / f"sha256-{digest}").write_bytes(data)
            kind = f"application/vnd.ollama.image.{kind}"
            listed.append({"mediaType": kind, "digest": f"sha256:{digest}", "size": len(data)})
        manifest = folder / "manifests" / name
        manifest.parent.mkdir(parents=True, exist_ok=True)
        manifest.write_text(json.dumps({"schemaVersion": 2, "layers": listed}))
        return folder


@pytest.fixture
def make(tmp_path: Path, gguf_bytes: MakeFile, safetensors_bytes: MakeFile) -> Maker:
    return Maker(tmp_path, gguf_bytes, safetensors_bytes)

"""Reads Ollama's folder: manifests that name layers, and the layers as blobs.

The layer of the type application/vnd.ollama.image.model is a GGUF file without the suffix.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import msgspec

from phidesk.core.library.walk import walk
from phidesk.core.models import well_formed

_KIND = "application/vnd.ollama.image."
_MAX_MANIFEST = 2**20
_MAX_LICENCE = 4096
_DEFAULT_HOST, _DEFAULT_OWNER = "registry.ollama.ai", "library"
_Digest = Annotated[str, msgspec.Meta(pattern="^sha256:[0-9a-f]{64}$")]


class _Layer(msgspec.Struct, rename={"kind": "mediaType"}):
    kind: str
    digest: _Digest


class _Manifest(msgspec.Struct):
    layers: list[_Layer]
    config: _Layer | None = None


class OllamaModel(msgspec.Struct, frozen=True, kw_only=True):
    """A model under all its names; manifests: the files that name it."""

    names: tuple[str, ...]
    blob: Path
    licence: str
    has_template: bool
    manifests: tuple[Path, ...]


def is_ollama(root: Path) -> bool:
    """Return whether a folder is laid out as Ollama's."""
    return (root / "manifests").is_dir() and (root / "blobs").is_dir()


def read_models(root: Path) -> Iterator[OllamaModel]:
    """Yield the models of Ollama's folder; manifests that cannot be read are passed over."""
    by_blob: dict[str, list[tuple[str, Path, _Manifest]]] = {}
    for path, manifest in _manifests(root):
        for layer in manifest.layers:
            if layer.kind == f"{_KIND}model":
                name = _name(path.relative_to(root / "manifests"))
                by_blob.setdefault(layer.digest, []).append((name, path, manifest))
    for digest, found in by_blob.items():
        layers = [layer for _, _, manifest in found for layer in manifest.layers]
        licences = [layer.digest for layer in layers if layer.kind == f"{_KIND}license"]
        yield OllamaModel(
            names=tuple(dict.fromkeys(name for name, _, _ in found)),
            blob=blob_of(root, digest),
            licence=_first_line(blob_of(root, licences[0])) if licences else "",
            has_template=any(layer.kind == f"{_KIND}template" for layer in layers),
            manifests=tuple(path for _, path, _ in found),
        )


def blobs_in_use(root: Path, without: tuple[Path, ...] = ()) -> set[Path]:
    """Return the blobs that Ollama's manifests name, those of some manifests left out."""
    used: set[Path] = set()
    for path, manifest in _manifests(root):
        if path not in without:
            used |= blobs_of(root, manifest)
    return used


def blobs_of_manifest(root: Path, path: Path) -> set[Path]:
    """Return the blobs that one manifest names."""
    manifest = _read(path)
    return blobs_of(root, manifest) if manifest is not None else set()


def blobs_of(root: Path, manifest: _Manifest) -> set[Path]:
    """Return the blobs of a manifest, that of its configuration among them."""
    layers = [*manifest.layers, *([manifest.config] if manifest.config else [])]
    return {blob_of(root, layer.digest) for layer in layers}


def blob_of(root: Path, digest: str) -> Path:
    """Return the file that a digest ("sha256:…") names."""
    return root / "blobs" / digest.replace(":", "-")


def _manifests(root: Path) -> Iterator[tuple[Path, _Manifest]]:
    for folder, files in walk(root / "manifests"):
        for name in sorted(files):
            manifest = _read(folder / name)
            if manifest is not None:
                yield folder / name, manifest


def _read(path: Path) -> _Manifest | None:
    try:
        if not path.is_file() or path.stat().st_size > _MAX_MANIFEST:
            return None
        return msgspec.json.decode(path.read_bytes(), type=_Manifest)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return None


def _name(place: Path) -> str:
    """Return the name that Ollama's own list shows: "llama3.2:3b", "owner/model:tag"."""
    *parts, tag = place.parts
    if parts[:1] == [_DEFAULT_HOST]:
        parts = parts[1:]
        if parts[:1] == [_DEFAULT_OWNER]:
            parts = parts[1:]
    return well_formed(f"{'/'.join(parts)}:{tag}")


def _first_line(path: Path) -> str:
    try:
        with path.open("rb") as file:
            text = file.read(_MAX_LICENCE).decode("utf-8", errors="replace")
    except OSError:
        return ""
    lines = (" ".join(line.split()) for line in text.splitlines())
    return next((line[:80] for line in lines if line), "")

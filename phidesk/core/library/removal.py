"""What goes to the trash with a model, and what that frees."""

import os
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

import msgspec

from phidesk.core.files import UPDATING_FILE, parts_of
from phidesk.core.library import ollama
from phidesk.core.library.entry import LibraryEntry
from phidesk.core.library.places import Source
from phidesk.core.library.walk import repository_of
from phidesk.core.models import ModelFormat

_WEIGHTS = (".safetensors", ".safetensors.index.json", ".bin", ".pt", ".pth", ".pkl")
_BELONGING = (
    *_WEIGHTS, ".json", ".jinja", ".model", ".tiktoken", ".md", ".py", ".gitattributes",
    "merges.txt", "vocab.txt", UPDATING_FILE,
)  # fmt: skip
_BESIDE_GGUF = (".json", ".jinja", ".model", "merges.txt", "vocab.txt", "readme.md", UPDATING_FILE)
_PAPERS = ("LICENSE", "LICENCE", "NOTICE", "USE_POLICY", "COPYING")
_FOLDERS = ("additional_chat_templates", ".cache")


class RemovalError(ValueError):
    """The model cannot be removed; the message is for a person."""


class Removal(msgspec.Struct, frozen=True, kw_only=True):
    """paths: files and folders for the trash. frees: bytes on disk, once that is emptied.

    program: the other program that the model belongs to; "" for none.
    """

    paths: tuple[str, ...]
    frees: int
    program: str = ""


def removal_of(
    entry: LibraryEntry, library: Iterable[LibraryEntry], roots: Iterable[str]
) -> Removal:
    """Return what a delete takes away: nothing that another model of the library needs.

    roots: folders that stay, whatever is in them. Raises RemovalError.
    """
    if entry.source is Source.STARTER:
        raise RemovalError("The starter model is a part of phidesk: it stays.")
    path = Path(entry.ref.path)
    if not os.path.lexists(path):
        raise RemovalError(f"“{entry.ref.name}” is not there any more: scan again.")
    others = [Path(other.ref.path) for other in library if other.ref.path != entry.ref.path]
    program = entry.source.program
    if entry.source is Source.OLLAMA:
        found = _in_ollama(path)
    elif cached := repository_of(path if path.is_dir() else path.parent):
        program = "Hugging Face"
        found = _in_hub_cache(entry, path, cached[0], cached[2], others)
    else:
        found = _in_folder(entry, path, others, {Path(root) for root in roots})
    return Removal(paths=tuple(map(str, found)), frees=_freed(found), program=program)


def _in_folder(entry: LibraryEntry, path: Path, others: list[Path], roots: set[Path]) -> list[Path]:
    folder = path if entry.ref.format is ModelFormat.SAFETENSORS else path.parent
    is_alone = folder not in roots and not any(folder in other.parents for other in others)
    holds_roots = any(folder in root.parents for root in roots)
    if entry.ref.format is ModelFormat.GGUF:
        parts = parts_of(path)[0]
        made_here = entry.source is Source.OWN and is_alone and folder not in others
        goes = made_here and not holds_roots and _holds_only_a_model(folder, _BESIDE_GGUF, parts)
        return [folder] if goes else parts
    if is_alone and not holds_roots and _holds_only_a_model(folder, _BELONGING):
        return [folder]
    names = sorted(file.name for file in folder.iterdir() if not file.is_dir())
    return [folder / n for n in names if n.endswith(_WEIGHTS) or n == "config.json"]


def _holds_only_a_model(folder: Path, kinds: tuple[str, ...], parts: Collection[Path] = ()) -> bool:
    """Return whether all in the folder are the parts, or of the kinds that belong to a model."""
    for file in folder.iterdir():
        if file.is_dir() and file.name not in _FOLDERS:
            return False
        known = file.name.lower().endswith(kinds) or file.name.upper().startswith(_PAPERS)
        if not file.is_dir() and not known and file not in parts:
            return False
    return True


def _in_ollama(blob: Path) -> list[Path]:
    """Return the manifests that name the blob, and the blobs that no other manifest names."""
    root = blob.parent.parent
    model = next((m for m in ollama.read_models(root) if m.blob == blob), None)
    if model is None:
        raise RemovalError("Ollama does not list this model any more: scan again.")
    mine: set[Path] = set()
    for manifest in model.manifests:
        mine |= ollama.blobs_of_manifest(root, manifest)
    unused = mine - ollama.blobs_in_use(root, model.manifests)
    return [*model.manifests, *sorted(file for file in unused if file.exists())]


def _in_hub_cache(
    entry: LibraryEntry, path: Path, cache: Path, revision: str, others: list[Path]
) -> list[Path]:
    """Return the repository, or a part of it with the blobs that no other snapshot links to."""
    snapshot = cache / "snapshots" / revision
    shared = any(cache in other.parents for other in others)
    snapshots = [other for other in snapshot.parent.iterdir() if other != snapshot]
    if not shared and not snapshots:
        return [cache]
    if not shared:
        links = [snapshot]
    elif entry.ref.format is ModelFormat.GGUF:
        links = parts_of(path)[0]
    else:
        files = sorted(file for file in path.iterdir() if not file.is_dir())
        links = [file for file in files if not file.name.lower().endswith(".gguf")]
    gone = {file for link in links for file in _files(link)}
    kept = {_target(file) for file in _files(cache / "snapshots") if file not in gone}
    blobs = {_target(file) for file in gone} - kept
    return [*links, *sorted(blob for blob in blobs if blob.parent == cache / "blobs")]


def _files(path: Path) -> Iterator[Path]:
    if path.is_dir() and not path.is_symlink():
        for where, _, names in os.walk(path):
            yield from (Path(where) / name for name in names)
    else:
        yield path


def _target(link: Path) -> Path:
    """Return the file that a link names, one step on: a blob may be a link itself."""
    if not link.is_symlink():
        return link
    return Path(os.path.normpath(link.parent / link.readlink()))


def _freed(paths: Iterable[Path]) -> int:
    """Return the bytes of the files of which no other name is left."""
    names: Counter[tuple[int, int]] = Counter()
    sizes: dict[tuple[int, int], tuple[int, int]] = {}
    for path in paths:
        for file in _files(path):
            try:
                info = file.lstat()
            except OSError:
                continue
            key = (info.st_dev, info.st_ino)
            names[key] += 1
            sizes[key] = (info.st_nlink, info.st_size)
    return sum(size for key, (links, size) in sizes.items() if names[key] >= links)

"""Which files of a repository make a model: safetensors or GGUF, and what belongs to them.

All that could run a stranger's code (*.bin, *.pt, *.py, ...) is left out by listing what is let
in.
"""

import re
from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase
from pathlib import PurePosixPath

import msgspec

from phidesk.core.hub import RepoFile

SAFETENSORS = "safetensors"
ORIGIN_FILE = "phidesk-source.json"
"""phidesk's own note of where a model came from; no repository may bring one"""

# The first of these that a repository has is proposed.
_PREFERRED = ("Q4_K_M", "Q4_K_S", "IQ4_XS", "Q4_K_L", "Q4_0", "Q5_K_M", "Q6_K", "Q8_0")
_QUANT = re.compile(
    r"(?:^|[-._/ ])(?P<quant>(?:UD-)?(?:I?Q[1-8](?:_[0-9A-Z]+)*|TQ[12]_0|MXFP4(?:_MOE)?"
    r"|BF16|F16|F32|FP16|FP32))(?=$|[-._/ ])",
    re.IGNORECASE,
)
_PART = re.compile(r"-[0-9]{5}-of-[0-9]{5}$")
_COMPANIONS = (
    "*.json", "*.jinja", "*.model", "*.tiktoken", "*.txt", "additional_chat_templates/*.jinja",
)  # fmt: skip
_PAPERS = ("LICEN[CS]E*", "NOTICE*", "README.md", "USE_POLICY*", "COPYING*")
_PAPER_SUFFIXES = ("", ".md", ".txt", ".pdf")
_NO_MODELS = ("mmproj", "imatrix")  # image readers and measurements, also as GGUF


class Variant(msgspec.Struct, frozen=True, kw_only=True):
    """A set of files that is a whole model: name is a quantization, or "safetensors"."""

    name: str
    files: tuple[RepoFile, ...]

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self.files)

    @property
    def weights(self) -> tuple[RepoFile, ...]:
        """The files that hold weights."""
        return tuple(file for file in self.files if _is_weights(file.path))


def variants_of(files: Sequence[RepoFile]) -> list[Variant]:
    """Return what can be downloaded: safetensors first, then GGUF by size, smallest first."""
    allowed = [file for file in files if is_safe_path(file.path)]
    papers = [file for file in allowed if _is_paper(file.path)]
    found = []
    if tensors := _tensors(allowed):
        belonging = [f for f in allowed if _is_companion(f.path) and f not in papers]
        found.append(Variant(name=SAFETENSORS, files=_sorted([*tensors, *belonging, *papers])))
    groups: dict[str, list[RepoFile]] = {}
    for file in allowed:
        if _is_gguf(file.path):
            groups.setdefault(_quant_of(file.path), []).append(file)
    ggufs = [Variant(name=n, files=_sorted([*group, *papers])) for n, group in groups.items()]
    return found + sorted(ggufs, key=lambda variant: (variant.size, variant.name))


def preselected(variants: Sequence[Variant]) -> Variant | None:
    """Return the variant to propose: the safetensors, or the usual quantization."""
    if not variants:
        return None
    by_name = {variant.name.upper(): variant for variant in reversed(variants)}
    for name in (SAFETENSORS.upper(), *_PREFERRED):
        if name in by_name:
            return by_name[name]
    return variants[0]


def including(files: Sequence[RepoFile], patterns: Iterable[str]) -> Variant | None:
    """Return the files of all variants that match a pattern, with what belongs to their weights."""
    patterns = list(patterns)
    chosen: dict[str, RepoFile] = {}
    for variant in variants_of(files):
        matching = [file for file in variant.files if _matches(file.path, patterns)]
        if any(_is_weights(file.path) for file in matching):
            matching += [file for file in variant.files if not _is_weights(file.path)]
        chosen |= {file.path: file for file in matching}
    if not chosen:
        return None
    return Variant(name="", files=_sorted(list(chosen.values())))


def is_safe_path(path: str) -> bool:
    """Return whether a path from a server stays in the folder, as a name that may be seen."""
    parts = path.split("/")
    return (
        all(part and not part.startswith(".") and part == part.strip() for part in parts)
        # Some disks do not tell large letters from small ones, or drop dots at the end.
        and not any(part.casefold().rstrip(".") == ORIGIN_FILE for part in parts)
        and not any(c in path for c in '\\:*?"<>|')
        and path.isprintable()
        and not path.endswith((".part", ".partial"))
        and len(path.encode("utf-8", "replace")) < 200
    )


def _tensors(files: Sequence[RepoFile]) -> list[RepoFile]:
    """Return the weights in the repository's top folder, in one form only."""
    found = [f for f in files if f.path.endswith(".safetensors") and "/" not in f.path]
    # Mistral's own form beside that of Transformers.
    usual = [file for file in found if not file.path.startswith("consolidated")]
    return usual or found


def _quant_of(path: str) -> str:
    """Return the quantization that a GGUF file's name tells, or its folder's, or the name."""
    stem = _PART.sub("", path.removesuffix(".gguf").removesuffix(".GGUF"))
    name = stem.rpartition("/")[2]
    for where in (name, stem):
        if matches := [match["quant"] for match in _QUANT.finditer(where)]:
            return str(matches[-1]).upper()
    return name


def _is_gguf(path: str) -> bool:
    name = path.rpartition("/")[2].lower()
    return name.endswith(".gguf") and not any(word in name for word in _NO_MODELS)


def _is_weights(path: str) -> bool:
    return path.endswith(".safetensors") or _is_gguf(path)


def _is_companion(path: str) -> bool:
    if "/" in path:
        return path.startswith("additional_chat_templates/") and path.endswith(".jinja")
    return any(fnmatchcase(path, pattern) for pattern in _COMPANIONS)


def _is_paper(path: str) -> bool:
    suffix = PurePosixPath(path).suffix.lower()
    return suffix in _PAPER_SUFFIXES and any(fnmatchcase(path, p) for p in _PAPERS)


def _matches(path: str, patterns: Iterable[str]) -> bool:
    names = (path, path.rpartition("/")[2])
    return any(fnmatchcase(name, pattern) for name in names for pattern in patterns)


def _sorted(files: list[RepoFile]) -> tuple[RepoFile, ...]:
    """Return the files, small ones first: what is wrong with a model shows early."""
    return tuple(sorted(files, key=lambda file: (_is_weights(file.path), file.path)))

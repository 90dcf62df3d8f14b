"""Makes library entries from folders of safetensors and from GGUF files."""

import os
from pathlib import Path

from phidesk.core.catalog import read_gguf_file
from phidesk.core.checkpoint import read_checkpoint
from phidesk.core.files import parts_of, size_of
from phidesk.core.library.duplicates import Weights, weights_of_files, weights_of_folder
from phidesk.core.library.entry import MOST_FILES, Figures, LibraryEntry, ModelFile
from phidesk.core.library.facts import (
    bits_by_size,
    bits_of,
    family,
    figures_of,
    figures_of_gguf,
    network_of,
    settings_of,
    told_parameters,
)
from phidesk.core.library.parameters import count_parameters
from phidesk.core.library.places import Source
from phidesk.core.library.provenance import licence_of, provenance_of, repo_of_address
from phidesk.core.models import ModelRef, well_formed
from phidesk.core.report import REPORT_FILE, saved_report

Found = tuple[LibraryEntry, Weights | None]


def folder_entry(folder: Path, files: list[str], source: Source) -> Found | None:
    """Describe a folder whose file names are known; None where it holds no safetensors model."""
    read = read_checkpoint(folder, files)
    if read is None:
        return None
    ref, config = read.ref, read.config
    origin = provenance_of(folder, files)
    bits = bits_of(ref.method, ref.quantization)
    templates = {"chat_template.jinja", "chat_template.json"}
    entry = LibraryEntry(
        ref=ref,
        source=source,
        family=family(ref.architecture),
        network=network_of(config),
        parameters=count_parameters(read.heads.values(), ref.method, bits),
        is_exact=not ref.problem,
        bits=bits,
        licence=licence_of(folder, files) or origin.licence,
        figures=figures_of(config),
        has_template=read.has_template or not templates.isdisjoint(files),
        quantization=settings_of(config.get("quantization_config")),
        verdict=_verdict(ref, files),
        files=_listed(folder, files),
        file_count=len(files),
        repo=origin.repo,
        revision=origin.revision,
        modified=max((_changed(folder / name) for name in read.heads), default=0.0),
    )
    return entry, weights_of_folder(folder, read.heads) if not ref.problem else None


def gguf_entry(path: Path, files: list[str], source: Source, *, name: str = "") -> Found | None:
    """Describe a GGUF file beside others; None where it only goes with a model."""
    is_starter = source is Source.STARTER
    ref, head = read_gguf_file(path, name=name, is_starter=is_starter)
    if head is not None and not head.is_model:
        return None
    parts, _ = parts_of(path)
    sizes = [size_of(part) for part in parts]
    folder, origin = path.parent, provenance_of(path.parent, files)
    parameters = told_parameters(head) if head else None
    entry = LibraryEntry(
        ref=ref,
        source=source,
        family=family(ref.architecture),
        network=ref.architecture,
        parameters=parameters,
        is_exact=False,
        bits=bits_of(ref.method, ref.quantization) or bits_by_size(ref.size_bytes, parameters),
        licence=well_formed(head.licence[:80])
        if head and head.licence
        else licence_of(folder, files),
        figures=figures_of_gguf(head) if head else Figures(),
        verdict=_verdict(ref, files),
        files=tuple(
            ModelFile(well_formed(part.name), size) for part, size in zip(parts, sizes, strict=True)
        ),
        file_count=len(parts),
        repo=origin.repo or (repo_of_address(head.repo) if head else ""),
        revision=origin.revision,
        modified=max(map(_changed, parts)),
    )
    return entry, weights_of_files(parts, sizes) if not ref.problem else None


def _verdict(ref: ModelRef, files: list[str]) -> str:
    is_there = any(name.endswith(REPORT_FILE) for name in files)
    report = saved_report(ref) if is_there else None
    return report.verdict.value if report is not None else ""


def _listed(folder: Path, files: list[str]) -> tuple[ModelFile, ...]:
    names = sorted(files)[:MOST_FILES]
    return tuple(ModelFile(well_formed(name), size_of(folder / name)) for name in names)


def _changed(path: Path) -> float:
    try:
        return os.stat(path).st_mtime  # noqa: PTH116 - a fifth of Path's time
    except OSError:
        return 0.0

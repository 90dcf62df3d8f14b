"""`phidesk models`: every model that is found on this machine."""

import argparse
import sys
from pathlib import Path

import msgspec

from phidesk.cli.tables import table
from phidesk.core.amounts import exact_size
from phidesk.core.engines import usable_rows
from phidesk.core.library.closer import CloserLooks
from phidesk.core.library.entry import LibraryEntry
from phidesk.core.library.places import Source, places
from phidesk.core.library.scan import Scan
from phidesk.core.machine import Machine
from phidesk.core.models import Concern
from phidesk.core.settings import SettingsFile
from phidesk.hardware.machine import machine_of
from phidesk.hardware.sampler import HardwareSampler

_SOURCES = {
    Source.STARTER: "starter",
    Source.OWN: "phidesk",
    Source.FOLDER: "folder",
    Source.HUGGING_FACE: "Hugging Face",
}
_CONCERNS = {
    Concern.PICKLE: "its weights are pickles, which can run code: it is not loaded",
    Concern.REMOTE_CODE: "it brings program code: read what was found in it before you agree",
    Concern.TEMPLATE: "its chat template is odd: read what was found in it before you agree",
}
_HEAD = (
    "MODEL",
    "FAMILY",
    "PARAMS",
    "FORMAT",
    "SIZE",
    "CONTEXT",
    "LICENCE",
    "ENGINES",
    "FROM",
    "PATH",
)


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """One line of --json: the entry, the engines that run it here, and what is the same."""

    name: str
    entry: LibraryEntry
    engines: list[str]
    same_weights: list[str]


def run_models(options: argparse.Namespace) -> int:
    """Run the command; the exit status is 1 where a folder that was named is not there."""
    missing = [folder for folder in options.folder if not Path(folder).expanduser().is_dir()]
    for folder in missing:
        print(f"phidesk: there is no folder “{folder}”.", file=sys.stderr)
    settings = SettingsFile().load()
    scan, looks = Scan(places([*settings.folders, *options.folder])), CloserLooks()
    entries = [looks.look(entry) for entry in scan.entries()]
    looks.save()
    machine = machine_of(HardwareSampler().sample())
    listed = _list(entries, scan, machine, settings.names)
    if options.json:
        for model in listed:
            print(msgspec.json.encode(model).decode())
    else:
        _print(listed)
    for folder, words in scan.problems.items():
        print(f"phidesk: {folder}: {words}", file=sys.stderr)
    return 1 if missing else 0


def _list(
    entries: list[LibraryEntry], scan: Scan, machine: Machine, names: dict[str, str]
) -> list[Listed]:
    same: dict[str, list[str]] = {}
    for group in scan.duplicates():
        paths = [path for copy in group.copies for path in copy]
        same |= {path: [other for other in paths if other != path] for path in paths}
    engines: dict[tuple[str, str], list[str]] = {}
    for entry in entries:
        key = (entry.ref.format, entry.ref.method)
        if key not in engines:
            rows = usable_rows(entry.ref, machine)
            engines[key] = list(dict.fromkeys(row.engine.value for row in rows))
    return [
        Listed(
            name=names.get(entry.ref.path, entry.ref.name),
            entry=entry,
            engines=[] if _is_refused(entry) else engines[entry.ref.format, entry.ref.method],
            same_weights=same.get(entry.ref.path, []),
        )
        for entry in entries
    ]


def _is_refused(entry: LibraryEntry) -> bool:
    return bool(entry.ref.problem) or Concern.PICKLE in entry.ref.concerns


def _print(listed: list[Listed]) -> None:
    rows: list[tuple[str, ...]] = [_HEAD]
    notes = []
    for number, model in enumerate(listed, 1):
        entry, ref = model.entry, model.entry.ref
        rows.append(
            (
                model.name,
                entry.family or "—",
                _count(entry.parameters),
                ref.quantization or "—",
                exact_size(ref.size_bytes),
                f"{ref.context_length:,}" if ref.context_length else "—",
                entry.licence or "—",
                ", ".join(model.engines) or "—",
                entry.source.program or _SOURCES[entry.source],
                ref.path,
            )
        )
        if ref.problem:
            notes.append(f"! {model.name}: {ref.problem}")
        elif ref.concerns:
            notes.append(f"! {model.name}: {_CONCERNS[ref.concerns[0]]}")
        if model.same_weights and number > 1:
            first = next((m for m in listed if m.entry.ref.path in model.same_weights), None)
            if first is not None and listed.index(first) < number - 1:
                notes.append(f"= {model.name} holds the same weights as {first.entry.ref.path}")
    for line in table(rows):
        print(line)
    for note in notes:
        print(note)


def _count(parameters: int | None) -> str:
    if not parameters:
        return "—"
    if parameters < 1e6:
        return f"{parameters:,}"
    return f"{parameters / 1e9:.1f}B" if parameters >= 1e9 else f"{parameters / 1e6:.0f}M"

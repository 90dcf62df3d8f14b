"""The library as a table: searched, filtered and sorted, and what can be done with a model."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

import msgspec
from PySide6.QtCore import QFile, QObject, QStandardPaths, Signal

from phidesk.core.engines import EngineName, usable_rows
from phidesk.core.library.describe import folder_entry, gguf_entry
from phidesk.core.library.entry import LibraryEntry
from phidesk.core.library.places import Source
from phidesk.core.library.removal import Removal, RemovalError, removal_of
from phidesk.core.machine import Machine
from phidesk.core.models import Concern, ModelFormat, ModelRef
from phidesk.viewmodels.engine_session import EngineSession, EngineState
from phidesk.viewmodels.gauges import GaugesViewModel
from phidesk.viewmodels.library_fit import Fit, FitResult, fit_of
from phidesk.viewmodels.load_plan import LoadPlan
from phidesk.viewmodels.models import ModelsViewModel, natural

_STEP = 512 * 2**20  # of free memory, below which a change is no news

FitOf = Callable[[LibraryEntry, EngineName | None, Machine | None], FitResult]


class Column(StrEnum):
    """What the table can be sorted by."""

    NAME = "name"
    FAMILY = "family"
    PARAMETERS = "parameters"
    BITS = "bits"
    SIZE = "size"
    CONTEXT = "context"
    FIT = "fit"
    ENGINES = "engines"
    LICENCE = "licence"


@dataclass(frozen=True)
class Row:
    """A model of the table.

    copies: how many other files hold the same weights. apart: the folder, where another model has
    the same name.
    """

    ref: ModelRef
    entry: LibraryEntry
    engines: tuple[EngineName, ...]
    fit: FitResult
    copies: int = 0
    apart: str = ""


@dataclass(frozen=True)
class Filters:
    """What is shown: text in any of a model's facts, and None for everything."""

    text: str = ""
    format: ModelFormat | None = None
    source: Source | None = None
    only_fitting: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether everything is shown."""
        return self == Filters()


class LibraryViewModel(QObject):
    """The rows that are to be shown, in order.

    fit_of: how a model's fit is found; may be replaced by a better one.
    """

    rows_changed = Signal()
    fits_changed = Signal()
    """the same rows fit otherwise than before"""
    trashed = Signal(str, object)
    """the name of a model that was moved to the trash, and its Removal"""
    failed = Signal(str)

    def __init__(
        self,
        models: ModelsViewModel,
        plan: LoadPlan,
        gauges: GaugesViewModel,
        session: EngineSession,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._models = models
        self._plan = plan
        self._gauges = gauges
        self._session = session
        self._all: list[Row] = []
        self._engines: dict[tuple[str, str], tuple[EngineName, ...]] = {}
        self._described: dict[ModelRef, LibraryEntry] = {}
        self._machine: Machine | None = None
        self._trashing: set[asyncio.Task[None]] = set()
        self.fit_of: FitOf = fit_of
        self.rows: list[Row] = []
        self.filters = Filters()
        self.column, self.descending = Column.NAME, False
        models.library_changed.connect(self.refresh)
        gauges.changed.connect(self._on_sampled)
        self.refresh()

    @property
    def count(self) -> int:
        """How many models there are, shown or not."""
        return len(self._all)

    @property
    def sources(self) -> list[Source]:
        """Whose models there are."""
        there = {row.entry.source for row in self._all}
        return [source for source in Source if source in there]

    def set_filters(self, filters: Filters) -> None:
        """Show other rows."""
        self.filters = filters
        self._arrange()

    def sort(self, column: Column, *, descending: bool) -> None:
        """Sort otherwise; what is not known comes last either way."""
        self.column, self.descending = column, descending
        self._arrange()

    def row(self, path: str) -> Row | None:
        """Return what is known of a model, shown or not."""
        return next((row for row in self._all if row.ref.path == path), None)

    def same_weights(self, path: str) -> list[tuple[str, bool]]:
        """Return the names of the models with the same weights, and whether it is one file."""
        library = self._models.library
        linked = library.linked.get(path, [])
        named = ((self._models.find(other), other) for other in library.same.get(path, []))
        return [
            (self._models.label(ref) if ref else Path(other).name, other in linked)
            for ref, other in named
        ]

    def refresh(self) -> None:
        """Take over what the scan has found."""
        library = self._models.library
        self._machine = self._free_machine()
        found = []
        for ref in self._models.refs:
            entry = library.entries.get(ref.path) or self._describe(ref)
            engines = self._engines_of(ref)
            fit = self.fit_of(entry, next(iter(engines), None), self._machine)
            copies = len(library.same.get(ref.path, ())) - len(library.linked.get(ref.path, ()))
            found.append(Row(ref, entry, engines, fit, copies, self._models.apart(ref.path)))
        self._all = found
        self._arrange()

    def removal_of(self, row: Row) -> Removal:
        """Return what a delete takes away; raises RemovalError."""
        entries = self._models.library.entries.values()
        return removal_of(row.entry, entries, self._models.library.roots)

    def is_loaded(self, row: Row) -> bool:
        """Whether the model is in use."""
        request = self._session.request
        is_open = self._session.state not in (EngineState.EMPTY, EngineState.FAILED)
        return is_open and request is not None and request.model.path == row.ref.path

    def trash(self, row: Row, removal: Removal) -> None:
        """Move a model's files to the trash, if they still are those that were agreed to."""
        try:
            now = self.removal_of(row)
        except (RemovalError, OSError) as error:
            self.failed.emit(str(error))
            return
        if now.paths != removal.paths:
            words = self.tr("The files of “{0}” have just changed: nothing was moved. Try again.")
            self.failed.emit(words.format(row.ref.name))
            return
        task = asyncio.ensure_future(self._trash(row, removal))
        self._trashing.add(task)
        task.add_done_callback(self._trashing.discard)

    async def shut_down(self) -> None:
        """Wait for what is on its way to the trash."""
        if self._trashing:
            await asyncio.wait(set(self._trashing))

    async def _trash(self, row: Row, removal: Removal) -> None:
        left = await asyncio.to_thread(_move_to_trash, removal.paths)
        if left:
            words = self.tr("“{0}” could not be moved to the trash.")
            self.failed.emit(words.format(left))
            self._models.rescan()
            return
        self._select_neighbour(row)
        self._models.forget(row.ref.path)
        self.trashed.emit(row.ref.name, removal)

    def _select_neighbour(self, row: Row) -> None:
        """Keep the place in the list: the model below is chosen next, or the one above."""
        chosen = self._models.selected
        paths = [shown.ref.path for shown in self.rows]
        if chosen is None or chosen.path != row.ref.path or chosen.path not in paths:
            return
        place = paths.index(chosen.path)
        others = [*self.rows[place + 1 :], *reversed(self.rows[:place])]
        if others:
            self._models.select(others[0].ref)

    def _describe(self, ref: ModelRef) -> LibraryEntry:
        """Describe a model that no scan has found: the starter model, or one that was named."""
        known = self._described.get(ref)
        if known is None:
            path, source = Path(ref.path), Source.STARTER if ref.is_starter else Source.FOLDER
            found = None
            if ref.format is ModelFormat.GGUF:
                found = gguf_entry(path, [], source, name=ref.name)
            elif path.is_dir():
                names = [file.name for file in path.iterdir() if not file.is_dir()]
                found = folder_entry(path, names, source)
            known = found[0] if found else LibraryEntry(ref=ref, source=source)
            self._described[ref] = known
        return known

    def _engines_of(self, ref: ModelRef) -> tuple[EngineName, ...]:
        if ref.problem or Concern.PICKLE in ref.concerns:
            return ()
        key = (ref.format, ref.method)
        if key not in self._engines:  # looks for modules
            rows = usable_rows(ref, self._plan.machine)
            self._engines[key] = tuple(dict.fromkeys(row.engine for row in rows))
        return self._engines[key]

    def _free_machine(self) -> Machine | None:
        """Return the machine as it is once what phidesk has loaded is ejected."""
        machine, sample = self._plan.machine, self._gauges.sample
        if machine is None or sample is None:
            return None
        ours = sum(gpu.ours_bytes for gpu in sample.gpus[:1])
        return msgspec.structs.replace(
            machine,
            ram_free=(machine.ram_free + sample.worker_bytes) // _STEP * _STEP,
            vram_free=(machine.vram_free + ours) // _STEP * _STEP,
        )

    def _on_sampled(self) -> None:
        machine = self._free_machine()
        if machine == self._machine:
            return
        known = self._machine is not None
        if not known or (machine and self._machine and machine.device != self._machine.device):
            self._engines.clear()
            self.refresh()
            return
        self._machine = machine
        self._all = [self._fitted(row) for row in self._all]
        places = {row.ref.path: row for row in self._all}
        self.rows = [places[row.ref.path] for row in self.rows]
        self.fits_changed.emit()

    def _fitted(self, row: Row) -> Row:
        fit = self.fit_of(row.entry, next(iter(row.engines), None), self._machine)
        return row if fit == row.fit else replace(row, fit=fit)

    def _arrange(self) -> None:
        wanted, filters = self.filters.text.casefold().split(), self.filters
        rows = [
            row
            for row in self._all
            if (filters.format is None or row.ref.format is filters.format)
            and (filters.source is None or row.entry.source is filters.source)
            and (not filters.only_fitting or row.fit.fit in (Fit.FITS, Fit.TIGHT))
        ]
        if wanted:
            texts = [(row, _text_of(row)) for row in rows]
            rows = [row for row, text in texts if all(word in text for word in wanted)]
        rows.sort(key=lambda row: natural(row.ref.name))
        keys = [(_key(row, self.column), row) for row in rows]
        known = [pair for pair in keys if pair[0] is not None]
        known.sort(key=lambda pair: pair[0], reverse=self.descending)
        self.rows = [row for _, row in known] + [row for key, row in keys if key is None]
        self.rows_changed.emit()


_FITS = {Fit.FITS: 0, Fit.TIGHT: 1, Fit.TOO_LARGE: 2}


def _key(row: Row, column: Column) -> Any:
    """Return what a row is sorted by; None where that is not known."""
    entry = row.entry
    match column:
        case Column.NAME:
            return natural(row.ref.name)
        case Column.FAMILY:
            return entry.family.casefold() or None
        case Column.PARAMETERS:
            return entry.parameters
        case Column.BITS:
            return entry.bits
        case Column.SIZE:
            return row.ref.size_bytes
        case Column.CONTEXT:
            return row.ref.context_length
        case Column.FIT:
            order = _FITS.get(row.fit.fit)
            return None if order is None else order * 1e15 + row.fit.needs
        case Column.ENGINES:
            return ", ".join(row.engines) or None
        case Column.LICENCE:
            return entry.licence.casefold() or None


def _text_of(row: Row) -> str:
    """Return all in which a search looks."""
    entry, ref = row.entry, row.ref
    parts = (ref.name, entry.family, entry.network, ref.quantization, entry.licence, entry.repo,
             ref.format, entry.source.program, *entry.aliases, Path(ref.path).name)  # fmt: skip
    return "\n".join(parts).casefold()


def _move_to_trash(paths: tuple[str, ...]) -> str:
    """Move all to the trash; returns the first that stays where it is, "" for none."""
    # Qt makes the trash, but not the folder that it lies in.
    data = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericDataLocation)
    Path(data).mkdir(parents=True, exist_ok=True)
    for path in paths:
        if not QFile(path).moveToTrash():
            return path
    return ""

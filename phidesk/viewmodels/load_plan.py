"""How the chosen model is to be loaded: its engine, its options, and whether it fits."""

import asyncio
from pathlib import Path

import msgspec
from msgspec.structs import replace
from PySide6.QtCore import QObject, QTimer, Signal

from phidesk.core.engines import (
    EngineName,
    NoEngineError,
    choose_engine,
    lacking,
    obstacle,
    rows_for,
    why_not_preferred,
)
from phidesk.core.estimate_history import EstimateHistory, Quality
from phidesk.core.load_options import LoadOptions, Speculation
from phidesk.core.machine import Machine
from phidesk.core.memory import Estimator, MemoryNeeds, ModelFacts, read_facts
from phidesk.core.models import Device, ModelRef
from phidesk.core.settings import RememberedLoad, Settings, SettingsFile
from phidesk.hardware.estimator import draft_facts, estimator_for
from phidesk.hardware.fit import fit
from phidesk.hardware.machine import machine_of
from phidesk.protocol.events import FailureKind
from phidesk.viewmodels.gauges import GaugesViewModel
from phidesk.viewmodels.load_check import file_problem
from phidesk.viewmodels.load_request import Failure, LoadRequest
from phidesk.viewmodels.models import ModelsViewModel
from phidesk.viewmodels.saving import saving_problem

_SAVE_MS = 500


class Estimate(msgspec.Struct, frozen=True):
    """What a load takes of the memory that is free, in bytes; on_gpu: of each GPU's.

    problem: why it does not fit, in words; fitting: the longest context that would, 0 for none.
    refused: whether it could not even begin.
    doubled: bytes in all, should the first load find that 32 bits are faster; 0 where the number
    format is known. quality: how good such estimates have been here; None before the first load.
    """

    needs: MemoryNeeds
    free: int
    on_gpu: bool
    problem: str = ""
    fitting: int = 0
    refused: bool = False
    doubled: int = 0
    quality: Quality | None = None


class LoadPlan(QObject):
    """Edits how ModelsViewModel's chosen model is to be loaded, and remembers it per model."""

    changed = Signal()
    """also when another model is chosen"""
    failed = Signal(str)

    def __init__(
        self,
        models: ModelsViewModel,
        gauges: GaugesViewModel,
        settings: Settings,
        file: SettingsFile,
        history: EstimateHistory,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._models = models
        self._history = history
        self._gauges = gauges
        self._settings = settings
        self._file = file
        self._facts_of: tuple[ModelRef, str] | None = None  # with the draft model's path
        self._facts: ModelFacts | None = None
        self._draft: ModelFacts | None = None
        self._reading: asyncio.Task[None] | None = None
        self._is_closed = False
        self._loaded: LoadRequest | None = None
        self._saving = QTimer(self)
        self._saving.setSingleShot(True)
        self._saving.setInterval(_SAVE_MS)
        self._saving.timeout.connect(self.save)
        models.selection_changed.connect(self._on_selection_changed)

    @property
    def machine(self) -> Machine | None:
        """The machine as the last sample shows it; None before the first."""
        return machine_of(self._gauges.sample) if self._gauges.sample else None

    @property
    def engine(self) -> EngineName | None:
        """The engine that would load the chosen model; None where none would."""
        if self._models.selected is None:
            return None
        try:
            return choose_engine(self._models.selected, self._models.engine, self.machine)
        except NoEngineError:
            return None

    @property
    def reason(self) -> str:
        """Why the automatic choice is not the engine that would be best; "" where it is."""
        if self._models.selected is None or self._models.engine is not None:
            return ""
        if self._gauges.sample is None:  # not known yet
            return ""
        return why_not_preferred(self._models.selected, self.machine)

    @property
    def options(self) -> LoadOptions:
        """The options beside engine and context."""
        return self._models.options

    @property
    def remembered(self) -> bool:
        """Whether the chosen model is loaded so the next time, too."""
        model = self._models.selected
        return model is not None and model.path in self._settings.load

    @property
    def obstacle(self) -> Failure | None:
        """Why the chosen model's files are not to be loaded; None where nothing is known."""
        request = self.request()
        return file_problem(self, request) if request is not None else None

    @property
    def shortage(self) -> Failure | None:
        """Why the load would be refused for want of memory; None where it would not, for now."""
        request, estimate = self.request(), self.estimate()
        if request is None or estimate is None or not estimate.refused:
            return None
        anyway = replace(request, anyway=True)
        return Failure(FailureKind.OUT_OF_MEMORY, estimate.problem, anyway=anyway)

    @property
    def is_reading(self) -> bool:
        """Whether the chosen model's files are being read: there will be an estimate, or none."""
        return self._reading is not None

    @property
    def differs(self) -> bool:
        """Whether the chosen model is loaded, but not as is chosen now."""
        loaded, wanted = self._loaded, self.request()
        if loaded is None or wanted is None or loaded.model.path != wanted.model.path:
            return False
        return _way(loaded) != _way(wanted)

    def set_loaded(self, request: LoadRequest | None) -> None:
        """Tell what is loaded; None for nothing."""
        if request != self._loaded:
            self._loaded = request
            self.changed.emit()

    def request(self) -> LoadRequest | None:
        """Return what Load asks for; None without a model."""
        models = self._models
        if models.selected is None:
            return None
        return LoadRequest(
            models.selected, models.engine, models.context_length, options=models.options
        )

    def set_engine(self, engine: EngineName | None) -> None:
        """Choose an engine; None: automatic."""
        self._models.engine = engine
        self._on_edited()

    def set_context(self, tokens: int | None) -> None:
        """Choose the context length; None: automatic."""
        self._models.context_length = tokens
        self._on_edited()

    def set_options(self, options: LoadOptions) -> None:
        """Choose the other options."""
        self._models.options = options
        self._on_edited()

    def set_remembered(self, wanted: bool) -> None:
        """Load the chosen model so the next time, too, or forget about it."""
        model = self._models.selected
        if model is None or wanted == self.remembered:
            return
        if wanted:
            self._settings.load[model.path] = self._to_remember()
        else:
            del self._settings.load[model.path]
        self._saving.start()
        self.changed.emit()

    def estimate(self) -> Estimate | None:
        """Return what the load takes; None where files do not tell or nothing runs it."""
        made, sample = self._estimator(), self._gauges.sample
        needs = made.at(self._models.context_length) if made is not None else None
        if made is None or needs is None or sample is None:
            return None
        # What is loaded now is ejected first.
        on_gpu = made.device is Device.CUDA and bool(sample.gpus)
        ours = sample.gpus[0].ours_bytes if on_gpu else sample.worker_bytes
        found = fit(made, needs, sample, ours)
        doubled = made.doubled(self._models.context_length)
        return Estimate(
            needs,
            found.free,
            on_gpu=on_gpu,
            problem=found.problem,
            fitting=found.context,
            refused=found.refused,
            doubled=doubled.total if doubled is not None else 0,
            quality=self._history.quality(made.engine, made.device),
        )

    def largest_context(self) -> int:
        """Return the longest context that fits in what is free, in tokens; 0 where none does."""
        made, estimate = self._estimator(), self.estimate()
        if made is None or estimate is None:
            return 0
        return made.fitting(made.model.context_length or estimate.needs.context, estimate.free)

    def save(self) -> None:
        """Write what is to be remembered, if that has not been done."""
        self._saving.stop()
        if problem := saving_problem(self._file, self._settings):
            self.failed.emit(problem)

    async def shut_down(self) -> None:
        """Write what waits to be written, and read no more files."""
        if self._saving.isActive():
            self.save()
        self._is_closed = True
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.wait([self._reading])

    def _estimator(self) -> Estimator | None:
        """Return the estimator of the chosen load; None where files or machine do not tell."""
        model, sample, engine = self._models.selected, self._gauges.sample, self.engine
        if model is None or sample is None or engine is None:
            return None
        options = self.options
        if self._facts_of != (model, options.draft_model):
            self._read(model, options)
            return None
        if self._facts is None:
            return None
        return estimator_for(
            model, self._facts, engine, options, sample, self._history, self._draft
        )

    def _read(self, model: ModelRef, options: LoadOptions) -> None:
        """Look at a model's files beside the event loop: some have 50,000 tensors."""
        if (
            self._reading is None and not self._is_closed
        ):  # else the one that is chosen by then follows
            self._reading = asyncio.ensure_future(self._read_beside(model, options))

    async def _read_beside(self, model: ModelRef, options: LoadOptions) -> None:
        try:
            self._facts = await asyncio.to_thread(read_facts, model)
            self._draft = await asyncio.to_thread(draft_facts, options)
        finally:
            self._facts_of, self._reading = (model, options.draft_model), None
        self.changed.emit()

    def _to_remember(self) -> RememberedLoad:
        models = self._models
        return RememberedLoad(
            engine=models.engine, context_length=models.context_length, options=models.options
        )

    def _on_edited(self) -> None:
        model = self._models.selected
        if model is not None and self.remembered:
            self._settings.load[model.path] = self._to_remember()
            self._saving.start()
        self.changed.emit()

    def _on_selection_changed(self) -> None:
        model = self._models.selected
        known = self._settings.load.get(model.path) if model is not None else None
        loaded = self._loaded
        if model is not None and loaded is not None and loaded.model.path == model.path:
            self._models.engine = loaded.engine
            self._models.context_length = loaded.context_length
            self._models.options = loaded.options
        elif known is not None:
            options = known.options
            if options.draft_model and not Path(options.draft_model).is_dir():
                options = replace(options, speculation=Speculation.OFF, draft_model="")
            self._models.engine = known.engine
            self._models.context_length = known.context_length
            self._models.options = options
        elif model is not None and self._suits(model, self._settings.default_engine):
            self._models.engine = self._settings.default_engine
        self.changed.emit()

    def _suits(self, model: ModelRef, engine: EngineName | None) -> bool:
        """Return whether an engine reads a model and is installed; the machine may not be known."""
        rows = [row for row in rows_for(model) if row.engine is engine and not lacking(row)]
        return any(self.machine is None or not obstacle(row, self.machine) for row in rows)


def _way(request: LoadRequest) -> tuple[EngineName | None, int | None, LoadOptions]:
    return request.engine, request.context_length, request.options

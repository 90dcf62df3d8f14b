"""The quantize pane's steps: source, recipe, pre-flight, run, report card."""

import asyncio
import math
from collections.abc import Coroutine
from enum import StrEnum
from pathlib import Path
from uuid import uuid4

from PySide6.QtCore import QObject, Signal

from phidesk.client.standby import Spawn
from phidesk.core.catalog import ModelNotFoundError, open_model
from phidesk.core.jobs import JobState, interrupted_jobs
from phidesk.core.models import ModelRef
from phidesk.core.paths import models_dir
from phidesk.hardware.sampler import HardwareSampler
from phidesk.protocol.commands import Quantize
from phidesk.viewmodels.gauges import GaugesViewModel
from phidesk.viewmodels.layer_timing import LayerTiming, TimingState
from phidesk.viewmodels.models import ModelsViewModel
from phidesk.viewmodels.quantize_plan import QuantizePlan
from phidesk.viewmodels.quantize_run import QuantizeRun, RunState
from phidesk.viewmodels.report import ReportState, ReportViewModel
from phidesk.viewmodels.words import in_words

_SAMPLES_SETTLE_S = 3.0  # until a sample is sure to be younger than the end of a worker


class QuantizeStep(StrEnum):
    """What the pane shows, in order."""

    SOURCE = "source"
    RECIPE = "recipe"
    CHECK = "check"
    RUN = "run"
    REPORT = "report"


class QuantizeViewModel(QObject):
    """Leads from one step to the next, and keeps what was interrupted."""

    step_changed = Signal()
    interrupted_changed = Signal()
    failed = Signal(str)
    """plain words, for example about files that cannot be deleted"""

    def __init__(
        self,
        models: ModelsViewModel,
        gauges: GaugesViewModel,
        sampler: HardwareSampler,
        spawn: Spawn,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._models = models
        self._tasks: set[asyncio.Task[None]] = set()
        self._goes_on = False
        self._looks = 0
        self.plan = QuantizePlan(sampler, gauges, self)
        self.timing = LayerTiming(spawn, self)
        self.run = QuantizeRun(spawn, self)
        self.report = ReportViewModel(spawn, self)
        self.step = QuantizeStep.SOURCE
        self.interrupted: list[JobState] = []
        self.plan.recipe_changed.connect(self._on_recipe_changed)
        self.plan.checked.connect(self._time_layer)
        self.timing.changed.connect(self._on_timing_changed)
        self.run.state_changed.connect(self._on_run_changed)
        self.run.finished.connect(self._on_finished)

    def begin(self, model: ModelRef) -> None:
        """Choose a model, and go on to its recipe once its files have been read."""
        self.plan.choose_source(model)
        self.go_to(QuantizeStep.SOURCE)
        self._goes_on = True
        self._on_recipe_changed()

    def can_go_to(self, step: QuantizeStep) -> bool:
        """Whether there is something to be seen at a step."""
        match step:
            case QuantizeStep.SOURCE:
                return True
            case QuantizeStep.RECIPE | QuantizeStep.CHECK:
                return self.plan.recipe is not None
            case QuantizeStep.RUN:
                return self.run.state is not RunState.IDLE
            case QuantizeStep.REPORT:
                return self.report.state is not ReportState.EMPTY

    def go_to(self, step: QuantizeStep) -> None:
        """Show a step."""
        self._goes_on = False
        if step is not self.step and self.can_go_to(step):
            self.step = step
            self.step_changed.emit()
        self._time_layer()

    @property
    def may_start(self) -> bool:
        """Whether Start starts something."""
        return self.plan.may_start and not self.run.is_active

    def start(self) -> None:
        """Start the quantization that is planned."""
        self.plan.check()
        plan = self.plan
        if not self.may_start or plan.source is None or plan.recipe is None or plan.shape is None:
            return
        expected = self.timing.estimate.likely_s if self.timing.estimate else None
        self.timing.stop()
        command = Quantize(
            job_id=uuid4().hex, model=plan.source, recipe=plan.recipe, out=str(plan.out)
        )
        self.report.forget()
        self.run.start(
            command, layers=plan.shape.blocks, expected_s=expected, after=self.timing.stopped
        )
        self.go_to(QuantizeStep.RUN)

    def resume(self, job: JobState) -> None:
        """Go on with an interrupted run."""
        if not self.run.is_active:
            self.run.resume(job)
            self.go_to(QuantizeStep.RUN)

    def discard(self, job: JobState) -> None:
        """Delete what an interrupted run left."""
        self._start_task(self._discard(job))

    def compare(self, original: ModelRef, copy: ModelRef) -> None:
        """Make the report card of any two models."""
        self.report.make(original, copy)
        self.go_to(QuantizeStep.REPORT)

    def show_report(self, model: ModelRef) -> None:
        """Show the report card that is saved beside a model, or the one that is being made."""
        self.report.show(model)
        self.go_to(QuantizeStep.REPORT)

    def find_interrupted(self) -> None:
        """Look for interrupted runs on disk."""
        self._start_task(self._find_interrupted())

    async def shut_down(self) -> None:
        """End every worker; the window is closing."""
        await asyncio.gather(
            self.plan.shut_down(),
            self.timing.shut_down(),
            self.run.shut_down(),
            self.report.shut_down(),
        )
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _start_task(self, job: Coroutine[None, None, None]) -> None:
        task = asyncio.ensure_future(job)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _time_layer(self) -> None:
        plan = self.plan
        wanted = self.step is QuantizeStep.CHECK and self.may_start
        if wanted and plan.source is not None and plan.recipe is not None:
            self.timing.ask(plan.source, plan.recipe)
        else:
            self.timing.stop()

    def _on_recipe_changed(self) -> None:
        if self._goes_on and self.plan.recipe is not None:
            self.go_to(QuantizeStep.RECIPE)

    def _on_timing_changed(self) -> None:
        running = self.timing.state is TimingState.RUNNING
        self.plan.hold_machine(math.inf if running else _SAMPLES_SETTLE_S)

    def _on_run_changed(self) -> None:
        if not self.run.is_active:
            self.find_interrupted()
            self.plan.check()

    def _on_finished(self) -> None:
        if self.plan.folder == models_dir():
            self._models.rescan()
        else:
            self._models.add_folder(str(self.plan.folder))
        self.plan.renew_name()
        command, made = self.run.command, self.run.made
        if command is not None and made is not None:
            self._start_task(self._prove(command, made.path))

    async def _prove(self, command: Quantize, path: str) -> None:
        """Make the report card of what has just been made."""
        try:
            copy = await asyncio.to_thread(open_model, path)
        except ModelNotFoundError as error:
            self.failed.emit(str(error))
            return
        if self.report.state is not ReportState.MAKING:
            self.report.make(command.model, copy, command.recipe)
            if self.step is QuantizeStep.RUN:
                self.go_to(QuantizeStep.REPORT)

    async def _find_interrupted(self) -> None:
        self._looks += 1
        look = self._looks
        others = (Path(folder) for folder in self._models.folders)
        folders = dict.fromkeys((models_dir(), self.plan.folder, *others))
        found = [
            job for folder in folders for job in await asyncio.to_thread(interrupted_jobs, folder)
        ]
        if look != self._looks:  # one that began later knows better
            return
        running = self.run.command.out if self.run.is_active and self.run.command else ""
        found = [job for job in found if job.out != running]
        if found != self.interrupted:
            self.interrupted = found
            self.interrupted_changed.emit()

    async def _discard(self, job: JobState) -> None:
        try:
            await self.run.discard(Path(job.out))
        except OSError as error:
            words = self.tr("“{0}” cannot be deleted: {1}.")
            self.failed.emit(
                words.format(Path(job.out).name, in_words(error.strerror or str(error)))
            )
        await self._find_interrupted()
        self.plan.check()

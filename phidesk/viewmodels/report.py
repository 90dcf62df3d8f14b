"""The report card of two models: made, saved beside the copy, or read from there."""

import asyncio
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from phidesk.client.interface import WorkerClient
from phidesk.client.standby import Spawn
from phidesk.core.models import ModelRef
from phidesk.core.paths import cache_dir
from phidesk.core.recipes import Recipe
from phidesk.core.report import Report, folder_of, save_report, saved_report
from phidesk.core.texts import held_out_texts
from phidesk.hardware.memory import worker_memory
from phidesk.protocol.events import FailureKind
from phidesk.viewmodels.load_request import Failure
from phidesk.viewmodels.words import in_words

if TYPE_CHECKING:
    from phidesk.client.report_side import ReportProgress


class ReportState(StrEnum):
    """STOPPED: the user ended the making."""

    EMPTY = "empty"
    MAKING = "making"
    READY = "ready"
    FAILED = "failed"
    STOPPED = "stopped"


@dataclass(frozen=True)
class MakingProgress:
    """What is measured now; stage: load, answer or score; share of the whole from 0 to 1."""

    model: str
    stage: str
    detail: str
    share: float


class ReportViewModel(QObject):
    """One report at a time.

    save_problem: why the report that is shown is not on disk; empty where it is.
    """

    state_changed = Signal()
    progress_changed = Signal()

    def __init__(self, spawn: Spawn, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._spawn = spawn
        self._clients: list[WorkerClient] = []
        self._task: asyncio.Task[None] | None = None
        self.state = ReportState.EMPTY
        self.original: ModelRef | None = None
        self.copy: ModelRef | None = None
        self.recipe: Recipe | None = None
        self.report: Report | None = None
        self.progress: MakingProgress | None = None
        self.failure: Failure | None = None
        self.save_problem = ""

    def forget(self) -> None:
        """Show no card: another copy is being made."""
        if self.state is not ReportState.MAKING:
            self.report = self.failure = None
            self.state = ReportState.EMPTY
            self.state_changed.emit()

    def make(self, original: ModelRef, copy: ModelRef, recipe: Recipe | None = None) -> None:
        """Compare two models; recipe: what the copy was made with, where it is known."""
        if self.state is ReportState.MAKING:
            return
        before = saved_report(copy)
        self.original, self.copy = original, copy
        self.recipe = recipe or (before.recipe if before is not None else None)
        self.report = self.progress = self.failure = None
        self.save_problem = ""
        self._set_state(ReportState.MAKING)
        self._task = asyncio.ensure_future(self._make(original, copy))

    def again(self) -> None:
        """Make the same report once more."""
        if self.original is not None and self.copy is not None:
            self.make(self.original, self.copy, self.recipe)

    def show(self, copy: ModelRef) -> bool:
        """Show the report that is saved beside a model; returns whether there is one."""
        report = saved_report(copy)
        if report is None or self.state is ReportState.MAKING:
            return False
        self.original, self.copy, self.report = None, copy, report
        self.recipe, self.failure, self.save_problem = report.recipe, None, ""
        self._set_state(ReportState.READY)
        return True

    def stop(self) -> None:
        """End the making."""
        if self.state is ReportState.MAKING and self._task is not None:
            self._task.cancel()

    async def shut_down(self) -> None:
        """End the worker at once; the window is closing."""
        for client in self._clients:
            client.kill()
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    async def _make(self, original: ModelRef, copy: ModelRef) -> None:
        # Imported where it is needed: a window that makes no report is up sooner.
        from phidesk.client.report import ReportError, make_report

        try:
            self.report = await make_report(
                original,
                copy,
                spawn=self._spawn_and_note,
                measure=worker_memory,
                on_progress=self._on_progress,
                texts=await asyncio.to_thread(held_out_texts),
                cache_dir=cache_dir() / "reports",
                recipe=self.recipe,
            )
        except ReportError as error:
            self.failure = Failure(FailureKind.BUG, error.message, error.details)
            self._set_state(ReportState.FAILED)
            return
        except asyncio.CancelledError:
            self._set_state(ReportState.STOPPED)
            raise
        finally:
            clients, self._clients = self._clients, []
            await asyncio.gather(*(client.close() for client in clients))
        try:
            await asyncio.to_thread(save_report, self.report, folder_of(copy))
        except OSError as error:
            words = self.tr("The report card cannot be saved beside the copy: {0}.")
            self.save_problem = words.format(in_words(error.strerror or str(error)))
        self._set_state(ReportState.READY)

    def _spawn_and_note(self, engine: str) -> WorkerClient:
        client = self._spawn(engine)
        self._clients.append(client)
        return client

    def _on_progress(self, progress: "ReportProgress") -> None:
        stage = progress.stage.value
        share = progress.done / progress.total if progress.total else 0.0
        self.progress = MakingProgress(progress.model, stage, progress.detail, share)
        self.progress_changed.emit()

    def _set_state(self, state: ReportState) -> None:
        self.state = state
        self.state_changed.emit()

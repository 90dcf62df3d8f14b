"""The jobs that take long: how far they are together, and how each of them ended."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

if TYPE_CHECKING:
    from phidesk.viewmodels.download_item import DownloadItem
    from phidesk.viewmodels.downloads import DownloadsViewModel
    from phidesk.viewmodels.engines import EnginesViewModel
    from phidesk.viewmodels.quantize_run import QuantizeRun
    from phidesk.viewmodels.report import ReportViewModel

_LOOK_MS = 500


class LongJobs(QObject):
    """Quantizing, reports, downloads and installs, as far as they were made: `watch_…` adds."""

    changed = Signal()
    """there are jobs, or no more, or they have come further"""
    ended = Signal(str, str)
    """what has come to its end by itself, and of which model"""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._run: QuantizeRun | None = None
        self._report: ReportViewModel | None = None
        self._downloads: DownloadsViewModel | None = None
        self._engines: EnginesViewModel | None = None
        self._running: dict[DownloadItem, str] = {}
        self._was_run = self._was_report = ""
        self._look = QTimer(self, interval=_LOOK_MS)
        self._look.timeout.connect(self._show)
        self.percent: int | None = None
        """how far the jobs are, on average; None: there is none"""

    def watch_quantize(self, run: "QuantizeRun", report: "ReportViewModel") -> None:
        """Follow quantizing, and the reports."""
        self._run, self._report = run, report
        run.state_changed.connect(self._on_run_changed)
        report.state_changed.connect(self._on_report_changed)

    def watch_downloads(self, downloads: "DownloadsViewModel") -> None:
        """Follow downloads."""
        self._downloads = downloads
        downloads.items_changed.connect(self._on_items_changed)

    def watch_engines(self, engines: "EnginesViewModel") -> None:
        """Follow the install of the engines."""
        self._engines = engines
        engines.progress_changed.connect(self._show)
        engines.changed.connect(self._show)
        engines.install_ended.connect(self._on_install_ended)

    def _on_install_ended(self, is_done: bool) -> None:
        words = self.tr("The engines are installed")
        if not is_done:
            words = self.tr("The engines could not be installed")
        self.ended.emit(words, "")

    def _on_run_changed(self) -> None:
        if self._run is None:
            return
        state = self._run.state.value
        name = Path(self._run.command.out).name if self._run.command is not None else ""
        if self._was_run == "running" and state == "done":
            self.ended.emit(self.tr("The quantized copy is ready"), name)
        elif self._was_run == "running" and state == "failed":
            self.ended.emit(self.tr("Quantizing failed"), name)
        self._was_run = state
        self._show()

    def _on_report_changed(self) -> None:
        if self._report is None:
            return
        state = self._report.state.value
        name = self._report.copy.name if self._report.copy is not None else ""
        if self._was_report == "making" and state == "ready":
            self.ended.emit(self.tr("The report card is ready"), name)
        elif self._was_report == "making" and state == "failed":
            self.ended.emit(self.tr("The report card could not be made"), name)
        self._was_report = state
        self._show()

    def _on_items_changed(self) -> None:
        items = self._downloads.items if self._downloads is not None else []
        for item in items:
            before, now = self._running.get(item, ""), item.state.value
            if before == "running" and now == "done":
                self.ended.emit(self.tr("The download is complete"), item.plan.name)
            elif before == "running" and now == "failed":
                self.ended.emit(self.tr("The download has stopped"), item.plan.name)
        self._running = {item: item.state.value for item in items}
        self._show()

    def _shares(self) -> list[float]:
        found = []
        run, report = self._run, self._report
        if run is not None and run.is_active:
            found.append(run.done / run.total if run.total else 0.0)
        if report is not None and report.state.value == "making":
            found.append(report.progress.share if report.progress is not None else 0.0)
        items = self._downloads.items if self._downloads is not None else []
        running = [item for item in items if item.state.value == "running"]
        found += [item.done / item.total if item.total else 0.0 for item in running]
        step = self._engines.step if self._engines is not None else None
        if step is not None:
            found.append(step.done / step.total if step.total else 0.0)
        return [min(1.0, max(0.0, share)) for share in found]

    def _show(self) -> None:
        shares = self._shares()
        percent = int(100 * sum(shares) / len(shares)) if shares else None
        if bool(shares) != self._look.isActive():
            if shares:
                self._look.start()
            else:
                self._look.stop()
        if percent != self.percent:
            self.percent = percent
            self.changed.emit()

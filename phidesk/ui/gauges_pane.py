"""The live gauges: speed, context, the model's memory, the machine's memory, GPUs, processor."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from phidesk.core.machine import GpuProcess
from phidesk.ui.format import size, speed
from phidesk.ui.legend import Legend
from phidesk.ui.meters import PartsBar, Sparkline
from phidesk.ui.theme import SPACE_M, SPACE_S, SPACE_XS, Look
from phidesk.ui.widgets import label
from phidesk.ui.wording import holders_text
from phidesk.viewmodels.context_meter import ContextMeter
from phidesk.viewmodels.gauges import GaugesViewModel
from phidesk.viewmodels.memory_parts import MemoryParts


class Gauge(QWidget):
    """A name, a figure and a bar, with a legend where the bar has parts to be told apart."""

    def __init__(self, look: Look, name: str, workspace: str = "") -> None:
        """workspace: what the engine's part beside weights and KV cache is called."""
        super().__init__()
        self._workspace = workspace
        self._figure = label()
        self._figure.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._bar = PartsBar(look, name)
        self.legend = Legend(look)
        self.legend.hide()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(SPACE_XS)
        title = label(name, "muted")
        title.setMinimumWidth(10)  # a long name of a GPU gives way to the figure
        title.setToolTip(name)
        grid.addWidget(title, 0, 0)
        grid.addWidget(self._figure, 0, 1)
        grid.addWidget(self._bar, 1, 0, 1, 2)
        grid.addWidget(self.legend, 2, 0, 1, 2)
        grid.setColumnStretch(0, 1)

    def show_parts(self, figure: str, parts: list[tuple[str, float]], hint: str = "") -> None:
        """Show the figure and the parts of the bar, without a legend."""
        self._show(figure, parts, hint)
        self.legend.hide()

    def show_memory(self, figure: str, parts: MemoryParts, total: int, hint: str) -> None:
        """Show what fills a memory of `total` bytes, with a legend."""
        lines = (
            ("accent", self.tr("Weights"), parts.weights),
            ("kv_used", self.tr("KV cache, used"), parts.kv_used),
            ("kv_reserved", self.tr("KV cache, reserved"), parts.kv_reserved),
            ("workspace", self._workspace, parts.workspace),
            ("others", self.tr("Other programs"), parts.others),
        )
        self._show(figure, [(role, count / total) for role, _, count in lines], hint)
        self.legend.set_lines([(role, name, size(count)) for role, name, count in lines])
        self.legend.show()

    def _show(self, figure: str, parts: list[tuple[str, float]], hint: str) -> None:
        if self._figure.text() != figure:
            self._figure.setText(figure)
        self._bar.set_parts(parts)
        self.setToolTip(hint)


class GaugesPane(QWidget):
    """Reads the gauges view-model; does nothing while hidden."""

    def __init__(self, gauges: GaugesViewModel, meter: ContextMeter, look: Look) -> None:
        super().__init__()
        self._gauges = gauges
        self._meter = meter
        self._look = look
        self._speed = QLabel("—")
        font = self._speed.font()
        font.setPointSizeF(font.pointSizeF() * 1.7)
        font.setBold(True)
        self._speed.setFont(font)
        self.acceptance = label(role="muted")
        self.acceptance.setToolTip(
            self.tr("Of the tokens that speculation guessed, the share that the model kept.")
        )
        self.acceptance.hide()
        self._line = Sparkline(look, self.tr("Speed over time"))
        self._context = Gauge(look, self.tr("Context"))
        self._model = Gauge(look, self.tr("Model memory"))
        self.ram = Gauge(look, self.tr("Memory"), self.tr("Engine and workspace"))
        self._cpu = Gauge(look, self.tr("Processor"))
        self.gpus: list[Gauge] = []
        top = QHBoxLayout()
        top.addWidget(self._speed)
        top.addStretch(1)
        top.addWidget(self.acceptance)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(SPACE_M)
        self._column.addWidget(label(self.tr("Speed"), "muted"))
        self._column.addLayout(top)
        self._column.addWidget(self._line)
        self._column.addSpacing(SPACE_S)
        for gauge in (self._context, self._model, self.ram, self._cpu):
            self._column.addWidget(gauge)
        gauges.changed.connect(self._refresh)
        meter.changed.connect(self._show_context)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        """Catch up with what happened while hidden."""
        super().showEvent(event)
        self._refresh()

    def _refresh(self) -> None:
        if not self.isVisible():
            return
        gauges, sample = self._gauges, self._gauges.sample
        current = gauges.tokens_per_second
        self._speed.setText(speed(current) if current else "—")
        self._line.set_values(tuple(gauges.speeds))
        kept = gauges.acceptance
        self.acceptance.setVisible(kept is not None)
        if kept is not None:
            self.acceptance.setText(self.tr("guesses kept: {0} %").format(f"{100 * kept:.0f}"))
        self._show_context()
        if sample is None:
            return
        self._cpu.show_parts(f"{sample.cpu_percent:.0f} %", [("accent", sample.cpu_percent / 100)])
        self._show_ram()
        self._show_gpus()

    def _show_context(self) -> None:
        used, most = self._meter.shown(self._gauges.context_used), self._gauges.context_max
        figure = self.tr("{0} of {1}").format(f"{used:,}", f"{most:,}") if most else "—"
        self._context.show_parts(figure, [("accent", used / most if most else 0.0)])

    def _show_ram(self) -> None:
        sample = self._gauges.sample
        if sample is None:
            return
        total = sample.ram_total_bytes
        ours = min(sample.worker_bytes, sample.ram_used_bytes)
        self._model.show_parts(size(ours) if ours else "—", [("accent", ours / total)])
        figure = self.tr("{0} of {1}").format(size(sample.ram_used_bytes), size(total))
        hint = self.tr("This model {0}, everything else {1}").format(
            size(ours), size(sample.ram_used_bytes - ours)
        )
        if (parts := self._gauges.ram_parts()) is not None:
            self.ram.show_memory(figure, parts, total, hint)
            return
        others = (sample.ram_used_bytes - ours) / total
        self.ram.show_parts(figure, [("accent", ours / total), ("others", others)], hint)

    def _show_gpus(self) -> None:
        sample = self._gauges.sample
        gpus = sample.gpus if sample else ()
        for place, gauge in enumerate(self.gpus):
            gauge.setVisible(place < len(gpus))
        for place, gpu in enumerate(gpus):
            if place == len(self.gpus):
                self.gpus.append(Gauge(self._look, gpu.name, self.tr("Graphs and workspace")))
                self._column.insertWidget(self._column.indexOf(self.ram), self.gpus[-1])
            total = gpu.total_bytes
            figure = self.tr("{0} of {1}").format(size(gpu.used_bytes), size(total))
            parts = self._gauges.gpu_parts(place)
            other = parts.others if parts else gpu.used_bytes - gpu.ours_bytes
            ours = gpu.used_bytes - other
            hint = self._gpu_hint(ours, other, gpu.others)
            if parts is not None:
                self.gpus[place].show_memory(figure, parts, total, hint)
            else:
                shares = [("accent", ours / total), ("others", other / total)]
                self.gpus[place].show_parts(figure, shares, hint)

    def _gpu_hint(self, ours: int, other: int, named: tuple[GpuProcess, ...]) -> str:
        words = self.tr("This model {0}, other programs {1}").format(size(ours), size(other))
        largest = sorted(named, key=lambda process: -process.bytes)
        return "\n".join(part for part in (words, holders_text(self, largest)) if part)

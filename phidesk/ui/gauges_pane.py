"""The live gauges: speed, context, the model's memory, the machine's memory, GPUs, processor."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from phidesk.ui.format import size, speed
from phidesk.ui.meters import PartsBar, Sparkline
from phidesk.ui.theme import SPACE_M, SPACE_S, SPACE_XS, Look
from phidesk.ui.widgets import label
from phidesk.viewmodels.gauges import GaugesViewModel


class _Gauge(QWidget):
    """A name, a figure and a bar."""

    def __init__(self, look: Look, name: str) -> None:
        super().__init__()
        self._figure = label()
        self._figure.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._bar = PartsBar(look, name)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(SPACE_XS)
        grid.addWidget(label(name, "muted"), 0, 0)
        grid.addWidget(self._figure, 0, 1)
        grid.addWidget(self._bar, 1, 0, 1, 2)

    def show_parts(self, figure: str, parts: list[tuple[str, float]], hint: str = "") -> None:
        """Show the figure and the parts of the bar."""
        if self._figure.text() != figure:
            self._figure.setText(figure)
        self._bar.set_parts(parts)
        self.setToolTip(hint)


class GaugesPane(QWidget):
    """Reads the gauges view-model; does nothing while hidden."""

    def __init__(self, gauges: GaugesViewModel, look: Look) -> None:
        super().__init__()
        self._gauges = gauges
        self._look = look
        self._speed = QLabel("—")
        font = self._speed.font()
        font.setPointSizeF(font.pointSizeF() * 1.7)
        font.setBold(True)
        self._speed.setFont(font)
        self._line = Sparkline(look, self.tr("Speed over time"))
        self._context = _Gauge(look, self.tr("Context"))
        self._model = _Gauge(look, self.tr("Model memory"))
        self._ram = _Gauge(look, self.tr("Memory"))
        self._cpu = _Gauge(look, self.tr("Processor"))
        self._gpus: list[_Gauge] = []
        top = QHBoxLayout()
        top.addWidget(self._speed)
        top.addStretch(1)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(SPACE_M)
        self._column.addWidget(label(self.tr("Speed"), "muted"))
        self._column.addLayout(top)
        self._column.addWidget(self._line)
        self._column.addSpacing(SPACE_S)
        for gauge in (self._context, self._model, self._ram, self._cpu):
            self._column.addWidget(gauge)
        gauges.changed.connect(self._refresh)

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
        used, most = gauges.context_used, gauges.context_max
        figure = self.tr("{0} of {1}").format(f"{used:,}", f"{most:,}") if most else "—"
        self._context.show_parts(figure, [("accent", used / most if most else 0.0)])
        if sample is None:
            return
        total = sample.ram_total_bytes
        ours = min(sample.worker_bytes, sample.ram_used_bytes)
        self._model.show_parts(size(ours) if ours else "—", [("accent", ours / total)])
        figure = self.tr("{0} of {1}").format(size(sample.ram_used_bytes), size(total))
        others = (sample.ram_used_bytes - ours) / total
        hint = self.tr("This model {0}, everything else {1}").format(
            size(ours), size(sample.ram_used_bytes - ours)
        )
        self._ram.show_parts(figure, [("accent", ours / total), ("muted", others)], hint)
        self._cpu.show_parts(f"{sample.cpu_percent:.0f} %", [("accent", sample.cpu_percent / 100)])
        for place, gpu in enumerate(sample.gpus):
            if place == len(self._gpus):
                self._gpus.append(_Gauge(self._look, gpu.name))
                self._column.addWidget(self._gpus[-1])
            figure = self.tr("{0} of {1}").format(size(gpu.used_bytes), size(gpu.total_bytes))
            other = gpu.used_bytes - gpu.ours_bytes
            hint = self.tr("This model {0}, other programs {1}").format(
                size(gpu.ours_bytes), size(other)
            )
            parts = [
                ("accent", gpu.ours_bytes / gpu.total_bytes),
                ("muted", other / gpu.total_bytes),
            ]
            self._gpus[place].show_parts(figure, parts, hint)

"""Turns what AutoRound logs and shows on its progress bars into events."""

import logging
import re
import resource
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from phidesk.protocol.events import LayerDone
from phidesk.worker.reporter import Reporter

# "quantized 7/7 layers in the block, loss iter 0: 1.0e-02 -> iter 7: 4.6e-03"
_LOSS = re.compile(r"layers? in the block, loss iter 0: (\S+) -> iter \d+: ([^\s,]+)")
_LAYER = re.compile(r"Quantizing (\S*?(\d+))$")
_STAGES = {"start to cache block inputs": "calibration", "caching done": "layers"}

_END = "quantization tuning time"
LAYERS = "layers"


class LayerReporter:
    """Counts layers and tells what each took; on_start is called before each."""

    def __init__(
        self,
        report: Reporter,
        total: int,
        on_start: Callable[[int], None] = lambda _index: None,
    ) -> None:
        self.report = report
        self.total = total
        self.done = 0
        self.times: list[float] = []
        self._on_start = on_start
        self._current = -1
        self._began = 0.0
        self._losses: tuple[float, float] | None = None

    def stage(self, name: str, text: str = "") -> None:
        """Say what is done now."""
        self.report.progress(name, text=text)

    def start_layer(self, index: int) -> None:
        """A layer begins; the one before it is done."""
        if index == self._current:
            return
        self.finish_layer()
        self._current, self._began = index, time.monotonic()
        self._on_start(index)
        self.report.progress(LAYERS, index, self.total)

    def finish_layer(self) -> None:
        """Tell that the current layer is done, if there is one."""
        if self._current < 0:
            return
        seconds = time.monotonic() - self._began
        self.times.append(seconds)
        self.done = self._current + 1
        before, after = self._losses or (None, None)
        self._losses, self._current = None, -1
        self.report.send(
            LayerDone(
                job_id=self.report.job_id,
                done=self.done,
                total=self.total,
                seconds=seconds,
                loss_before=before,
                loss_after=after,
                peak_ram_bytes=peak_ram(),
                peak_vram_bytes=peak_vram(),
            )
        )

    def take_log(self, line: str) -> None:
        """Read one line of AutoRound's log."""
        if match := _LOSS.search(line):
            self._losses = float(match[1]), float(match[2])
        if line.startswith(_END):
            self.finish_layer()
            self.stage("packing")
        for words, stage in _STAGES.items():
            if words in line:
                self.stage(stage)

    @contextmanager
    def listening(self, logger: str) -> Iterator[None]:
        """Follow a library's log and its tqdm bars in the block."""
        from tqdm import tqdm

        bars: Any = tqdm
        display = bars.display
        handler = _Handler(self)
        log = logging.getLogger(logger)

        def take_bar(bar: Any, *_args: Any, **_kwargs: Any) -> bool:
            if match := _LAYER.search((bar.desc or "").rstrip(": ")):
                self.start_layer(int(match[2]))
            return True

        bars.display = take_bar
        log.addHandler(handler)
        try:
            yield
            self.finish_layer()
        finally:
            bars.display = display
            log.removeHandler(handler)


class _Handler(logging.Handler):
    def __init__(self, report: LayerReporter) -> None:
        super().__init__(logging.INFO)
        self._report = report

    def emit(self, record: logging.LogRecord) -> None:
        line = record.getMessage()
        self._report.report.log(line, record.levelname.lower())
        self._report.take_log(line)


def peak_ram() -> int:
    """Return the most memory in bytes that this process has held so far."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def peak_vram() -> int:
    """Return the most GPU memory in bytes that torch has allocated so far."""
    torch = sys.modules.get("torch")
    if torch is None or not torch.cuda.is_available():
        return 0
    return int(torch.cuda.max_memory_allocated())

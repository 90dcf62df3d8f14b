"""Follows vLLM's load from outside: how much of the weights is there, and which graph is made."""

import logging
import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import psutil
import torch

from phidesk.worker.reporter import Reporter

_LOOK_S = 0.1
_WEIGHTS, _COMPILE, _GRAPHS = "weights", "compile", "graphs"
_BEGINS = ("Starting to load model", "Loading model from scratch")
_ENDS = "Loading weights took"
_COMPILES = re.compile(r"torch\.compile|[Cc]ompil(e|es|ing)\b.*graph|Dynamo bytecode")


@contextmanager
def told_progress(report: Reporter, weights_bytes: int) -> Iterator[None]:
    """Report the load in the block by stage.

    While the weights are read, vLLM's own bar counts whole files, often a single one: what the
    device (without a GPU, this process) holds more than before says it better.
    """
    log = logging.getLogger("vllm")
    watch = _Watch(report, weights_bytes)
    log.addHandler(watch)
    try:
        with report.tqdm_as_progress(lambda bar: _GRAPHS if "graph" in bar.lower() else ""):
            yield
    finally:
        log.removeHandler(watch)
        watch.stop()


class _Watch(logging.Handler):
    """Looks at the memory between the lines of the log that frame the reading of the weights."""

    def __init__(self, report: Reporter, weights_bytes: int) -> None:
        super().__init__()
        self._report = report
        self._bytes = weights_bytes
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None
        self._compiles = False

    def emit(self, record: logging.LogRecord) -> None:
        """Begin and end with the weights, and tell when the model is compiled."""
        text = record.getMessage()
        if text.startswith(_BEGINS) and self._thread is None:
            self._thread = threading.Thread(target=self._look, name="progress", daemon=True)
            self._thread.start()
        elif text.startswith(_ENDS):
            self.stop()  # which waits for the last that the thread tells
            self._report.progress(_WEIGHTS, self._bytes, self._bytes)
        elif _COMPILES.search(text) and self._ended.is_set() and not self._compiles:
            self._compiles = True  # once: the graphs that follow have lines of this kind as well
            self._report.progress(_COMPILE)

    def stop(self) -> None:
        """Look no more."""
        self._ended.set()
        if self._thread is not None:
            self._thread.join()

    def _look(self) -> None:
        before, told = _held(), 0
        self._report.progress(_WEIGHTS, told, self._bytes)
        while not self._ended.wait(_LOOK_S):
            done = min(_held() - before, self._bytes)
            if done > told:
                told = done
                self._report.progress(_WEIGHTS, told, self._bytes)


def _held() -> int:
    if torch.cuda.is_available():
        return int(torch.cuda.memory_allocated()) if torch.cuda.is_initialized() else 0
    return int(psutil.Process(os.getpid()).memory_info().rss)

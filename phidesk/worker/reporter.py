"""Lets a job say how far it is, also through the progress bars of the libraries it calls."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from phidesk.protocol.events import Event, Log, Progress


class Reporter:
    """Sends one job's progress and log lines; may be called from any thread."""

    def __init__(self, job_id: str, send: Callable[[Event], None]) -> None:
        self.job_id = job_id
        self._send = send

    def progress(
        self, stage: str, done: float = 0.0, total: float | None = None, text: str = ""
    ) -> None:
        """Say how far the job is; total None means that it is not known."""
        self._send(Progress(job_id=self.job_id, stage=stage, done=done, total=total, text=text))

    def send(self, event: Event) -> None:
        """Send an event of the job's own."""
        self._send(event)

    def log(self, text: str, level: str = "info") -> None:
        """Send one line to the window's log."""
        self._send(Log(level=level, text=text))

    @contextmanager
    def tqdm_as_progress(self, stage: str | Callable[[str], str]) -> Iterator[None]:
        """Turn every tqdm bar that a library shows in the block into Progress events.

        stage: theirs, or what finds it from a bar's description, "" for bars to be left out.
        """
        from tqdm import tqdm

        bars: Any = tqdm
        original = bars.display

        def display(bar: Any, *_args: Any, **_kwargs: Any) -> bool:
            total = None if bar.total is None else float(bar.total)
            name = stage(bar.desc or "") if callable(stage) else stage
            if name:
                self.progress(name, float(bar.n), total, bar.desc or "")
            return True

        bars.display = display
        try:
            yield
        finally:
            bars.display = original

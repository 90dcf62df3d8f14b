import os
import time

import pytest

from phidesk.core.chat import GenerationResult
from phidesk.protocol.codec import decode_event
from phidesk.protocol.events import Event, Finished, Log, Progress, TokenDelta
from phidesk.worker.outbox import Outbox


class Pipe:
    """An outbox and the other end of its pipe."""

    def __init__(self) -> None:
        self.read_end, self._write_end = os.pipe()
        self.outbox = Outbox(self._write_end)

    def finish(self) -> list[Event]:
        """Close the outbox and return all that it wrote."""
        self.outbox.close()
        os.close(self._write_end)
        with os.fdopen(self.read_end, "rb") as file:
            return [decode_event(line) for line in file]


@pytest.fixture
def pipe() -> Pipe:
    return Pipe()


def delta(text: str, job_id: str = "a") -> TokenDelta:
    return TokenDelta(job_id=job_id, text=text, tokens=1)


def test_the_first_delta_goes_out_at_once(pipe: Pipe) -> None:
    time.sleep(0.05)
    pipe.outbox.put(delta("x"))
    started = time.monotonic()
    assert decode_event(os.read(pipe.read_end, 65_536)) == delta("x")
    assert time.monotonic() - started < 0.02
    pipe.finish()


def test_deltas_of_one_job_are_merged_and_of_two_are_not(pipe: Pipe) -> None:
    for number in range(1000):
        pipe.outbox.put(delta("a", "a"))
        pipe.outbox.put(delta(str(number % 10), "b"))
    events = pipe.finish()
    assert len(events) < 100
    found = [event for event in events if isinstance(event, TokenDelta)]
    assert "".join(e.text for e in found if e.job_id == "a") == "a" * 1000
    assert "".join(e.text for e in found if e.job_id == "b") == "0123456789" * 100
    assert sum(e.tokens for e in found) == 2000


def test_a_terminal_event_comes_after_the_deltas_of_its_job(pipe: Pipe) -> None:
    pipe.outbox.put(delta("x"))
    pipe.outbox.put(delta("y"))
    result = GenerationResult(prompt_tokens=1, completion_tokens=2)
    pipe.outbox.put(Finished(job_id="a", result=result))
    events = pipe.finish()
    assert isinstance(events[-1], Finished)
    assert "".join(e.text for e in events if isinstance(e, TokenDelta)) == "xy"


def test_of_progress_that_nobody_read_only_the_newest_counts(pipe: Pipe) -> None:
    for number in range(10_000):
        pipe.outbox.put(Progress(job_id="a", stage="weights", done=number + 1, total=10_000))
    events = [event for event in pipe.finish() if isinstance(event, Progress)]
    assert events[-1].done == 10_000
    assert len(events) < 1000


def test_a_flood_of_log_lines_loses_the_oldest_only() -> None:
    pipe = Pipe()
    os.write(pipe._write_end, b"\n" * 65_536)  # the pipe is full: the writer has to wait
    for number in range(5000):
        pipe.outbox.put(Log(level="info", text=f"{number} {'x' * 100}"))
    assert len(pipe.outbox._items) <= 1001
    os.read(pipe.read_end, 65_536)
    collected = b""
    while b"4999 " not in collected:
        collected += os.read(pipe.read_end, 65_536)


def test_a_reader_that_is_gone_is_no_error(pipe: Pipe) -> None:
    os.close(pipe.read_end)
    pipe.outbox.put(delta("x"))
    pipe.outbox.put(Finished(job_id="a"))
    pipe.outbox.close()

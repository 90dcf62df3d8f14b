"""The loop that steps an engine: each request ends once, and is forgotten in the loop's thread."""

import asyncio
import threading
from types import SimpleNamespace
from typing import Any

import pytest

from phidesk.worker.engines.vllm_loop import Asked, EngineBrokenError, StepLoop


class Engine:
    """Gives each request three outputs, as vLLM's LLMEngine hands them out."""

    def __init__(self) -> None:
        self.steps: dict[str, int] = {}
        self.breaks = False

    def add_request(self, request_id: str, _prompt: Any, _params: Any) -> None:
        self.steps[request_id] = 3

    def abort_request(self, ids: list[str]) -> None:
        for request_id in ids:
            del self.steps[request_id]

    def step(self) -> list[Any]:
        if self.breaks:
            raise RuntimeError("a kernel failed")
        for request_id in self.steps:
            if request_id != "endless":
                self.steps[request_id] -= 1
        outputs = [SimpleNamespace(request_id=i, finished=n == 0) for i, n in self.steps.items()]
        self.steps = {request_id: n for request_id, n in self.steps.items() if n}
        return outputs


class Heard:
    """What a request was told, and in which thread."""

    def __init__(self) -> None:
        self.told: list[Any] = []
        self.threads: set[str] = set()
        self.begun, self.ended = threading.Event(), threading.Event()
        self.forgotten = threading.Event()

    def take(self, output: Any) -> None:
        self.told.append(output.finished)
        self.begun.set()

    def end(self, error: BaseException) -> None:
        self.told.append(str(error))
        self.ended.set()

    def forget(self) -> None:
        self.threads.add(threading.current_thread().name)
        self.told.append("forgotten")
        self.forgotten.set()

    def asked(self, request_id: str) -> Asked:
        params: Any = None
        return Asked(
            request_id=request_id,
            prepare=lambda: ([1], params),
            take=self.take,
            end=self.end,
            forget=self.forget,
        )

    async def wait(self, event: threading.Event) -> None:
        assert await asyncio.to_thread(event.wait, 10)


async def test_answers_end_are_stopped_and_break() -> None:
    engine, loop = Engine(), StepLoop()
    made: Any = engine
    assert await loop.start(lambda: made) is made
    done, stopped, broken, late = Heard(), Heard(), Heard(), Heard()
    loop.ask(done.asked("done"))
    await done.wait(done.forgotten)
    assert done.told == [False, False, True, "forgotten"]

    loop.ask(stopped.asked("endless"))
    await stopped.wait(stopped.begun)
    loop.stop("endless")
    loop.stop("endless")
    await stopped.wait(stopped.forgotten)
    assert stopped.told.count("forgotten") == 1
    assert True not in stopped.told
    assert engine.steps == {}

    loop.ask(broken.asked("endless"))
    await broken.wait(broken.begun)
    engine.breaks = True
    error = await asyncio.wait_for(loop.broken(), 10)
    assert isinstance(error, EngineBrokenError)
    assert isinstance(error.__cause__, RuntimeError)
    assert broken.told[-2:] == ["a kernel failed", "forgotten"]
    loop.ask(late.asked("late"))
    await late.wait(late.ended)
    await loop.close()
    assert late.told == ["a kernel failed"]
    assert done.threads == stopped.threads == broken.threads == {"vllm"}


async def test_an_engine_that_cannot_be_made() -> None:
    def make() -> Any:
        raise ValueError("no such model")

    with pytest.raises(ValueError, match="no such model"):
        await StepLoop().start(make)

"""A scripted engine without a model, for the tests of worker, client and window.

Start a worker with `--engine fake=phidesk.worker.engines.fake:FakeEngine`. The model's path
holds a LoadScript as JSON, the last message of a request an AnswerScript.
"""

import asyncio
import os
import signal
import time
from collections.abc import AsyncGenerator, Sequence
from enum import StrEnum

import msgspec

from phidesk.core.chat import Message, StopReason
from phidesk.protocol.commands import Generate, LoadModel
from phidesk.protocol.events import FailureKind, Loaded
from phidesk.worker.engines.base import EngineError, Figures, Piece
from phidesk.worker.reporter import Reporter


class Ending(StrEnum):
    """How a scripted load or answer ends."""

    WELL = "well"
    KNOWN_ERROR = "known_error"
    BUG = "bug"
    OUT_OF_MEMORY = "out_of_memory"
    EXIT = "exit"
    KILLED = "killed"
    HANG = "hang"
    BREAK = "break"
    """the engine cannot go on, nor can the other answers"""


class LoadScript(msgspec.Struct, frozen=True, kw_only=True):
    """seconds: how long the load takes. hang_at_close: close() never returns."""

    seconds: float = 0.0
    ending: Ending = Ending.WELL
    hang_at_close: bool = False


class AnswerScript(msgspec.Struct, frozen=True, kw_only=True):
    """text is said `deltas` times, `interval_s` apart; junk is printed to fd 1 in between.

    block_s: seconds in which the event loop is blocked after the first delta.
    """

    deltas: int = 3
    text: str = "word "
    interval_s: float = 0.0
    junk: str = ""
    ending: Ending = Ending.WELL
    block_s: float = 0.0


class FakeEngine:
    """Does what the scripts say."""

    def __init__(self) -> None:
        self._script = LoadScript()
        self._broke = asyncio.Event()

    async def load(self, spec: LoadModel, report: Reporter) -> Loaded:
        """Play the load script."""
        self._script = script = msgspec.json.decode(spec.model.path, type=LoadScript)
        steps = 10
        for step in range(steps):
            report.progress("weights", step, steps)
            await asyncio.sleep(script.seconds / steps)
        await _end(script.ending)
        return Loaded(
            job_id=spec.job_id,
            engine="fake",
            engine_version="0",
            device="cpu",
            dtype="none",
            kernel="none",
            context_length=spec.context_length or 1024,
            load_s=script.seconds,
            weights_bytes=spec.model.size_bytes,
        )

    async def generate(self, request: Generate) -> AsyncGenerator[Piece, None]:
        """Play the answer script in the user's last message; other text is repeated."""
        content = request.messages[-2 if request.continues else -1].content
        try:
            script = msgspec.json.decode(content, type=AnswerScript)
        except msgspec.DecodeError:
            script = AnswerScript(deltas=1, text=content)
        yield Piece(prompt_tokens=self.count_prompt(request.messages))
        for number in range(script.deltas):
            yield Piece(text=script.text, tokens=1)
            if script.junk:
                os.write(1, script.junk.encode())
            if number == 0 and script.block_s:
                time.sleep(script.block_s)  # noqa: ASYNC251 - the script asks for it
            await asyncio.sleep(script.interval_s)
            if self._broke.is_set():
                raise _broken()
        if script.ending is Ending.BREAK:
            self._broke.set()
        await _end(script.ending)
        yield Piece(stop_reason=StopReason.END)

    def count_prompt(self, messages: Sequence[Message]) -> int:
        """Take each word for a token, and each message for one more."""
        return len(messages) + sum(self.count_text(message.content) for message in messages)

    def count_text(self, text: str) -> int:
        """Take each word for a token."""
        return len(text.split())

    def figures(self) -> Figures:
        """Have nothing to say beside what the worker counts itself."""
        return Figures()

    async def broken(self) -> EngineError:
        """Wait until a script breaks the engine."""
        await self._broke.wait()
        return _broken()

    async def close(self) -> None:
        """Return, unless the script says otherwise."""
        if self._script.hang_at_close:
            await asyncio.Event().wait()


async def _end(ending: Ending) -> None:
    match ending:
        case Ending.WELL:
            return
        case Ending.KNOWN_ERROR:
            raise EngineError(FailureKind.UNSUPPORTED, "The script asked for an error.")
        case Ending.BUG:
            raise RuntimeError("the script asked for a bug")
        case Ending.OUT_OF_MEMORY:
            raise MemoryError
        case Ending.EXIT:
            os._exit(3)
        case Ending.KILLED:
            os.kill(os.getpid(), signal.SIGKILL)
        case Ending.HANG:
            await asyncio.Event().wait()
        case Ending.BREAK:
            raise _broken()


def _broken() -> EngineError:
    return EngineError(FailureKind.WORKER_DIED, "The script broke the engine.", "Traceback …")

"""The thread that owns a vLLM engine: makes it, steps it, and takes requests between steps."""

import asyncio
import queue
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:  # the loop itself works without vLLM
    from phidesk.worker.engines.vllm_setup import LLMEngine, SamplingParams


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A request on its way to the engine.

    prepare returns the prompt's tokens and how to sample; take gets each output of vLLM, end
    what ended it where that is an error; forget is called last, however it ended. All are called
    in the loop's thread: requests that come together are prepared one after the other, without
    another thread in the way, and then computed together.
    """

    request_id: str
    prepare: Callable[[], "tuple[list[int], SamplingParams]"]
    take: Callable[[Any], None]
    end: Callable[[BaseException], None]
    forget: Callable[[], object] = lambda: None


class EngineBrokenError(Exception):
    """A step failed: no answer can be trusted any more until the next load."""


class StepLoop:
    """Runs one engine. Requests are added, and stopped, between two steps."""

    def __init__(self) -> None:
        self._inbox: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._open: dict[str, Asked] = {}
        self._engine: LLMEngine | None = None
        self._broken: EngineBrokenError | None = None
        self._broke: asyncio.Future[EngineBrokenError] | None = None
        self._closed = False
        self._thread: threading.Thread | None = None

    async def start(self, make: "Callable[[], LLMEngine]") -> "LLMEngine":
        """Make the engine in the loop's thread, and run it; raises what making it raises."""
        loop = asyncio.get_running_loop()
        made: asyncio.Future[LLMEngine] = loop.create_future()
        self._broke = loop.create_future()

        def run() -> None:
            try:
                self._engine = engine = make()
            except BaseException as error:
                _tell(loop, made.set_exception, error)
            else:
                _tell(loop, made.set_result, engine)
                self._run(engine)

        # A daemon: an engine that hangs must not keep the worker alive.
        self._thread = threading.Thread(target=run, name="vllm", daemon=True)
        self._thread.start()
        return await made

    def ask(self, asked: Asked) -> None:
        """Hand a request to the engine."""
        self._inbox.put(lambda: self._add(asked))

    def stop(self, request_id: str) -> None:
        """Stop a request before the next step; one that has ended is left alone."""
        self._inbox.put(lambda: self._abort(request_id))

    async def broken(self) -> EngineBrokenError:
        """Wait until a step has failed; only after start()."""
        assert self._broke is not None  # noqa: S101 - start() made it
        return await self._broke

    async def close(self) -> None:
        """End the loop after the step that it is in."""
        self._closed = True
        self._inbox.put(lambda: None)
        if self._thread is not None:
            await asyncio.to_thread(self._thread.join, 1.0)

    def _run(self, engine: "LLMEngine") -> None:
        while not self._closed:
            self._handle_inbox(wait=not self._open)
            if not self._open or self._closed:
                continue
            try:
                outputs = engine.step()
            except Exception as error:
                self._fail(error)
                continue
            for output in outputs:
                self._hand_out(output)

    def _handle_inbox(self, *, wait: bool) -> None:
        try:
            while True:
                self._inbox.get(block=wait)()
                wait = False
        except queue.Empty:
            pass

    def _add(self, asked: Asked) -> None:
        assert self._engine is not None  # noqa: S101 - the loop runs
        if self._broken is not None:
            asked.end(self._broken)
            return
        try:
            tokens, params = asked.prepare()
            prompt: Any = {"prompt_token_ids": tokens}
            self._engine.add_request(asked.request_id, prompt, params)
        except Exception as error:
            asked.end(error)
            return
        self._open[asked.request_id] = asked

    def _abort(self, request_id: str) -> None:
        asked = self._open.pop(request_id, None)
        if asked is None or self._engine is None:
            return
        try:
            self._engine.abort_request([request_id])
        except Exception as error:
            self._fail(error)
        asked.forget()

    def _hand_out(self, output: Any) -> None:
        asked = self._open.get(output.request_id)
        if asked is None:
            return
        if output.finished:
            del self._open[output.request_id]
        try:
            asked.take(output)
        except Exception as error:
            asked.end(error)
        if output.finished:
            asked.forget()

    def _fail(self, error: BaseException) -> None:
        """Tell all requests; an engine that failed in a step cannot be trusted again."""
        self._broken = EngineBrokenError(str(error))
        self._broken.__cause__ = error
        waiting, self._open = list(self._open.values()), {}
        for asked in waiting:
            asked.end(self._broken)
            asked.forget()
        assert self._broke is not None  # noqa: S101 - start() made it
        _tell(self._broke.get_loop(), self._broke.set_result, self._broken)


def _tell(loop: asyncio.AbstractEventLoop, set_it: Callable[[Any], None], value: Any) -> None:
    def tell() -> None:
        future: asyncio.Future[Any] = set_it.__self__  # type: ignore[attr-defined]
        if not future.done():
            set_it(value)

    loop.call_soon_threadsafe(tell)

"""One answer on its way: from the engine's pieces to events and measured figures."""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from typing import cast

from phidesk.core.chat import GenerationResult, StopReason
from phidesk.protocol.commands import Generate
from phidesk.protocol.events import Cancelled, Failed, Finished, Stats, TokenDelta
from phidesk.worker.engines.base import Engine, Figures, Piece
from phidesk.worker.failures import describe
from phidesk.worker.outbox import Outbox

PULSE_S = 1.0


class Tally:
    """Counts the tokens of all answers since the worker began."""

    def __init__(self) -> None:
        self.tokens = 0


class Generation:
    """Runs one Generate command and ends it in exactly one terminal event."""

    def __init__(self, command: Generate, outbox: Outbox, tally: Tally) -> None:
        self._tally = tally
        self._command = command
        self._outbox = outbox
        self._received = time.monotonic()
        self._first: float | None = None
        self._last = 0.0
        self._stop_reason: StopReason | None = None
        self._task: asyncio.Task[None] | None = None
        self._ended = False
        self._cached_tokens = 0
        self._acceptance: float | None = None
        self.prompt_tokens = 0
        self.completion_tokens = 0

    async def run(self, engine: Engine) -> None:
        """Stream the answer; errors and cancellation become the terminal event."""
        if self._ended:
            return
        self._task = asyncio.current_task()
        job_id = self._command.job_id
        try:
            pieces = cast(AsyncGenerator[Piece, None], engine.generate(self._command))
            async with aclosing(pieces):
                async for piece in pieces:
                    self._take(piece)
            self._end(Finished(job_id=job_id, result=self._result()))
        except asyncio.CancelledError:
            self._end(Cancelled(job_id=job_id, result=self._result()))
        except Exception as error:
            self.fail(error)

    def cancel(self) -> None:
        """End the job now; the engine stops at its next token and is not waited for."""
        self._end(Cancelled(job_id=self._command.job_id, result=self._result()))
        if self._task is not None:
            self._task.cancel()

    def fail(self, error: Exception) -> None:
        """End the job with an error."""
        self._end(describe(self._command.job_id, error))

    def _take(self, piece: Piece) -> None:
        if self._ended:
            return
        if piece.prompt_tokens is not None:
            self.prompt_tokens = piece.prompt_tokens
            self._cached_tokens = piece.cached_tokens
        if piece.stop_reason is not None:
            self._stop_reason = piece.stop_reason
            self._acceptance = piece.acceptance
        if piece.tokens:
            self._last = time.monotonic()
            if self._first is None:
                self._first = self._last
            self.completion_tokens += piece.tokens
            self._tally.tokens += piece.tokens
        if piece.text or piece.tokens:
            self._outbox.put(
                TokenDelta(
                    job_id=self._command.job_id,
                    text=piece.text,
                    tokens=piece.tokens,
                    logprobs=piece.logprobs,
                )
            )

    def _end(self, event: Finished | Cancelled | Failed) -> None:
        if not self._ended:
            self._ended = True
            self._outbox.put(event)

    def _result(self) -> GenerationResult:
        count, first = self.completion_tokens, self._first
        seconds = self._last - first if first is not None else 0.0
        return GenerationResult(
            prompt_tokens=self.prompt_tokens,
            completion_tokens=count,
            ttft_s=first - self._received if first is not None else None,
            tokens_per_second=(count - 1) / seconds if count > 1 and seconds > 0 else None,
            stop_reason=self._stop_reason,
            cached_tokens=self._cached_tokens,
            acceptance=self._acceptance,
        )


class Pulse:
    """Sends Stats every second while anything generates."""

    def __init__(
        self,
        outbox: Outbox,
        generations: Mapping[str, Generation],
        tally: Tally,
        figures: Callable[[], Figures],
    ) -> None:
        self._figures = figures
        self._tally = tally
        self._outbox = outbox
        self._generations = generations
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to send, unless already at it."""
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())

    async def _run(self) -> None:
        seen, before = self._tally.tokens, time.monotonic()
        while True:
            await asyncio.sleep(PULSE_S)
            generations = list(self._generations.values())
            if not generations:
                return
            now, total = time.monotonic(), self._tally.tokens
            running = [g for g in generations if g.completion_tokens]
            figures = self._figures()
            self._outbox.put(
                Stats(
                    tokens_per_second=(total - seen) / (now - before),
                    context_used=max(
                        (g.prompt_tokens + g.completion_tokens for g in running), default=0
                    ),
                    running=len(running),
                    waiting=len(generations) - len(running),
                    kv_used=figures.kv_used,
                    acceptance=figures.acceptance,
                )
            )
            seen, before = total, now

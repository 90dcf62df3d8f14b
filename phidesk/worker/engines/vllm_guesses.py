"""Counts what speculative decoding guesses, in vLLM 0.24 to 0.33, and can end it.

Imports nothing of vLLM: it looks into an engine that is there.
"""

import logging
from collections.abc import Callable
from typing import Any

_log = logging.getLogger(__name__)

_PROBATION = 200  # guessed tokens after which speculative decoding is judged, each time
_WORTH_IT = 0.3  # of them kept: below, checking the guesses costs more than they bring


def core_of(engine: Any) -> Any:
    """Return the engine core of an LLMEngine, which lives in this process."""
    return engine.engine_core.engine_core


def runner_of(engine: Any) -> Any:
    """Return what runs the model; None where that is another process."""
    core = getattr(getattr(engine, "engine_core", None), "engine_core", None)
    worker = getattr(getattr(core, "model_executor", None), "driver_worker", None)
    worker = getattr(worker, "worker", worker)
    return getattr(worker, "model_runner", None)


class Guesses:
    """Counts what speculative decoding guessed and kept, and ends it where too little was.

    Off: nothing is guessed any more, and a step costs what it costs without speculation.
    """

    def __init__(self, engine: Any, on_off: Callable[[float], None]) -> None:
        """Count from now on; on_off is told the share for which guessing was switched off."""
        self.guessed = self.kept = 0
        self._judged = (0, 0)
        self._is_over = False  # judged for the last time
        self._is_off = False
        self._on_off = on_off
        self._runner = runner_of(engine)
        self._by_request: dict[str, tuple[int, int]] = {}
        try:
            scheduler = core_of(engine).scheduler
            original = scheduler.make_spec_decoding_stats
        except AttributeError as error:
            _log.info("vLLM does not say how its guesses go: %s", error)
            return

        def count(
            spec_decoding_stats: Any,
            num_draft_tokens: int,
            num_accepted_tokens: int,
            num_invalid_spec_tokens: Any,
            request_id: str,
        ) -> Any:
            guessed, kept = self._by_request.get(request_id, (0, 0))
            self._by_request[request_id] = (
                guessed + num_draft_tokens,
                kept + num_accepted_tokens,
            )
            self.guessed += num_draft_tokens
            self.kept += num_accepted_tokens
            self._judge()
            return original(
                spec_decoding_stats,
                num_draft_tokens,
                num_accepted_tokens,
                num_invalid_spec_tokens,
                request_id,
            )

        scheduler.make_spec_decoding_stats = count

    def take(self, request_id: str) -> float | None:
        """Return the share that was kept in a request that has ended, and forget it.

        Only in the thread that steps the engine, which counts.
        """
        # vLLM adds a hyphen and a random ending to the id that it was given.
        own = [key for key in self._by_request if key.rpartition("-")[0] == request_id]
        pairs = [self._by_request.pop(key) for key in own]
        guessed = sum(pair[0] for pair in pairs)
        return sum(pair[1] for pair in pairs) / guessed if guessed else None

    def share(self) -> float | None:
        """Return the share that was kept since the load; None where nothing is guessed."""
        return self.kept / self.guessed if self.guessed and not self._is_off else None

    def _judge(self) -> None:
        """Guess no more until the next load where too little of the latest guesses was kept."""
        guessed, kept = self.guessed - self._judged[0], self.kept - self._judged[1]
        if self._is_over or guessed < _PROBATION:
            return
        self._judged = (self.guessed, self.kept)
        if kept / guessed >= _WORTH_IT:
            return
        self._is_over = True
        if hasattr(self._runner, "propose_draft_token_ids"):
            self._runner.propose_draft_token_ids = self._guess_nothing
            self._is_off = True
            self._on_off(kept / guessed)

    def _guess_nothing(self, *_args: Any, **_kwargs: Any) -> list[list[int]]:
        return [[] for _ in self._runner.input_batch.req_ids]

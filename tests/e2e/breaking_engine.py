"""vLLM for a worker of the tests: its next step fails once somebody asks it to break down."""

from collections.abc import AsyncGenerator
from typing import Any

from phidesk.protocol.commands import Generate
from phidesk.worker.engines.base import Piece
from phidesk.worker.engines.vllm_entry import VllmEngine
from phidesk.worker.engines.vllm_guesses import core_of


class BreakingEngine(VllmEngine):
    """A real engine until then."""

    async def generate(self, request: Generate) -> AsyncGenerator[Piece, None]:
        """Answer, or break down."""
        if request.messages[-1].content == "Break down.":
            core_of(self._engine).model_executor.execute_model = _fail
        async for piece in super().generate(request):
            yield piece


def _fail(*_args: Any, **_kwargs: Any) -> None:
    raise RuntimeError("the kernel is on strike")

"""What the worker asks of an engine."""

from collections.abc import AsyncIterator, Sequence
from typing import Protocol, runtime_checkable

import msgspec

from phidesk.core.chat import Message, StopReason, TokenLogprob
from phidesk.protocol.commands import Generate, LoadModel
from phidesk.protocol.events import FailureKind, Loaded
from phidesk.worker.reporter import Reporter


class EngineError(Exception):
    """A failure that the engine understands: its kind, and plain words for a person."""

    def __init__(self, kind: FailureKind, message: str, details: str = "") -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.details = details


class Piece(msgspec.Struct, frozen=True, kw_only=True):
    """The next piece of an answer.

    text: whole characters only; a token that ends inside a character waits for the next.
    tokens: how many new tokens this piece stands for, the end-of-turn token not counted.
    prompt_tokens and cached_tokens (those found in the prefix cache): set in the first piece.
    stop_reason and acceptance (of speculative decoding): set in the last piece.
    """

    text: str = ""
    tokens: int = 0
    prompt_tokens: int | None = None
    stop_reason: StopReason | None = None
    cached_tokens: int = 0
    acceptance: float | None = None
    logprobs: tuple[TokenLogprob, ...] = ()


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """How an engine is doing; see protocol.events.Stats."""

    kv_used: float | None = None
    acceptance: float | None = None


class Engine(Protocol):
    """One loaded model. Requests may overlap; none may see another's text or seed."""

    async def load(self, spec: LoadModel, report: Reporter) -> Loaded:
        """Load the model; raises EngineError for failures that it understands."""
        ...

    def generate(self, request: Generate) -> AsyncIterator[Piece]:
        """Yield the answer piece by piece; closing the iterator stops it at the next token."""
        ...

    def count_prompt(self, messages: Sequence[Message]) -> int:
        """Return how many tokens the prompt of these messages has.

        Called in a thread, beside answers; raises EngineError where the template refuses.
        """
        ...

    def count_text(self, text: str) -> int:
        """Return how many tokens a text has by itself; called in a thread, beside answers."""
        ...

    def figures(self) -> Figures:
        """Say how the engine is doing; called about once a second while it generates."""
        ...

    async def close(self) -> None:
        """Give back what the process's end would not."""
        ...


@runtime_checkable
class Breakable(Protocol):
    """An engine that one failure can leave unable to go on, while its process lives."""

    async def broken(self) -> EngineError:
        """Wait until that happens, and say why; the open answers have been told."""
        ...


def refuse_extras(request: Generate, engine: str, *, with_schema: bool = False) -> None:
    """Raise EngineError(UNSUPPORTED) for what only vLLM can do.

    with_schema: the engine can make an answer follow a JSON schema.
    """
    structure = request.structure
    if with_schema and structure is not None and structure.json_schema:
        structure = None
    if structure is not None or request.logprobs is not None:
        what = "such a form of the answer" if structure else "log probabilities"
        raise EngineError(
            FailureKind.UNSUPPORTED, f"{engine} gives no {what} here: load the model with vLLM."
        )

"""What the worker asks of an engine."""

from collections.abc import AsyncIterator
from typing import Protocol

import msgspec

from phidesk.core.chat import StopReason
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
    prompt_tokens: set in the first piece. stop_reason: set in the last piece.
    """

    text: str = ""
    tokens: int = 0
    prompt_tokens: int | None = None
    stop_reason: StopReason | None = None


class Engine(Protocol):
    """One loaded model. Requests may overlap; none may see another's text or seed."""

    async def load(self, spec: LoadModel, report: Reporter) -> Loaded:
        """Load the model; raises EngineError for failures that it understands."""
        ...

    def generate(self, request: Generate) -> AsyncIterator[Piece]:
        """Yield the answer piece by piece; closing the iterator stops it at the next token."""
        ...

    async def close(self) -> None:
        """Give back what the process's end would not."""
        ...

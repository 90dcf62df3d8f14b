"""What the window asks of a worker. The window mints each job_id."""

import msgspec

from phidesk.core.chat import Message, SamplingParams
from phidesk.core.models import ModelRef


class LoadModel(msgspec.Struct, frozen=True, kw_only=True, tag="load_model"):
    """Load the model; a worker holds at most one.

    engine: the key of the worker's engine registry.
    context_length: tokens of prompt and answer together; None lets the engine choose.
    without_code: the user agreed to load a folder that brings code without running that code.
    """

    job_id: str
    model: ModelRef
    engine: str
    context_length: int | None = None
    without_code: bool = False


class Generate(msgspec.Struct, frozen=True, kw_only=True, tag="generate"):
    """Answer the last message of a conversation with the loaded model."""

    job_id: str
    messages: tuple[Message, ...]
    sampling: SamplingParams = SamplingParams()


class Cancel(msgspec.Struct, frozen=True, kw_only=True, tag="cancel"):
    """End a job at once. Cancelling a load ends the worker, so that its memory comes back."""

    job_id: str


class Shutdown(msgspec.Struct, frozen=True, kw_only=True, tag="shutdown"):
    """Close the model and exit."""


Command = LoadModel | Generate | Cancel | Shutdown

"""What llama.cpp's server core answers: its chunks, and its errors turned into words."""

from pathlib import Path

import msgspec
import xllamacpp

from phidesk.core.chat import Structure
from phidesk.protocol.events import FailureKind
from phidesk.worker.engines.base import EngineError


class ServerError(msgspec.Struct):
    """The error object of a refused request."""

    message: str = ""
    type: str = ""
    n_prompt_tokens: int | None = None


class _Delta(msgspec.Struct):
    content: str | None = None


class _Choice(msgspec.Struct):
    delta: _Delta
    finish_reason: str | None = None


class _Progress(msgspec.Struct):
    total: int


class _Timings(msgspec.Struct):
    predicted_n: int


class Chunk(msgspec.Struct):
    """The parts of a chat completion chunk that phidesk reads."""

    choices: list[_Choice] = []
    prompt_progress: _Progress | None = None
    timings: _Timings | None = None
    error: ServerError | None = None


decode_chunk = msgspec.json.Decoder(Chunk).decode


def load_error(path: str, log: str) -> EngineError:
    """Turn llama.cpp's log of a failed load into words."""
    name = Path(path).name
    kind, text = FailureKind.CORRUPT_FILE, f"llama.cpp could not load “{name}”."
    if "unknown model architecture" in log:
        architecture = log.split("unknown model architecture: ", 1)[1].split("\n")[0].strip(" '")
        kind = FailureKind.UNSUPPORTED
        text = (
            f"llama.cpp {xllamacpp.__version__} does not know the architecture “{architecture}” "
            f"of “{name}”. A newer phidesk may."
        )
    elif "chat template parsing error" in log:
        kind = FailureKind.UNSUPPORTED
        why = log.split("\nError: ", 1)[-1].split("\n", 1)[0]
        text = f"llama.cpp cannot read the chat template of “{name}”: {why}."
    elif "not within the file bounds" in log or "corrupted or incomplete" in log:
        text = f"“{name}” is incomplete: the file ends before its weights do. Get it again."
    elif "No such file" in log:
        kind, text = FailureKind.MISSING_FILE, f"“{name}” is no longer there."
    elif "failed to allocate" in log or "out of memory" in log.lower():
        kind = FailureKind.OUT_OF_MEMORY
        text = f"There is not enough memory for “{name}” with this context. Choose a shorter one."
    return EngineError(kind, text, log)


def request_error(error: ServerError, context: int) -> EngineError:
    """Turn the error object of a refused request into words."""
    if error.type == "exceed_context_size_error":
        tokens = f"{error.n_prompt_tokens:,}" if error.n_prompt_tokens else "more"
        return EngineError(
            FailureKind.CONTEXT_TOO_LONG,
            f"The conversation has {tokens} tokens, the model was loaded for {context:,}. "
            "Start a new chat, or load the model again with a longer context.",
            error.message,
        )
    return EngineError(FailureKind.UNSUPPORTED, f"llama.cpp refused the request: {error.message}")


def bad_request(said: str, structure: Structure | None) -> EngineError:
    """Turn what llama.cpp says of a request that it does not even begin with into words."""
    why = said.rsplit("JSON schema", 1)
    if structure is not None and len(why) == 2:
        text = f"llama.cpp cannot make answers follow this JSON schema:{why[1]}."
        return EngineError(FailureKind.UNSUPPORTED, text, said)
    return EngineError(FailureKind.UNSUPPORTED, f"llama.cpp refused the request: {said}")

"""What a benchmark asks of a model, and the figures that follow from what was measured."""

from collections.abc import Iterable
from pathlib import Path
from statistics import median

import msgspec

from phidesk.core.chat import MAX_TOKENS, Message, Role
from phidesk.core.paths import resources

PHI4 = "phi4"
"""Seven prompts in English and Chinese, whose answers have 1,048 tokens together."""
_MOST_PROBLEMS = 5


class WorkloadError(ValueError):
    """The workload cannot be used; the message is for a person."""


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """One conversation, and how many tokens its answer has: exactly so many."""

    messages: tuple[Message, ...]
    max_tokens: int


class Workload(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked in each run."""

    name: str
    requests: tuple[Request, ...]

    @property
    def tokens(self) -> int:
        """The tokens of all answers."""
        return sum(request.max_tokens for request in self.requests)


class Memory(msgspec.Struct, frozen=True, kw_only=True):
    """Bytes at one moment. ram and vram: of a process and all its descendants.

    vram_used: of all programs, for where the driver does not say which of it is whose.
    """

    ram: int = 0
    vram: int = 0
    vram_used: int = 0

    def beyond(self, before: "Memory") -> "Memory":
        """Return the same with the growth of vram_used for a vram that nobody tells."""
        grown = max(0, self.vram_used - before.vram_used)
        return Memory(ram=self.ram, vram=self.vram or grown, vram_used=self.vram_used)

    def peak(self, other: "Memory") -> "Memory":
        """Return the larger of each."""
        return Memory(
            ram=max(self.ram, other.ram),
            vram=max(self.vram, other.vram),
            vram_used=max(self.vram_used, other.vram_used),
        )


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """One answer: seconds from its sending to its first token and to its end.

    cached_tokens: of the prompt, which the engine did not compute again. token_s: seconds between
    two tokens, the mean after the first; None for fewer than two.
    """

    prompt_tokens: int
    cached_tokens: int = 0
    tokens: int
    ttft_s: float | None
    seconds: float
    token_s: float | None


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """The whole workload once; seconds from the first sending to the last end."""

    seconds: float
    answers: tuple[Answer, ...]

    @property
    def tokens(self) -> int:
        """The tokens of all answers."""
        return sum(answer.tokens for answer in self.answers)

    @property
    def tokens_per_second(self) -> float:
        """All output tokens by the seconds of the run."""
        return self.tokens / self.seconds if self.seconds > 0 else 0.0

    @property
    def requests_per_second(self) -> float:
        """The answers by the seconds of the run."""
        return len(self.answers) / self.seconds if self.seconds > 0 else 0.0

    @property
    def ttft_s(self) -> float | None:
        """The median time to the first token."""
        return _median(answer.ttft_s for answer in self.answers)

    @property
    def token_s(self) -> float | None:
        """The median time of a token after the first."""
        return _median(answer.token_s for answer in self.answers)


class Spread(msgspec.Struct, frozen=True, kw_only=True):
    """The median of several runs, the lowest and the highest."""

    median: float
    low: float
    high: float


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """What the measured runs say; None where no answer had enough tokens for it."""

    tokens_per_second: Spread
    requests_per_second: Spread
    ttft_s: Spread | None
    token_s: Spread | None


class ModelBench(msgspec.Struct, frozen=True, kw_only=True):
    """What was found about one model; everything after `engine` is empty where it failed.

    load_s: from the start of its process to the moment when it can be asked. peak: of the load
    and all runs. runs: the measured ones. error: why there are no figures, in words; refused:
    nothing was started for it.
    """

    name: str
    path: str
    engine: str = ""
    engine_version: str = ""
    device: str = ""
    dtype: str = ""
    kernel: str = ""
    attention: str = ""
    slow: str = ""
    context_length: int = 0
    load_s: float = 0.0
    weights_bytes: int | None = None
    kv_bytes: int | None = None
    loaded: Memory = Memory()
    peak: Memory = Memory()
    runs: tuple[Run, ...] = ()
    error: str = ""
    details: str = ""
    refused: bool = False

    @property
    def figures(self) -> Figures | None:
        """The medians and spreads over the runs; None where there are none."""
        if not self.runs:
            return None
        rates = _spread(run.tokens_per_second for run in self.runs)
        requests = _spread(run.requests_per_second for run in self.runs)
        if rates is None or requests is None:
            return None
        return Figures(
            tokens_per_second=rates,
            requests_per_second=requests,
            ttft_s=_spread(run.ttft_s for run in self.runs),
            token_s=_spread(run.token_s for run in self.runs),
        )


def read_workload(where: str) -> Workload:
    """Return the workload of a name or a file of JSON lines; raises WorkloadError.

    A line has {"prompt": text} or {"messages": [{"role": …, "content": …}, …]}, and
    "max_tokens".
    """
    path = resources() / "bench" / f"{PHI4}.jsonl" if where == PHI4 else Path(where).expanduser()
    try:
        lines = path.read_text("utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise WorkloadError(f"“{path.name}” is no text in UTF-8.") from error
    except (OSError, RuntimeError) as error:  # RuntimeError: "~name" without such a user
        words = getattr(error, "strerror", None) or error
        raise WorkloadError(f"The workload “{where}” cannot be read: {words}.") from error
    requests, problems = [], []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            requests.append(_request(line))
        except ValueError as error:  # msgspec's errors among them
            problems.append(f"{path.name}, line {number}: {error}")
    if problems:
        more = len(problems) - _MOST_PROBLEMS
        tail = [f"and {more} more lines"] if more > 0 else []
        raise WorkloadError("\n".join(problems[:_MOST_PROBLEMS] + tail))
    if not requests:
        raise WorkloadError(f"“{path.name}” holds no request.")
    return Workload(name=where if where == PHI4 else path.name, requests=tuple(requests))


class _Line(msgspec.Struct, forbid_unknown_fields=True):
    max_tokens: int
    prompt: str | None = None
    messages: tuple[Message, ...] | None = None


def _request(line: str) -> Request:
    found = msgspec.json.decode(line, type=_Line)
    if not 1 <= found.max_tokens <= MAX_TOKENS:
        raise ValueError(f"max_tokens must lie between 1 and {MAX_TOKENS}, not {found.max_tokens}")
    if (found.prompt is None) == (found.messages is None):
        raise ValueError("either prompt or messages is needed")
    if found.prompt is not None:
        messages: tuple[Message, ...] = (Message(role=Role.USER, content=found.prompt),)
    else:
        messages = found.messages or ()
    if not messages or not messages[-1].content.strip():
        raise ValueError("there is nothing to answer")
    return Request(messages=messages, max_tokens=found.max_tokens)


def _median(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return median(known) if known else None


def _spread(values: Iterable[float | None]) -> Spread | None:
    known = [value for value in values if value is not None]
    if not known:
        return None
    return Spread(median=median(known), low=min(known), high=max(known))

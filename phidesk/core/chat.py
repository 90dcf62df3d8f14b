"""What is said in a chat and how an answer is sampled."""

from enum import StrEnum

import msgspec

MAX_SEED = 2**32 - 2  # llama.cpp counts in 32 bits, and its highest number means "any"
MAX_TOKENS = 2**31 - 1
GREEDY_BELOW = 1e-5
DEFAULT_SYSTEM_PROMPT = "You are a helpful assistant."


class Role(StrEnum):
    """Who speaks, in the words of the chat templates."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """One turn of a conversation."""

    role: Role
    content: str


class SamplingParams(msgspec.Struct, frozen=True, kw_only=True):
    """How the next token is chosen; the defaults suit a chat.

    temperature 0 means greedy decoding. top_k 0, top_p 1, min_p 0 and repetition_penalty 1
    each switch that filter off. max_tokens None means: as many as the context holds.
    seed None means: another one each time.
    """

    temperature: float = 0.7
    top_p: float = 0.95
    top_k: int = 40
    min_p: float = 0.05
    repetition_penalty: float = 1.0
    max_tokens: int | None = None
    seed: int | None = None
    stop: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        bounds = (
            ("temperature", self.temperature, 0.0, 5.0),
            ("top-p", self.top_p, 0.0, 1.0),
            ("top-k", self.top_k, 0, 1_000_000),
            ("min-p", self.min_p, 0.0, 1.0),
            ("repetition penalty", self.repetition_penalty, 0.01, 10.0),
        )
        for name, value, low, high in bounds:
            if not low <= value <= high:
                raise ValueError(f"{name} must lie between {low} and {high}, not {value}")
        if self.max_tokens is not None and not 1 <= self.max_tokens <= MAX_TOKENS:
            raise ValueError(
                f"max tokens must lie between 1 and {MAX_TOKENS}, not {self.max_tokens}"
            )
        if self.seed is not None and not 0 <= self.seed <= MAX_SEED:
            raise ValueError(f"the seed must lie between 0 and {MAX_SEED}, not {self.seed}")
        if any(not text for text in self.stop):
            raise ValueError("a stop string cannot be empty")

    @property
    def is_greedy(self) -> bool:
        """Whether always the likeliest token is taken; vLLM counts in 32 bits."""
        return self.temperature < GREEDY_BELOW


class Structure(msgspec.Struct, frozen=True, kw_only=True):
    """What form an answer must have; exactly one of the fields is set.

    json_schema: a JSON schema as text. regex: a regular expression. choices: one of these texts.
    """

    json_schema: str = ""
    regex: str = ""
    choices: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if [bool(self.json_schema), bool(self.regex), bool(self.choices)].count(True) != 1:
            raise ValueError("a structure is a JSON schema, a regular expression or choices")


class TokenLogprob(msgspec.Struct, frozen=True, kw_only=True):
    """A token of an answer, its natural log probability, and those of the likeliest ones."""

    token: str
    logprob: float
    top: tuple[tuple[str, float], ...] = ()


class StopReason(StrEnum):
    """Why an answer ended."""

    END = "end"
    """The model said its end-of-turn token."""
    LENGTH = "length"
    """max_tokens or the context length was reached."""
    STOP_STRING = "stop_string"
    """One of the stop strings appeared."""


class GenerationResult(msgspec.Struct, frozen=True, kw_only=True):
    """What one answer took, measured in the worker.

    ttft_s: seconds from the receipt of the request to the first token.
    tokens_per_second: (completion_tokens - 1) / seconds from the first to the last token;
    None for fewer than two tokens.
    stop_reason: None where the answer was stopped by the user or an error.
    cached_tokens: of the prompt, found in the prefix cache. acceptance: the share of guessed
    tokens that speculative decoding kept; None where nothing was guessed.
    """

    prompt_tokens: int
    completion_tokens: int
    ttft_s: float | None = None
    tokens_per_second: float | None = None
    stop_reason: StopReason | None = None
    cached_tokens: int = 0
    acceptance: float | None = None

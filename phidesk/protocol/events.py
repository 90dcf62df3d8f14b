"""What a worker tells the window. Each job ends in exactly one Finished, Cancelled
or Failed."""

from enum import StrEnum

import msgspec

from phidesk.core.chat import GenerationResult, TokenLogprob
from phidesk.core.hub import RepoListing, RepoSummary


class FailureKind(StrEnum):
    """Known failures, each with a way out, and BUG for all others."""

    OUT_OF_MEMORY = "out_of_memory"
    MISSING_FILE = "missing_file"
    CORRUPT_FILE = "corrupt_file"
    UNSUPPORTED = "unsupported"
    OPTION = "option"
    """an option of the load is the reason: without it the same engine would do"""
    REMOTE_CODE = "remote_code"
    ODD_TEMPLATE = "odd_template"
    CONTEXT_TOO_LONG = "context_too_long"
    ENGINE_MISSING = "engine_missing"
    DISK_FULL = "disk_full"
    CALIBRATION = "calibration"
    NETWORK = "network"
    NOT_FOUND = "not_found"
    GATED = "gated"
    WORKER_DIED = "worker_died"
    BUG = "bug"

    @property
    def lets_another_engine_try(self) -> bool:
        """Whether a load that failed so may succeed with another engine."""
        return self in (FailureKind.UNSUPPORTED, FailureKind.ENGINE_MISSING)

    @property
    def needs_consent(self) -> bool:
        """Whether the model would be loaded once the user agrees to what was found in it."""
        return self in (FailureKind.REMOTE_CODE, FailureKind.ODD_TEMPLATE)


class Hello(msgspec.Struct, frozen=True, kw_only=True, tag="hello"):
    """The first event of every worker."""

    protocol_version: int
    pid: int
    phidesk_version: str
    python_version: str


class Loaded(msgspec.Struct, frozen=True, kw_only=True, tag="loaded"):
    """What the engine really got; Finished follows.

    context_length: tokens. weights_bytes and kv_bytes: None where the engine cannot tell.
    kernel: what multiplies the weights ("bf16", "Q4_1", ...), as the engine names it.
    attention: what computes it ("FlashAttention 3"). slow: why a kernel is slow, with the way
    out; "" where none is. kv_tokens: what the KV pool holds over all chats, where it is reserved.
    """

    job_id: str
    engine: str
    engine_version: str
    device: str
    dtype: str
    kernel: str
    context_length: int
    load_s: float
    weights_bytes: int | None = None
    kv_bytes: int | None = None
    kv_tokens: int | None = None
    attention: str = ""
    slow: str = ""


class Progress(msgspec.Struct, frozen=True, kw_only=True, tag="progress"):
    """How far a job is; total None means: not known yet."""

    job_id: str
    stage: str
    done: float = 0.0
    total: float | None = None
    text: str = ""


class TokenDelta(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag="token_delta"):
    """The next piece of an answer: whole characters, and how many tokens they took."""

    job_id: str
    text: str
    tokens: int
    logprobs: tuple[TokenLogprob, ...] = ()


class Counted(msgspec.Struct, frozen=True, kw_only=True, tag="counted"):
    """What CountTokens asked for, in tokens; prompt: 0 where there were no messages."""

    job_id: str
    prompt: int
    texts: tuple[int, ...] = ()


class Stats(msgspec.Struct, frozen=True, kw_only=True, tag="stats"):
    """The engine's pulse, about once a second while it generates.

    tokens_per_second: over all running requests since the last Stats.
    context_used: tokens of the longest running conversation, prompt included.
    kv_used: the share of the KV pool that holds something; None where there is no pool.
    acceptance: the share of guessed tokens that were kept since the load; None where none were.
    """

    tokens_per_second: float
    context_used: int
    running: int
    waiting: int
    kv_used: float | None = None
    acceptance: float | None = None


class LayerDone(msgspec.Struct, frozen=True, kw_only=True, tag="layer_done"):
    """A layer is quantized. done of total are; losses: mean squared errors of its output.

    loss_before and loss_after are None where the algorithm does not tune. peak bytes: since
    the worker began.
    """

    job_id: str
    done: int
    total: int
    seconds: float
    loss_before: float | None = None
    loss_after: float | None = None
    peak_ram_bytes: int = 0
    peak_vram_bytes: int = 0


class Quantized(msgspec.Struct, frozen=True, kw_only=True, tag="quantized"):
    """The copy is complete, verified and in its place; Finished follows.

    path: the folder, or the GGUF file in it. seconds: of this run, without the time before a
    resume.
    """

    job_id: str
    path: str
    size_bytes: int
    seconds: float
    peak_ram_bytes: int
    peak_vram_bytes: int = 0


class LayerTimed(msgspec.Struct, frozen=True, kw_only=True, tag="layer_timed"):
    """What one real layer took; Finished follows.

    layer_s: a layer of the whole recipe. low_s, likely_s, high_s: the whole run.
    """

    job_id: str
    layer_s: float
    low_s: float
    likely_s: float
    high_s: float
    peak_ram_bytes: int = 0
    peak_vram_bytes: int = 0


class Scored(msgspec.Struct, frozen=True, kw_only=True, tag="scored"):
    """How well the loaded model knows the texts; Finished follows.

    kl_divergence: mean over all positions, in nats; top1_agreement: share of positions with the
    same most likely token; both None without a reference.
    """

    job_id: str
    tokens: int
    perplexity: float
    kl_divergence: float | None = None
    top1_agreement: float | None = None


class ReposFound(msgspec.Struct, frozen=True, kw_only=True, tag="repos_found"):
    """What a search found; Finished follows."""

    job_id: str
    repos: tuple[RepoSummary, ...]


class RepoListed(msgspec.Struct, frozen=True, kw_only=True, tag="repo_listed"):
    """The files of a repository; Finished follows."""

    job_id: str
    listing: RepoListing


class Downloaded(msgspec.Struct, frozen=True, kw_only=True, tag="downloaded"):
    """The model is whole, checked and in its place; Finished follows.

    path: the folder, or the first GGUF file in it. fetched_bytes: what came over the line in
    this run.
    """

    job_id: str
    path: str
    size_bytes: int
    fetched_bytes: int
    seconds: float


class Log(msgspec.Struct, frozen=True, kw_only=True, tag="log"):
    """One line that an engine or a library logged."""

    level: str
    text: str


class Finished(msgspec.Struct, frozen=True, kw_only=True, tag="finished"):
    """The job did what it was asked to; result for a generation."""

    job_id: str
    result: GenerationResult | None = None


class Cancelled(msgspec.Struct, frozen=True, kw_only=True, tag="cancelled"):
    """The job ended because the user said so; result counts what was generated until then."""

    job_id: str
    result: GenerationResult | None = None


class Failed(msgspec.Struct, frozen=True, kw_only=True, tag="failed"):
    """The job could not be done.

    message: one or two sentences for a person, the number that matters and the way out
    included. details: traceback or last log lines, for "Copy diagnostics".
    """

    job_id: str
    kind: FailureKind
    message: str
    details: str = ""


class Broken(msgspec.Struct, frozen=True, kw_only=True, tag="broken"):
    """The engine cannot go on: the worker ends itself right after this; see Failed."""

    message: str
    details: str = ""


Event = (
    Hello
    | Loaded
    | Progress
    | TokenDelta
    | Counted
    | Stats
    | LayerDone
    | Quantized
    | LayerTimed
    | Scored
    | ReposFound
    | RepoListed
    | Downloaded
    | Log
    | Finished
    | Cancelled
    | Failed
    | Broken
)

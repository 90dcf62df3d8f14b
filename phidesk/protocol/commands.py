"""What the window asks of a worker. The window mints each job_id."""

import msgspec

from phidesk.core.chat import Message, SamplingParams, Structure
from phidesk.core.downloads import DownloadPlan
from phidesk.core.hub import Source
from phidesk.core.load_options import LoadOptions
from phidesk.core.models import ModelRef
from phidesk.core.recipes import Recipe


class LoadModel(msgspec.Struct, frozen=True, kw_only=True, tag="load_model"):
    """Load the model; a worker holds at most one.

    engine: the key of the worker's engine registry.
    context_length: tokens of prompt and answer together; None lets the engine choose.
    without_code: the user agreed to what was found in the model: code that it brings, which is
    not run, or an odd chat template, which runs within limits.
    anyway: also where there seems to be too little memory.
    """

    job_id: str
    model: ModelRef
    engine: str
    context_length: int | None = None
    without_code: bool = False
    anyway: bool = False
    options: LoadOptions = LoadOptions()


class Generate(msgspec.Struct, frozen=True, kw_only=True, tag="generate"):
    """Answer the last message of a conversation with the loaded model.

    structure: vLLM gives every form, llama.cpp a JSON schema, Transformers none. logprobs (how
    many of the likeliest tokens, 0 for the chosen one only; None for none) are vLLM's alone. What
    an engine cannot give it refuses. ignore_end: go on to max_tokens, for measurements.
    continues: the last message is the beginning of the answer, which goes on where it ends.
    """

    job_id: str
    messages: tuple[Message, ...]
    sampling: SamplingParams = SamplingParams()
    structure: Structure | None = None
    logprobs: int | None = None
    ignore_end: bool = False
    continues: bool = False


class CountTokens(msgspec.Struct, frozen=True, kw_only=True, tag="count_tokens"):
    """Count with the loaded model's own tokenizer; Counted and Finished follow.

    messages: the prompt that Generate would make of them, none for no such count. texts: each
    for itself, without what a chat template adds. It goes on beside answers, and stops none.
    """

    job_id: str
    messages: tuple[Message, ...] = ()
    texts: tuple[str, ...] = ()


class Quantize(msgspec.Struct, frozen=True, kw_only=True, tag="quantize"):
    """Make a small copy of a model; a worker makes one and then ends.

    out: the folder that the copy will be; until it is complete, `<out>.partial` holds it.
    resume: go on with what an interrupted run left there.
    """

    job_id: str
    model: ModelRef
    recipe: Recipe
    out: str
    resume: bool = False


class TimeLayer(msgspec.Struct, frozen=True, kw_only=True, tag="time_layer"):
    """Quantize one real layer in a few steps, for an estimate of the whole run."""

    job_id: str
    model: ModelRef
    recipe: Recipe


class Score(msgspec.Struct, frozen=True, kw_only=True, tag="score"):
    """Score texts with the loaded model, which is run by Transformers.

    documents are joined, tokenized and cut into `sequences` of `sequence_length` tokens.
    logits_out: where to keep the model's logits, empty for nowhere. reference: such a file of
    the original; with it KL divergence and agreement are computed as well.
    """

    job_id: str
    documents: tuple[str, ...]
    sequence_length: int
    sequences: int
    logits_out: str = ""
    reference: str = ""


class SearchHub(msgspec.Struct, frozen=True, kw_only=True, tag="search_hub"):
    """Search a source for models; token: the user's, "" for none."""

    job_id: str
    source: Source
    endpoint: str
    text: str
    limit: int = 30
    token: str = ""


class ListRepo(msgspec.Struct, frozen=True, kw_only=True, tag="list_repo"):
    """List the files of a repository; revision "": the newest."""

    job_id: str
    source: Source
    endpoint: str
    repo: str
    revision: str = ""
    token: str = ""


class Download(msgspec.Struct, frozen=True, kw_only=True, tag="download"):
    """Fetch what a plan says, or go on with it; what there is of it stays when it is cancelled."""

    job_id: str
    plan: DownloadPlan
    token: str = ""


class Cancel(msgspec.Struct, frozen=True, kw_only=True, tag="cancel"):
    """End a job at once. For all jobs but an answer that means the end of the worker."""

    job_id: str


class Shutdown(msgspec.Struct, frozen=True, kw_only=True, tag="shutdown"):
    """Close the model and exit."""


HubCommand = SearchHub | ListRepo | Download
LongJob = Quantize | TimeLayer | Score | HubCommand
"""what runs in a thread of the worker, and ends with the worker when it is cancelled"""
Command = LoadModel | Generate | CountTokens | LongJob | Cancel | Shutdown

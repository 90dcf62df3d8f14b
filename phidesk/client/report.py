"""Makes the report card: asks and scores the original and the copy, one worker at a time."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from msgspec.structs import replace

from phidesk.client.interface import WorkerClient
from phidesk.client.jobs import JobError
from phidesk.client.report_cache import Entry, KeptScores, ReportCache
from phidesk.client.report_side import Measured, ModelMeter, ReportProgress
from phidesk.core.engines import EngineName, NoEngineError, choose_engine
from phidesk.core.models import ModelRef
from phidesk.core.prompts import PROMPTS
from phidesk.core.recipes import Recipe
from phidesk.core.report import Answer, Report, Side, first_difference
from phidesk.protocol.commands import Score
from phidesk.protocol.events import FailureKind

Texts = dict[str, tuple[str, ...]]


class ReportError(Exception):
    """The two could not be compared; the message is for a person, details for a report."""

    def __init__(self, message: str, details: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.details = details


async def make_report(
    original: ModelRef,
    copy: ModelRef,
    *,
    spawn: Callable[[str], WorkerClient],
    measure: Callable[[int], int],
    on_progress: Callable[[ReportProgress], None],
    texts: Texts,
    cache_dir: Path,
    recipe: Recipe | None = None,
    sequence_length: int = 256,
    sequences: int = 8,
    without_code: bool = False,
) -> Report:
    """Ask both models the ten prompts, score the texts, and compare; raises ReportError.

    spawn: makes a client whose worker is about to load for the named engine. measure: returns
    the bytes that a process and its children hold. texts: the documents by text pack.

    Each model answers greedily in the engine that it chats with, which Side.engine names; its
    memory is read once the answers are done, and tokens_per_second is defined in report_side.
    Transformers scores the texts: where the model chats with llama.cpp, that worker is ended
    and another one loads the same file with its weights dequantized, for the scores alone. The
    original's scores and logits are kept in cache_dir, some GB at most.
    """
    if not texts:
        raise ReportError("There are no texts to compare the models with.")
    cache = ReportCache(cache_dir)
    try:
        for model in (original, copy):
            _check_presence(model)
            _check_engines(model)
        entry = await asyncio.to_thread(cache.entry, original, texts, sequence_length, sequences)
        kept = await asyncio.to_thread(entry.read)
        jobs = {
            name: Score(
                job_id=f"score-{name}",
                documents=documents,
                sequence_length=sequence_length,
                sequences=sequences,
            )
            for name, documents in texts.items()
        }
        scoring = len(texts) * sequences * (1 if kept else 2)
        total = 2 * len(PROMPTS) + scoring
        meter = ModelMeter(spawn, measure, on_progress, total, without_code=without_code)
        first, kept = await _measure_original(meter, original, jobs, cache, entry, kept)
        second = await _measure_copy(meter, copy, jobs, entry)
    except JobError as error:
        for model in (original, copy):
            _check_presence(model)  # where one vanished meanwhile, that says more
        raise ReportError(str(error), error.details) from error
    except OSError as error:
        message = f"“{error.filename or cache_dir}” cannot be used: {error.strerror or error}."
        raise ReportError(message) from error
    return _report(original, copy, first, second, kept, recipe)


async def _measure_original(
    meter: ModelMeter,
    model: ModelRef,
    jobs: dict[str, Score],
    cache: ReportCache,
    entry: Entry,
    kept: KeptScores | None,
) -> tuple[Measured, KeptScores]:
    if kept is not None:
        return await meter.measure(model, {}), kept
    writing = {name: replace(job, logits_out=str(entry.logits(name))) for name, job in jobs.items()}
    try:
        found = await meter.measure(model, writing)
        kept = KeptScores(
            tokens={name: scored.tokens for name, scored in found.scores.items()},
            perplexity={name: scored.perplexity for name, scored in found.scores.items()},
        )
        await asyncio.to_thread(entry.write, kept)
    except BaseException:
        entry.forget()
        raise
    await asyncio.to_thread(cache.trim, entry)
    return found, kept


async def _measure_copy(
    meter: ModelMeter, copy: ModelRef, jobs: dict[str, Score], entry: Entry
) -> Measured:
    reading = {name: replace(job, reference=str(entry.logits(name))) for name, job in jobs.items()}
    try:
        return await meter.measure(copy, reading)
    except JobError as error:
        if error.kind is FailureKind.CORRUPT_FILE:
            entry.forget()  # it may be what was kept that cannot be read
        raise


def _report(
    original: ModelRef,
    copy: ModelRef,
    first: Measured,
    second: Measured,
    kept: KeptScores,
    recipe: Recipe | None,
) -> Report:
    scores = second.scores
    answers = zip(PROMPTS, first.answers, second.answers, strict=True)
    return Report(
        created=datetime.now(UTC).isoformat(timespec="seconds"),
        original=_side(original, first, kept.perplexity),
        copy=_side(copy, second, {name: found.perplexity for name, found in scores.items()}),
        tokens={name: found.tokens for name, found in scores.items()},
        kl_divergence={name: found.kl_divergence or 0.0 for name, found in scores.items()},
        top1_agreement={name: found.top1_agreement or 0.0 for name, found in scores.items()},
        answers=tuple(
            Answer(prompt=prompt, original=one, copy=two, difference=first_difference(one, two))
            for prompt, one, two in answers
        ),
        recipe=recipe,
    )


def _side(model: ModelRef, found: Measured, perplexity: dict[str, float]) -> Side:
    return Side(
        name=model.name,
        path=model.path,
        engine=found.engine.value,
        quantization=model.quantization,
        size_bytes=model.size_bytes,
        memory_bytes=found.memory_bytes,
        tokens_per_second=found.tokens_per_second,
        perplexity=perplexity,
    )


def _check_presence(model: ModelRef) -> None:
    if not Path(model.path).exists():
        raise ReportError(f"“{model.name}” is not there any more: “{model.path}” is gone.")


def _check_engines(model: ModelRef) -> None:
    if model.problem:
        raise ReportError(f"“{model.name}” cannot be loaded: {model.problem}.")
    try:
        choose_engine(model)
        choose_engine(model, EngineName.TRANSFORMERS)  # which scores it
    except NoEngineError as error:
        raise ReportError(str(error)) from error

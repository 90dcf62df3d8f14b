"""Scores texts with the loaded model: how well it knows them, and how far from the original."""

import contextlib
import math
from pathlib import Path
from typing import Any

import torch

from phidesk.protocol.commands import Score
from phidesk.protocol.events import FailureKind, Scored
from phidesk.worker.engines.base import Engine, EngineError
from phidesk.worker.engines.transformers_engine import TransformersEngine
from phidesk.worker.engines.transformers_load import Opened, plain_words
from phidesk.worker.evaluate import metrics
from phidesk.worker.evaluate.arithmetic import use_float32
from phidesk.worker.evaluate.kept_logits import KeptLogits, LogitsWriter, vocabulary_of
from phidesk.worker.reporter import Reporter


def score(command: Score, engine: Engine | None, report: Reporter) -> None:
    """Run the network over the texts and send Scored; raises EngineError in plain words.

    Each sequence is run on its own, without the context of the one before. Perplexity is that
    of all tokens but each sequence's first; KL divergence and agreement are over all positions.
    With a reference its own token ids are scored, so that both models read the same even where
    a conversion changed how the tokenizer splits words. On a CPU an unquantized network is left
    in fp32: see arithmetic.
    """
    opened = _opened(engine)
    _check(command, opened)
    kept = KeptLogits(Path(command.reference)) if command.reference else None
    sequences = _sequences(command, opened, report) if kept is None else _same(kept, opened)
    use_float32(opened.model)
    nll = kl = 0.0
    agreements = tokens = 0
    with contextlib.ExitStack() as stack:
        writer = None
        if command.logits_out:
            writer = stack.enter_context(_writer(command.logits_out, sequences, opened))
        stack.enter_context(torch.inference_mode())
        for number, ids in enumerate(sequences):
            report.progress("score", number, len(sequences))
            with plain_words("these texts"):
                ids = ids.to(opened.device)
                logits = opened.model(input_ids=ids[None], use_cache=False).logits[0]
                nll += metrics.sum_nll(logits, ids)
            if kept is not None:
                original = kept.logits(number)
                _check_widths(original.shape[-1], logits.shape[-1])
                kl += metrics.sum_kl(original, logits)
                agreements += metrics.count_agreements(original, logits)
            tokens += len(ids)
            _check_numbers(nll, kl)
            if writer is not None:
                writer.add(ids, logits)
    report.progress("score", len(sequences), len(sequences))
    report.send(
        Scored(
            job_id=command.job_id,
            tokens=tokens,
            perplexity=_perplexity(nll, tokens - len(sequences)),
            kl_divergence=kl / tokens if kept is not None else None,
            top1_agreement=agreements / tokens if kept is not None else None,
        )
    )


def _opened(engine: Engine | None) -> Opened:
    if engine is None:
        raise EngineError(FailureKind.UNSUPPORTED, "No model is loaded.")
    opened = engine.opened if isinstance(engine, TransformersEngine) else None
    if opened is None:
        raise EngineError(
            FailureKind.UNSUPPORTED,
            "Perplexity is measured with Transformers: load the model with that engine.",
        )
    return opened


def _check(command: Score, opened: Opened) -> None:
    if command.sequence_length < 2 or command.sequences < 1:
        raise EngineError(
            FailureKind.UNSUPPORTED, "At least one sequence of two tokens has to be scored."
        )
    if command.sequence_length > opened.context:
        raise EngineError(
            FailureKind.CONTEXT_TOO_LONG,
            f"The sequences have {command.sequence_length:,} tokens, the model reads "
            f"{opened.context:,}: choose a shorter sequence length.",
        )


def _sequences(command: Score, opened: Opened, report: Reporter) -> list[Any]:
    """Join the documents, tokenize them and cut them, each part behind the model's BOS token."""
    tokenizer = opened.tokenizer
    ids = tokenizer("\n\n".join(command.documents), add_special_tokens=False)["input_ids"]
    first = _first_token(tokenizer)
    step = command.sequence_length - len(first)
    parts = [ids[at : at + step] for at in range(0, len(ids) - step + 1, step)]
    parts = parts[: command.sequences]
    if not parts:
        raise EngineError(
            FailureKind.CALIBRATION,
            f"The texts are too short to be scored: they have {len(ids):,} tokens, one sequence "
            f"needs {step:,}.",
        )
    if len(parts) < command.sequences:
        report.log(f"The texts are enough for {len(parts)} of {command.sequences} sequences.")
    return [torch.tensor(first + part, dtype=torch.long) for part in parts]


def _first_token(tokenizer: Any) -> list[int]:
    """Return the BOS token in a list where the tokenizer puts one before a text, or nothing."""
    bos = tokenizer.bos_token_id
    return [bos] if bos is not None and tokenizer("a")["input_ids"][:1] == [bos] else []


def _same(kept: KeptLogits, opened: Opened) -> list[Any]:
    """Return the original's sequences; raises EngineError where they mean another text here."""
    sequences = [kept.tokens(number) for number in range(len(kept))]
    if vocabulary_of(opened.tokenizer, _ids(sequences)) != kept.vocabulary:
        raise EngineError(
            FailureKind.UNSUPPORTED,
            "The two models have different vocabularies, so that what they say cannot be compared "
            "token by token: choose a copy of the original.",
        )
    return sequences


def _writer(folder: str, sequences: list[Any], opened: Opened) -> LogitsWriter:
    return LogitsWriter(
        Path(folder),
        len(sequences),
        model=str(opened.model.name_or_path),
        vocabulary=vocabulary_of(opened.tokenizer, _ids(sequences)),
    )


def _ids(sequences: list[Any]) -> set[int]:
    return {int(token) for ids in sequences for token in ids}


def _check_widths(original: int, copy: int) -> None:
    if original != copy:
        raise EngineError(
            FailureKind.UNSUPPORTED,
            f"The two models have different vocabularies (the original's has {original:,} tokens, "
            f"the copy's {copy:,}), so that they cannot be compared token by token.",
        )


def _check_numbers(nll: float, kl: float) -> None:
    if not math.isfinite(nll) or not math.isfinite(kl):
        raise EngineError(
            FailureKind.CORRUPT_FILE,
            "The model computes no numbers for these texts (NaN or infinite): its weights are "
            "damaged, or their format is too small for it. Make it again with another recipe.",
        )


def _perplexity(nll: float, count: int) -> float:
    try:
        return metrics.perplexity(nll, count)
    except OverflowError:
        return 1e308  # beyond what a float holds; JSON has no infinity

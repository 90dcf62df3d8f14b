"""Calibration texts as token sequences of one length; short texts are joined, none is dropped."""

import contextlib
import json
import random
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import torch

from phidesk.core.recipes import Recipe
from phidesk.core.texts import (
    CalibrationTextError,
    Pack,
    calibration_documents,
    dialogues,
    read_own_texts,
)
from phidesk.protocol.events import FailureKind
from phidesk.worker.engines.base import EngineError
from phidesk.worker.engines.chat_template import render_chat
from phidesk.worker.engines.template_process import TemplateProcess, TemplateRefusedError


def calibration_batches(recipe: Recipe, tokenizer: Any) -> tuple[list[torch.Tensor], int]:
    """Return batches of token ids (int64, batch x seqlen) and how many sequences they hold.

    The documents of all packs are shuffled by the recipe's seed, each ends in the end-of-text
    token, and the whole is cut into sequences. Raises EngineError where not even one can be
    filled, or a text cannot be read.
    """
    tokens, count = _tokens(recipe, tokenizer, recipe.seqlen)
    ids = torch.tensor(tokens[: count * recipe.seqlen]).view(count, recipe.seqlen)
    return list(ids.split(recipe.batch_size)), count


def calibration_file(recipe: Recipe, tokenizer: Any, folder: Path) -> tuple[str, int]:
    """Write the same texts as JSONL, which is all that AutoScheme takes.

    Returns its path and how many texts it holds, each with a quarter more tokens than a sequence:
    read again, a text may have fewer, and AutoRound leaves out what is too short.
    """
    length = recipe.seqlen + recipe.seqlen // 4 + 1
    tokens, count = _tokens(recipe, tokenizer, length)
    path = folder / "calibration.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            ids = tokens[number * length : (number + 1) * length]
            text = tokenizer.decode(ids, skip_special_tokens=True)
            file.write(json.dumps({"text": text}) + "\n")
    return str(path), count


def _tokens(recipe: Recipe, tokenizer: Any, length: int) -> tuple[list[int], int]:
    """Return the tokens of all texts, joined, and how many sequences of a length they fill."""
    try:
        with TemplateProcess() as templates:
            documents = [
                document
                for name in recipe.calibration
                for document in _documents(name, tokenizer, templates)
            ]
    except CalibrationTextError as error:
        raise EngineError(FailureKind.CALIBRATION, str(error)) from error
    random.Random(recipe.seed).shuffle(documents)  # noqa: S311 - an order, no secret
    tokens = _joined(documents, tokenizer, recipe.samples * length)
    count = min(recipe.samples, len(tokens) // length)
    if count == 0:
        raise EngineError(
            FailureKind.CALIBRATION,
            f"The calibration texts hold {len(tokens):,} tokens, one sequence needs "
            f"{length:,}: choose more texts or shorter sequences.",
        )
    return tokens, count


def _documents(name: str, tokenizer: Any, templates: TemplateProcess) -> list[str]:
    try:
        pack = Pack(name)
    except ValueError:
        documents = read_own_texts(Path(name))
    else:
        documents = calibration_documents(pack)
    if not tokenizer.chat_template:
        return documents
    return [_as_chat(document, tokenizer, templates) for document in documents]


def _as_chat(document: str, tokenizer: Any, templates: TemplateProcess) -> str:
    """Return a dialogue in the model's own chat template, and prose as it is."""
    for turns in dialogues([document]):
        messages = [{"role": turn.role.value, "content": turn.content} for turn in turns]
        # Some templates insist on turns that alternate.
        with contextlib.suppress(TemplateRefusedError):
            return render_chat(tokenizer, templates, messages, add_generation_prompt=False)
    return document


def _joined(documents: Iterable[str], tokenizer: Any, wanted: int) -> list[int]:
    end = tokenizer.eos_token_id
    tokens: list[int] = []
    for document in documents:
        if len(tokens) >= wanted:
            break
        tokens += tokenizer(document, add_special_tokens=False).input_ids
        if end is not None:
            tokens.append(end)
    return tokens

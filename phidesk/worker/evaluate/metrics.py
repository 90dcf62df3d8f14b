"""The figures of the report card, from logits: perplexity, KL divergence, top-1 agreement.

All is computed in float32 whatever the logits' own format, a few positions at a time, so that
beside the logits themselves only about 64 MB a tensor are needed.
"""

import math
from collections.abc import Iterator
from typing import Any

from torch.nn import functional

_CHUNK_ELEMENTS = 2**24


def sum_nll(logits: Any, tokens: Any) -> float:
    """Return the negative log-likelihood of all tokens but the first, summed, in nats.

    logits: (length, vocabulary), those at position t foretell token t + 1; tokens: (length,).
    """
    total = 0.0
    for part in _chunks(logits[:-1]):
        nll = functional.cross_entropy(
            logits[part].float(), tokens[part.start + 1 : part.stop + 1], reduction="none"
        )
        total += _sum(nll)
    return total


def perplexity(nll: float, count: int) -> float:
    """Return exp(nll / count): nll in nats, summed over `count` foretold tokens.

    Jelinek et al. 1977, https://doi.org/10.1121/1.2016299; on a model with a fixed context:
    https://huggingface.co/docs/transformers/perplexity. Raises OverflowError beyond floats.
    """
    return math.exp(nll / count)


def sum_kl(reference: Any, logits: Any) -> float:
    """Return the KL divergence of two models, summed over positions, in nats.

    KL(P || Q) = sum over the vocabulary of P (log P - log Q) with P from the reference:
    Kullback and Leibler 1951, https://doi.org/10.1214/aoms/1177729694. Both logits have the
    shape (length, vocabulary). Rounding can make the sum of equal models' neighbours a little
    less than nothing: then it is 0.
    """
    total = 0.0
    for part in _chunks(logits):
        p = functional.log_softmax(_like(reference[part], logits), dim=-1)
        q = functional.log_softmax(logits[part].float(), dim=-1)
        total += _sum(functional.kl_div(q, p, log_target=True, reduction="none").sum(dim=-1))
    return total if math.isnan(total) else max(0.0, total)


def count_agreements(reference: Any, logits: Any) -> int:
    """Return at how many positions both models find the same token most likely.

    Both logits have the shape (length, vocabulary).
    """
    total = 0
    for part in _chunks(logits):
        most_likely = _like(reference[part], logits).argmax(dim=-1)
        total += int((most_likely == logits[part].float().argmax(dim=-1)).sum())
    return total


def _chunks(logits: Any) -> Iterator[slice]:
    length, vocabulary = logits.shape
    step = max(1, _CHUNK_ELEMENTS // vocabulary)
    for start in range(0, length, step):
        yield slice(start, min(start + step, length))


def _like(reference: Any, logits: Any) -> Any:
    return reference.to(logits.device).float()


def _sum(values: Any) -> float:
    return float(values.double().sum()) if values.device.type != "mps" else float(values.sum())

"""The figures of the report card against whole-tensor float64 arithmetic written here."""

import math
from typing import Any

import pytest

torch = pytest.importorskip("torch")

from phidesk.worker.evaluate import metrics  # noqa: E402

pytestmark = pytest.mark.engine


def logits(seed: int, length: int = 70, vocabulary: int = 1000, scale: float = 3.0) -> Any:
    made = torch.Generator().manual_seed(seed)
    return scale * torch.randn((length, vocabulary), generator=made)


def tokens(length: int = 70, vocabulary: int = 1000) -> Any:
    return torch.randint(0, vocabulary, (length,), generator=torch.Generator().manual_seed(9))


def log_probabilities(values: Any) -> Any:
    values = values.double()
    return values - values.exp().sum(dim=-1, keepdim=True).log()


@pytest.fixture(params=[2**24, 5000, 1], ids=["in one", "5 positions", "1 position"])
def chunk(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """How many positions are computed at a time makes no difference."""
    monkeypatch.setattr(metrics, "_CHUNK_ELEMENTS", request.param)


@pytest.mark.usefixtures("chunk")
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float16])
def test_perplexity(dtype: Any) -> None:
    values, ids = logits(0).to(dtype), tokens()
    chosen = log_probabilities(values)[torch.arange(69), ids[1:]]
    expected = math.exp(-chosen.mean().item())
    found = metrics.perplexity(metrics.sum_nll(values, ids), 69)
    assert found == pytest.approx(expected, rel=1e-3)


def test_perplexity_of_a_guess_among_equals_is_their_number() -> None:
    nll = metrics.sum_nll(torch.zeros((20, 64)), tokens(20, 64))
    assert metrics.perplexity(nll, 19) == pytest.approx(64)


@pytest.mark.usefixtures("chunk")
@pytest.mark.parametrize("noise", [0.01, 0.1, 1.0])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_kl_divergence(noise: float, dtype: Any) -> None:
    original = logits(1).to(dtype)
    copy = (original.float() + noise * logits(2)).to(dtype)
    p, q = log_probabilities(original), log_probabilities(copy)
    expected = (p.exp() * (p - q)).sum().item()
    assert metrics.sum_kl(original, copy) == pytest.approx(expected, rel=1e-3)


def test_kl_divergence_has_a_direction() -> None:
    one, two = logits(1), logits(2)
    assert metrics.sum_kl(one, two) != pytest.approx(metrics.sum_kl(two, one), rel=1e-3)


@pytest.mark.usefixtures("chunk")
def test_agreement() -> None:
    original = logits(1)
    copy = original + 0.7 * logits(2)
    expected = int((original.double().argmax(-1) == copy.double().argmax(-1)).sum())
    assert 0 < expected < 70
    assert metrics.count_agreements(original, copy) == expected


@pytest.mark.usefixtures("chunk")
@pytest.mark.parametrize("scale", [1.0, 100.0])
def test_equal_logits_do_not_diverge(scale: float) -> None:
    values = logits(3, scale=scale)
    assert metrics.sum_kl(values, values.clone()) == 0.0
    assert metrics.count_agreements(values, values.clone()) == len(values)


def test_formats_may_differ() -> None:
    exact = logits(4)
    rounded = exact.to(torch.bfloat16)
    p, q = log_probabilities(exact), log_probabilities(rounded)
    expected = (p.exp() * (p - q)).sum().item()
    assert metrics.sum_kl(exact, rounded) == pytest.approx(expected, rel=1e-3)


def test_no_numbers_stay_no_numbers() -> None:
    broken = logits(5)
    broken[3, 7] = float("nan")
    assert math.isnan(metrics.sum_kl(logits(5), broken))
    assert math.isnan(metrics.sum_nll(broken, tokens()))

"""The speed that a report card states."""

import pytest

from phidesk.client.report_side import tokens_per_second
from phidesk.core.chat import GenerationResult


def result(tokens: int, speed: float | None) -> GenerationResult:
    return GenerationResult(prompt_tokens=9, completion_tokens=tokens, tokens_per_second=speed)


def test_long_answers_count_for_more_than_short_ones() -> None:
    # 10 tokens in 1 s, then 100 in 20 s
    assert tokens_per_second([result(11, 10.0), result(101, 5.0)]) == pytest.approx(110 / 21)


def test_answers_without_a_speed_are_passed_over() -> None:
    assert tokens_per_second([result(1, None), result(5, 8.0), result(0, None)]) == 8.0
    assert tokens_per_second([result(1, None)]) == 0.0
    assert tokens_per_second([]) == 0.0

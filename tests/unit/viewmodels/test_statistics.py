"""Sums of what models have answered, by model and by day."""

import asyncio
import datetime

from phidesk.core.chat_statistics import ModelDay
from phidesk.viewmodels.statistics import StatisticsViewModel, days_of, sums


def _day(day: str, model: str, tokens: int, speed: float | None, ttft: float | None) -> ModelDay:
    return ModelDay(
        day=day,
        model=model,
        answers=tokens // 10,
        prompt_tokens=5,
        completion_tokens=tokens,
        tokens_per_second=speed,
        ttft_s=ttft,
    )


def test_a_speed_is_that_of_all_tokens_and_a_ttft_that_of_all_answers() -> None:
    found = [
        _day("2026-01-01", "small", 100, 10.0, 0.1),
        _day("2026-01-02", "small", 300, 100.0, 0.5),
        _day("2026-01-02", "small", 50, None, None),
        _day("2026-01-02", "large", 900, None, None),
    ]
    large, small = sums(found)
    assert (large.model, large.tokens_per_second, large.ttft_s) == ("large", None, None)
    assert (small.answers, small.completion_tokens, small.prompt_tokens) == (45, 450, 15)
    assert small.tokens_per_second == 400 / 13
    assert small.ttft_s == 0.4


def test_days_without_an_answer_are_there_up_to_today() -> None:
    found = [_day("2026-01-01", "a", 10, 1, 1), _day("2026-01-01", "b", 20, 1, 1)]
    days = days_of(found, datetime.date(2026, 1, 3))
    assert [tokens for _, tokens in days] == [{"a": 10, "b": 20}, {}, {}]
    assert days_of([], datetime.date(2026, 1, 3)) == []


class _Source:
    def __init__(self) -> None:
        self.asked: list[float] = []

    async def statistics(self, since: float = 0.0) -> list[ModelDay]:
        self.asked.append(since)
        await asyncio.sleep(0)
        return [_day(datetime.date.today().isoformat(), "a", 10, 1.0, 1.0)]


async def test_a_period_begins_at_midnight() -> None:
    source = _Source()
    statistics = StatisticsViewModel(source)
    answered = asyncio.Event()
    statistics.changed.connect(answered.set)
    statistics.set_period(7)
    statistics.set_period(0)  # before the first is answered
    await answered.wait()
    answered.clear()
    statistics.set_period(1)
    await answered.wait()
    today = datetime.datetime.combine(datetime.date.today(), datetime.time())
    assert source.asked == [0.0, today.timestamp()]
    await statistics.shut_down()

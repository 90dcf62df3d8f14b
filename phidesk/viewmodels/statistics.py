"""What the models have answered over time: sums by model and by day."""

import asyncio
import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from phidesk.core.chat_statistics import ModelDay

PERIODS = (7, 30, 90, 0)
"""days to look back; 0: all"""


@dataclass(frozen=True)
class ModelSum:
    """A model's figures in the period; tokens_per_second and ttft_s: None where not measured."""

    model: str
    answers: int
    prompt_tokens: int
    completion_tokens: int
    tokens_per_second: float | None
    ttft_s: float | None


class Source(Protocol):
    """Where the figures come from."""

    async def statistics(self, since: float = 0.0) -> list[ModelDay]:
        """Return what was generated since a time, in seconds since the epoch."""
        ...


class StatisticsViewModel(QObject):
    """Asks for the figures of a period.

    models: one sum each, the one with the most tokens first. days: each day of the period, from
    the first with an answer, with the tokens of each model by name.
    """

    changed = Signal()

    def __init__(self, source: Source, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._source = source
        self._asking: asyncio.Task[None] | None = None
        self.period = 30
        self.models: list[ModelSum] = []
        self.days: list[tuple[datetime.date, dict[str, int]]] = []

    def set_period(self, days: int) -> None:
        """Look back another number of days, 0 for all."""
        self.period = days
        self.refresh()

    def refresh(self) -> None:
        """Ask again: something may have been answered meanwhile."""
        if self._asking is not None:
            self._asking.cancel()
        self._asking = asyncio.ensure_future(self._ask())

    async def shut_down(self) -> None:
        """Ask nothing more."""
        if self._asking is not None:
            self._asking.cancel()
            await asyncio.wait([self._asking])

    async def _ask(self) -> None:
        since, today = 0.0, datetime.date.today()
        if self.period:
            first = today - datetime.timedelta(days=self.period - 1)
            since = datetime.datetime.combine(first, datetime.time()).timestamp()
        found = await self._source.statistics(since)
        self.models, self.days = sums(found), days_of(found, today)
        self.changed.emit()


def sums(found: Sequence[ModelDay]) -> list[ModelSum]:
    """Return one sum for each model, the one with the most tokens first.

    A speed is that of all tokens together, a TTFT the mean of all answers.
    """
    by_model: dict[str, list[ModelDay]] = {}
    for day in found:
        by_model.setdefault(day.model, []).append(day)
    made = []
    for model, days in by_model.items():
        timed = [d for d in days if d.tokens_per_second]
        seconds = sum(
            d.completion_tokens / d.tokens_per_second for d in timed if d.tokens_per_second
        )
        first = [(d.ttft_s, d.answers) for d in days if d.ttft_s is not None]
        made.append(
            ModelSum(
                model=model,
                answers=sum(d.answers for d in days),
                prompt_tokens=sum(d.prompt_tokens for d in days),
                completion_tokens=sum(d.completion_tokens for d in days),
                tokens_per_second=(
                    sum(d.completion_tokens for d in timed) / seconds if seconds else None
                ),
                ttft_s=sum(t * n for t, n in first) / sum(n for _, n in first) if first else None,
            )
        )
    return sorted(made, key=lambda s: s.completion_tokens, reverse=True)


def days_of(
    found: Sequence[ModelDay], today: datetime.date
) -> list[tuple[datetime.date, dict[str, int]]]:
    """Return the days from the first with an answer to today, with each model's tokens."""
    if not found:
        return []
    tokens: dict[datetime.date, dict[str, int]] = {}
    for entry in found:
        day = tokens.setdefault(datetime.date.fromisoformat(entry.day), {})
        day[entry.model] = day.get(entry.model, 0) + entry.completion_tokens
    first = min(tokens)
    count = (max(today, max(tokens)) - first).days + 1
    every = [first + datetime.timedelta(days=n) for n in range(count)]
    return [(day, tokens.get(day, {})) for day in every]

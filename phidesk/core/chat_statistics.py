"""What was generated over time."""

import msgspec


class ModelDay(msgspec.Struct, frozen=True, kw_only=True):
    """What one model has answered on one day.

    day: as 2026-01-31, in local time. tokens_per_second: completion tokens through the time they
    took. ttft_s: the mean time to the first token. Both None where nothing was measured.
    """

    day: str
    model: str
    answers: int
    prompt_tokens: int
    completion_tokens: int
    tokens_per_second: float | None
    ttft_s: float | None

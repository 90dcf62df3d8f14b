"""Speeds, and the time that is left."""

from phidesk.core.rates import Rate


def test_the_speed_is_that_of_the_last_seconds() -> None:
    rate = Rate()
    assert rate.per_second == 0
    assert rate.remaining_s(100) is None
    for second in range(60):
        rate.add(second, 10 * second if second < 40 else 400 + 100 * (second - 40))
    assert rate.per_second == 100
    assert rate.remaining_s(500) == 5


def test_the_first_moment_says_nothing() -> None:
    rate = Rate()
    rate.add(0.0, 0)
    rate.add(0.2, 3)
    assert rate.per_second == 0
    assert rate.remaining_s(10**9) is None


def test_bytes_that_were_there_before_a_pause_are_no_speed() -> None:
    rate = Rate()
    rate.add(0, 0)
    rate.add(1, 100)
    rate.clear()
    rate.add(50, 5000)
    assert rate.per_second == 0
    rate.add(51, 5100)
    assert rate.per_second == 100
    rate.add(52, 0)  # it began anew
    assert rate.per_second == 0

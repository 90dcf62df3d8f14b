"""Counting what speculative decoding guessed, and guessing no more."""

from types import SimpleNamespace
from typing import Any

from phidesk.worker.engines.vllm_guesses import Guesses


def engine(runner: Any) -> Any:
    """Stand in for an LLMEngine, as deep as Guesses looks into it."""
    scheduler = SimpleNamespace(make_spec_decoding_stats=lambda *_args: "stats")
    executor = SimpleNamespace(driver_worker=SimpleNamespace(model_runner=runner))
    core = SimpleNamespace(scheduler=scheduler, model_executor=executor)
    return SimpleNamespace(engine_core=SimpleNamespace(engine_core=core))


def guess(made: Any, request_id: str, guessed: int, kept: int) -> None:
    count = made.engine_core.engine_core.scheduler.make_spec_decoding_stats
    assert count(
        spec_decoding_stats=None,
        num_draft_tokens=guessed,
        num_accepted_tokens=kept,
        num_invalid_spec_tokens=None,
        request_id=request_id,
    ) == "stats"  # fmt: skip


def test_each_request_has_its_own_share() -> None:
    made = engine(SimpleNamespace())
    guesses = Guesses(made)
    guess(made, "run-1-a0b1", 4, 1)
    guess(made, "run-10-c2d3", 4, 4)
    guess(made, "run-1-a0b1", 4, 3)
    assert guesses.take("run-1") == 0.5
    assert guesses.take("run-1") is None
    assert guesses.take("run-10") == 1
    assert (guesses.guessed, guesses.kept) == (12, 8)


def test_the_latest_guesses_are_judged() -> None:
    made = engine(SimpleNamespace())
    guesses = Guesses(made)
    guess(made, "a-x", 100, 90)
    assert guesses.recent_share(200) is None
    guess(made, "a-x", 100, 90)
    assert guesses.recent_share(200) == 0.9
    guess(made, "a-x", 200, 10)
    assert guesses.recent_share(200) == 0.05  # the good ones before do not count


def test_switched_off_nothing_is_guessed() -> None:
    runner = SimpleNamespace(
        propose_draft_token_ids=lambda *_args: [[1, 2]],
        input_batch=SimpleNamespace(req_ids=["a", "b"]),
    )
    guesses = Guesses(engine(runner))
    assert guesses.switch_off()
    assert runner.propose_draft_token_ids("whatever") == [[], []]
    assert guesses.recent_share(0) is None


def test_a_vllm_that_cannot_be_told() -> None:
    assert not Guesses(engine(SimpleNamespace())).switch_off()

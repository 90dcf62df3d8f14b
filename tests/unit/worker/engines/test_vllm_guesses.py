"""Counting what speculative decoding guessed, and guessing no more."""

from types import SimpleNamespace
from typing import Any

import pytest

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
    guesses = Guesses(made, print)
    guess(made, "run-1-a0b1", 4, 1)
    guess(made, "run-10-c2d3", 4, 4)
    guess(made, "run-1-a0b1", 4, 3)
    assert guesses.take("run-1") == 0.5
    assert guesses.take("run-1") is None
    assert guesses.take("run-10") == 1
    assert (guesses.guessed, guesses.kept) == (12, 8)


def test_too_few_good_guesses_end_guessing_while_an_answer_runs() -> None:
    runner = SimpleNamespace(
        propose_draft_token_ids=lambda *_args: [[1, 2]],
        input_batch=SimpleNamespace(req_ids=["a", "b"]),
    )
    made, told = engine(runner), list[float]()
    guesses = Guesses(made, told.append)
    guess(made, "a-x", 200, 180)
    guess(made, "a-x", 100, 5)
    assert told == []
    assert guesses.share() == pytest.approx(185 / 300)
    guess(made, "a-x", 100, 5)  # the good ones before do not count
    assert told == [0.05]
    assert runner.propose_draft_token_ids("whatever") == [[], []]
    assert guesses.share() is None
    guess(made, "a-x", 200, 0)
    assert told == [0.05]


def test_a_vllm_that_cannot_be_told_goes_on() -> None:
    made, told = engine(SimpleNamespace()), list[float]()
    guesses = Guesses(made, told.append)
    guess(made, "a-x", 200, 10)
    assert (told, guesses.share()) == ([], 0.05)


def test_a_vllm_that_has_moved_its_parts_is_gone_without() -> None:
    guesses = Guesses(SimpleNamespace(), print)
    assert guesses.share() is None
    assert guesses.take("run-1") is None

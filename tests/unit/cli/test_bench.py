"""What a benchmark asks of the load, for the number of requests at a time."""

import pytest

from phidesk.cli.bench import for_so_many
from phidesk.cli.load_options import read_load_options
from phidesk.cli.parser import make_parser
from phidesk.core.bench import Request, Workload
from phidesk.core.serving import running_at_once

WORKLOAD = Workload(name="w", requests=(Request(messages=(), max_tokens=1),) * 100)


def served(*arguments: str, workload: Workload = WORKLOAD) -> tuple[int, int]:
    options = make_parser().parse_args(["bench", "m", *arguments])
    found = read_load_options(for_so_many(options, workload))
    return found.parallel_chats, running_at_once(found)


def test_none_of_the_requests_waits_for_another() -> None:
    assert served() == served("--concurrency", "8") == (1, 8)
    assert served("--concurrency", "12") == (12, 12)
    assert served("--concurrency", "12", "--parallel-chats", "2") == (2, 8)
    few = Workload(name="w", requests=WORKLOAD.requests[:3])
    assert served("--concurrency", "99", workload=few) == (1, 8)


def test_more_than_vllm_runs_at_once_is_refused() -> None:
    with pytest.raises(ValueError, match="at most 64"):
        served("--concurrency", "65")

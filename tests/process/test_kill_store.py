"""Sessions that are killed while they chat; tests/benchmarks/kill_store.py does more rounds."""

from pathlib import Path

from tests.benchmarks.kill_store import Rounds


def test_nothing_is_lost_when_sessions_are_killed(tmp_path: Path) -> None:
    rounds = Rounds(tmp_path / "chats.sqlite3", seed=6)
    for _ in range(12):
        rounds.run(longest_s=1.0)
    assert rounds.confirmed > 0

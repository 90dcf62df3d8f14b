"""Sessions that are killed while they chat; the benchmark does a hundred that live longer."""

import subprocess
import sys


def test_nothing_is_lost_when_sessions_are_killed() -> None:
    # In a process of its own, which keeps one ready to fork sessions from.
    options = ["--rounds", "12", "--longest", "0.6", "--seed", "6"]
    command = [sys.executable, "-m", "tests.benchmarks.kill_store", *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    assert "12 kills" in done.stdout

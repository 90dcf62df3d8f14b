"""Kills a session that chats, again and again, and looks at what is left of it.

    python -m tests.benchmarks.kill_store [--rounds 100] [--longest 3] [--seed 1]

Each round begins a session in a process of its own, on the file that the last one left, and ends
it by SIGKILL at a random moment, also while the file is opened. Then every message whose flush was
confirmed has to be there, what was being answered is at most a second behind, the file passes
SQLite's integrity check, and the next round finds all of it, with no answer left as being written.
"""

import argparse
import multiprocessing
import random
import shutil
import sqlite3
import tempfile
import time
from contextlib import closing
from pathlib import Path

from tests.benchmarks.store_session import Begun, Record, Said, run

_BEHIND_S = 1.0


class Rounds:
    """Sessions on one file; behind: the longest that an answer was behind, in seconds."""

    def __init__(self, path: Path, seed: int) -> None:
        self._path = path
        self._chance = random.Random(seed)
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["tests.benchmarks.store_session"])
        self._expected: dict[str, Said] = {}
        self._deleting: set[str] = set()
        self.behind = 0.0
        self.confirmed = 0

    def run(self, longest_s: float) -> None:
        """Let one session live for a while; raises AssertionError where something is lost."""
        here, there = self._context.Pipe(duplex=False)
        seed = self._chance.randrange(2**32)
        process = self._context.Process(target=run, args=(str(self._path), there, seed))
        process.start()
        there.close()
        end = time.monotonic() + self._chance.uniform(0.0, longest_s)
        records: list[Record] = []
        while (left := end - time.monotonic()) > 0:
            if here.poll(left):
                records.append(here.recv())
        killed = time.monotonic()
        process.kill()
        process.join()
        try:
            while True:  # what it had said before it was killed
                records.append(here.recv())
        except (EOFError, OSError):
            here.close()
        self._check(records, killed)

    def _check(self, records: list[Record], killed: float) -> None:
        for record in records:
            if isinstance(record, Begun):
                assert record.live == 0, "an answer that nobody writes counts as being written"
                lost = [i for i, said in self._expected.items() if i not in self._deleting
                        and record.texts.get(i) != said.text]  # fmt: skip
                assert not lost, f"the next session does not find {lost}"
        stored = self._stored()
        said = [record for record in records if isinstance(record, Said)]
        # Killed after that, they are there or not.
        self._deleting |= {record.id for record in said if record.is_gone}
        for confirmed in (record for record in said if record.is_kept):
            self._expected[confirmed.id] = confirmed
            self.confirmed += 1
        for expected in self._expected.values():
            text, is_gone = stored.get(expected.id, ("", True))
            if expected.is_gone:
                assert is_gone, f"{expected.id} is back"
            elif not is_gone or expected.id not in self._deleting:
                assert not is_gone, f"{expected.id} is lost"
                assert text == expected.text, f"{expected.id} is not what was said"
        self._measure(said, stored, killed)

    def _measure(
        self, said: list[Said], stored: dict[str, tuple[str, bool]], killed: float
    ) -> None:
        """Find the oldest word that is not there."""
        for record in said:
            text = stored.get(record.id, ("", False))[0]
            if not text.startswith(record.text):
                self.behind = max(self.behind, killed - record.at)
                assert record.text.startswith(text), f"{record.id} is not what was said"

    def _stored(self) -> dict[str, tuple[str, bool]]:
        if not self._path.exists():
            return {}
        # In a copy: the next session has to put its file in order itself.
        copy = self._path.with_name("copy")
        for ending in ("", "-wal"):
            copy.with_name(f"copy{ending}").unlink(missing_ok=True)
            if (file := self._path.with_name(self._path.name + ending)).exists():
                shutil.copy(file, copy.with_name(f"copy{ending}"))
        with closing(sqlite3.connect(copy)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            if connection.execute("PRAGMA user_version").fetchone() == (0,):
                return {}  # killed before it was made
            connection.execute("INSERT INTO words (words) VALUES ('integrity-check')")
            rows = connection.execute("SELECT id, text, deleted IS NOT NULL FROM messages")
            return {i: (text, bool(is_gone)) for i, text, is_gone in rows}


def main() -> None:
    """Run the rounds and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--longest", type=float, default=3.0, help="seconds that a session lives")
    parser.add_argument("--seed", type=int, default=time.time_ns() % 2**32)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        rounds = Rounds(Path(folder) / "chats.sqlite3", options.seed)
        for number in range(1, options.rounds + 1):
            rounds.run(options.longest)
            if number % 10 == 0 or number == options.rounds:
                print(
                    f"{number:4} kills: {rounds.confirmed} confirmed messages, none lost; "
                    f"answers were at most {rounds.behind:.2f} s behind",
                    flush=True,
                )
    assert rounds.confirmed, "no session lived long enough to have anything confirmed"
    if rounds.behind > _BEHIND_S:
        raise SystemExit(f"an answer was {rounds.behind:.2f} s behind (seed {options.seed})")


if __name__ == "__main__":
    main()

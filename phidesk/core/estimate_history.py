"""What loads on this machine really took beside what was estimated, and what follows from it."""

import contextlib
from pathlib import Path
from statistics import mean, median

import msgspec

from phidesk.core.engines import EngineName
from phidesk.core.models import Device
from phidesk.core.paths import cache_dir
from phidesk.core.writing import write_in_one_step

_KEPT = 300
_MOST_CORRECTED = 1_000_000_000  # bytes
_LATEST = 8  # loads that a correction is made of: engines and drivers change


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """One load, in bytes before its first prompt.

    plain: the estimate without correction; estimated: with it, as it was shown. dtype: what the
    engine chose to compute with; "" where it had no choice.
    """

    engine: EngineName
    device: Device
    model: str = ""
    plain: int
    estimated: int
    measured: int
    dtype: str = ""


class Quality(msgspec.Struct, frozen=True, kw_only=True):
    """How good estimates have been: shares of what was measured, without sign."""

    loads: int
    mean: float
    worst: float


class EstimateHistory:
    """The outcomes that this machine knows, in a file of JSON lines."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file or cache_dir() / "estimates.jsonl"
        self._outcomes: list[Outcome] | None = None

    def add(self, outcome: Outcome) -> None:
        """Keep an outcome; a file that cannot be written loses it at the end of the process."""
        kept = self._outcomes
        self._outcomes = None  # another process may have added some
        outcomes = self._read() or kept or []
        self._outcomes = outcomes
        outcomes.append(outcome)
        del outcomes[:-_KEPT]
        lines = b"".join(msgspec.json.encode(kept) + b"\n" for kept in outcomes)
        with contextlib.suppress(OSError):
            self._file.parent.mkdir(parents=True, exist_ok=True)
            write_in_one_step(self._file, lines)

    def correction(self, engine: EngineName, device: Device) -> int:
        """Return the bytes to add to an engine's estimates: the median of the latest misses.

        It stands for what the libraries take; what is more than that is the fault of one model.
        """
        latest = self._of(engine, device)[-_LATEST:]
        found = round(median(o.measured - o.plain for o in latest)) if latest else 0
        return max(-_MOST_CORRECTED, min(found, _MOST_CORRECTED))

    def quality(self, engine: EngineName, device: Device) -> Quality | None:
        """Return how good the shown estimates have been; None before the first load."""
        misses = [
            abs(o.estimated - o.measured) / o.measured
            for o in self._of(engine, device)
            if o.measured > 0
        ]
        if not misses:
            return None
        return Quality(loads=len(misses), mean=mean(misses), worst=max(misses))

    def _of(self, engine: EngineName, device: Device) -> list[Outcome]:
        return [o for o in self._read() if o.engine is engine and o.device is device]

    def _read(self) -> list[Outcome]:
        if self._outcomes is None:
            found: list[Outcome] = []
            try:
                lines = self._file.read_bytes().splitlines()
            except OSError:
                lines = []
            for line in lines[-_KEPT:]:
                with contextlib.suppress(msgspec.DecodeError, UnicodeDecodeError):
                    found.append(msgspec.json.decode(line, type=Outcome))
            self._outcomes = found  # whole at once: another thread may ask meanwhile
        return self._outcomes

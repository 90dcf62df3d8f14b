"""What was measured of original models, so that their next copy finds it done."""

import hashlib
import os
import shutil
from pathlib import Path

import msgspec

import phidesk
from phidesk.core.files import folder_size, parts_of
from phidesk.core.models import ModelFormat, ModelRef
from phidesk.core.report import REPORT_FILE

CACHE_LIMIT_BYTES = 4 * 10**9
_SCORES_FILE = "scores.json"


class KeptScores(msgspec.Struct, frozen=True, kw_only=True):
    """An original's scored positions and perplexity, both by text pack."""

    tokens: dict[str, int]
    perplexity: dict[str, float]


class Entry:
    """The folder of one original with certain texts and lengths; scores.json is written last."""

    def __init__(self, folder: Path, names: tuple[str, ...]) -> None:
        self.folder = folder
        self._places = {name: folder / f"logits-{n}" for n, name in enumerate(names)}

    def logits(self, name: str) -> Path:
        """Return where the logits of a text pack are kept."""
        return self._places[name]

    def read(self) -> KeptScores | None:
        """Return the scores where all is there, and note that they were used."""
        try:
            kept = msgspec.json.decode((self.folder / _SCORES_FILE).read_bytes(), type=KeptScores)
            if kept.tokens.keys() != self._places.keys():
                return None
            if not all(place.is_dir() for place in self._places.values()):
                return None
            os.utime(self.folder)
        except (OSError, msgspec.DecodeError):
            return None
        return kept

    def write(self, scores: KeptScores) -> None:
        """Complete the entry; raises OSError."""
        (self.folder / _SCORES_FILE).write_bytes(msgspec.json.encode(scores))

    def forget(self) -> None:
        """Delete what is there."""
        shutil.rmtree(self.folder, ignore_errors=True)


class ReportCache:
    """A folder of entries that stays below a limit, but for the entry in use."""

    def __init__(self, folder: Path, limit_bytes: int = CACHE_LIMIT_BYTES) -> None:
        self._folder = folder
        self._limit = limit_bytes

    def entry(
        self, model: ModelRef, texts: dict[str, tuple[str, ...]], sequence_length: int, count: int
    ) -> Entry:
        """Return the entry of a model as its files are now; raises OSError where they are gone."""
        key = [
            phidesk.__version__, model.path, _fingerprint(model), texts, sequence_length, count,
        ]  # fmt: skip
        digest = hashlib.sha256(msgspec.json.encode(key)).hexdigest()[:32]
        return Entry(self._folder / digest, tuple(texts))

    def trim(self, used: Entry) -> None:
        """Delete the entries that were not used for longest, until the others fit the limit."""
        if not self._folder.is_dir():
            return
        folders = sorted(self._folder.iterdir(), key=_last_use, reverse=True)
        total = folder_size(used.folder)
        for folder in folders:
            if folder != used.folder:
                total += folder_size(folder)
                if total > self._limit:
                    shutil.rmtree(folder, ignore_errors=True)


def _fingerprint(model: ModelRef) -> list[tuple[str, int, int]]:
    path = Path(model.path)
    if model.format is ModelFormat.GGUF:
        files = parts_of(path)[0]
    else:
        files = sorted(f for f in path.iterdir() if f.is_file() and f.name != REPORT_FILE)
    states = [(file.name, file.stat()) for file in files]
    return [(name, state.st_size, state.st_mtime_ns) for name, state in states]


def _last_use(folder: Path) -> float:
    try:
        return folder.stat().st_mtime
    except OSError:
        return 0.0

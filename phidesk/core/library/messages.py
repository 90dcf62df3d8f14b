"""What the process that scans tells the window, as lines of JSON."""

import msgspec

from phidesk.core.library.entry import Duplicates, LibraryEntry
from phidesk.core.library.places import Place


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """The first and only line that the process reads."""

    places: tuple[Place, ...]


class Batch(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Models that were found, or know more of: the last of a path counts."""

    entries: tuple[LibraryEntry, ...]


class Listed(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Every model has been named; see core.library.scan.Scan for the fields."""

    problems: dict[str, str]
    folders: tuple[str, ...]


class Finished(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Nothing is left to look at."""

    duplicates: tuple[Duplicates, ...]


Message = Batch | Listed | Finished

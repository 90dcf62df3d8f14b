"""Tables of text that line up, also with characters that are two columns wide."""

import unicodedata
from collections.abc import Sequence


def width_of(text: str) -> int:
    """Return how many columns of a terminal the text takes."""
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    none = sum(
        bool(unicodedata.combining(c)) or unicodedata.category(c) in ("Cf", "Me") for c in text
    )
    return len(text) + wide - none


def table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return the lines of a table; all rows have the same number of cells."""
    widths = [max(map(width_of, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(
            cell + " " * (width - width_of(cell)) for cell, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in rows
    ]

"""Sets text as a block of code in Markdown."""

import re

_TICKS = re.compile(r"`{3,}")


def fenced(text: str, language: str = "") -> str:
    """Return the text in a fence that is longer than any in it, so that none can end it."""
    longest = max(map(len, _TICKS.findall(text)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}{language}\n{text}\n{fence}"

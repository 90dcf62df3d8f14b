"""Sets formulas in a process of its own: `python -m phidesk.ui.thread.formula_process`.

A line of JSON comes in for each formula, and one goes out: its SVG, or nothing where it cannot be
set. Setting takes 10 ms of pure Python and much more for a hostile formula: the window neither
waits for that nor for the import.
"""

import json
import re
import sys
import warnings

COLOUR = "#010203"
"""What is drawn in it takes on the colour of the text."""
_WIDE = re.compile(r"[\u0590-\u08ff\u2e80-\uffef]|[^\u0000-\uffff]")
"""Scripts that the font for formulas does not have."""


def set_formula(tex: str, display: bool, size: float) -> str:
    """Return the SVG of a formula in COLOUR, "" where it cannot be set."""
    from latex2mathml.converter import convert
    from ziamath import zmath
    from ziamath.config import config

    if _WIDE.search(tex):
        return ""
    # What the converter does not know it leaves as it is.
    if "\\" in convert(tex):
        return ""
    config.svg2 = False
    return str(zmath.Latex(tex, size=size, inline=not display, color=COLOUR).svg())


def main() -> None:
    """Answer until stdin ends."""
    warnings.simplefilter("ignore")
    for line in sys.stdin:
        tex, display, size = json.loads(line)
        try:
            svg = set_formula(tex, display, size)
        except (Exception, RecursionError):  # whatever a library of parsers may raise
            svg = ""
        sys.stdout.write(json.dumps(svg) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()

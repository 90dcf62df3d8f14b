"""Characters that nobody sees, made visible where they could mislead.

All are shown as the replacement character: few fonts have Unicode's control pictures, and without
them each would be an empty box. What is copied keeps the characters.
"""

_INVISIBLE = (
    0x061C, 0x180E, 0xFEFF,
    *range(0x200B, 0x2010), *range(0x2028, 0x202F), *range(0x2060, 0x2070),
)  # fmt: skip
_KEPT = {0x09, 0x0A, 0x2028}
"""Tabs and line ends, Qt's own sign for one included."""
_CONTROLS = dict.fromkeys((*range(0x20), *range(0x7F, 0xA0)), 0xFFFD)
_OVERRIDES = dict.fromkeys((0x202D, 0x202E), 0xFFFD)
_HIDDEN = dict.fromkeys(_INVISIBLE, 0xFFFD)


def _without_kept(table: dict[int, int]) -> dict[int, int]:
    return {code: shown for code, shown in table.items() if code not in _KEPT}


_PROSE = _without_kept(_CONTROLS | _OVERRIDES)
_EXACT = _without_kept(_CONTROLS | _HIDDEN)


def visible(text: str, *, exact: bool) -> str:
    """Return text of the same length with signs for what has no shape of its own.

    exact: for links and code, where each character counts. Elsewhere what languages written
    from right to left need stays as it is.
    """
    return text.translate(_EXACT if exact else _PROSE)

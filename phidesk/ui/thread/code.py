"""Code listings: cut into parts of bounded length and coloured by Pygments."""

import threading
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pygments.lexer import Lexer
    from pygments.style import Style
    from pygments.token import _TokenType

WINDOW_LINES = 40
WINDOW_CHARS = 4000
_SOONEST_CUT = 20

ColourRun = tuple[int, int, str, bool, bool]
"""Start, length, colour, bold, italic."""


def split_code(code: str) -> tuple[list[str], str]:
    """Cut code into parts that are highlighted and laid out by themselves, and the open rest.

    A cut depends only on the text before it, so that code which grows is cut in the same
    places as code that is all there.
    """
    parts = []
    start = 0
    while cut := _cut(code, start):
        parts.append(code[start:cut])
        start = cut
    return parts, code[start:]


def _cut(code: str, start: int) -> int:
    """Return where the part that begins at start ends, 0 while that is not known."""
    ends: list[int] = []
    position = start
    while len(ends) < WINDOW_LINES:
        position = code.find("\n", position, start + WINDOW_CHARS) + 1
        if not position:
            break
        ends.append(position)
    is_full = len(ends) == WINDOW_LINES and len(code) > ends[-1]
    is_long = len(ends) < WINDOW_LINES and len(code) > start + WINDOW_CHARS
    if is_long:
        return ends[-1] if ends else start + WINDOW_CHARS
    if not is_full:
        return 0
    # A line at the margin is most likely a place where the lexer can start afresh.
    for end in reversed(ends[_SOONEST_CUT:]):
        if not code[end].isspace() and code[end] not in ")]}":
            return end
    return ends[-1]


@lru_cache(maxsize=64)
def _lexer(language: str) -> "Lexer | None":
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        lexer = get_lexer_by_name(language.lower().strip("{}."), stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None
    list(lexer.get_tokens_unprocessed("x"))  # compiles its expressions
    return lexer


class Lexers:
    """Loads lexers beside the event loop: an import and its expressions take up to 100 ms."""

    def __init__(self) -> None:
        self._ready: set[str] = set()
        self._loading: set[str] = set()

    def prepare(self, language: str) -> bool:
        """Return whether a language's code can be coloured at once; if not, see to it."""
        if language not in self._ready and language not in self._loading:
            self._loading.add(language)
            name = f"lexer-{language}"
            threading.Thread(target=self._load, args=(language,), name=name, daemon=True).start()
        return language in self._ready

    def _load(self, language: str) -> None:
        _lexer(language)
        for style_name in ("xcode", "one-dark"):
            _style(style_name)
        self._ready.add(language)


@lru_cache(maxsize=128)
def colour_runs(code: str, language: str, style_name: str) -> tuple[ColourRun, ...]:
    """Return what differs from plain code, positions in characters of `code`."""
    lexer = _lexer(language) if language else None
    if lexer is None:
        return ()
    runs: list[ColourRun] = []
    for position, kind, text in lexer.get_tokens_unprocessed(code):
        colour, bold, italic = _look(kind, style_name)
        if not text.strip() or not (colour or bold or italic):
            continue
        runs.append((position, len(text), colour, bold, italic))
    return tuple(runs)


@lru_cache(maxsize=1024)
def _look(kind: "_TokenType", style_name: str) -> tuple[str, bool, bool]:
    """Return colour, bold and italic; a kind that the style does not know looks like its parent."""
    style = _style(style_name)
    while kind.parent is not None and not style.styles_token(kind):
        kind = kind.parent
    look = style.style_for_token(kind)
    return look["color"] or "", bool(look["bold"]), bool(look["italic"])


@lru_cache(maxsize=8)
def _style(name: str) -> "type[Style]":
    from pygments.styles import get_style_by_name

    return get_style_by_name(name)

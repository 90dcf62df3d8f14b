"""The plain pieces that a message consists of: what is shown, not how."""

import re
import unicodedata
from dataclasses import dataclass
from enum import IntFlag, StrEnum, auto

LINE_BREAK = "\u2028"
"""Qt's line separator: a new line inside a paragraph."""
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefe\U00010800-\U0001efff]")
_MOST_PARTS = 40


class Kind(StrEnum):
    """What a block is."""

    PARAGRAPH = "paragraph"
    HEADING = "heading"
    CODE = "code"
    TABLE = "table"
    RULE = "rule"
    NOTE = "note"
    """The line of statistics under an answer."""
    ERROR = "error"
    THOUGHT = "thought"
    """The line that stands for what a model thought; a click opens and closes it."""
    MORE = "more"
    """The line under a very long text of which only the beginning is shown."""
    DIVIDER = "divider"
    """The line above the first message that the model still sees."""
    DOTS = "dots"
    """The sign that the answer has not begun."""


class Style(IntFlag):
    """How a span is set off."""

    PLAIN = 0
    BOLD = auto()
    ITALIC = auto()
    STRIKE = auto()
    CODE = auto()
    MATH = auto()
    """A formula: the text is its source with the delimiters."""


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text in one style, with the address where it is a link."""

    text: str
    style: Style = Style.PLAIN
    link: str = ""


Cell = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of a message that is laid out by itself.

    path: the containers from the outside in, "l" a list item and "q" a quote. joined: how
    many of them, counted from the outside, the block shares with the one above (0 where no
    quote is among them). first, last: a long code listing is several blocks.
    """

    kind: Kind
    spans: Cell = ()
    level: int = 0
    path: str = ""
    joined: int = 0
    marker: str = ""
    code: str = ""
    language: str = ""
    first: bool = True
    last: bool = True
    rows: tuple[tuple[Cell, ...], ...] = ()
    align: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The text as it stands in the block's document; a table's cells by tabs and lines."""
        match self.kind:
            case Kind.CODE:
                return self.code.removesuffix("\n")
            case Kind.TABLE:
                return "\n".join("\t".join(plain(cell) for cell in row) for row in self.rows)
            case _:
                return plain(self.spans)

    @property
    def is_copied(self) -> bool:
        """Whether a selection across the block takes its text along."""
        return self.kind not in (Kind.NOTE, Kind.DOTS, Kind.THOUGHT, Kind.MORE, Kind.DIVIDER)

    @property
    def is_button(self) -> bool:
        """Whether a click does something."""
        return self.kind in (Kind.THOUGHT, Kind.MORE)

    @property
    def has_formulas(self) -> bool:
        """Whether there are formulas in the text."""
        spans = self.spans or [span for row in self.rows for cell in row for span in cell]
        return any(span.style & Style.MATH for span in spans)

    @property
    def is_right_to_left(self) -> bool:
        """Whether the first letter with a direction is a right-to-left one."""
        return self.kind is not Kind.CODE and bool(is_right_to_left(self.text))


def is_right_to_left(text: str) -> bool | None:
    """Return the direction of the first letter that has one, None without such a letter."""
    for char in text[:400]:
        match unicodedata.bidirectional(char):
            case "R" | "AL":
                return True
            case "L":
                return False
    return None


def by_direction(text: str) -> list[str]:
    """Cut text at line ends where lines are written in the other direction than those above.

    Lines without letters stay with those above. Text that changes all the time is left alone.
    """
    if not _RIGHT_TO_LEFT.search(text):
        return [text]
    parts: list[list[str]] = [[]]
    before: bool | None = None
    for line in text.splitlines(keepends=True):
        direction = is_right_to_left(line)
        if before is not None and direction is not None and direction is not before:
            parts.append([])
        parts[-1].append(line)
        before = before if direction is None else direction
    return ["".join(part) for part in parts] if len(parts) <= _MOST_PARTS else [text]


def plain(spans: Cell) -> str:
    """Return the bare text of spans."""
    return "".join(span.text for span in spans)


def utf16_slice(text: str, start: int, end: int) -> str:
    """Cut by Qt's positions, which count UTF-16 units."""
    if text.isascii():
        return text[start:end]
    data = text.encode("utf-16-le", "surrogatepass")
    return data[2 * start : 2 * end].decode("utf-16-le", "replace")


def utf16_length(text: str) -> int:
    """Return the length as Qt counts it."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def split_long(text: str, limit: int) -> list[str]:
    """Cut text at line ends or spaces into parts of at most `limit` characters."""
    parts = []
    start = 0
    while len(text) - start > limit:
        cut = text.rfind("\n", start + 1, start + limit)
        if cut < 0:
            cut = text.rfind(" ", start + 1, start + limit)
        end = start + limit if cut < 0 else cut + 1
        parts.append(text[start:end])
        start = end
    parts.append(text[start:])
    return parts

"""Markdown (CommonMark, tables, strikethrough) to blocks; HTML stays text, images stay links."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from phidesk.ui.thread.blocks import LINE_BREAK, Block, Kind, Span, split_long
from phidesk.ui.thread.inline import INERT, References, inline_spans
from phidesk.ui.thread.math_rules import add_math
from phidesk.ui.thread.walker import BULLETS, LONG_PARAGRAPH, Walker, language_of

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

MAX_NESTING = 40
"""Levels of the parser's tree; what is nested deeper is shown as its source."""

_MAX_COLUMNS = 40
_DEEP = re.compile(
    r"^([ \t]{48,}|[ \t]*)(?=(?:(?<=[ \t]{48})|(?:(?:[-+*]|\d{1,9}[.)])[ \t]+|>[ \t]*){6})"
    r"(?:[-+*>]|\d{1,9}[.)]))",
    re.MULTILINE,
)
"""Before the markers of a line that is nested deeper than anybody writes."""
_DEFINITION = re.compile(r"^[ >]*(\[[^\]\n]+\]:[ \t]*\S.*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Unit:
    """A top-level block, or one item of a top-level list, that starts in a line of the source.

    number: an ordered item's number. fence: the opening characters of a code fence that is
    not closed yet.
    """

    line: int
    blocks: list[Block]
    number: int | None = None
    is_table: bool = False
    fence: str = ""
    language: str = ""


def parse(text: str, references: References = (), number: int | None = None) -> list[Unit]:
    """Parse source in which lines end with a line feed.

    number: where the text begins with an item that continues an ordered list, its number.
    """
    text = _DEEP.sub(rf"\1{INERT}", text)
    groups = list(_groups(parser().parse(text)))
    lines = text.split("\n")
    units = []
    start = 1
    for index, group in enumerate(groups):
        follow = groups[index + 1].line if index + 1 < len(groups) else len(lines)
        opener = group.list_open
        if opener and not group.position:
            start = _start(opener) if index or number is None else number
        units.append(_unit(group, lines[group.line : follow], references, start))
    return units


def references(text: str) -> References:
    """Return the link definitions that stand on lines of their own."""
    if "]:" not in text:
        return ()
    env: dict[str, Any] = {}
    for found in _DEFINITION.finditer(text):
        parser().parse(found[1], env)
    return tuple((label, entry["href"]) for label, entry in env.get("references", {}).items())


@cache
def parser() -> "MarkdownIt":
    """Return the parser; the first call takes some 40 ms for the import."""
    from markdown_it import MarkdownIt

    options = {"html": False, "maxNesting": MAX_NESTING}
    made = MarkdownIt("commonmark", options).enable(["table", "strikethrough"])
    add_math(made)
    made.core.ruler.disable(["inline", "text_join"])  # see inline.py: bounded and remembered
    return made


@dataclass(slots=True)
class _Group:
    line: int
    tokens: list["Token"]
    list_open: "Token | None"
    position: int


def _groups(tokens: Sequence["Token"]) -> Iterator[_Group]:
    """Cut the token stream at top-level blocks and at the items of top-level lists."""
    group: _Group | None = None
    open_list: Token | None = None
    position = 0
    for token in tokens:
        if token.level == 0 and token.type in ("bullet_list_open", "ordered_list_open"):
            open_list, position = token, 0
        elif token.level == 0 and token.type in ("bullet_list_close", "ordered_list_close"):
            open_list = None
        else:
            if token.level == (1 if open_list else 0) and token.nesting >= 0:
                if group:
                    yield group
                group = _Group(token.map[0] if token.map else 0, [], open_list, position)
                position += 1
            if group:
                group.tokens.append(token)
    if group:
        yield group


def _unit(group: _Group, lines: list[str], refs: References, start: int) -> Unit:
    head = group.tokens[0]
    marker, number = "", None
    if group.list_open and group.list_open.type == "ordered_list_open":
        number = start + group.position
        marker = f"{number}{group.list_open.markup}"
    elif group.list_open:
        marker = BULLETS[0]
    too_deep = max(token.level for token in group.tokens) >= MAX_NESTING - 1
    if too_deep or (head.type == "table_open" and _columns(group.tokens) > _MAX_COLUMNS):
        blocks = _source_blocks("\n".join(lines).rstrip().replace(INERT, ""))
    else:
        blocks = list(Walker(parser(), refs, marker).blocks(group.tokens))
    unit = Unit(group.line, blocks, number, head.type == "table_open")
    if head.type == "fence" and not any(closes(line, head.markup) for line in lines[1:]):
        return replace(unit, fence=head.markup, language=language_of(head.info))
    return unit


def _columns(tokens: Sequence["Token"]) -> int:
    return sum(token.type == "th_open" for token in tokens)


def long_text(parts: Sequence[str], refs: References, *, begun: bool) -> list[Block]:
    """Return the parts of a very long block as paragraphs; begun: whether others stand above."""
    return [
        Block(
            Kind.PARAGRAPH,
            inline_spans(parser(), part.strip("\n"), refs),
            first=not begun and index == 0,
        )
        for index, part in enumerate(parts)
    ]


def _source_blocks(source: str) -> list[Block]:
    parts = split_long(source, LONG_PARAGRAPH)
    return [
        Block(Kind.PARAGRAPH, (Span(part.strip("\n").replace("\n", LINE_BREAK)),), first=not index)
        for index, part in enumerate(parts)
    ]


def closes(line: str, fence: str) -> bool:
    """Whether a line ends the code that the fence began."""
    body = line.lstrip(" ")
    bare = body.rstrip(" \t")
    is_fence = len(bare) >= len(fence) and bare == fence[0] * len(bare)
    return is_fence and len(line) - len(body) < 4


def _start(opener: "Token") -> int:
    return int(opener.attrs.get("start", 1))

"""The parser's tokens of one top-level block to flat blocks that know their containers."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from phidesk.ui.thread.blocks import Block, Cell, Kind, Span, Style, split_long
from phidesk.ui.thread.code import split_code
from phidesk.ui.thread.inline import INERT, References, inline_spans

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

BULLETS = "•◦▪"
TASKS = "☐☑"
"""What stands in a bullet's place before something to do, and something done; after a number."""
_TASK = re.compile(r"\[([ xX])\]\s+")
LONG_PARAGRAPH = 4000
"""Characters of a paragraph that are parsed and laid out together."""
TABLE_ROWS, _TABLE_CELLS = 40, 240
"""Rows and cells of a table that are laid out together, at most."""


class Walker:
    """Walks over the tokens of one top-level block or list item."""

    def __init__(self, parser: "MarkdownIt", references: References, marker: str) -> None:
        self._parser = parser
        self._references = references
        self._marker = marker
        self._lists: list[tuple[Token | None, int]] = [(None, 0)]
        self._containers: list[tuple[str, int]] = []
        self._previous: list[tuple[str, int]] = []
        self._opened = 0

    def blocks(self, tokens: Sequence["Token"]) -> Iterator[Block]:
        """Yield the blocks from the top to the bottom."""
        for index, token in enumerate(tokens):
            match token.type:
                case "blockquote_open":
                    self._open("q")
                case "bullet_list_open" | "ordered_list_open":
                    self._lists.append((token, 0))
                case "bullet_list_close" | "ordered_list_close":
                    self._lists.pop()
                case "list_item_open":
                    self._open_item()
                case "list_item_close":
                    if self._marker:  # an item without text
                        yield self._placed(Block(Kind.PARAGRAPH))
                    self._containers.pop()
                case "blockquote_close":
                    self._containers.pop()
                case "paragraph_open":
                    yield from self._text(Kind.PARAGRAPH, tokens[index + 1].content)
                case "heading_open":
                    level = int(token.tag[1:])
                    yield from self._text(Kind.HEADING, tokens[index + 1].content, level)
                case "fence" | "code_block":
                    for block in code_blocks(
                        token.content.replace(INERT, ""), language_of(token.info)
                    ):
                        yield self._placed(block)
                case "math_block":
                    yield self._placed(Block(Kind.PARAGRAPH, (Span(token.content, Style.MATH),)))
                case "unfinished_math":
                    yield from self._text(Kind.PARAGRAPH, token.content)
                case "hr":
                    yield self._placed(Block(Kind.RULE))
                case "table_open":
                    for block in self._table(tokens[index:]):
                        yield self._placed(block)

    def _open(self, kind: str) -> None:
        self._opened += 1
        self._containers.append((kind, self._opened))

    def _open_item(self) -> None:
        self._open("l")
        opener, position = self._lists[-1]
        if opener is None:
            return  # the item with which the tokens begin: its marker was given
        self._lists[-1] = (opener, position + 1)
        if opener.type == "ordered_list_open":
            self._marker = f"{int(opener.attrs.get('start', 1)) + position}{opener.markup}"
        else:
            self._marker = BULLETS[min(self._depth() - 1, len(BULLETS) - 1)]

    def _depth(self) -> int:
        return sum(kind == "l" for kind, _ in self._containers)

    def _text(self, kind: Kind, source: str, level: int = 0) -> Iterator[Block]:
        found = _TASK.match(source) if self._marker else None
        if found and kind is Kind.PARAGRAPH:
            box, number = TASKS[found[1] != " "], self._marker.rstrip(BULLETS)
            source, self._marker = source[found.end() :], f"{number} {box}".strip()
        for index, part in enumerate(split_long(source, LONG_PARAGRAPH)):
            yield self._placed(Block(kind, self._spans(part), level, first=index == 0))

    def _spans(self, source: str) -> Cell:
        return inline_spans(self._parser, source.strip("\n"), self._references)

    def _placed(self, block: Block) -> Block:
        """Add where the block stands."""
        shared = 0
        for mine, other in zip(self._containers, self._previous, strict=False):
            if mine != other:
                break
            shared += 1
        path = "".join(kind for kind, _ in self._containers)
        self._previous = list(self._containers)
        joined = shared if "q" in path[:shared] else 0
        marker, self._marker = self._marker, ""
        if not path and not marker:
            return block
        return replace(block, path=path, joined=joined, marker=marker)

    def _table(self, tokens: Sequence["Token"]) -> Iterator[Block]:
        rows: list[tuple[Cell, ...]] = []
        align: list[str] = []
        cells: list[Cell] = []
        for token in tokens:
            match token.type:
                case "tr_open":
                    cells = []
                case "tr_close":
                    rows.append(tuple(cells))
                case "th_open":
                    align.append(str(token.attrs.get("style", "")).removeprefix("text-align:"))
                case "inline":
                    cells.append(self._spans(token.content))
                case "table_close":
                    break
        yield from table_rows(rows, tuple(align))


def number_of(marker: str) -> str:
    """Return what stands before a list's item without the box of something to do."""
    return marker.rstrip(f" {TASKS}")


def table_rows(
    rows: Sequence[tuple[Cell, ...]], align: tuple[str, ...], *, first: bool = True
) -> Iterator[Block]:
    """Return a table as blocks of a bounded number of cells; first: whether its head is there."""
    size = max(6, min(TABLE_ROWS, _TABLE_CELLS // max(1, len(align))))
    for start in range(0, len(rows), size):
        yield Block(
            Kind.TABLE,
            rows=tuple(rows[start : start + size]),
            align=align,
            first=first and start == 0,
            last=start + size >= len(rows),
        )


def code_blocks(code: str, language: str) -> list[Block]:
    """Return a listing as blocks of bounded length."""
    windows, rest = split_code(code)
    parts = [*windows, rest]
    end = len(parts) - 1
    return [
        Block(Kind.CODE, code=part, language=language, first=not i, last=i == end)
        for i, part in enumerate(parts)
    ]


def language_of(info: str) -> str:
    """Return the language that a fence names."""
    return info.split()[0] if info.strip() else ""

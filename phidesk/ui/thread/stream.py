"""Markdown that grows: finished blocks are kept, only the open end is parsed again."""

import re
from dataclasses import replace

from phidesk.ui.thread.blocks import Block, Kind, split_long
from phidesk.ui.thread.code import split_code
from phidesk.ui.thread.inline import References
from phidesk.ui.thread.markdown import Unit, closes, long_text, parse
from phidesk.ui.thread.walker import LONG_PARAGRAPH, table_rows

_SLICE = 1024
"""Characters of a long text that are parsed in one go."""
_HEAVIEST = 24_000
"""The weight of a block that is parsed again and again while it grows; what is heavier is shown
as paragraphs."""
_LARGE_TABLE = 2000
_END = re.compile(r"\n(?=[ \t]*\n| {0,3}(?:#{1,6}[ \t\n]|```|~~~))")
"""Where a very long block ends."""
_MARK = "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
_MARKS = re.compile(f"([{_MARK}]{{4}})[{_MARK}]+")
"""More marks on a letter than any language has: they would cover the lines around it."""


class MarkdownStream:
    """Turns text that arrives in pieces into blocks.

    `blocks[:committed]` never change again. After finish() the blocks equal those of the
    whole text parsed at once, whatever the pieces were.
    """

    def __init__(self, references: References = ()) -> None:
        self.blocks: list[Block] = []
        self.committed = 0
        self.references = references
        self._input = ""
        self._taken = 0
        self._pending = ""
        self._is_long = False
        self._is_begun = False
        self._table = ""
        self._number: int | None = None
        self._fence = ""
        self._language = ""
        self._code = ""
        self._code_begun = False

    def append(self, text: str) -> None:
        """Take a piece; advance() renders it."""
        self._input = self._input[self._taken :] + text
        self._taken = 0

    @property
    def is_behind(self) -> bool:
        """Whether advance() has something to do."""
        return len(self._input) - self._taken > self._input.endswith("\r")

    def advance(self) -> None:
        """Render the next slice of what was appended."""
        size = max(_SLICE, min(4 * _SLICE, len(self._pending) // 4))
        taken = self._input[self._taken : self._taken + size]
        if taken.endswith("\r"):  # half a line end, perhaps
            more = self._input[self._taken + len(taken) :][:1]
            taken = taken[:-1] or (taken + more if more else "")
        self._taken += len(taken)
        if taken:
            taken = taken.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")
            kept = max(0, len(self._pending) - 8)
            self._pending = self._pending[:kept] + without_heaps(self._pending[kept:] + taken)
        self._render()

    def finish(self) -> None:
        """Render all that is left; nothing may be appended afterwards."""
        self._input = self._input[self._taken :].replace("\r\n", "\n").replace("\r", "\n")
        self._taken = 0
        while self.is_behind:
            self.advance()
        self.committed = len(self.blocks)

    def _render(self) -> None:
        del self.blocks[self.committed :]
        tail: list[Block] = []
        while True:
            if self._fence:
                tail = self._render_code()
                if self._fence:
                    break
            if self._is_long:
                tail = self._render_long()
                if self._is_long:
                    break
            tail = self._render_markdown()
            if not self._is_within:
                break
        self.blocks.extend(tail)

    @property
    def _is_within(self) -> bool:
        """Whether what comes next belongs to a listing or to a very long block."""
        return bool(self._fence) or self._is_long

    def _commit(self, blocks: list[Block]) -> None:
        self.blocks.extend(blocks)
        self.committed += len(blocks)

    def _render_markdown(self) -> list[Block]:
        """Commit what a later block has closed; return the blocks of the rest."""
        units = parse(self._table + self._pending, self.references, self._number)
        if not units:
            return []
        if self._table:
            rows = [row for block in units[0].blocks for row in block.rows][1:]
            again = list(table_rows(rows, units[0].blocks[0].align, first=False))
            lines = units[0].line, *(unit.line - 2 for unit in units[1:])
            units = [replace(unit, line=line) for unit, line in zip(units, lines, strict=True)]
            units[0] = replace(units[0], blocks=again)
        complete = self._pending.count("\n")
        last = len(units) - 1
        while last and not _is_certain(units[last], complete):
            last -= 1
        for unit in units[:last]:
            self._commit(unit.blocks)
        unit = units[last]
        if last:
            self._pending, self._table = _from_line(self._pending, unit.line), ""
            self._number = unit.number
        if unit.fence and last == len(units) - 1 and unit.line < complete:
            self._enter_fence(unit, unit.line if not last else 0)
            if self._fence:
                return []
        tail = [block for unit in units[last:] for block in unit.blocks]
        if unit.is_table and last == len(units) - 1 and len(self._pending) > _LARGE_TABLE:
            tail = self._commit_rows(tail)
        if _weight(self._pending) > _HEAVIEST:
            self._is_long, self._is_begun = True, False
            return []
        return tail

    def _commit_rows(self, blocks: list[Block]) -> list[Block]:
        """Commit the finished parts of a long table; its head is parsed again with the rest."""
        finished = blocks[:-1]
        if not finished:
            return blocks
        skipped = sum(len(block.rows) for block in finished)
        if not self._table:
            self._table = "".join(self._pending.splitlines(keepends=True)[:2])
            skipped += 1
        self._pending = _from_line(self._pending, skipped)
        self._commit(finished)
        return blocks[-1:]

    def _render_long(self) -> list[Block]:
        """Commit finished parts of a block that is too long; return the blocks of the rest."""
        end = _END.search(self._pending)
        # The last line may yet turn out to begin something else.
        text = self._pending[: end.start()] if end else self._pending
        parts = split_long(text, LONG_PARAGRAPH)
        parts[-1] = parts[-1].rstrip()
        blocks = long_text(parts, self.references, begun=self._is_begun)
        self._table, self._number = "", None
        if end:
            self._commit(blocks)
            self._pending = self._pending[end.end() :]
            self._is_long = False
            return []
        if len(blocks) > 1:
            self._commit(blocks[:-1])
            self._is_begun = True
            self._pending = text[sum(map(len, parts[:-1])) :]
        return blocks[-1:]

    def _enter_fence(self, unit: Unit, line: int) -> None:
        source = _from_line(self._pending, line)
        if source[0] in " \t":
            return  # an indented fence takes indentation from its lines: leave that to the parser
        self._fence, self._language = unit.fence, unit.language
        self._code, self._code_begun, self._number = "", False, None
        self._pending = _from_line(source, 1)

    def _render_code(self) -> list[Block]:
        """Commit finished parts of an open listing; return the blocks of the rest."""
        *lines, partial = self._pending.split("\n")
        for index, line in enumerate(lines):
            if closes(line, self._fence):
                self._code += "".join(f"{line}\n" for line in lines[:index])
                self._commit(self._code_blocks())
                self._pending = "\n".join([*lines[index + 1 :], partial])
                self._fence = ""
                return []
        self._code += "".join(f"{line}\n" for line in lines)
        self._pending = partial
        code = self._code
        blocks = self._code_blocks(partial)
        windows, self._code = split_code(code)
        if windows:
            self._commit(blocks[: len(windows)])
            self._code_begun = True
        return blocks[len(windows) :]

    def _code_blocks(self, partial: str = "") -> list[Block]:
        if not partial.strip(" \t") or closes(partial, self._fence):
            partial = ""  # the parser, too, leaves out a blank last line without its end
        windows, rest = split_code(self._code + partial)
        parts = [*windows, rest]
        return [
            Block(
                Kind.CODE,
                code=part,
                language=self._language,
                first=not index and not self._code_begun,
                last=index == len(parts) - 1,
            )
            for index, part in enumerate(parts)
        ]


def without_heaps(text: str) -> str:
    """Return text in which no letter has more than four marks above or below it."""
    return _MARKS.sub(r"\1", text)


def _weight(text: str) -> int:
    """Return how much work a block is, in characters of plain text."""
    return len(text) + 8 * (text.count("\n") + text.count("|")) + 100 * text.count("\n>")


def _is_certain(unit: Unit, complete_lines: int) -> bool:
    """Whether the unit begins where it does whatever text follows.

    A line that is not complete may turn into something else, and a table is one only
    because of its second line.
    """
    return unit.line + unit.is_table < complete_lines


def _from_line(text: str, line: int) -> str:
    position = 0
    for _ in range(line):
        position = text.index("\n", position) + 1
    return text[position:]

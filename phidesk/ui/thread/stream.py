"""Markdown that grows: finished blocks are kept, only the open end is parsed again."""

from phidesk.ui.thread.blocks import Block, Kind
from phidesk.ui.thread.code import split_code
from phidesk.ui.thread.inline import References
from phidesk.ui.thread.markdown import Unit, closes, parse

_SLICE = 2048
"""Characters of a long text that are parsed in one go."""


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
        self._pending = ""
        self._number: int | None = None
        self._fence = ""
        self._language = ""
        self._code = ""
        self._code_begun = False

    def append(self, text: str) -> None:
        """Take a piece; advance() renders it."""
        self._input += text

    @property
    def is_behind(self) -> bool:
        """Whether advance() has something to do."""
        return len(self._input) > self._input.endswith("\r")

    def advance(self) -> None:
        """Render the next slice of what was appended."""
        size = max(_SLICE, len(self._pending) // 2)
        taken = self._input[:size]
        if taken.endswith("\r"):  # half a line end, perhaps
            taken = taken[:-1] or (self._input[:2] if len(self._input) > 1 else "")
        self._input = self._input[len(taken) :]
        if taken:
            taken = taken.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")
            self._pending += taken
        self._render()

    def finish(self) -> None:
        """Render all that is left; nothing may be appended afterwards."""
        self._input = self._input.replace("\r\n", "\n").replace("\r", "\n")
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
            tail = self._render_markdown()
            if not self._fence:
                break
        self.blocks.extend(tail)

    def _commit(self, blocks: list[Block]) -> None:
        self.blocks.extend(blocks)
        self.committed += len(blocks)

    def _render_markdown(self) -> list[Block]:
        """Commit what a later block has closed; return the blocks of the rest."""
        units = parse(self._pending, self.references, self._number)
        if not units:
            return []
        complete = self._pending.count("\n")
        last = len(units) - 1
        while last and not _is_certain(units[last], complete):
            last -= 1
        for unit in units[:last]:
            self._commit(unit.blocks)
        unit = units[last]
        if last:
            self._pending = _from_line(self._pending, unit.line)
            self._number = unit.number
        if unit.fence and last == len(units) - 1 and unit.line < complete:
            self._enter_fence(unit, unit.line if not last else 0)
            if self._fence:
                return []
        return [block for unit in units[last:] for block in unit.blocks]

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

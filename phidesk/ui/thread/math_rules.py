r"""Where formulas are in Markdown: $…$, $$…$$, \(…\) and \[…\]; prices are none."""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_inline import StateInline

_LONGEST = 2000
_PAIRS = {"$$": "$$", "\\[": "\\]", "\\(": "\\)", "$": "$"}
_TEX = re.compile(r"[\\^_{}]")
_NAME = re.compile(r"[A-Za-z0-9]")
_SIGNS = re.compile(r"[=<>+*/|]")
_PROSE = re.compile(r"^[^\W\d_]{2,}[\s,]|\s[^\W\d_]{2,}(?:[\s,]|$)")


def add_math(parser: "MarkdownIt") -> None:
    """Teach the parser formulas."""
    parser.inline.ruler.before("escape", "math", _inline)
    parser.block.ruler.before(
        "fence", "math_block", _block, {"alt": ["paragraph", "reference", "blockquote", "list"]}
    )


def formula_of(source: str) -> tuple[str, bool]:
    """Return a formula without its delimiters, and whether it stands by itself."""
    for begin, end in _PAIRS.items():
        if source.startswith(begin):
            tex = source[len(begin) :].removesuffix(end).strip()
            return tex, begin in ("$$", "\\[")
    return source, False


def _inline(state: "StateInline", silent: bool) -> bool:
    text, start = state.src, state.pos
    begin = next((pair for pair in _PAIRS if text.startswith(pair, start)), "")
    if not begin:
        return False
    inside = start + len(begin)
    end = text.find(_PAIRS[begin], inside, inside + _LONGEST)
    if begin == "$":
        end = _dollar_end(text, start, end)
    if end < 0 or not text[inside:end].strip():
        return False
    stop = end + len(_PAIRS[begin])
    if not silent:
        token = state.push("math", "", 0)
        token.content = text[start:stop]
    state.pos = stop
    return True


def _dollar_end(text: str, start: int, end: int) -> int:
    """Return where the formula that a single $ begins has its end, -1 where it is a price."""
    before, inside = text[start - 1 : start], text[start + 1 : max(end, 0)]
    if end < 0 or _NAME.match(before) or before == "$" or not inside or "\n\n" in inside:
        return -1
    if inside[0].isspace() or inside[-1].isspace() or inside.endswith("\\"):
        return -1
    after = text[end + 1 : end + 2]
    if _TEX.search(inside):
        return -1 if after.isdigit() else end
    if _NAME.match(after) and len(inside) > 1:
        return -1
    if _PROSE.search(inside) or (inside[0].isdigit() and after.isdigit()):
        return -1
    is_number = inside.replace(",", "").replace(".", "").isdigit()
    has_words = any(char.isspace() for char in inside) and not _SIGNS.search(inside)
    return -1 if has_words and not is_number and "," not in inside else end


def _block(state: "StateBlock", first: int, last: int, silent: bool) -> bool:
    """A formula that begins a line and ends one; without its end it is text to the next gap."""
    if state.is_code_block(first):
        return False
    line = _line(state, first)
    begin = next((pair for pair in ("$$", "\\[") if line.startswith(pair)), "")
    if not begin:
        return False
    end = _PAIRS[begin]
    rest = line[2:].rstrip()
    if end in rest and not rest.endswith(end):
        return False  # it ends within the line: one of a paragraph
    if rest.endswith(end) and rest.count(end) > 1:
        return False
    if silent:
        return True
    lines, number, is_whole = [line.rstrip()], first, len(rest) >= 2 and rest.endswith(end)
    while not is_whole and number + 1 < last:
        following = _line(state, number + 1).rstrip()
        if not following or state.sCount[number + 1] < state.blkIndent:
            break
        number += 1
        lines.append(following)
        is_whole = following.endswith(end)
    state.line = number + 1
    token = state.push("math_block" if is_whole else "unfinished_math", "", 0)
    token.content = "\n".join(lines)
    token.map = [first, state.line]
    return True


def _line(state: "StateBlock", number: int) -> str:
    return state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]]

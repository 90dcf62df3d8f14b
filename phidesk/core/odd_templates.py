"""Looks for what no chat template needs: ways out of the sandbox, endless loops, huge texts.

It reads the text only: engines render templates under limits in any case, and this is what the
user is told before. Text between the tags is never looked at.
"""

import re
from collections.abc import Iterator
from enum import StrEnum

_LONGEST = 256 * 1024  # characters; the long templates of models with tools have some 30,000
_MOST_TURNS = 100_000  # of nested loops that count; a template goes through messages and tools
_LARGE = 100_000  # a number that only counts turns or characters
_SHOWN = 60

_OPENS = re.compile(r"\{\{|\{%|\{#")
# A string that does not end goes on to the end: the engine refuses it, and no search begins anew.
_STRING = r"'(?:[^'\\]|\\.)*(?:'|\\?\Z)|\"(?:[^\"\\]|\\.)*(?:\"|\\?\Z)"
_STRINGS = re.compile(_STRING, re.DOTALL)
_IN_CODE = re.compile(_STRING + r"|[{}]|%\}", re.DOTALL)
_RAW = re.compile(r"^[-+]?\s*raw\b")
_END_RAW = re.compile(r"\{%[-+]?\s*endraw\b")
# A name in a string, also with its underscores written as Jinja's escapes.
_HIDDEN = re.compile(r"^__\w*$|__\w+__|\\x5[fF]|\\u005[fF]|\\U0000005[fF]|\\137|\\N\{")
_REACHES = re.compile(
    r"\b__\w+|\w__\b"  # what Python objects have inside
    r"|\|\s*attr\b|^[-+]?\s*filter\s+attr\b"  # an attribute by a name that is put together
    r"|'_'\s*\*|\*\s*'_'"  # underscores that are made, not written
    r"|\b(?:lipsum|cycler|joiner)\b"  # what the library gives every template, and none needs
    r"|\b(?:mro|gi_frame|f_globals|func_globals|im_func)\b"
    r"|\b(?:eval|exec|popen|getattr|setattr|globals|builtins|import_module)\s*\("
    r"|\.\s*(?:popen|subclasses|globals|builtins)\b"
)
_BY_NAME = re.compile(r"\|\s*map\b|^[-+]?\s*filter\s+map\b")
# A subscript's or a list's begin and end, and what puts a text together.
_BRACKETS = re.compile(
    r"(?P<key>\b\w++|[\])}'])\s*+\[|\[|\]"
    r"|(?P<builds>~|'_?'\s*+[*+%|.]|[*+%]\s*+'_?'|\|\s*+(?:join|format|replace|reverse|center)\b)"
)
_BEFORE_LISTS = {"in", "if", "else", "elif", "and", "or", "not", "is", "for", "set", "do", "call"}
_OTHER_FILES = re.compile(r"^[-+]?\s*(?:import|include|extends|from)\b")
_FOR = re.compile(r"^[-+]?\s*for\b")
_END_FOR = re.compile(r"^[-+]?\s*endfor\b")
_RANGE = re.compile(r"\brange\s*\(([^()]*)\)")
_NUMBER = re.compile(r"(?<![\w.])(0[xob][\da-f_]+|\d[\d_]*)(?:e(\d+))?", re.IGNORECASE)
_NAMED_ARGUMENTS = re.compile(r"[(,]\s*\*\*")
_PERCENT_WIDTH = re.compile(r"%[-+ #0]*\d{5,}")
_FORMAT_WIDTH = re.compile(r":[^{}:]{0,9}\d{5,}")


class Oddity(StrEnum):
    """What is odd about a template."""

    REACHES_OUT = "reaches_out"
    """It asks for what is inside of Python's objects, the way out of the sandbox."""
    OTHER_FILES = "other_files"
    """It wants other files."""
    ENDLESS = "endless"
    """It counts further than any conversation goes, or makes texts of an absurd size."""
    HUGE = "huge"
    """It is itself of an absurd size."""


def odd_parts(text: str) -> dict[Oddity, str]:
    """Return what is odd about a template, each with the part of it that shows it best."""
    if len(text) > _LONGEST:
        return {Oddity.HUGE: f"{len(text):,} characters"}
    found: dict[Oddity, str] = {}
    turns = [1]  # of each loop, those around it included; no more than can matter
    for code in _code(text):
        strings = [match[1:-1] for match in _STRINGS.findall(code)]
        bare = _STRINGS.sub(_blank, code)
        for oddity, is_odd in (
            (
                Oddity.REACHES_OUT,
                _REACHES.search(bare)
                or any(map(_HIDDEN.search, strings))
                or ("attr" in strings and _BY_NAME.search(bare))
                or _builds_names(bare),
            ),
            (Oddity.OTHER_FILES, _OTHER_FILES.match(bare)),
            (Oddity.ENDLESS, _counts_far(bare, strings)),
        ):
            if is_odd:
                found.setdefault(oddity, _shown(code))
        if _FOR.match(bare):
            turns.append(min(turns[-1] * _turns(bare), _MOST_TURNS + 1))
            if turns[-1] > _MOST_TURNS:
                found.setdefault(Oddity.ENDLESS, _shown(code))
        elif _END_FOR.match(bare) and len(turns) > 1:
            turns.pop()
    return found


def _code(text: str) -> Iterator[str]:
    """Yield what stands between the marks of the template's language, comments left out."""
    at = 0
    while opening := _OPENS.search(text, at):
        start = opening.end()
        if opening[0] == "{#":
            end = text.find("#}", start)
            at = len(text) if end < 0 else end + 2
            continue
        end = _end_of_code(text, start, opening[0])
        code = text[start:end]
        yield code
        at = end
        if opening[0] == "{%" and _RAW.match(code):
            closing = _END_RAW.search(text, end)
            at = closing.start() if closing else len(text)


def _end_of_code(text: str, start: int, opening: str) -> int:
    """Return where code ends: an end mark in a string, or of a mapping, is none."""
    depth = 0
    for part in _IN_CODE.finditer(text, start):
        if opening == "{%":
            if part[0] == "%}":
                return part.start()
        elif part[0] == "{":
            depth += 1
        elif part[0] == "}":
            if depth == 0:
                return part.start()
            depth -= 1
    return len(text)


def _counts_far(bare: str, strings: list[str]) -> bool:
    if "**" in _NAMED_ARGUMENTS.sub("", bare):
        return True
    widths = [_PERCENT_WIDTH, *([_FORMAT_WIDTH] if "format" in bare else [])]
    if any(width.search(text) for width in widths for text in strings):
        return True
    return any(number >= _LARGE for number in _numbers(bare))


def _blank(string: re.Match[str]) -> str:
    return "'_'" if string[0] in ("'_'", '"_"') else "''"


def _builds_names(bare: str) -> bool:
    """Return whether the name of what is asked for, x[name], is put together from texts."""
    are_keys: list[bool] = []
    depth = 0  # of subscripts
    at = 0
    while part := _BRACKETS.search(bare, at):
        at = part.end()
        if part["builds"]:
            if depth:
                return True
        elif part[0].endswith("["):
            if part[0].startswith("]"):  # ends one, and begins another
                depth -= are_keys.pop() if are_keys else False
            are_keys.append(part["key"] is not None and part["key"] not in _BEFORE_LISTS)
            depth += are_keys[-1]
        elif are_keys:
            depth -= are_keys.pop()
    return False


def _turns(code: str) -> int:
    """Return how often a loop goes round at least, as far as numbers in it tell."""
    ranges = [max(_numbers(inside), default=1) for inside in _RANGE.findall(code)]
    return max(1, *ranges) if ranges else 1


def _numbers(code: str) -> list[int]:
    found = []
    for digits, power in _NUMBER.findall(code):
        try:
            number = int(digits[:40], 0 if digits[1:2].isalpha() else 10)
        except ValueError:  # such as "0x_": the engine refuses that as well
            continue
        found.append(_LARGE if power and int(power[:3]) > 4 else number * 10 ** int(power or 0))
    return found


def _shown(code: str) -> str:
    words = " ".join(code.strip("-+ \n\t").split())
    return words if len(words) <= _SHOWN else f"{words[:_SHOWN]}…"

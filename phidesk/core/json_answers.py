"""Tells answers that are JSON from prose, by their text alone.

A schema makes a model answer so, but models do it without one, too; and that there was a schema is
not kept with a message.
"""

import json
import re

_MOST_READ = 50_000
"""characters: what is longer is judged by its beginning"""
_BEGINNING = re.compile(r'\s*(?:\{|\[\s*[\[{"])')
_ANY_BEGINNING = re.compile(r"\s*[{\[]")
_BROKEN_OFF = re.compile(r"-?|\.|[eE][+-]?|t(?:ru?)?|f(?:a(?:ls?)?)?|n(?:ul?)?")
"""The rest of a number or a word, after which the parser stops."""
_LONGEST_ESCAPE = 6
_DECODER = json.JSONDecoder(parse_int=str, parse_float=str)  # numbers of any length


def is_json(text: str, *, is_open: bool = False) -> bool:
    """Return whether a text is a JSON object or list, or the beginning of one.

    is_open: whether more may come. A list then has to hold objects, lists or texts: "[1" may yet
    become a reference in prose.
    """
    if not (_BEGINNING if is_open else _ANY_BEGINNING).match(text):
        return False
    read = text[:_MOST_READ].strip()
    try:
        _, end = _DECODER.raw_decode(read)
    except json.JSONDecodeError as error:
        return _is_at_end(error, read)
    except RecursionError:
        return False
    return end == len(read)


def _is_at_end(error: json.JSONDecodeError, text: str) -> bool:
    """Return whether the only mistake is that the text does not go on."""
    left = text[error.pos :]
    if error.msg.startswith("Unterminated string"):
        return True
    if error.msg.startswith("Invalid"):
        return len(left) <= _LONGEST_ESCAPE and "\\u" in text[-_LONGEST_ESCAPE:]
    return bool(_BROKEN_OFF.fullmatch(left))

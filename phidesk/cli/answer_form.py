"""Reads the form that an answer is to have, and refuses what no engine could follow."""

import argparse
import re
import warnings
from pathlib import Path

import msgspec

from phidesk.core.chat import GenerationResult, StopReason, Structure

# What vLLM's reader of regular expressions refuses too. It knows more than Python's in other
# places, such as \p{Greek}.
_WRONG_EVERYWHERE = (
    "missing )",
    "unbalanced parenthesis",
    "unterminated character set",
    "bad character range",
    "min repeat greater",
    "nothing to repeat",
)


def read_structure(options: argparse.Namespace) -> Structure | None:
    """Return the form that the answer is to have; raises ValueError with plain words."""
    given = (options.json_schema, options.regex, options.choice)
    if all(value is None for value in given):
        return None
    if sum(value is not None for value in given) > 1:
        raise ValueError("Give only one of --json-schema, --regex and --choice.")
    if options.json_schema is not None:
        return Structure(json_schema=_schema(options.json_schema))
    if options.regex is not None:
        return Structure(regex=_regex(options.regex))
    if not all(options.choice):
        raise ValueError("A --choice cannot be empty.")
    return Structure(choices=tuple(options.choice))


def cut_warning(structure: Structure | None, result: GenerationResult | None) -> str:
    """Return words for an answer that ended before it had its form, "" where it has."""
    if structure is None or result is None or result.stop_reason is not StopReason.LENGTH:
        return ""
    return (
        f"The answer was cut after {result.completion_tokens:,} tokens: it is incomplete, and may "
        "not have its form. A higher --max-tokens, or a longer --context, gives it room."
    )


def _regex(text: str) -> str:
    if not text:
        raise ValueError("The regular expression is empty.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what Python may read otherwise one day
            re.compile(text)
    except re.error as error:
        if str(error).startswith(_WRONG_EVERYWHERE):
            raise ValueError(f"The regular expression cannot be used: {error}.") from error
    return text


def _schema(where: str) -> str:
    """Return a JSON schema that was given as text or as the name of a file."""
    text = where.strip()
    if not text.startswith("{"):
        text = _read(where)
    try:
        msgspec.json.decode(text, type=dict[str, object])
    except msgspec.DecodeError as error:
        raise ValueError(f"The schema is no JSON object: {error}.") from error
    return text


def _read(where: str) -> str:
    try:
        return Path(where).expanduser().read_text("utf-8")
    except (OSError, UnicodeDecodeError, RuntimeError) as error:
        looks_like_a_file = "/" in where or where.endswith(".json")
        if isinstance(error, FileNotFoundError) and not looks_like_a_file:
            raise ValueError(
                f"“{where}” is neither a JSON schema, which begins with {{, nor a file."
            ) from error
        words = getattr(error, "strerror", None) or error
        raise ValueError(f"The schema “{where}” cannot be read: {words}.") from error

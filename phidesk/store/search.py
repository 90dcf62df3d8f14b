"""Finds words in titles and messages, in any script.

The index knows runs of three characters. Shorter words, and texts that are not in the index yet,
are looked for in the texts themselves.
"""

import re
import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any

from phidesk.core.chat import Role
from phidesk.core.conversation import SearchHit

_BEFORE, _AFTER = 40, 120  # characters of a snippet around the first place
_LONGEST_QUERY = 500
_PHRASE = re.compile(r'"([^"]+)"|(\S+)')
_SPACES = dict.fromkeys(range(32), " ")
_FROM = """SELECT m.chat, m.id, m.role, m.created, m.text
    FROM messages m JOIN chats c ON c.id = m.chat
    WHERE m.deleted IS NULL AND c.deleted IS NULL"""


def search(connection: sqlite3.Connection, query: str, limit: int) -> list[SearchHit]:
    """Return where all words of the query stand; words in quotation marks stand side by side."""
    words = [
        quoted or plain
        for quoted, plain in _PHRASE.findall(query[:_LONGEST_QUERY].replace("\0", " "))
    ]
    if not words:
        return []
    likes = [_like(word) for word in words]
    in_text = " AND m.text LIKE ? ESCAPE '\\'" * len(words)
    hits: list[SearchHit] = []
    titles = connection.execute(
        "SELECT id, NULL, NULL, updated, title FROM chats WHERE deleted IS NULL"
        + " AND title LIKE ? ESCAPE '\\'" * len(words)
        + " ORDER BY updated DESC",
        likes,
    )
    _gather(hits, titles, words, limit)
    # What is being answered, what was saved a moment ago, and what is very long.
    newest = connection.execute(
        f"{_FROM} AND m.indexed <> 1 {in_text} ORDER BY m.number DESC", likes
    )
    _gather(hits, newest, words, limit)
    long = [word for word in words if len(word) >= 3]
    short = [like for word, like in zip(words, likes, strict=True) if len(word) < 3]
    sql = f"{_FROM} AND m.indexed = 1" + " AND m.text LIKE ? ESCAPE '\\'" * len(short)
    if long:
        sql += " AND m.number IN (SELECT rowid FROM words WHERE words MATCH ?)"
        short.append(" ".join(f'"{word.replace(chr(34), chr(34) * 2)}"' for word in long))
    _gather(hits, connection.execute(f"{sql} ORDER BY m.number DESC", short), words, limit)
    return hits


def _gather(
    hits: list[SearchHit], rows: Iterable[tuple[Any, ...]], words: list[str], limit: int
) -> None:
    patterns = [re.compile(re.escape(word), re.IGNORECASE) for word in words]
    for chat, message, role, created, text in rows:
        if len(hits) >= limit:
            return
        firsts = [pattern.search(text) for pattern in patterns]
        places = [first.start() for first in firsts if first is not None]
        if len(places) == len(patterns):
            snippet = _snippet(text, min(places))
            hit = SearchHit(
                chat=chat,
                message=message,
                role=Role(role) if role else None,
                created=created,
                snippet=snippet,
                marks=tuple(_marks(snippet, patterns)),
            )
            hits.append(hit)


def _snippet(text: str, place: int) -> str:
    start, end = max(0, place - _BEFORE), min(len(text), place + _AFTER)
    if start:  # at a word's beginning, where there is one
        start = max(start, text.find(" ", start, place) + 1)
    before = "…" if start else ""
    return before + text[start:end].translate(_SPACES) + ("…" if end < len(text) else "")


def _marks(snippet: str, patterns: list[re.Pattern[str]]) -> Iterator[tuple[int, int]]:
    """Give the places of all words, in order, those that overlap as one."""
    found = sorted(match.span() for pattern in patterns for match in pattern.finditer(snippet))
    last: tuple[int, int] | None = None
    for start, end in found:
        if last is None:
            last = (start, end)
        elif start < last[1]:
            last = (last[0], max(last[1], end))
        else:
            yield last
            last = (start, end)
    if last is not None:
        yield last


def _like(word: str) -> str:
    """Return a pattern that finds the word and maybe more: LIKE knows only ASCII's cases."""
    escaped = re.sub(r"([\\%_])", r"\\\1", word)
    letters = ("_" if not c.isascii() and c.lower() != c.upper() else c for c in escaped)
    return f"%{''.join(letters)}%"

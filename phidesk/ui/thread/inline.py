"""Inline Markdown (emphasis, code, links) to spans of text."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from phidesk.ui.thread.blocks import LINE_BREAK, Cell, Span, Style

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

References = tuple[tuple[str, str], ...]
"""Labels in the parser's normal form and their addresses."""

INERT = "\ue0de"
"""A private character before what the parser is to take for text; it is never shown."""

_BARE_LINK = re.compile(r"https?://[^\s<>\"'`|\\^{}\[\]]+")
_STYLES = {"strong": Style.BOLD, "em": Style.ITALIC, "s": Style.STRIKE}
_LONGEST_ADDRESS = 120
_THICKET = 400


@lru_cache(maxsize=1024)  # a list that grows is parsed often, its older items only once
def inline_spans(parser: "MarkdownIt", source: str, references: References) -> Cell:
    """Return the spans of one paragraph's source."""
    source = source.replace(INERT, "")
    if _is_thicket(source):
        return (Span(source.replace("\n", LINE_BREAK)),)
    env = {"references": {label: {"title": "", "href": href} for label, href in references}}
    tokens: list[Token] = []
    parser.inline.parse(source, parser, env, tokens)
    return tuple(_merged(_spans(tokens)))


def _is_thicket(source: str) -> bool:
    """Whether text has so many signs that it is no Markdown, and would take long to parse."""
    if len(source) < _THICKET:
        return False
    return source.count("[") > _THICKET or sum(map(source.count, "*_`~<!&")) > 3 * _THICKET


def is_web_link(address: str) -> bool:
    """Whether an address is one that the view offers to open."""
    return address.startswith(("http://", "https://"))


def _spans(tokens: Sequence["Token"]) -> Iterator[Span]:
    style = Style.PLAIN
    links: list[str] = []
    for token in tokens:
        link = links[-1] if links else ""
        name, _, side = token.type.rpartition("_")
        match token.type:
            case "softbreak" | "hardbreak":
                yield Span(LINE_BREAK, style, link)
            case "code_inline":
                yield Span(token.content, style | Style.CODE, link)
            case "math":
                yield Span(token.content, style | Style.MATH)
            case "link_open":
                address = str(token.attrs.get("href", ""))
                links.append(address if is_web_link(address) else "")
            case "link_close":
                links.pop()
            case "image":
                yield from _image(token, style, link)
            case _ if name in _STYLES:
                style = style | _STYLES[name] if side == "open" else style & ~_STYLES[name]
            case _ if link:
                yield Span(token.content, style, link)
            case _:
                yield Span(token.content, style)


def _image(token: "Token", style: Style, link: str) -> Iterator[Span]:
    """An image is never fetched: its description and its address stand for it."""
    address = str(token.attrs.get("src", ""))
    if token.content:
        yield Span(token.content + " ", style, link)
    shown = address if len(address) <= _LONGEST_ADDRESS else address[:_LONGEST_ADDRESS] + "…"
    yield Span(shown, style, address if is_web_link(address) else link)


def _merged(spans: Iterator[Span]) -> Iterator[Span]:
    """Join neighbours of one style, then find bare addresses."""
    open_span: Span | None = None
    for span in spans:
        is_formula = span.style & Style.MATH  # two of them stay two
        if (
            open_span
            and not is_formula
            and (span.style, span.link) == (open_span.style, open_span.link)
        ):
            open_span = Span(open_span.text + span.text, span.style, span.link)
            continue
        if open_span:
            yield from _with_bare_links(open_span)
        open_span = span
    if open_span:
        yield from _with_bare_links(open_span)


def _with_bare_links(span: Span) -> Iterator[Span]:
    if span.link or span.style & (Style.CODE | Style.MATH) or "://" not in span.text:
        if span.text:
            yield span
        return
    end = 0
    for found in _BARE_LINK.finditer(span.text):
        address = found[0].rstrip(".,;:!?*_~")
        if address.endswith(")") and "(" not in address:
            address = address.rstrip(").,;:!?")
        if found.start() > end:
            yield Span(span.text[end : found.start()], span.style)
        yield Span(address, span.style, address)
        end = found.start() + len(address)
    if end < len(span.text):
        yield Span(span.text[end:], span.style)

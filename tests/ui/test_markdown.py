"""Markdown becomes the right blocks; nothing in it is executed, fetched or lost."""

import pytest

from phidesk.ui.thread.blocks import Block, Kind, Span, Style, plain
from phidesk.ui.thread.code import WINDOW_LINES, colour_runs, split_code
from phidesk.ui.thread.markdown import parse


def blocks(text: str) -> list[Block]:
    return [block for unit in parse(text) for block in unit.blocks]


def test_styles_and_links() -> None:
    (block,) = blocks("a **b *c*** ~~d~~ `e` [f](https://x.org) https://y.org/z. <https://w.org>")
    assert block.spans == (
        Span("a "),
        Span("b ", Style.BOLD),
        Span("c", Style.BOLD | Style.ITALIC),
        Span(" "),
        Span("d", Style.STRIKE),
        Span(" "),
        Span("e", Style.CODE),
        Span(" "),
        Span("f", link="https://x.org"),
        Span(" "),
        Span("https://y.org/z", link="https://y.org/z"),
        Span(". "),
        Span("https://w.org", link="https://w.org"),
    )


@pytest.mark.parametrize("address", ["javascript:alert(1)", "file:///x", "data:text/html,x", "/x"])
def test_only_web_addresses_are_links(address: str) -> None:
    (block,) = blocks(f"[x]({address})")
    assert all(not span.link for span in block.spans)
    assert "x" in plain(block.spans)


def test_html_stays_text() -> None:
    found = blocks("<script>alert(1)</script>\n\n<div>\nx <b>y</b> &lt;\n</div>")
    assert found[0].spans == (Span("<script>alert(1)</script>"),)
    assert plain(found[1].spans) == "<div>\u2028x <b>y</b> <\u2028</div>"


def test_images_are_their_words_and_address() -> None:
    (block,) = blocks("![a cat](https://x.org/cat.png) ![](file:///y.png)")
    assert block.spans[0] == Span("a cat ")
    assert block.spans[1] == Span("https://x.org/cat.png", link="https://x.org/cat.png")
    assert "file:///y.png" in plain(block.spans)
    assert not block.spans[-1].link


def test_lists_and_quotes_know_their_place() -> None:
    found = blocks("3. a\n   - b\n\n     c\n4. d\n\n> q\n>\n> - r\n\n> s\n")
    places = [(b.text, b.path, b.marker, b.joined) for b in found]
    assert places == [
        ("a", "l", "3.", 0),
        ("b", "ll", "◦", 0),
        ("c", "ll", "", 0),
        ("d", "l", "4.", 0),
        ("q", "q", "", 0),
        ("r", "ql", "•", 1),
        ("s", "q", "", 0),
    ]


def test_empty_items_show_their_marker() -> None:
    assert [(b.marker, b.text) for b in blocks("1. a\n2.\n3. c")] == [
        ("1.", "a"), ("2.", ""), ("3.", "c"),
    ]  # fmt: skip


def test_code_keeps_every_character() -> None:
    found = blocks("~~~ c++ extra\n\tint x;\n\n  y \n~~~\n\n    indented\n")
    assert [(b.kind, b.code, b.language) for b in found] == [
        (Kind.CODE, "\tint x;\n\n  y \n", "c++"),
        (Kind.CODE, "indented\n", ""),
    ]


def test_an_unterminated_fence_is_code() -> None:
    (block,) = blocks("```python\nprint(1)\n# **no**")
    assert (block.kind, block.code) == (Kind.CODE, "print(1)\n# **no**")


def test_tables() -> None:
    (block,) = blocks("| a | *b* |\n|:-:|--:|\n| 1 |\n| `x` | y | too many |\n")
    assert block.kind is Kind.TABLE
    assert block.align == ("center", "right")
    assert block.text == "a\tb\n1\t\nx\ty"


def test_long_tables_are_cut() -> None:
    found = blocks("|a|b|\n|-|-|\n" + "|1|2|\n" * 100)
    assert sum(len(block.rows) for block in found) == 101
    assert [block.first for block in found] == [True, False, False]


def test_what_is_nested_too_deep_is_shown_as_its_source() -> None:
    text = "> " * 200 + "deep"
    (block,) = blocks(text)
    assert plain(block.spans) == text
    following = blocks(text + "\n\nnext")
    assert following[-1] == Block(Kind.PARAGRAPH, (Span("next"),))


def test_long_code_is_cut_where_lexers_can_start() -> None:
    code = "".join(f"def f{i}():\n    return {i}\n\n" for i in range(50))
    parts, rest = split_code(code)
    assert "".join(parts) + rest == code
    assert len(parts) > 1
    assert all(part.startswith("def") for part in parts)
    assert all(part.count("\n") <= WINDOW_LINES for part in parts)


def test_colours_are_those_of_the_style() -> None:
    runs = colour_runs("return 1", "python", "one-dark")
    assert runs[0][:2] == (0, 6)
    assert colour_runs("a: b # c", "yaml", "one-dark")  # its lexer has kinds that no style knows
    assert colour_runs("return 1", "no such language", "one-dark") == ()
    assert colour_runs("return 1", "", "one-dark") == ()

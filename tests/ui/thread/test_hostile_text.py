"""Texts that are made to confuse: cut, bounded, and made visible."""

import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from phidesk.core.chat import Role
from phidesk.ui.thread.blocks import Kind
from phidesk.ui.thread.controls import visible
from phidesk.ui.thread.markdown import parse
from phidesk.ui.thread.message import LONG_QUESTION
from phidesk.ui.thread.selection import Place
from phidesk.ui.thread.stream import MarkdownStream
from phidesk.ui.thread.view import ThreadView
from phidesk.viewmodels.thread_model import ChatEntry, ThreadModel


def streamed(text: str) -> MarkdownStream:
    stream = MarkdownStream()
    stream.append(text)
    while stream.is_behind:
        stream.advance()
        assert stream._fence or len(stream._pending) < 30_000  # what each step parses again
    stream.finish()
    return stream


@pytest.mark.parametrize(
    "text",
    ["x" * 300_000, "- " + "word " * 60_000, "> a\n" * 20_000, "<b>\n" * 40_000,
     "|a|b|\n|-|-|\n" + "|x|y|\n" * 20_000, "```\n" + "x" * 300_000],
    ids=["one word", "one item", "quotes", "one paragraph", "table", "fence"],
)  # fmt: skip
def test_no_step_parses_more_than_a_bounded_text(text: str) -> None:
    blocks = streamed(text).blocks
    letters = sum(text.count(letter) for letter in "xaybword")
    assert sum(b.text.count(letter) for b in blocks for letter in "xaybword") == letters
    assert max(len(block.text) for block in blocks) <= 4000


def test_a_long_table_stays_a_table() -> None:
    text = "|a|b|\n|-|-:|\n" + "".join(f"|x{n}|y|\n" for n in range(3000))
    blocks = streamed(text + "\nend\n").blocks
    assert {block.kind for block in blocks[:-1]} == {Kind.TABLE}
    assert [block.first for block in blocks[:3]] == [True, False, False]
    rows = [row for block in blocks for row in block.rows]
    assert [row[0][0].text for row in rows] == ["a", *(f"x{n}" for n in range(3000))]
    assert blocks == [block for unit in parse(text + "\nend\n") for block in unit.blocks]


@pytest.mark.parametrize("marker", ["> ", ">", "- ", "1. ", "> - 1. "])
def test_nesting_is_bounded_and_nothing_is_lost(marker: str) -> None:
    blocks = streamed(marker * 1000 + "deep").blocks
    text = "".join(block.text for block in blocks)
    assert text.endswith("deep")
    assert max(len(block.path) for block in blocks) < 20
    assert text.count(marker.strip()) > 900


def test_wide_tables_are_shown_as_their_source() -> None:
    source = "|" + "a|" * 60 + "\n|" + "-|" * 60
    (block,) = (block for unit in parse(source) for block in unit.blocks)
    assert block.kind is Kind.PARAGRAPH
    assert block.text.replace("\u2028", "\n") == source


def test_heaps_of_marks_do_not_grow_over_other_lines() -> None:
    for size in (1, 3, 1000):
        stream = MarkdownStream()
        text = "z" + "\u0301" * 50 + "a\u0302\u0303b"
        for start in range(0, len(text), size):
            stream.append(text[start : start + size])
            stream.advance()
        stream.finish()
        assert stream.blocks[0].text == "z" + "\u0301" * 4 + "a\u0302\u0303b"


def test_hidden_signs_are_seen_in_links_and_code(view: ThreadView, model: ThreadModel) -> None:
    text = "[a\u202eb](https://x.org) ‏שלום\u200d\u202e `c\u200bd`\n\n```\ne\u2066\x1b[1m\tf\n```\n"
    model.add(ChatEntry(Role.ASSISTANT, text))
    message = view._documents.message(0)
    documents = [message.layout.document(item) for item in message.layout.items]
    shown = [document.toPlainText() for document in documents if document]
    assert shown == ["a\ufffdb ‏שלום\u200d\ufffd c\ufffdd", "e\ufffd\ufffd[1m\tf"]
    view.selectAll()
    assert "e\u2066\x1b[1m\tf" in view.selected_text()  # copied as it is
    view._scene.selection.set(Place(0, 0, 1), Place(1, 0, 0))
    view.copy_markdown()
    copied = QGuiApplication.clipboard().text()
    assert "\u202e `c\u200bd`" in copied
    assert "e\u2066\x1b[1m\tf" in copied
    assert len(visible("".join(map(chr, range(0x3000))), exact=True)) == 0x3000


def test_a_very_long_paste_is_cut_until_asked_for(
    qtbot: QtBot, view: ThreadView, model: ThreadModel
) -> None:
    text = "A line of the paste.\n" * 10_000
    model.add(ChatEntry(Role.USER, text))
    items = view._documents.message(0).layout.items
    assert items[-1].block.text == "Show all 210,000 characters"
    assert sum(len(item.block.text) for item in items) < LONG_QUESTION + 100
    view.selectAll()
    assert view.selected_text().rstrip("\n") == text.rstrip("\n")
    view._on_line_pressed(0, len(items) - 1)
    qtbot.waitUntil(lambda: not view.is_working)
    items = view._documents.message(0).layout.items
    assert Kind.MORE not in [item.block.kind for item in items]
    assert sum(len(item.block.text) for item in items) > 200_000
    view.grab()

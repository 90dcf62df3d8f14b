"""Formulas are found, set and copied; prices and what cannot be set stay text."""

import pytest
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from phidesk.core.chat import Role
from phidesk.core.conversation import MessageState
from phidesk.ui.thread.blocks import Block, Style
from phidesk.ui.thread.markdown import parse
from phidesk.ui.thread.typesetter import FORMULA
from phidesk.ui.thread.view import ThreadView
from phidesk.viewmodels.thread_model import ChatEntry, ThreadModel


def blocks(text: str) -> list[Block]:
    return [block for unit in parse(text) for block in unit.blocks]


def formulas(text: str) -> list[str]:
    return [span.text for b in blocks(text) for span in b.spans if span.style & Style.MATH]


@pytest.mark.parametrize(
    "source",
    [
        "$x$", "$x^2 + y_1$", "$a = b$", "$n$", "$ABC$", "$(a, b)$", "$0.5$", r"$\frac{1}{2}$",
        r"\(a * b\)", r"\[E = mc^2\]", "$$x$$", r"$5 \text{ or } 10$",
    ],
)  # fmt: skip
def test_formulas_are_found_within_a_line(source: str) -> None:
    assert formulas(f"before {source} after") == [source]
    assert formulas(f"**bold {source}.** 中文{source}。") == [source, source]


@pytest.mark.parametrize(
    "text",
    [
        "It costs $5 and $10.", "$5-$10", "from $5 to 10$ each", "US$5, or US$6", "$HOME:$PATH",
        "between $5, or 10$ more", "`$x$`", r"\$x\$", "$ x $", "$x", "$$", "I paid $20/month, $30",
    ],
)  # fmt: skip
def test_prices_and_code_are_no_formulas(text: str) -> None:
    assert formulas(text) == []


def test_formulas_over_several_lines() -> None:
    source = "$$\na\n- b\n= c\n$$"
    assert formulas(f"So:\n{source}\nend") == [source]
    assert [block.text for block in blocks(f"So:\n{source}\nend")] == ["So:", source, "end"]
    (item,) = blocks("- \\[\n  x\n  \\]\n")
    assert item.spans[0].style & Style.MATH
    assert formulas("$$\na\n\nb\n$$") == []  # a gap ends what was none
    assert formulas("$$\nstill open") == []


def test_formulas_are_set_when_they_are_seen(
    qtbot: QtBot, view: ThreadView, model: ThreadModel
) -> None:
    assert view._formulas._process is None
    text = r"The root $x^2$, then $\unknown{y}$, $\text{中文}$ and $\frac{1$ done."
    model.add(ChatEntry(Role.ASSISTANT, text))

    def sources() -> list[object]:
        document = view._documents.message(0).layout.items[0].document
        found: list[object] = []
        fragments = document.firstBlock().begin() if document else None
        while fragments is not None and not fragments.atEnd():
            source = fragments.fragment().charFormat().property(FORMULA)
            found += [source] if source else []
            fragments += 1
        return found

    assert sources() == []
    qtbot.waitUntil(lambda: sources() == ["$x^2$"], timeout=15_000)
    qtbot.waitUntil(lambda: not view._formulas._waiting, timeout=15_000)
    assert view._formulas._set[r"$\frac{1$", view._documents.typesetter.size] == ""
    view.grab()
    view.selectAll()
    assert view.selected_text() == text
    view._formulas.stop()


def test_a_formula_that_streams_in_is_text_until_its_end(
    qtbot: QtBot, view: ThreadView, model: ThreadModel
) -> None:
    row = model.add(ChatEntry(Role.ASSISTANT, "", MessageState.STREAMING))
    model.append_text(row, "So $x^")
    QTest.qWait(50)
    assert view._formulas._set == {}
    assert view._formulas._waiting == []

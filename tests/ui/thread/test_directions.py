"""Arabic and Hebrew in a user's message stand at the right, inside the bubble."""

import pytest
from PySide6.QtCore import QRectF

from phidesk.core.chat import Role
from phidesk.ui.thread.blocks import by_direction
from phidesk.ui.thread.view import ThreadView
from phidesk.viewmodels.thread_model import ChatEntry, ThreadModel

HEBREW = "שלום עולם"
ARABIC = "مرحبا بالعالم"
MIXED = f"Translate:\n\n{HEBREW}\n({ARABIC})\n\n1.\nIn short, please, in plain words."


def ink(view: ThreadView, row: int) -> list[QRectF]:
    """Return where the lines of a message's blocks are, in its coordinates."""
    layout = view._documents.message(row).layout
    found = []
    for item in layout.items:
        document = layout.document(item)
        assert document is not None
        block = document.firstBlock()
        for number in range(block.layout().lineCount()):
            rect = block.layout().lineAt(number).naturalTextRect()
            if rect.width():
                found.append(rect.translated(layout.text_origin(item)))
    return found


@pytest.mark.parametrize("text", [HEBREW, ARABIC, MIXED, f"{HEBREW} " * 40, "Left\n" + HEBREW])
def test_the_text_is_in_its_bubble(view: ThreadView, model: ThreadModel, text: str) -> None:
    model.add(ChatEntry(Role.USER, text))
    view.grab()
    bubble = QRectF(view._documents.message(0).layout.bubble())
    lines = ink(view, 0)
    assert lines
    assert all(bubble.contains(line) for line in lines)


def test_each_paragraph_has_its_own_direction(view: ThreadView, model: ThreadModel) -> None:
    model.add(ChatEntry(Role.USER, MIXED))
    view.grab()
    layout = view._documents.message(0).layout
    assert [item.block.is_right_to_left for item in layout.items] == [False, True, False]
    lines = ink(view, 0)
    inside = layout.frame(layout.items[0])
    assert lines[0].left() == pytest.approx(inside.left(), abs=1)
    assert lines[1].right() == pytest.approx(inside.right(), abs=2)
    assert lines[1].left() > inside.center().x()
    assert layout.bubble().width() < layout.width * 0.6  # no wider than its text
    view.selectAll()
    assert view.selected_text() == MIXED


def test_text_that_changes_all_the_time_is_left_alone() -> None:
    text = f"a\n{HEBREW}\n" * 500
    assert by_direction(text) == [text]
    assert "".join(by_direction(MIXED)) == MIXED
    assert by_direction("...\n" + HEBREW) == ["...\n" + HEBREW]

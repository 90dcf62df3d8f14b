"""Where the model's view of a chat begins, the thread says so."""

from functools import partial

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from phidesk.core.chat import Role
from phidesk.ui.thread.blocks import Kind
from phidesk.ui.thread.view import ThreadView
from phidesk.viewmodels.thread_model import ChatEntry, ThreadModel


def test_the_divider_comes_moves_and_goes_as_the_cut_changes(
    qtbot: QtBot, view: ThreadView, model: ThreadModel
) -> None:
    def dividers() -> list[int]:
        return [
            row
            for row in range(6)
            if view._documents.message(row).layout.items[0].block.kind is Kind.DIVIDER
        ]

    def is_divided_at(row: int) -> bool:
        return dividers() == [row]

    for number in range(3):
        model.add(ChatEntry(Role.USER, f"question {number}"))
        model.add(ChatEntry(Role.ASSISTANT, f"answer {number}"))
    view.grab()
    before = view._geometry.rows.height(4)
    bubble = view._documents.message(4).layout.bubble()
    for turns in (1, 2):
        model.set_unseen(turns)
        qtbot.waitUntil(partial(is_divided_at, 2 * turns))
    qtbot.waitUntil(lambda: view._geometry.rows.height(4) > before)
    layout = view._documents.message(4).layout
    divider = layout.frame(layout.items[0])
    assert (divider.x(), divider.width()) == (0, layout.width)
    assert layout.bubble().top() > divider.bottom()
    assert layout.bubble().size() == bubble.size()
    assert layout.bubble().contains(layout.frame(layout.items[1]))
    model.set_unseen(2, is_summed_up=True)
    qtbot.waitUntil(lambda: "a summary" in view._documents.message(4).layout.items[0].block.text)
    spoken = model.data(model.index(4), Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "The model sees a summary of what is above. You: question 2"
    view.selectAll()
    assert "summary" not in view.selected_text()
    model.set_unseen(0)
    qtbot.waitUntil(lambda: not dividers())
    qtbot.waitUntil(lambda: view._geometry.rows.height(4) == before)

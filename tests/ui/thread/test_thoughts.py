"""Thoughts of reasoning models are folded to a line that opens them."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from phidesk.core.chat import Role
from phidesk.core.conversation import MessageState
from phidesk.ui.thread.blocks import Kind
from phidesk.ui.thread.thoughts import count_words, split
from phidesk.ui.thread.view import ThreadView
from phidesk.viewmodels.thread_model import ChatEntry, ThreadModel


@pytest.mark.parametrize(
    ("text", "thought", "answer", "is_thinking"),
    [
        ("<think>a b</think>\n\nC", "a b", "C", False),
        ("\n<thinking>a</thinking>C", "a", "C", False),
        ("<think>\na b", "a b", "", True),
        ("a b\n</think>\n\nC", "a b\n", "C", False),
        ("[THINK]a[/THINK]C", "a", "C", False),
        ("◁think▷a◁/think▷C", "a", "C", False),
        ("<|channel|>analysis<|message|>a<|end|><|start|>assistant<|channel|>final<|message|>C",
         "a", "C", False),
        ("No <think>a</think>", None, "No <think>a</think>", False),
        ("```\n</think>\n```", None, "```\n</think>\n```", False),
    ],
)  # fmt: skip
def test_thoughts_are_told_apart(
    text: str, thought: str | None, answer: str, is_thinking: bool
) -> None:
    parts = split(text)
    assert parts.thought == (thought.strip("\n") if thought else thought)
    assert parts.answer == answer
    assert parts.is_thinking is is_thinking


def test_words_of_all_languages_are_counted() -> None:
    assert count_words("one two, three") == 3
    assert count_words("你好 world") == 3


def test_thoughts_are_folded_while_they_stream_and_open_with_a_click(
    qtbot: QtBot, view: ThreadView, model: ThreadModel
) -> None:
    def shown() -> list[tuple[Kind, str]]:
        items = view._documents.message(0).layout.items
        return [(item.block.kind, item.block.text) for item in items]

    row = model.add(ChatEntry(Role.ASSISTANT, "", MessageState.WAITING))
    model.set_state(row, MessageState.STREAMING)
    model.append_text(row, "<think>One *two*")
    qtbot.waitUntil(lambda: shown() == [(Kind.THOUGHT, "Thinking… · 2 words ▸")])
    top = view.visualRect(model.index(0, 0)).topLeft()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=top + QPoint(20, 20))
    qtbot.waitUntil(lambda: len(shown()) == 2)
    assert shown()[1] == (Kind.PARAGRAPH, "One two")
    model.append_text(row, " three\n\nfour</think>\n\nThe answer")
    qtbot.waitUntil(lambda: len(shown()) == 4)
    assert [text for _, text in shown()[1:]] == ["One two three", "four", "The answer"]
    assert shown()[0][1].startswith("Thought for ")
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(view, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(shown()) == 2)
    view.selectAll()
    assert view.selected_text() == "The answer"
    view.copy_markdown()


def test_an_old_answer_says_how_many_words(view: ThreadView, model: ThreadModel) -> None:
    model.add(ChatEntry(Role.ASSISTANT, "<think>a b c</think>Yes"))
    message = view._documents.message(0)
    message.render_all()
    assert [i.block.text for i in message.layout.items] == ["Thoughts · 3 words ▸", "Yes"]

"""Messages of any length can be edited: of the longest the beginning, and nothing is lost."""

import pytest
from PySide6.QtCore import QMimeData
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from phidesk.ui.chats.edit_dialog import EditDialog
from phidesk.ui.long_text import MOST_IN_PARAGRAPH, quick_length


@pytest.mark.parametrize(
    "text",
    ["x" * 1_000_000, "word " * 200_000, "a\n" * 500_000, "line\n" * 100 + "漢字" * 100_000],
    ids=["letters", "words", "lines", "a long paragraph at the end"],
)
def test_the_rest_of_a_long_message_stays(qtbot: QtBot, text: str) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    dialog = EditDialog(text, is_question=True, parent=parent)
    shown = dialog.field.toPlainText()
    assert 0 < len(shown) <= 300_000
    assert max(map(len, shown.split("\n"))) <= MOST_IN_PARAGRAPH
    assert f"The first {len(shown):,} of {len(text):,} characters" in dialog.hint.text()
    assert dialog.text == text
    dialog.field.insertPlainText("Before: ")
    assert dialog.text == f"Before: {text}"


def test_a_usual_message_is_shown_whole_and_takes_no_long_paste(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    text = "A paragraph of some length. " * 100 + "\n"
    assert quick_length(text * 50) == len(text * 50)
    dialog = EditDialog(text * 50, is_question=False, parent=parent)
    assert dialog.field.toPlainText() == dialog.text == text * 50
    pasted = QMimeData()
    pasted.setText("x" * 20_000)
    dialog.field.insertFromMimeData(pasted)
    assert dialog.text == text * 50
    assert "20,000 characters are too many" in dialog.hint.text()

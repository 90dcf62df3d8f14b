"""An answer that is JSON is shown as code, from its first sign to its last."""

import json

from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from phidesk.core.chat import Role
from phidesk.core.conversation import MessageState
from phidesk.ui.thread.blocks import Kind
from phidesk.ui.thread.mouse import listing
from phidesk.ui.thread.view import ThreadView
from phidesk.viewmodels.thread_model import ChatEntry, ThreadModel

ANSWER = json.dumps({"a": "*stars* and `ticks`", "b": [1, 2]}, indent=2)


def test_json_streams_as_code_that_can_be_copied(
    qtbot: QtBot, view: ThreadView, model: ThreadModel
) -> None:
    row = model.add(ChatEntry(Role.ASSISTANT, "", MessageState.STREAMING))
    for start in range(0, len(ANSWER), 7):
        model.append_text(row, ANSWER[start : start + 7])
        qtbot.waitUntil(lambda: not view.is_working)
        items = view._documents.message(row).layout.items
        assert [item.block.kind for item in items] == [Kind.CODE]
        assert items[0].block.language == "json"
    model.set_state(row, MessageState.DONE)
    qtbot.waitUntil(lambda: not view.is_working)
    items = view._documents.message(row).layout.items
    assert listing(items, 0) == ANSWER
    qtbot.waitUntil(lambda: items[0].coloured is items[0].block)
    view.selectAll()
    assert view.selected_text() == ANSWER
    view.copy_markdown()
    assert QGuiApplication.clipboard().text() == f"```json\n{ANSWER}\n```"


def test_what_turns_out_to_be_prose_is_shown_as_such(
    qtbot: QtBot, view: ThreadView, model: ThreadModel
) -> None:
    row = model.add(ChatEntry(Role.ASSISTANT, '{"a": 1}', MessageState.STREAMING))
    qtbot.waitUntil(lambda: not view.is_working)
    model.append_text(row, "\n\nThat *was* it.")
    model.set_state(row, MessageState.DONE)
    qtbot.waitUntil(lambda: not view.is_working)
    items = view._documents.message(row).layout.items
    assert [item.block.text for item in items] == ['{"a": 1}', "That was it."]
    assert {item.block.kind for item in items} == {Kind.PARAGRAPH}


def test_under_a_schema_all_is_code(qtbot: QtBot, view: ThreadView, model: ThreadModel) -> None:
    entry = ChatEntry(Role.ASSISTANT, "", MessageState.STREAMING)
    entry.is_under_schema = True
    row = model.add(entry)
    assert view._documents.message(row).layout.items[0].block.kind is Kind.DOTS
    model.append_text(row, '"*a*')
    qtbot.waitUntil(lambda: not view.is_working)
    items = view._documents.message(row).layout.items
    assert [(item.block.kind, item.block.text) for item in items] == [(Kind.CODE, '"*a*')]

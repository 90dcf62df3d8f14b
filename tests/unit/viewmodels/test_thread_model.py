"""The messages of one conversation as Qt sees them."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from phidesk.core.chat import GenerationResult, Message, Role
from phidesk.core.conversation import MessageState
from phidesk.viewmodels.thread_model import ChatEntry, ThreadModel, ThreadRole

RESULT = GenerationResult(prompt_tokens=5, completion_tokens=7)

Change = tuple[int, int, list[int]]


@pytest.fixture
def model(qapp: object) -> Iterator[ThreadModel]:
    """Watched by Qt's own tester: a broken promise of the model ends the test run."""
    model = ThreadModel()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    yield model
    assert tester.model() is model


@pytest.fixture
def changes(model: ThreadModel) -> list[Change]:
    """Every dataChanged as (first row, last row, roles)."""
    seen: list[Change] = []

    def note(top: QModelIndex, bottom: QModelIndex, roles: list[int]) -> None:
        assert top.isValid()
        assert bottom.isValid()
        seen.append((top.row(), bottom.row(), list(roles)))

    model.dataChanged.connect(note)
    return seen


def fill(model: ThreadModel, *texts: str) -> None:
    """Add the texts, the user's and the model's in turn."""
    for text in texts:
        speaker = Role.ASSISTANT if model.rowCount() % 2 else Role.USER
        model.add(ChatEntry(speaker, text))


def test_a_new_conversation_is_empty(model: ThreadModel) -> None:
    assert model.rowCount() == 0
    assert model.messages() == ()


def test_messages_are_in_the_order_in_which_they_came(model: ThreadModel) -> None:
    assert [model.add(ChatEntry(Role.USER, text)) for text in "abc"] == [0, 1, 2]
    assert [model.index(row).data() for row in range(3)] == ["a", "b", "c"]


def test_adding_announces_the_row_before_and_after(model: ThreadModel) -> None:
    told: list[tuple[str, int, int]] = []
    model.rowsAboutToBeInserted.connect(
        lambda _parent, first, last: told.append(("before", first, last))
    )
    model.rowsInserted.connect(lambda _parent, first, last: told.append(("after", first, last)))
    fill(model, "a", "b")
    assert told == [("before", 0, 0), ("after", 0, 0), ("before", 1, 1), ("after", 1, 1)]


def test_each_role_gives_its_part_of_a_message(model: ThreadModel) -> None:
    entry = ChatEntry(Role.ASSISTANT, "hello", MessageState.FAILED)
    entry.result, entry.error = RESULT, "out of memory"
    index = model.index(model.add(entry))
    assert index.data() == "hello"
    assert index.data(Qt.ItemDataRole.DisplayRole) == "hello"
    assert index.data(ThreadRole.TEXT) == "hello"
    assert model.data(index, ThreadRole.SPEAKER) is Role.ASSISTANT
    assert model.data(index, ThreadRole.STATE) is MessageState.FAILED
    # On its way through Qt a StrEnum becomes a plain string: views compare with ==, not is.
    assert index.data(ThreadRole.SPEAKER) == Role.ASSISTANT
    assert index.data(ThreadRole.STATE) == MessageState.FAILED
    assert index.data(ThreadRole.RESULT) == RESULT
    assert index.data(ThreadRole.ERROR) == "out of memory"
    assert index.data(Qt.ItemDataRole.DecorationRole) is None
    assert index.data(max(ThreadRole) + 1) is None


@pytest.mark.parametrize(
    ("speaker", "words"), [(Role.USER, "You: hi"), (Role.ASSISTANT, "Model: hi")]
)
def test_a_screen_reader_hears_who_speaks(model: ThreadModel, speaker: Role, words: str) -> None:
    index = model.index(model.add(ChatEntry(speaker, "hi")))
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == words


def test_an_index_without_a_message_gives_nothing(model: ThreadModel) -> None:
    fill(model, "a", "b")
    gone = model.index(1)
    kept = QPersistentModelIndex(gone)
    model.remove_from(1)
    for role in (Qt.ItemDataRole.DisplayRole, *ThreadRole):
        assert model.data(QModelIndex(), role) is None
        assert model.data(gone, role) is None
    assert not kept.isValid()
    assert model.data(kept) is None


def test_messages_have_no_children(model: ThreadModel) -> None:
    fill(model, "a")
    assert model.rowCount(model.index(0)) == 0
    assert model.rowCount(QPersistentModelIndex(model.index(0))) == 0


def test_rows_are_counted_from_the_end_too(model: ThreadModel) -> None:
    fill(model, "a", "b", "c")
    assert model.entry(0).text == "a"
    assert model.entry(-1).text == "c"
    with pytest.raises(IndexError):
        model.entry(3)


def test_a_streamed_answer_grows_and_tells_its_text_alone(
    model: ThreadModel, changes: list[Change]
) -> None:
    fill(model, "question")
    row = model.add(ChatEntry(Role.ASSISTANT, state=MessageState.STREAMING))
    assert model.index(row).data() == ""
    for piece in ("Hel", "", "lo", " 🦙"):
        model.append_text(row, piece)
    assert model.index(row).data() == "Hello 🦙"
    assert model.index(0).data() == "question"
    assert changes == [(1, 1, [ThreadRole.TEXT])] * 4


def test_reading_while_it_streams_loses_nothing(model: ThreadModel) -> None:
    row = model.add(ChatEntry(Role.ASSISTANT, "0"))
    expected = "0"
    for number in range(1, 200):
        model.append_text(row, str(number))
        expected += str(number)
        if number % 3 == 0:
            assert model.index(row).data(ThreadRole.TEXT) == expected
    assert model.entry(row).text == model.entry(row).text == expected


def test_a_state_is_told_with_its_result_and_error(
    model: ThreadModel, changes: list[Change]
) -> None:
    fill(model, "a", "b", "c")
    model.set_state(1, MessageState.FAILED, error="no memory")
    entry = model.entry(1)
    assert (entry.state, entry.error, entry.result) == (MessageState.FAILED, "no memory", None)
    assert model.entry(0).state is MessageState.DONE
    assert changes == [(1, 1, [ThreadRole.STATE, ThreadRole.RESULT, ThreadRole.ERROR])]


def test_a_new_state_clears_the_error_and_keeps_the_result(model: ThreadModel) -> None:
    fill(model, "a")
    model.set_state(0, MessageState.FAILED, result=RESULT, error="no memory")
    model.set_state(0, MessageState.DONE)
    assert (model.entry(0).error, model.entry(0).result) == ("", RESULT)
    newer = GenerationResult(prompt_tokens=1, completion_tokens=1)
    model.set_state(0, MessageState.STOPPED, result=newer)
    assert model.entry(0).result == newer


def test_a_message_is_removed_with_all_that_follow(model: ThreadModel, qtbot: QtBot) -> None:
    fill(model, "a", "b", "c", "d")
    first = QPersistentModelIndex(model.index(0))
    with qtbot.waitSignal(model.rowsRemoved) as removed:
        model.remove_from(1)
    assert removed.args is not None
    assert removed.args[1:] == [1, 3]
    assert [model.entry(row).text for row in range(model.rowCount())] == ["a"]
    assert first.isValid()
    model.remove_from(0)
    assert model.rowCount() == 0
    fill(model, "again")
    assert model.index(0).data() == "again"


def test_the_model_sees_the_conversation_without_empty_answers(model: ThreadModel) -> None:
    fill(model, "q1", "a1", "q2")
    model.add(ChatEntry(Role.ASSISTANT, state=MessageState.WAITING))
    assert model.messages() == (
        Message(role=Role.USER, content="q1"),
        Message(role=Role.ASSISTANT, content="a1"),
        Message(role=Role.USER, content="q2"),
    )


@pytest.mark.parametrize(
    ("before", "texts"), [(0, ""), (1, "a"), (3, "abc"), (9, "abc"), (-1, "ab")]
)
def test_the_model_may_be_shown_only_what_came_before(
    model: ThreadModel, before: int, texts: str
) -> None:
    fill(model, "a", "b", "c")
    assert "".join(message.content for message in model.messages(before)) == texts


def test_a_stopped_answer_stays_in_the_conversation(model: ThreadModel) -> None:
    fill(model, "q", "half an ans")
    model.set_state(1, MessageState.STOPPED)
    assert model.messages()[-1].content == "half an ans"

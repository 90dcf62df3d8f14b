import time
from collections.abc import Iterator
from contextlib import closing

import msgspec
import pytest

from phidesk.core.chat import GenerationResult, Role, SamplingParams, StopReason
from phidesk.core.conversation import Attachment, ChatInfo, ChatMessage, Folder, MessageState
from phidesk.store.changes import Changes
from phidesk.store.chats import ChatStore
from phidesk.store.database import Database

RESULT = GenerationResult(
    prompt_tokens=10, completion_tokens=30, ttft_s=0.5, tokens_per_second=10.0,
    stop_reason=StopReason.LENGTH,
)  # fmt: skip


def _say(store: ChatStore, chat: ChatInfo, text: str, role: Role = Role.USER) -> ChatMessage:
    message = ChatMessage(parent=None, role=role, text=text)
    store.save_message(chat.id, message)
    return message


def _chat(store: ChatStore, title: str = "") -> ChatInfo:
    chat = ChatInfo(title=title)
    store.save_chat(chat)
    return chat


def _index(store: ChatStore) -> None:
    while store.index_some():
        pass


def _found(store: ChatStore, words: str) -> list[str | None]:
    return [hit.message for hit in store.search(words)]


def test_all_of_a_chat_comes_back(store: ChatStore) -> None:
    folder = Folder(name="Arbeit 工作", position=3)
    chat = ChatInfo(
        title="Ein Titel", is_titled=True, folder=folder.id, is_pinned=True, leaf="x",
        system_prompt="Be brief.", sampling=SamplingParams(seed=7, stop=("a", "b")), model="/m",
    )  # fmt: skip
    question = ChatMessage(
        parent=None, role=Role.USER, text="\0 null, \u202e right to left, é, 🦩",
        attachments=(Attachment(name="a.txt", text="content", tokens=2),),
    )  # fmt: skip
    answer = ChatMessage(
        parent=question.id, role=Role.ASSISTANT, text="", state=MessageState.FAILED, model="M",
        engine="vllm", result=RESULT, error="out of memory",
    )  # fmt: skip
    store.save_folder(folder)
    store.save_chat(chat)
    store.save_message(chat.id, question)
    store.save_message(chat.id, answer)
    assert store.folders() == [folder]
    assert store.chats() == [chat]
    assert store.messages(chat.id) == [question, answer]
    changed = msgspec.structs.replace(answer, text="now", state=MessageState.DONE)
    store.save_message(chat.id, changed)
    assert store.messages(chat.id) == [question, changed]


def test_half_characters_are_replaced_and_cost_nothing_else(store: ChatStore) -> None:
    chat = _chat(store, "half \ud83e")
    attachment = Attachment(name="\udcff.txt", text="\ud800!")
    message = ChatMessage(parent=None, role=Role.USER, text="a\ud800b", attachments=(attachment,))
    store.save_message(chat.id, message)
    (kept,) = store.messages(chat.id)
    assert (kept.text, kept.attachments[0].text) == ("a�b", "�!")
    assert store.chats()[0].title == "half �"


def test_what_is_deleted_comes_back_until_it_is_purged(store: ChatStore) -> None:
    chat, other = _chat(store, "one"), _chat(store, "two")
    first, second = _say(store, chat, "first word"), _say(store, chat, "second word")
    _index(store)
    store.delete_messages([second.id])
    assert store.messages(chat.id) == [first]
    assert _found(store, "word") == [first.id]
    store.restore_messages([second.id])
    store.delete_chat(chat.id)
    assert store.chats() == [other]
    assert _found(store, "word") == []
    store.purge(time.time() - 60)
    store.restore_chat(chat.id)
    assert store.messages(chat.id) == [first, second]
    store.delete_chat(chat.id)
    store.purge(time.time() + 60)
    store.restore_chat(chat.id)
    assert store.chats() == [other]
    assert store.messages(chat.id) == []
    store.connection.execute("INSERT INTO words (words) VALUES ('integrity-check')")


def test_the_chats_of_a_deleted_folder_stay(store: ChatStore) -> None:
    folder = Folder(name="Old")
    store.save_folder(folder)
    chat = ChatInfo(folder=folder.id)
    store.save_chat(chat)
    store.delete_folder(folder.id)
    assert store.chats() == [msgspec.structs.replace(chat, folder=None)]
    store.save_chat(chat)  # from a window that does not know
    assert store.chats()[0].folder is None


def test_a_change_that_cannot_be_written_stops_no_other(store: ChatStore) -> None:
    chat = ChatInfo()
    lost = ChatMessage(parent=None, role=Role.USER, text="of a chat that is not there")
    kept = ChatMessage(parent=None, role=Role.USER, text="of one that is")
    changes = Changes(messages={lost.id: ("nowhere", lost), kept.id: (chat.id, kept)})
    changes.chats[chat.id] = chat
    assert store.apply(changes) == Changes(messages={lost.id: ("nowhere", lost)})
    assert store.messages(chat.id) == [kept]


def test_a_chat_comes_back_when_another_window_goes_on_in_it(store: ChatStore) -> None:
    chat = _chat(store)
    message = _say(store, chat, "Here?")
    ended = Changes(messages={message.id: (chat.id, message)}, gone_chats={chat.id: True})
    store.apply(ended)  # the answer that a delete breaks off is kept with it
    store.apply(Changes(chats={chat.id: chat}))
    assert store.chats() == []
    store.apply(Changes(messages={message.id: (chat.id, message)}))
    assert store.chats() == [chat]


def test_only_answers_that_nobody_writes_are_interrupted(store: ChatStore) -> None:
    chat = _chat(store)
    for state in MessageState:
        store.save_message(
            chat.id, ChatMessage(parent=None, role=Role.ASSISTANT, state=state, text=state)
        )
    _index(store)
    continued = store.messages(chat.id)[0]
    again = msgspec.structs.replace(continued, state=MessageState.STREAMING)
    store.save_message(chat.id, again)
    store.interrupt()
    states = {message.text: message.state for message in store.messages(chat.id)}
    changed = {text for text, state in states.items() if text != state}
    assert changed == {"done", "waiting", "streaming"}
    assert all(states[text] is MessageState.INTERRUPTED for text in changed)


@pytest.fixture(scope="module")
def searched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[ChatStore, set[str]]]:
    """A store, and its two messages with the same text: one in the search index, one not yet."""
    database = Database(tmp_path_factory.mktemp("store") / "chats.sqlite3")
    database.open()
    with closing(database.connect()) as connection:
        store = ChatStore(connection)
        chat = _chat(store)
        text = 'The Quick brown fox, Über 100% sure\n敏捷的棕色的狐狸跳过 "say" \\n'
        _say(store, chat, "something else")
        indexed = _say(store, chat, text)
        _index(store)
        _say(store, chat, "something else")
        yield store, {indexed.id, _say(store, chat, text).id}


@pytest.mark.parametrize(
    ("words", "matches"),
    [
        ("fox", True),
        ("QUICK brown", True),
        ("brown quick", True),
        ('"quick brown"', True),
        ('"brown quick"', False),
        ("fox cat", False),
        ("ox", True),
        ("über", True),
        ("ü", True),
        ("ÜB", True),
        ("狐狸", True),
        ("狐", True),
        ("棕色的狐狸", True),
        ("棕色 跳", True),
        ("狗狸", False),
        ("100%", True),
        ("1%0", False),
        ("_x", False),
        ("\\n", True),
        ('say "', True),
        ("NOT", False),
        ("*", False),
        ("\0", False),
        ("", False),
    ],
)
def test_words_are_found_in_any_script(
    searched: tuple[ChatStore, set[str]], words: str, *, matches: bool
) -> None:
    store, ids = searched
    assert set(_found(store, words)) == (ids if matches else set())


def test_a_snippet_marks_what_was_found(store: ChatStore) -> None:
    titled = _chat(store, "About flamingos")
    chat = _chat(store)
    message = _say(store, chat, "x " * 5000 + "Pink flamingos\nand FLAMINGOS " + "y " * 5000)
    _index(store)
    title, hit = store.search("flamingos")
    assert (title.chat, title.message) == (titled.id, None)
    assert (hit.chat, hit.message) == (chat.id, message.id)
    assert (title.role, title.created) == (None, titled.updated)
    assert (hit.role, hit.created) == (message.role, message.created)
    assert [hit.snippet[start:end] for start, end in hit.marks] == ["flamingos", "FLAMINGOS"]
    assert len(hit.snippet) < 200
    assert "Pink flamingos and" in hit.snippet


def test_a_page_pasted_into_the_search_is_harmless(store: ChatStore) -> None:
    _say(store, _chat(store), "text")
    assert store.search("word " * 1_000_000) == store.search("%_" * 1_000_000) == []


def test_search_ends_at_the_limit_with_the_newest_first(store: ChatStore) -> None:
    chat = _chat(store)
    messages = [_say(store, chat, f"word {number}") for number in range(20)]
    _index(store)
    messages += [_say(store, chat, "word again")]
    found = [hit.message for hit in store.search("word", limit=5)]
    assert found == [message.id for message in messages[:-6:-1]]


def test_an_answer_is_found_by_its_newest_text_only(store: ChatStore) -> None:
    chat = _chat(store)
    message = _say(store, chat, "before", Role.ASSISTANT)
    _index(store)
    store.save_message(chat.id, msgspec.structs.replace(message, text="afterwards"))
    assert _found(store, "before") == []
    assert _found(store, "afterwards") == [message.id]
    _index(store)
    assert _found(store, "before") == []
    assert _found(store, "afterwards") == [message.id]
    store.connection.execute("INSERT INTO words (words) VALUES ('integrity-check')")


def test_a_very_long_message_is_found_without_the_index(store: ChatStore) -> None:
    chat = _chat(store)
    message = _say(store, chat, "x" * 300_000 + " needle")
    _index(store)
    assert _found(store, "needle") == [message.id]
    store.save_message(chat.id, msgspec.structs.replace(message, error="only this changed"))
    _index(store)
    assert _found(store, "needle") == [message.id]
    store.save_message(chat.id, msgspec.structs.replace(message, text="a short needle"))
    _index(store)
    assert _found(store, "needle") == [message.id]
    store.connection.execute("INSERT INTO words (words) VALUES ('integrity-check')")


def test_statistics_are_by_day_and_model(store: ChatStore) -> None:
    chat = _chat(store)
    noon = time.mktime((2026, 3, 1, 12, 0, 0, 0, 0, -1))
    slow = msgspec.structs.replace(RESULT, tokens_per_second=5.0, ttft_s=1.5)
    stopped = GenerationResult(prompt_tokens=10, completion_tokens=1)
    for model, created, result in [
        ("A", noon, RESULT),
        ("A", noon + 60, slow),
        ("A", noon + 120, stopped),
        ("B", noon, RESULT),
        ("A", noon + 86400, RESULT),
    ]:
        message = ChatMessage(
            parent=None, role=Role.ASSISTANT, model=model, created=created, result=result
        )
        store.save_message(chat.id, message)
    first, *others = store.statistics()
    assert (first.day, first.model, first.answers) == ("2026-03-01", "A", 3)
    assert (first.prompt_tokens, first.completion_tokens, first.ttft_s) == (30, 61, 1.0)
    assert first.tokens_per_second == pytest.approx(60 / (3 + 6))
    assert [(day.day, day.model) for day in others] == [("2026-03-01", "B"), ("2026-03-02", "A")]
    assert len(store.statistics(since=noon + 3600)) == 1
    store.delete_chat(chat.id)
    assert store.statistics() == []

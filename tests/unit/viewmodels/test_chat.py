"""Versions, continuing, deleting and titles, with a scripted worker."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from phidesk.core.chat import Role, SamplingParams, StopReason
from phidesk.core.chat_options import ChatOptions
from phidesk.core.conversation import ChatInfo, ChatMessage, MessageState
from phidesk.hardware.sampler import HardwareSampler
from phidesk.viewmodels.gauges import GaugesViewModel
from tests.ui.conftest import until
from tests.unit.viewmodels.chatting import Chatting, MemoryKeeper


@pytest.fixture
async def chatting(qapp: object) -> AsyncIterator[Chatting]:
    """With a loaded model."""
    made = Chatting()
    made.load()
    yield made
    await made.shut_down()


async def test_nothing_is_generated_before_the_question_is_kept(chatting: Chatting) -> None:
    chatting.keeper.may_flush.clear()
    chatting.chat.send("Why?")
    await asyncio.sleep(0.05)
    assert chatting.asked == []
    kept = {m.text: m.state for _, m in chatting.keeper.kept_messages.values()}
    assert kept == {"Why?": MessageState.DONE, "": MessageState.WAITING}
    chatting.keeper.may_flush.set()
    await chatting.until_answered()
    assert chatting.shown() == "Why? | An answer."
    assert [m.content for m in chatting.asked[0].messages][1:] == ["Why?"]
    kept_answer = chatting.keeper.kept_messages[chatting.id_of(1)][1]
    assert (kept_answer.text, kept_answer.model, kept_answer.engine) == (
        "An answer.", "Scripted", "llamacpp",
    )  # fmt: skip
    info = chatting.keeper.kept_chats[chatting.chat.current.id]
    assert info.leaf == chatting.id_of(1)


async def test_a_new_answer_stands_beside_the_old(chatting: Chatting) -> None:
    await chatting.say("Why?")
    chatting.says = ["Another."]
    chatting.chat.regenerate()
    await chatting.until_answered()
    assert chatting.shown() == "Why? | Another."
    assert [m.role for m in chatting.asked[1].messages] == [Role.SYSTEM, Role.USER]
    assert chatting.chat.current.thread.entry(1).version == (2, 2)
    chatting.chat.choose_version(1)  # there is no later one
    chatting.chat.choose_version(-1)
    assert chatting.shown() == "Why? | An answer."
    assert chatting.chat.current.thread.entry(1).version == (1, 2)
    await chatting.say("And?")
    assert [m.content for m in chatting.asked[2].messages][1:] == ["Why?", "An answer.", "And?"]


async def test_a_question_in_other_words_keeps_the_old_with_its_answer(
    chatting: Chatting,
) -> None:
    await chatting.say("Why?")
    chatting.says = ["Because."]
    chatting.chat.edit(chatting.id_of(0), "Why not?")
    await chatting.until_answered()
    assert chatting.shown() == "Why not? | Because."
    assert len(chatting.asked[1].messages) == 2
    chatting.chat.choose_version(-1)
    assert chatting.shown() == "Why? | An answer."


async def test_an_answer_is_corrected_in_place(chatting: Chatting) -> None:
    await chatting.say("Why?")
    chatting.chat.edit(chatting.id_of(1), "My words.")
    assert chatting.shown() == "Why? | My words."
    assert len(chatting.asked) == 1
    assert chatting.keeper.kept_messages[chatting.id_of(1)][1].text == "My words."
    await chatting.say("And?")
    assert chatting.asked[1].messages[-2].content == "My words."


async def test_a_stopped_answer_goes_on_in_the_same_message(chatting: Chatting) -> None:
    chatting.says = ["Once upon", ""]
    chatting.chat.send("Tell me")
    await chatting.until_said("upon")
    assert not chatting.chat.can_continue(chatting.id_of(1))
    chatting.chat.stop()
    await chatting.until_answered()
    assert chatting.chat.current.thread.entry(1).state is MessageState.STOPPED
    chatting.says, chatting.stops = [" a time"], StopReason.LENGTH
    chatting.chat.continue_answer()
    await chatting.until_answered()
    request = chatting.asked[1]
    assert request.continues
    assert [m.content for m in request.messages][1:] == ["Tell me", "Once upon"]
    assert chatting.shown() == "Tell me | Once upon a time"
    chatting.says, chatting.stops = [" there was"], StopReason.END
    chatting.chat.continue_answer()  # the limit of its length ended it
    await chatting.until_answered()
    entry = chatting.chat.current.thread.entry(1)
    assert (entry.text, entry.version) == ("Once upon a time there was", (1, 1))
    assert entry.result is not None
    assert entry.result.completion_tokens == 6
    assert not chatting.chat.can_continue(entry.id)


async def test_another_version_is_shown_while_an_answer_is_written(chatting: Chatting) -> None:
    await chatting.say("Why?")
    chatting.says = ["New", "", " words"]
    chatting.chat.regenerate()
    await chatting.until_said("New")
    chatting.chat.choose_version(-1)
    assert chatting.shown() == "Why? | An answer."
    chatting.goes_on.set()
    await chatting.until_answered()
    assert chatting.shown() == "Why? | An answer."
    chatting.chat.choose_version(1)
    assert chatting.shown() == "Why? | New words"


async def test_a_delete_is_undone(chatting: Chatting) -> None:
    await chatting.say("One?")
    await chatting.say("Two?")
    chatting.says = ["Half", ""]
    chatting.chat.regenerate()
    await chatting.until_said("Half")
    chatting.chat.delete_message(chatting.id_of(2))  # with the answer that is being written
    assert not chatting.chat.is_busy
    assert chatting.shown() == "One? | An answer."
    assert len(chatting.keeper.gone) == 3
    assert chatting.chat.undo.words == "3 messages deleted"
    chatting.chat.undo.undo()
    assert chatting.shown() == "One? | An answer. | Two? | Half"
    assert chatting.chat.current.thread.entry(-1).state is MessageState.STOPPED
    assert not chatting.keeper.gone
    assert chatting.chat.undo.words == ""


async def test_an_emptied_chat_is_no_new_one(chatting: Chatting) -> None:
    await chatting.say("Why?")
    chat, mine = chatting.chat, chatting.chat.current
    chat.delete_message(chatting.id_of(0))
    chat.new_conversation()
    assert chat.current is not mine
    await chatting.say("What else?")
    chat.select(mine)
    chat.undo.undo()
    assert (chat.current, chatting.shown()) == (mine, "Why? | An answer.")
    chat.delete_message(chatting.id_of(0))
    assert chatting.keeper.kept_chats[mine.id].leaf is None
    chat.list.delete(mine)
    assert mine not in chat.conversations
    assert mine.id in chatting.keeper.gone


async def test_a_branch_is_a_chat_of_its_own(chatting: Chatting) -> None:
    await chatting.say("One?")
    await chatting.say("Two?")
    first = chatting.chat.current
    chatting.chat.branch(chatting.id_of(1))
    assert chatting.chat.current is not first
    assert chatting.shown() == "One? | An answer."
    await chatting.say("Three?")
    assert first.thread.rowCount() == 4
    ids = {chat for chat, _ in chatting.keeper.kept_messages.values()}
    assert ids == {first.id, chatting.chat.current.id}
    chatting.chat.duplicate(first)
    twin = chatting.chat.conversations[0]
    assert twin.thread.rowCount() == 4
    assert twin.id in chatting.keeper.kept_chats


async def test_the_model_gives_a_title_once_unless_the_user_did(chatting: Chatting) -> None:
    chatting.title = '"Title: Reasons"\n'
    chatting.chat.send("Why is  the sky blue, and why is the sea sometimes green?")
    assert chatting.chat.current.title == "Why is the sky blue, and why is the sea…"
    await until(lambda: chatting.chat.current.title == "Reasons")
    chatting.title = "Other"
    await chatting.say("And?")
    chatting.chat.new_conversation()
    chatting.says = ["No", "", "."]
    chatting.chat.send("Mine")
    await chatting.until_said("No")
    chatting.chat.list.rename(chatting.chat.current, "  My own\ntitle ")
    chatting.goes_on.set()
    await chatting.until_answered()
    await asyncio.sleep(0.05)
    assert chatting.chat.current.title == "My own title"
    assert len(chatting.titles_asked) == 1


async def test_a_title_waits_for_the_answers_of_the_user(chatting: Chatting) -> None:
    chat = chatting.chat
    chatting.says = ["Long", "", "."]
    chat.send("First")
    first = chat.current
    await chatting.until_said("Long")
    chat.new_conversation()
    chatting.says = ["Short."]
    await chatting.say("Second")
    await asyncio.sleep(0.03)
    assert chatting.titles_asked == []  # the first chat is still being answered
    chatting.goes_on.set()
    await until(lambda: {first.title, chat.current.title} == {"A title"})


async def test_a_title_moves_no_gauge(chatting: Chatting) -> None:
    gauges = GaugesViewModel(chatting.session, HardwareSampler())
    told: list[float] = []
    gauges.changed.connect(lambda: told.append(gauges.tokens_per_second))
    await chatting.say("Why?")
    await until(lambda: chatting.chat.current.title == "A title")
    await until(lambda: not chatting.session.asides)
    assert set(told) <= {0.0, 50.0}
    assert gauges.tokens_per_second == 50.0
    assert gauges.context_used == 8


async def test_a_title_that_is_none_is_left(chatting: Chatting) -> None:
    chatting.title = "Here is a title for it:\n\nA long story"
    await chatting.say("Why?")
    await until(lambda: bool(chatting.titles_asked) and not chatting.chat.titles._job)
    assert chatting.chat.current.title == "Why?"


async def test_chats_are_read_when_they_are_first_shown(qapp: object) -> None:
    keeper = MemoryKeeper()
    question = ChatMessage(parent=None, role=Role.USER, text="Why?")
    answer = ChatMessage(
        parent=question.id, role=Role.ASSISTANT, text="Half", state=MessageState.STREAMING
    )
    info = ChatInfo(title="Old", leaf=answer.id)
    keeper.keep_chat(info)
    for message in (question, answer):
        keeper.keep_message(info.id, message)
    chatting = Chatting(keeper)
    chatting.chat.start()
    chatting.load()
    assert "messages" not in keeper.calls
    old = chatting.chat.find(info.id)
    assert old is not None
    keeper.is_broken = True
    said: list[str] = []
    chatting.chat.failed.connect(said.append)
    chatting.chat.select(old)
    assert said == ["the disk is gone"]
    chatting.chat.send("lost?")  # nothing may be written over what cannot be read
    assert chatting.shown() == ""
    keeper.is_broken = False
    chatting.chat.select(old)
    chatting.chat.select(old)
    assert keeper.calls.count("messages") == 2
    assert chatting.shown() == "Why? | Half"
    assert keeper.kept_messages[answer.id][1].state is MessageState.INTERRUPTED
    assert chatting.chat.can_continue(answer.id)
    chatting.says = [" and half."]
    chatting.chat.continue_answer()
    await chatting.until_answered()
    assert chatting.shown() == "Why? | Half and half."
    await chatting.shut_down()


async def test_a_place_that_was_found_is_shown_in_its_version(chatting: Chatting) -> None:
    await chatting.say("Why?")
    found, chat = chatting.id_of(1), chatting.chat.current
    chatting.says = ["Another."]
    chatting.chat.regenerate()
    await chatting.until_answered()
    chatting.chat.new_conversation()
    rows: list[tuple[int, str]] = []
    chatting.chat.message_wanted.connect(lambda row, words: rows.append((row, words)))
    chatting.chat.show_message(chat.id, found, "answer")
    assert chatting.chat.current is chat
    assert chatting.shown() == "Why? | An answer."
    assert rows == [(1, "answer")]


async def test_folders_pins_and_deleted_chats(chatting: Chatting) -> None:
    chat, chats = chatting.chat, chatting.chat.list
    await chatting.say("Why?")
    mine = chat.current
    assert chats.add_folder("  ") is None
    folder = chats.add_folder("Work ")
    assert folder is not None
    chats.move(mine, folder.id)
    chats.pin(mine, wanted=True)
    kept = chatting.keeper.kept_chats[mine.id]
    assert (kept.folder, kept.is_pinned) == (folder.id, True)
    chats.rename_folder(folder, "Play")
    assert [f.name for f in chat.folders] == ["Play"]
    chats.remove_folder(chat.folders[0])
    assert (mine.info.folder, chat.folders, chatting.keeper.kept_folders) == (None, [], {})
    chat.undo.undo()
    assert mine.info.folder == folder.id
    chats.delete(mine)
    assert mine not in chat.conversations
    assert chat.current.is_empty
    assert mine.id in chatting.keeper.gone
    chat.undo.undo()
    assert chat.current is mine
    assert mine.id not in chatting.keeper.gone


async def test_what_a_chat_remembers_goes_and_comes_back_with_it(chatting: Chatting) -> None:
    await chatting.say("Why?")
    chat, options = chatting.chat, chatting.options
    mine, remembered = chat.current, ChatOptions(json_schema="{}")
    options.put(mine.id, remembered)
    assert chatting.keeper.kept_chats[mine.id].options == remembered
    chat.list.delete(mine)
    assert options.of(mine.id) == ChatOptions()
    chat.undo.undo()
    assert options.of(mine.id) == remembered
    chat.branch(chatting.id_of(0))
    assert chat.current is not mine
    assert chatting.keeper.kept_chats[chat.current.id].options == remembered


async def test_the_newest_search_wins(chatting: Chatting) -> None:
    chats = chatting.chat.list
    told: list[str] = []
    chats.hits_changed.connect(lambda: told.extend(hit.snippet for hit in chats.hits))
    chats.search("slow")
    await asyncio.sleep(0.005)
    chats.search("quick")
    await asyncio.sleep(0.05)
    assert told == ["quick"]
    chats.search(" ")
    assert list(chats.hits) == []


async def test_what_was_begun_before_the_keeper_came_is_kept(chatting: Chatting) -> None:
    chat, late = chatting.chat, MemoryKeeper()
    late.keep_chat(ChatInfo(title="Old"))
    folder = chat.list.add_folder("Work")
    chatting.says = ["Half", "", "."]
    chat.send("Why?")
    await chatting.until_said("Half")
    chat.use(late)
    assert [m.text for _, m in late.kept_messages.values()] == ["Why?", "Half"]
    assert late.folders() == [folder] == chat.folders
    assert [c.title for c in chat.conversations] == ["Why?", "Old"]
    chatting.goes_on.set()
    await chatting.until_answered()
    assert late.kept_messages[chatting.id_of(1)][1].text == "Half."


async def test_deleting_another_version_leaves_the_answer_that_is_written(
    chatting: Chatting,
) -> None:
    await chatting.say("Why?")
    first = chatting.id_of(1)
    chatting.says = ["begins", "", " and ends"]
    chatting.chat.regenerate()
    await chatting.until_said("begins")
    chatting.chat.delete_message(first)
    assert chatting.chat.is_busy
    chatting.goes_on.set()
    await chatting.until_answered()
    assert chatting.shown() == "Why? | begins and ends"


async def test_a_chat_that_cannot_be_read_takes_no_message(chatting: Chatting) -> None:
    chatting.keeper.kept_chats["lost"] = ChatInfo(id="lost", title="Lost")
    chatting.keeper.is_broken = True
    chatting.chat.start()
    lost = chatting.chat.find("lost")
    assert lost is not None
    chatting.chat.select(lost)
    told: list[str] = []
    chatting.chat.failed.connect(told.append)
    assert not chatting.chat.send("Will this be lost?")
    assert told == [lost.problem]


async def test_deletes_are_taken_back_one_after_the_other(chatting: Chatting) -> None:
    await chatting.say("Why?")
    await chatting.say("And then?")
    whole = chatting.shown()
    chatting.chat.delete_message(chatting.id_of(3))
    chatting.chat.delete_message(chatting.id_of(1))
    chatting.chat.undo.withdraw()  # the bar has gone
    chatting.chat.undo.undo()
    assert chatting.shown() == "Why? | An answer. | And then?"
    chatting.chat.undo.undo()
    assert chatting.shown() == whole
    chatting.chat.undo.undo()
    assert chatting.shown() == whole


async def test_what_was_deleted_is_offered_back_in_its_own_chat(chatting: Chatting) -> None:
    await chatting.say("Why?")
    chat, undo = chatting.chat, chatting.chat.undo
    mine = chat.current
    chat.delete_message(chatting.id_of(1))
    assert undo.words == "Message deleted"
    chat.new_conversation()
    assert undo.words == ""
    undo.undo()
    assert len(mine.tree) == 1
    undo.offer("Of no chat", lambda: None)
    assert undo.words == "Of no chat"
    undo.undo()
    chat.select(mine)
    undo.undo()
    assert chatting.shown() == "Why? | An answer."


async def test_a_new_chat_begins_as_suits_the_model_or_as_the_user_chose(
    chatting: Chatting,
) -> None:
    chat = chatting.chat
    small, chosen = SamplingParams(max_tokens=512), SamplingParams(temperature=1.5)
    chat.set_default_sampling(small)
    assert chat.current.sampling == small
    await chatting.say("Why?")
    chat.set_default_sampling(SamplingParams())  # another model
    assert chat.current.sampling == small
    chat.new_conversation()
    assert chat.current.sampling == SamplingParams()
    chat.set_parameters("", chosen)
    await chatting.say("And?")
    chat.new_conversation()
    assert chat.current.sampling == chosen

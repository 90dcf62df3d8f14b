"""What is left out of a conversation that does not fit."""

import pytest

from phidesk.core import context
from phidesk.core.chat import Message, Role

SYSTEM = Message(role=Role.SYSTEM, content="Be brief.")


def said(*texts: str) -> tuple[Message, ...]:
    """A system message, then questions and answers in turn."""
    speakers = (Role.USER, Role.ASSISTANT)
    spoken = (Message(role=speakers[n % 2], content=text) for n, text in enumerate(texts))
    return (SYSTEM, *spoken)


CHAT = said("one", "1", "two", "2", "three")


def test_whole_turns_go_and_the_system_prompt_stays() -> None:
    cut = context.cut(CHAT, 1)
    assert context.without(CHAT, cut) == said("two", "2", "three")
    assert context.without(CHAT, context.cut(CHAT, 2)) == said("three")


def test_a_summary_stands_in_the_system_message() -> None:
    cut = context.cut(CHAT, 2, "They counted.")
    first, *rest = context.without(CHAT, cut)
    assert first.role is Role.SYSTEM
    assert first.content.startswith("Be brief.\n\n")
    assert first.content.endswith("\nThey counted.")
    assert rest == [Message(role=Role.USER, content="three")]
    alone = context.without(CHAT[1:], context.cut(CHAT[1:], 2, "They counted."))
    assert [message.role for message in alone] == [Role.SYSTEM, Role.USER]


def test_a_cut_holds_while_the_chat_goes_on_and_not_in_another_branch() -> None:
    cut = context.cut(CHAT, 1)
    assert context.holds(cut, said("one", "1", "two", "2", "three", "3", "four"))
    assert not context.holds(cut, said("one", "another answer", "two"))
    assert not context.holds(cut, said("one", "1"))


@pytest.mark.parametrize(
    ("tokens", "total", "most", "gone"),
    [
        ([100, 100, 100], 330, 1000, 0),  # it fits
        ([100, 100, 100, 100], 440, 400, 2),  # to three quarters, each with what is around it
        ([900, 10, 10], 950, 400, 1),
        ([10, 10, 900], 950, 400, 2),  # the last turn stays whatever it is
        ([900], 950, 400, 0),
        ([], 10, 400, 0),
    ],
)
def test_as_many_turns_go_as_have_to(tokens: list[int], total: int, most: int, gone: int) -> None:
    assert context.turns_to_leave_out(tokens, total, most) == gone


def test_a_draft_joins_a_question_without_an_answer() -> None:
    assert context.with_draft(said("one"), "more") == said("one\n\nmore")
    assert context.with_draft(said("one", "1"), "two") == said("one", "1", "two")
    assert context.with_draft(CHAT, "") == CHAT


def test_what_surely_fits_is_not_counted() -> None:
    assert context.surely_fits(said("你好"), 1000)
    assert not context.surely_fits(said("你" * 300), 1000)


def test_what_is_far_too_long_is_not_counted_either() -> None:
    assert context.surely_too_long(said("x" * 5_000_000), 8192) > 1_000_000
    assert context.surely_too_long(said("x" * 5_000_000), 1_000_000) == 0


def test_a_later_summary_goes_on_from_the_earlier_one() -> None:
    earlier = context.cut(CHAT, 1, "They said one.")
    (asked,) = context.summary_request(CHAT, 2, earlier)
    assert "They said one." in asked.content
    assert "User: two\n\nAssistant: 2" in asked.content
    assert "User: one" not in asked.content
    assert "three" not in asked.content
    (asked,) = context.summary_request(CHAT, 2, None, skipped=1)
    assert "User: one" not in asked.content


def test_a_longer_context_has_room_for_an_answer_within_what_a_model_can() -> None:
    assert context.context_for(207, None) == 1024
    assert context.context_for(1000, None) == 2048
    assert context.context_for(1000, 1500) == 1500
    assert context.context_for(1400, 1500) is None

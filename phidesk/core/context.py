"""What of a conversation fits a model's context, and what then is left out of it.

A prompt is a system message, if there is one, and turns: a question with the answers to it.
What is left out is always whole turns from the oldest on; the system message and the last turn
stay.
"""

import hashlib
from collections.abc import Sequence
from enum import StrEnum

import msgspec

from phidesk.core.chat import Message, Role

_ANSWER_SHARE, _ANSWER_MOST = 8, 256
_CUT_TO = 0.75
"""of the context: what was cut once then holds for a while, and the engine's cache with it"""
_SUMMARY_SHARE = 6
_ROUND = 1024
MOST_COUNTED = 1_000_000
"""characters of a text that are worth the time that counting takes"""
_LONGEST_TOKEN, _USUAL_CHARACTERS = 16, 4  # characters of one, over a long text
_TEMPLATE_TOKENS = 64  # more than any template adds to a message

SUMMARY_HEAD = "Summary of the conversation before this point:"


class Overflow(StrEnum):
    """What happens to a conversation that no longer fits."""

    ASK = "ask"
    STOP = "stop"
    DROP = "drop"
    SUMMARIZE = "summarize"


class Cut(msgspec.Struct, frozen=True, kw_only=True):
    """What the model no longer sees of a conversation.

    turns: how many of the oldest. mark: tells whether a conversation still begins with them.
    summary: what is sent in their place, "" for nothing.
    """

    turns: int
    mark: str
    summary: str = ""


def answer_room(context: int, max_tokens: int | None = None) -> int:
    """Return the tokens that an answer needs at least."""
    room = min(_ANSWER_MOST, context // _ANSWER_SHARE)
    return max(1, min(room, max_tokens or room))


def context_for(tokens: int, most: int | None) -> int | None:
    """Return a context that holds a prompt and an answer; None where a model's most is less."""
    wanted = tokens + _ANSWER_MOST
    rounded = -(-wanted // _ROUND) * _ROUND
    if most is None or rounded <= most:
        return rounded
    return most if wanted <= most else None


def turns_of(messages: Sequence[Message]) -> tuple[tuple[Message, ...], list[tuple[Message, ...]]]:
    """Return what stands before the first question, and the turns."""
    before: list[Message] = []
    turns: list[list[Message]] = []
    for message in messages:
        if message.role is Role.USER:
            turns.append([message])
        elif turns:
            turns[-1].append(message)
        else:
            before.append(message)
    return tuple(before), [tuple(turn) for turn in turns]


def turns_to_leave_out(tokens: Sequence[int], total: int, context: int) -> int:
    """Return how many of the oldest turns have to go.

    tokens: of the texts of each turn; total: of the whole prompt, with what the template adds.
    The last turn always stays.
    """
    if not tokens:
        return 0
    share = max(0, total - sum(tokens)) / (len(tokens) + 1)  # the template's, for each turn
    left, gone = float(total), 0
    while gone < len(tokens) - 1 and left > context * _CUT_TO:
        left -= tokens[gone] + share
        gone += 1
    return gone


def with_draft(messages: Sequence[Message], draft: str) -> tuple[Message, ...]:
    """Return the conversation with a question that has not been sent; "" for none.

    Two questions in a row are one turn, as in what is sent.
    """
    if not draft:
        return tuple(messages)
    if messages and messages[-1].role is Role.USER:
        draft = f"{messages[-1].content}\n\n{draft}"
        messages = messages[:-1]
    return (*messages, Message(role=Role.USER, content=draft))


def surely_fits(messages: Sequence[Message], context: int) -> bool:
    """Return whether a prompt fits however it is cut into tokens: none is less than a byte."""
    most = sum(len(message.content.encode("utf-8", "replace")) for message in messages)
    return most + _TEMPLATE_TOKENS * (len(messages) + 1) < context


def surely_too_long(messages: Sequence[Message], context: int) -> int:
    """Return about how many tokens a prompt has that is too long to be counted; 0 for others.

    Some tokenizers take minutes for megabytes without a space.
    """
    return guess_if_huge(sum(len(message.content) for message in messages), context)


def guess_if_huge(length: int, context: int) -> int:
    """Return about how many tokens so many characters are, if too many to be counted; else 0."""
    is_huge = length > max(MOST_COUNTED, _LONGEST_TOKEN * context)
    return length // _USUAL_CHARACTERS if is_huge else 0


def cut(messages: Sequence[Message], turns: int, summary: str = "") -> Cut:
    """Say that so many of the oldest turns are left out."""
    return Cut(turns=turns, mark=_mark(turns_of(messages)[1][:turns]), summary=summary)


def holds(what: Cut, messages: Sequence[Message]) -> bool:
    """Return whether a conversation still begins with the turns that were cut, and goes on."""
    turns = turns_of(messages)[1]
    return what.turns < len(turns) and _mark(turns[: what.turns]) == what.mark


def without(messages: Sequence[Message], what: Cut) -> tuple[Message, ...]:
    """Return the conversation as the model is to see it."""
    before, turns = turns_of(messages)
    if what.summary:
        told = f"{SUMMARY_HEAD}\n{what.summary}"
        if before and before[-1].role is Role.SYSTEM:
            told = f"{before[-1].content}\n\n{told}"
            before = before[:-1]
        before = (*before, Message(role=Role.SYSTEM, content=told))
    return (*before, *(message for turn in turns[what.turns :] for message in turn))


def summary_tokens(context: int) -> int:
    """Return how many tokens a summary may take."""
    return max(64, context // _SUMMARY_SHARE)


def summary_request(
    messages: Sequence[Message], turns: int, earlier: Cut | None, skipped: int = 0
) -> tuple[Message, ...]:
    """Return what asks a model to sum up the oldest turns.

    earlier: a cut whose summary stands for the first of these turns. skipped: how many of the
    oldest are left out of the summary, too, because even that would not fit.
    """
    found = turns_of(messages)[1][:turns]
    lines = []
    if earlier is not None and earlier.turns <= turns:
        lines += [f"{SUMMARY_HEAD}\n{earlier.summary}"] if earlier.summary else []
        skipped = max(skipped, earlier.turns)
    found = found[skipped:]
    names = {Role.USER: "User", Role.ASSISTANT: "Assistant", Role.SYSTEM: "System"}
    lines += [f"{names[message.role]}: {message.content}" for turn in found for message in turn]
    words = (
        "Sum up the conversation below for the assistant who goes on with it. Keep names, "
        "figures, decisions, code that matters and open questions. Write only the summary, in "
        "the language of the conversation.\n\n" + "\n\n".join(lines)
    )
    return (Message(role=Role.USER, content=words),)


def _mark(turns: Sequence[Sequence[Message]]) -> str:
    digest = hashlib.blake2b(digest_size=16)
    for turn in turns:
        for message in turn:
            digest.update(f"{message.role}\0{message.content}\0".encode("utf-8", "replace"))
    return digest.hexdigest()

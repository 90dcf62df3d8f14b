"""Chats in the ShareGPT form: a JSON object a line, with the turns under "conversations"."""

import time
from collections.abc import Iterable

import msgspec

from phidesk.core.chat import Role
from phidesk.core.chat_tree import ChatTree, first_words, shown_path
from phidesk.core.conversation import ChatInfo, ChatMessage
from phidesk.core.fences import fenced

_ROLES = {
    "system": Role.SYSTEM,
    "human": Role.USER,
    "user": Role.USER,
    "gpt": Role.ASSISTANT,
    "chatgpt": Role.ASSISTANT,
    "assistant": Role.ASSISTANT,
}
_NAMES = {Role.SYSTEM: "system", Role.USER: "human", Role.ASSISTANT: "gpt"}


def chat_of(row: object) -> ChatTree:
    """Return the chat of one decoded line; raises ValueError, in words."""
    turns = (row.get("conversations") or row.get("messages")) if isinstance(row, dict) else None
    if not isinstance(turns, list) or not turns:
        raise ValueError("it has no list “conversations” or “messages” with turns in it")
    said = [_turn(turn, number) for number, turn in enumerate(turns, start=1)]
    prompt = ""
    if said[0][0] is Role.SYSTEM:
        prompt = said.pop(0)[1]
    now = time.time()
    messages: list[ChatMessage] = []
    for number, (role, text) in enumerate(said):
        parent = messages[-1].id if messages else None
        created = now - (len(said) - number) / 1000  # in their order
        messages.append(ChatMessage(parent=parent, role=role, text=text, created=created))
    question = next((text for role, text in said if role is Role.USER), "")
    chat = ChatInfo(
        title=first_words(question),
        system_prompt=prompt,
        leaf=messages[-1].id if messages else None,
    )
    return ChatTree(chat=chat, messages=tuple(messages))


def lines_of(trees: Iterable[ChatTree]) -> bytes:
    """Return the path that each chat shows as a line; what nobody said anything in is left out."""
    lines = []
    for tree in trees:
        turns = [(m.role, text_with_attachments(m)) for m in shown_path(tree)]
        turns = [(role, text) for role, text in turns if text.strip()]
        if not turns:
            continue
        if tree.chat.system_prompt.strip():
            turns.insert(0, (Role.SYSTEM, tree.chat.system_prompt))
        row = {"conversations": [{"from": _NAMES[role], "value": text} for role, text in turns]}
        lines.append(msgspec.json.encode(row) + b"\n")
    return b"".join(lines)


def text_with_attachments(message: ChatMessage) -> str:
    """Return what a message says, after the files that go with it as blocks of code."""
    parts = [f"{a.name}\n{fenced(a.text.rstrip())}\n\n" for a in message.attachments]
    return "".join(parts) + message.text


def _turn(turn: object, number: int) -> tuple[Role, str]:
    if not isinstance(turn, dict):
        raise ValueError(f"turn {number} is not an object")
    name = turn.get("from", turn.get("role"))
    text = turn.get("value", turn.get("content"))
    role = _ROLES.get(name) if isinstance(name, str) else None
    if role is None:
        shown = name[:30] if isinstance(name, str) else "nobody"
        raise ValueError(f"turn {number} is by “{shown}”, not by system, human or gpt")
    if not isinstance(text, str):
        raise ValueError(f"turn {number} has no text")
    return role, text

"""What of chats and messages stands in which column."""

from collections.abc import Sequence
from typing import Any

import msgspec

from phidesk.core.chat import GenerationResult, Role, SamplingParams
from phidesk.core.chat_options import ChatOptions
from phidesk.core.conversation import Attachment, ChatInfo, ChatMessage, MessageState
from phidesk.core.models import well_formed
from phidesk.store.errors import StoreDamagedError

CHAT = """id, title, is_titled, folder, is_pinned, created, updated, system_prompt, sampling,
    model, leaf, options"""
MESSAGE = "id, parent, role, text, state, created, model, engine, result, error, attachments"


def json_of(value: object) -> str:
    """Return a value as it stands in a column of JSON, without half characters."""
    try:
        return msgspec.json.encode(value).decode()
    except UnicodeEncodeError:
        return msgspec.json.encode(_well_formed(msgspec.to_builtins(value))).decode()


def _well_formed(value: Any) -> Any:
    if isinstance(value, str):
        return well_formed(value)
    if isinstance(value, dict):
        return {key: _well_formed(part) for key, part in value.items()}
    return [_well_formed(part) for part in value] if isinstance(value, list | tuple) else value


def chat_of(row: Sequence[Any]) -> ChatInfo:
    """Return the chat of a row; raises StoreDamagedError."""
    (chat_id, title, is_titled, folder, is_pinned, created, updated, prompt, sampling, model,
     leaf, options) = row  # fmt: skip
    try:
        return ChatInfo(
            id=chat_id, title=title, is_titled=bool(is_titled), folder=folder,
            is_pinned=bool(is_pinned), created=created, updated=updated, system_prompt=prompt,
            sampling=msgspec.json.decode(sampling, type=SamplingParams), model=model, leaf=leaf,
            options=msgspec.json.decode(options, type=ChatOptions),
        )  # fmt: skip
    except msgspec.DecodeError as error:
        raise StoreDamagedError(f"chat {chat_id}: {error}") from error


def attachments_of(column: str) -> tuple[Attachment, ...]:
    """Return the attachments of a column; raises msgspec.DecodeError."""
    return msgspec.json.decode(column, type=tuple[Attachment, ...])


def message_of(row: Sequence[Any]) -> ChatMessage:
    """Return the message of a row; raises StoreDamagedError."""
    message_id, parent, role, text, state, created, model, engine, result, error, attachments = row
    try:
        return ChatMessage(
            id=message_id, parent=parent, role=Role(role), text=text, state=MessageState(state),
            created=created, model=model, engine=engine,
            result=None if result is None else msgspec.json.decode(result, type=GenerationResult),
            error=error,
            attachments=attachments_of(attachments),
        )  # fmt: skip
    except (msgspec.DecodeError, ValueError) as problem:
        raise StoreDamagedError(f"message {message_id}: {problem}") from problem

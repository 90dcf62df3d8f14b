"""Chats as a Markdown text to read, which can be read back.

What a text cannot show, such as where a message ends, stands in comments that no viewer shows.
"""

import datetime
import re
from collections.abc import Iterable, Iterator

import msgspec

from phidesk.core.chat import Role
from phidesk.core.chat_tree import ChatFileError, ChatTree, checked, shown_path
from phidesk.core.conversation import Attachment, ChatInfo, ChatMessage, MessageState
from phidesk.core.fences import fenced
from phidesk.core.json_answers import is_json

_MARK = re.compile(r"^<!-- phidesk (\{.*\}) -->$", re.MULTILINE)
_LIKE_MARK = re.compile(r"^(\\*)(?=<!-- phidesk )", re.MULTILINE)
_HIDDEN_MARK = re.compile(r"^\\(?=\\*<!-- phidesk )", re.MULTILINE)


class _Chat(msgspec.Struct, frozen=True, tag="chat", omit_defaults=True):
    created: float
    folder: str = ""
    is_titled: bool = False


class _Message(msgspec.Struct, frozen=True, tag="message", omit_defaults=True):
    role: Role
    created: float
    state: MessageState = MessageState.DONE
    model: str = ""
    engine: str = ""
    is_fenced: bool = False


class _File(msgspec.Struct, frozen=True, tag="file"):
    """Of the message before it."""


class _Error(msgspec.Struct, frozen=True, tag="error"):
    """Of the message before it."""


class _End(msgspec.Struct, frozen=True, tag="end"):
    """Of the chat."""


_Mark = _Chat | _Message | _File | _Error | _End


def markdown_of(trees: Iterable[ChatTree]) -> bytes:
    """Return the path that each chat shows, with files and errors after their messages."""
    blocks = [block for tree in trees for block in _blocks(tree)]
    return "\n\n".join(blocks).rstrip().encode() + b"\n"


def is_own_markdown(data: bytes) -> bool:
    """Return whether a file begins as one that was written here."""
    found = _MARK.search(data[:10_000].decode(errors="replace"))
    return found is not None and found.start() == 0


def chats_of_markdown(name: str, data: bytes) -> Iterator[ChatTree]:
    """Read back what was written here; name: the file's. Raises ChatFileError."""
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ChatFileError(f"{name}: line {line} is not UTF-8.") from error
    marks = list(_MARK.finditer(text))
    parts: list[tuple[_Mark, str]] = []
    for number, mark in enumerate(marks):
        line = text.count("\n", 0, mark.start()) + 1
        end = marks[number + 1].start() if number + 1 < len(marks) else len(text)
        body = text[mark.end() : end].removeprefix("\n").removesuffix("\n\n")
        try:
            decoded = msgspec.json.decode(mark.group(1), type=_Mark)
            if bool(parts) is isinstance(decoded, _Chat):
                raise ValueError("a chat begins before the one above it has ended, or none does")
            parts.append((decoded, _HIDDEN_MARK.sub("", body)))
            if isinstance(decoded, _End):
                if body.strip():
                    raise ValueError("there is text after the end of a chat")
                yield _chat(parts)
                parts = []
        except (ValueError, RecursionError) as error:
            raise ChatFileError(f"{name}, line {line}: {error}.") from error
    if parts:
        raise ChatFileError(f"{name} breaks off in the middle of a chat. Export it again.")


def _blocks(tree: ChatTree) -> Iterator[str]:
    chat = tree.chat
    day = datetime.datetime.fromtimestamp(chat.created).astimezone().date().isoformat()
    head = [f"# {' '.join(chat.title.split()) or 'Chat'}", day]
    if chat.system_prompt.strip():
        head.append("\n".join(f"> {line}" for line in chat.system_prompt.split("\n")))
    yield _block(_Chat(chat.created, tree.folder, chat.is_titled), "\n\n".join(head))
    for message in shown_path(tree):
        # Or the stars and underscores of JSON would be Markdown's.
        is_fenced = message.role is Role.ASSISTANT and is_json(message.text)
        text = fenced(message.text, "json") if is_fenced else message.text
        mark = _Message(
            message.role, message.created, message.state, message.model, message.engine, is_fenced
        )
        yield _block(mark, f"## {_speaker(message)}\n\n{text}")
        for file in message.attachments:
            yield _block(_File(), f"{_one_line(file.name)}\n{fenced(file.text)}")
        if message.error:
            yield _block(_Error(), f"*{message.error}*")
    yield _block(_End(), "")


def _block(mark: _Mark, body: str) -> str:
    data = msgspec.json.encode(mark).decode().replace(">", "\\u003e")  # or it could end the comment
    return "<!-- phidesk " + data + " -->\n" + _LIKE_MARK.sub(r"\1\\", body)


def _chat(parts: list[tuple[_Mark, str]]) -> ChatTree:
    """Put a chat together; raises ValueError, in words."""
    messages: list[ChatMessage] = []
    chat, folder = ChatInfo(), ""
    for mark, body in parts:
        match mark:
            case _Chat():
                title, _, head = body.partition("\n\n")
                _, _, prompt = head.partition("\n\n")
                chat = ChatInfo(
                    title=title.removeprefix("# "),
                    is_titled=mark.is_titled,
                    created=mark.created,
                    system_prompt="\n".join(line[2:] for line in prompt.split("\n")),
                )
                folder = mark.folder
            case _Message():
                _, _, text = body.partition("\n\n")
                message = ChatMessage(
                    parent=messages[-1].id if messages else None,
                    role=mark.role,
                    text=_unfenced(text) if mark.is_fenced else text,
                    state=mark.state,
                    created=mark.created,
                    model=mark.model,
                    engine=mark.engine,
                )
                messages.append(message)
            case _File() | _Error() if not messages:
                raise ValueError("it belongs to no message")
            case _File():
                last, (file_name, _, text) = messages.pop(), body.partition("\n")
                file = Attachment(name=file_name, text=_unfenced(text))
                files = (*last.attachments, file)
                messages.append(msgspec.structs.replace(last, attachments=files))
            case _Error():
                messages.append(msgspec.structs.replace(messages.pop(), error=body[1:-1]))
    leaf = messages[-1].id if messages else None
    chat = msgspec.structs.replace(chat, leaf=leaf)
    return checked(ChatTree(chat=chat, messages=tuple(messages), folder=folder))


def _unfenced(block: str) -> str:
    first, *lines, last = block.split("\n") if "\n" in block else (block, "")
    if not last.startswith("```") or first.rstrip("json") != last:
        raise ValueError("the block of code does not end where it should")
    return "\n".join(lines)


def _speaker(message: ChatMessage) -> str:
    if message.role is Role.ASSISTANT:
        return _one_line(message.model) or "Assistant"
    return "You" if message.role is Role.USER else "System"


def _one_line(text: str) -> str:
    return " ".join(text.split("\n"))

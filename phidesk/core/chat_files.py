"""Reads chats from files, whole or not at all, and writes them."""

import stat
from collections.abc import Iterable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

import msgspec

from phidesk.core import sharegpt
from phidesk.core.chat_markdown import chats_of_markdown, is_own_markdown, markdown_of
from phidesk.core.chat_tree import ChatFileError, ChatTree, checked, with_new_ids
from phidesk.core.conversation import ChatInfo, ChatMessage
from phidesk.core.json_damage import json_damage, line_of
from phidesk.core.writing import write_in_one_step

MAX_MB = 256
MAX_CHATS = 20_000
_FORMAT, _VERSION = "phidesk chats", 1
_BOM = b"\xef\xbb\xbf"
_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


class ChatFormat(StrEnum):
    """The kinds of files that chats are exported to."""

    MARKDOWN = "md"
    JSON = "json"
    """with all versions of each answer; the only one that comes back as it was"""
    SHAREGPT = "jsonl"


class _RawChat(msgspec.Struct):
    chat: msgspec.Raw
    messages: list[msgspec.Raw]
    folder: str = ""


class _RawFile(msgspec.Struct):
    format: str
    version: int
    chats: list[msgspec.Raw] = []


def read_chats(path: Path) -> list[ChatTree]:
    """Return the chats of a .md, .json or .jsonl file, with new ids; raises ChatFileError."""
    name = path.name
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise ChatFileError(f"{name} is not a file. Choose a .md, .json or .jsonl file.")
        if status.st_size > MAX_MB * 2**20:
            raise ChatFileError(
                f"{name} has {status.st_size / 2**20:,.0f} MB; at most {MAX_MB} MB are imported at "
                "once. Split it up."
            )
        with path.open("rb") as file:
            if path.suffix.lower() == ".jsonl":
                chats = list(_of_lines(name, file))
            elif path.suffix.lower() == ".md":
                chats = list(_of_markdown(name, file.read().removeprefix(_BOM)))
            elif path.suffix.lower() == ".json":
                chats = list(_of_json(name, file.read().removeprefix(_BOM)))
            else:
                raise ChatFileError(
                    f"{name} is of no known kind. Choose a .md, .json or .jsonl file."
                )
    except FileNotFoundError as error:
        raise ChatFileError(f"{path} is not there. Choose the file again.") from error
    except OSError as error:
        raise ChatFileError(f"{path} cannot be read ({error.strerror}).") from error
    if not chats:
        raise ChatFileError(f"There is no chat in {name}.")
    return chats


def write_chats(trees: Iterable[ChatTree], path: Path, form: ChatFormat) -> None:
    """Write chats in one step; raises OSError."""
    write_in_one_step(path, _WRITERS[form](trees))


def _of_lines(name: str, file: BinaryIO) -> Iterator[ChatTree]:
    for number, line in enumerate(file, start=1):
        text = line.removeprefix(_BOM) if number == 1 else line
        if not text.strip():
            continue
        if number > MAX_CHATS:
            raise _too_many(name)
        try:
            yield sharegpt.chat_of(msgspec.json.decode(text))
        except _UNREADABLE as error:
            raise ChatFileError(f"{name}: {json_damage(text, error, number)}.") from error
        except ValueError as error:
            raise ChatFileError(f"{name}, line {number}: {error}.") from error


def _of_markdown(name: str, data: bytes) -> Iterator[ChatTree]:
    if data.strip() and not is_own_markdown(data):
        raise ChatFileError(
            f"{name} was not exported by phidesk, or by an older one: nothing in it tells the "
            "questions from the answers. Choose a .json or .jsonl file."
        )
    for number, chat in enumerate(chats_of_markdown(name, data), start=1):
        if number > MAX_CHATS:
            raise _too_many(name)
        yield chat


def _of_json(name: str, data: bytes) -> Iterator[ChatTree]:
    """Read a file of phidesk's own, or a list in the ShareGPT form."""
    is_list = data.lstrip()[:1] == b"["
    try:
        if is_list:
            chats = msgspec.json.decode(data, type=list[msgspec.Raw])
        else:
            head = msgspec.json.decode(data, type=_RawFile)
            chats = head.chats
            if head.format != _FORMAT:
                raise ChatFileError(f"{name} holds something other than chats.")
            if head.version > _VERSION:
                raise ChatFileError(f"{name} was written by a newer phidesk. Import it there.")
    except msgspec.ValidationError as error:
        raise ChatFileError(f"{name} is not a file of chats ({error}).") from error
    except _UNREADABLE as error:
        raise ChatFileError(f"{name}: {json_damage(data, error)}.") from error
    if len(chats) > MAX_CHATS:
        raise _too_many(name)
    place = 0
    for raw in chats:
        place = data.find(raw, place)
        try:
            if is_list:
                yield sharegpt.chat_of(msgspec.json.decode(raw))
            else:
                yield _own_chat(name, data, raw, place)
        except ChatFileError:
            raise
        except (*_UNREADABLE, ValueError) as error:
            raise _wrong(name, data, place, bytes(raw), error) from error
        place += len(memoryview(raw))


def _own_chat(name: str, data: bytes, raw: msgspec.Raw, place: int) -> ChatTree:
    parts = msgspec.json.decode(raw, type=_RawChat)
    messages = []
    chat = msgspec.json.decode(parts.chat, type=ChatInfo)
    for part in parts.messages:
        place = data.find(part, place)
        try:
            messages.append(msgspec.json.decode(part, type=ChatMessage))
        except _UNREADABLE as error:
            raise _wrong(name, data, place, bytes(part), error) from error
        place += len(memoryview(part))
    return checked(ChatTree(chat=chat, messages=tuple(messages), folder=parts.folder))


def _wrong(name: str, data: bytes, place: int, part: bytes, error: Exception) -> ChatFileError:
    """Say what is wrong with a part of a file that is JSON as a whole."""
    line = line_of(data, place)
    if isinstance(error, UnicodeDecodeError | RecursionError):
        return ChatFileError(f"{name}: {json_damage(part, error, line)}.")
    return ChatFileError(f"{name}, line {line}: {error}.")


def _too_many(name: str) -> ChatFileError:
    return ChatFileError(
        f"{name} has more than {MAX_CHATS:,} chats, which is the most that is imported at once. "
        "Split it up."
    )


def _json(trees: Iterable[ChatTree]) -> bytes:
    """Return phidesk's own form, a message a line: a mistake in it can be found by its line."""
    encode = msgspec.json.encode
    chats = []
    for tree in map(with_new_ids, trees):
        messages = b",\n".join(map(encode, tree.messages))
        chats.append(
            b'{"folder":%b,"chat":%b,"messages":[\n%b\n]}'
            % (encode(tree.folder), encode(tree.chat), messages)
        )
    head = b'{"format":%b,"version":%d,"chats":[\n' % (encode(_FORMAT), _VERSION)
    return head + b",\n".join(chats) + b"\n]}\n"


_WRITERS = {
    ChatFormat.MARKDOWN: markdown_of,
    ChatFormat.JSON: _json,
    ChatFormat.SHAREGPT: sharegpt.lines_of,
}

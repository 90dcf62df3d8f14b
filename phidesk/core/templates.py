"""Finds the chat templates of a model: in its JSON files, beside them, or in its GGUF file."""

import contextlib
import os
import stat
import struct
from collections.abc import Iterator
from pathlib import Path

import msgspec

from phidesk.core.checkpoint import read_json
from phidesk.core.gguf import GgufError
from phidesk.core.gguf_walk import ARRAY, STRING, keys_of, string_at
from phidesk.core.models import ModelFormat, ModelRef, well_formed

_JSON_FILES = ("tokenizer_config.json", "chat_template.json", "processor_config.json")
_KEY = "chat_template"
_MAX_FILE = 16 * 2**20  # bytes; the longest templates have some ten thousand
_MAX_FILES = 100
_GGUF_KEY = b"tokenizer.chat_template"
_VOCABULARY = b"tokenizer.ggml.tokens"
_TOKENS = {
    b"tokenizer.ggml.bos_token_id": "bos_token",
    b"tokenizer.ggml.eos_token_id": "eos_token",
}
_UINT32 = 4
_HEADS = (2**20, 8 * 2**20, 64 * 2**20)  # bytes; a vocabulary of 250,000 tokens has ten million


class UnreadableTemplateError(ValueError):
    """A template is, or may be, where it cannot be read; the message names the file."""


class Template(msgspec.Struct, frozen=True, kw_only=True):
    """One chat template; name: "" for the one that chats use, where a file has several."""

    file: str
    text: str
    name: str = ""


def read_templates(model: ModelRef) -> tuple[Template, ...]:
    """Return every chat template that the model brings; a model that is gone has none.

    Raises UnreadableTemplateError where an engine might read one that phidesk cannot.
    """
    path = Path(model.path)
    try:
        if model.format is ModelFormat.GGUF:
            return tuple(_in_gguf(path))
        return tuple(_in_folder(path))
    except (FileNotFoundError, NotADirectoryError):
        return ()
    except UnreadableTemplateError:
        raise
    except (OSError, ValueError) as error:
        raise _unreadable(path.name, error) from error


def template_files(folder: Path) -> list[Path]:
    """Return the files of a folder that may hold a template, there or not.

    Raises OSError where the folder cannot be listed.
    """
    more: list[Path] = []
    with contextlib.suppress(FileNotFoundError, NotADirectoryError):
        more = _jinja_files(folder / "additional_chat_templates")
    return [*(folder / name for name in _JSON_FILES), *_jinja_files(folder), *more]


def special_tokens(path: Path) -> dict[str, str]:
    """Return the tokens that begin and end a text, as a GGUF file's templates get to see them.

    {} where the file does not tell, or cannot be read.
    """
    with contextlib.suppress(OSError, GgufError):
        if stat.S_ISREG(path.stat().st_mode):
            with path.open("rb") as file:
                head = b""
                for size in _HEADS:
                    head += file.read(size - len(head))
                    with contextlib.suppress(struct.error, OverflowError):  # cut here, or it lies
                        return _tokens_in_head(head)
    return {}


def _tokens_in_head(data: bytes) -> dict[str, str]:
    _magic, _version, _tensors, count = struct.unpack_from("<4sIQQ", data)
    ids: dict[str, int] = {}
    vocabulary, length = 0, 0
    for key, kind, start, _end in keys_of(data, count):
        if key == _VOCABULARY and kind == ARRAY:
            of, length = struct.unpack_from("<IQ", data, start)
            vocabulary = start + 12 if of == STRING else 0
        elif key in _TOKENS and kind == _UINT32:
            (ids[_TOKENS[key]],) = struct.unpack_from("<I", data, start)
    found: dict[str, str] = {}
    place = vocabulary
    last = max((number for number in ids.values() if number < length), default=-1)
    for number in range(last + 1 if vocabulary else 0):
        text, place = string_at(data, place)
        for name, wanted in ids.items():
            if number == wanted:
                found[name] = text.decode("utf-8", "replace")
    return found


def _jinja_files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.name.endswith(".jinja"))


def _in_folder(folder: Path) -> Iterator[Template]:
    files = template_files(folder)
    if len(files) > _MAX_FILES:
        raise UnreadableTemplateError(f"{len(files):,} files may hold templates: none is read")
    for path in files:
        file = path.relative_to(folder).as_posix()
        if path.suffix == ".json":
            found, problem = read_json(path)
            if problem and os.path.lexists(path):
                raise UnreadableTemplateError(problem)
            for name, text in _named(found.get(_KEY)):
                yield Template(file=well_formed(file), name=name, text=well_formed(text))
        else:
            yield Template(file=well_formed(file), text=_text_of(path, file))


def _text_of(path: Path, name: str) -> str:
    try:
        if stat.S_ISREG(path.stat().st_mode):  # a pipe would keep the reader waiting for ever
            with path.open("rb") as file:
                data = file.read(_MAX_FILE + 1)
            if len(data) <= _MAX_FILE:
                return data.decode("utf-8", "replace")
    except OSError as error:  # also a link that leads nowhere: it may lead somewhere later
        raise _unreadable(name, error) from error
    raise UnreadableTemplateError(f"{well_formed(name)} is too large or no regular file")


def _unreadable(name: str, error: Exception) -> UnreadableTemplateError:
    why = getattr(error, "strerror", None) or error
    return UnreadableTemplateError(well_formed(f"{name}: {why}"))


def _named(found: object) -> Iterator[tuple[str, str]]:
    """Yield the names and texts: one text, a mapping, or a list of objects with both."""
    if isinstance(found, str):
        yield "", found
    entries: list[tuple[object, object]] = []
    if isinstance(found, dict):
        entries = list(found.items())
    elif isinstance(found, list):
        entries = [(e.get("name"), e.get("template")) for e in found if isinstance(e, dict)]
    for name, text in entries:
        if isinstance(text, str):
            yield well_formed(str(name)), text


def _in_gguf(path: Path) -> list[Template]:
    """Read as much of the head as is needed: a file that is mapped and then cut ends the reader."""
    if not stat.S_ISREG(path.stat().st_mode):
        return []
    with path.open("rb") as file:
        head = b""
        for size in _HEADS:
            head += file.read(size - len(head))
            try:
                return list(_in_head(head, well_formed(path.name)))
            except (
                struct.error,
                OverflowError,
                GgufError,
            ):  # cut here, or it lies about its lengths
                if len(head) < size:
                    break
    raise UnreadableTemplateError(f"{well_formed(path.name)}: the header is broken")


def _in_head(data: bytes, file: str) -> Iterator[Template]:
    magic, version, _tensors, count = struct.unpack_from("<4sIQQ", data)
    if magic != b"GGUF" or version not in (2, 3):
        return
    for key, kind, start, end in keys_of(data, count):
        if end > len(data):
            raise struct.error
        if kind == STRING and key.startswith(_GGUF_KEY):
            text = data[start + 8 : min(end, start + 8 + _MAX_FILE)].decode("utf-8", "replace")
            name = key.removeprefix(_GGUF_KEY).decode("utf-8", "replace").lstrip(".")
            yield Template(file=file, name=name, text=text)

"""The texts that quantization calibrates and measures with: the packs and the user's own files."""

import re
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

import msgspec

from phidesk.core.chat import Message, Role
from phidesk.core.paths import resources

MAX_MB = 256
# The packs hold long works as many mixed documents: each fifth gives every kind of text its share.
_HELD_OUT_EVERY = 5
_TURN = re.compile(r"^(System|User|Assistant): ", re.MULTILINE)
_ROLES = {r.value: r.capitalize() for r in Role} | {"human": "User", "gpt": "Assistant"}


class CalibrationTextError(ValueError):
    """A text file that cannot be used; the message is for the user."""


class Pack(StrEnum):
    """The packs that ship with phidesk; SOURCES.md beside them says what they are made of."""

    GENERAL = "general"
    CODE = "code"
    CHAT = "chat"
    CHINESE = "chinese"

    @property
    def label(self) -> str:
        """Return the name that a list shows."""
        return self.capitalize()

    @property
    def description(self) -> str:
        """Return one sentence about what is in it."""
        return _DESCRIPTIONS[self]


_DESCRIPTIONS = {
    Pack.GENERAL: "English prose: novels, reference works, speeches, science and manuals.",
    Pack.CODE: "Programs in Python, C, C++, JavaScript, Go, Rust, shell, SQL, HTML and more.",
    Pack.CHAT: "Questions and answers and dialogues, nearly all in English.",
    Pack.CHINESE: "Simplified Chinese: stories, manuals, classical prose and poems.",
}


def calibration_documents(pack: Pack) -> list[str]:
    """Return the four of every five documents of a pack that quantization may look at."""
    return [text for i, text in enumerate(_documents(pack), start=1) if i % _HELD_OUT_EVERY]


def held_out_documents(pack: Pack) -> list[str]:
    """Return every fifth document of a pack, which only quality is measured on."""
    return [text for i, text in enumerate(_documents(pack), start=1) if not i % _HELD_OUT_EVERY]


def dialogues(documents: list[str]) -> list[tuple[Message, ...]]:
    """Return the conversations among documents with "User: …" and "Assistant: …" lines."""
    found = []
    for text in documents:
        before, *parts = _TURN.split(text)
        turns = zip(parts[::2], parts[1::2], strict=True)
        if parts and not before.strip():
            found.append(tuple(Message(role=Role(r.lower()), content=c.strip()) for r, c in turns))
    return found


def held_out_texts() -> dict[str, tuple[str, ...]]:
    """Return all that quality is measured on, by pack."""
    return {pack.value: tuple(held_out_documents(pack)) for pack in Pack}


def read_own_texts(path: Path) -> list[str]:
    """Return the documents of a .txt, .md or .jsonl file; raises CalibrationTextError.

    A text file is one document, or several with form feeds between them. In a JSONL file each line
    is a string or an object with "text", "messages" or "conversations"; conversations come back in
    the form that dialogues() reads.
    """
    name = path.name
    try:
        if path.stat().st_size > MAX_MB * 1024**2:
            raise CalibrationTextError(f"{name} is larger than {MAX_MB} MB. Cut a part out of it.")
        if path.suffix.lower() == ".jsonl":
            found = list(_jsonl_texts(path))
        elif path.suffix.lower() in (".txt", ".md"):
            found = _split(_decode(name, path.read_bytes(), 1))
        else:
            raise CalibrationTextError(f"{name} is of no known kind. Choose .txt, .md or .jsonl.")
    except FileNotFoundError as error:
        raise CalibrationTextError(f"{path} is not there. Choose the file again.") from error
    except OSError as error:
        problem = f"{path} cannot be read ({error.strerror}). Choose another file."
        raise CalibrationTextError(problem) from error
    if not found:
        raise CalibrationTextError(f"{name} is empty. Choose a file with text in it.")
    if not any(found):
        way_out = 'Each line needs a "text", "messages" or "conversations" field'
        raise CalibrationTextError(f"{name} has no text in its {len(found)} lines. {way_out}.")
    return [text for text in found if text]


def _documents(pack: Pack) -> list[str]:
    return _split((resources() / "texts" / f"{pack}.txt").read_text(encoding="utf-8"))


def _split(text: str) -> list[str]:
    return [part.strip("\n") for part in re.split("\n?\f\n?", text) if part.strip()]


def _decode(name: str, raw: bytes, line: int) -> str:
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line += raw.count(b"\n", 0, error.start)
        problem = f"{name} is not UTF-8 text (line {line})"
        raise CalibrationTextError(f"{problem}. Save it again with the encoding UTF-8.") from error


def _jsonl_texts(path: Path) -> Iterator[str]:
    with path.open("rb") as file:
        for number, raw in enumerate(file, start=1):  # one line in memory at a time
            if line := _decode(path.name, raw, number).strip():
                try:
                    text = _text_of(msgspec.json.decode(line))
                except (msgspec.DecodeError, RecursionError) as error:
                    problem = f"{path.name} is not JSONL: line {number} is not JSON ({error})."
                    raise CalibrationTextError(f"{problem} Mend it, or use .txt.") from error
                yield text if text.strip() else ""


def _text_of(row: object) -> str:
    if isinstance(row, dict):
        turns = row.get("messages") or row.get("conversations")
        if isinstance(turns, list):
            return "\n".join(filter(None, map(_turn, turns)))
        row = row.get("text")
    return row if isinstance(row, str) else ""


def _turn(turn: object) -> str:
    """Return a turn as a "User: …" line; nothing for tools and pictures, which have no text."""
    if isinstance(turn, dict):
        role = _ROLES.get(str(turn.get("role") or turn.get("from")))
        content = turn.get("content") or turn.get("value")
        if role and isinstance(content, str):
            # A line of the content that looks like a turn must not become one.
            return f"{role}: " + _TURN.sub(r" \g<0>", content.strip())
    return ""

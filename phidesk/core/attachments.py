"""Files that go with a message: their text, read with care, and how the model gets to see it."""

import stat
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from phidesk.core.conversation import Attachment

LONG_PASTE_CHARACTERS = 2000
LONG_PASTE_LINES = 50
MOST_FILE_BYTES = 64 * 2**20
MOST_CHARACTERS = 16 * 2**20
"""of one attachment: what a worker's template process takes as well"""

_LANGUAGES = {
    ".py": "python", ".js": "javascript", ".ts": "typescript", ".c": "c", ".h": "c", ".cpp": "cpp",
    ".rs": "rust", ".go": "go", ".java": "java", ".sh": "bash", ".html": "html", ".css": "css",
    ".json": "json", ".yaml": "yaml", ".yml": "yaml", ".toml": "toml", ".sql": "sql",
    ".md": "markdown", ".xml": "xml", ".rb": "ruby", ".kt": "kotlin", ".csv": "csv",
}  # fmt: skip
_BINARY_SHARE = 0.01


class AttachmentError(Exception):
    """A file cannot go with a message; the message is for a person."""


def read_file(path: Path) -> bytes:
    """Return the bytes of a file that may be attached. Raises AttachmentError."""
    name = path.name
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise AttachmentError(f"“{name}” is a folder: attach the files that are in it.")
        if not stat.S_ISREG(status.st_mode):  # a pipe or device would never end
            raise AttachmentError(f"“{name}” is no file: attach text, Markdown, code or PDF files.")
        size = status.st_size
        if size > MOST_FILE_BYTES:
            raise AttachmentError(
                f"“{name}” has {size / 1e6:,.0f} MB, {MOST_FILE_BYTES / 1e6:,.0f} MB are the most "
                "that can be attached: attach the part that matters."
            )
        return path.read_bytes()
    except OSError as error:
        raise AttachmentError(f"“{name}” cannot be read: {error.strerror or error}.") from error


def is_pdf(path: Path, data: bytes) -> bool:
    """Return whether a file claims to be a PDF, by its name or its first bytes."""
    return data.startswith(b"%PDF-") or path.suffix.lower() == ".pdf"


def attachment_of(name: str, text: str) -> Attachment:
    """Return the attachment of a file's text. Raises AttachmentError where that is no use."""
    if not text or text.isspace():  # strip() would copy megabytes
        raise AttachmentError(f"“{name}” is empty: there is nothing to read in it.")
    if len(text) > MOST_CHARACTERS:
        raise AttachmentError(
            f"“{name}” holds {len(text):,} characters of text, {MOST_CHARACTERS:,} are the most "
            "that can be attached: attach the part that matters."
        )
    return Attachment(name=name, text=text)


def is_long_paste(text: str) -> bool:
    """Return whether a pasted text is better kept as an attachment than in the input."""
    return len(text) > LONG_PASTE_CHARACTERS or text.count("\n") >= LONG_PASTE_LINES


def model_text(text: str, attachments: Iterable[Attachment]) -> str:
    """Return what the model reads for a message: each file in a fence, then what was said.

    A fence is longer than any in the file, so that no text can end it.
    """
    found = tuple(attachments)
    return _joined(text, found) if found else text


@lru_cache(maxsize=32)  # of long texts, asked for with every count
def _joined(text: str, attachments: tuple[Attachment, ...]) -> str:
    parts = [_fenced(attachment) for attachment in attachments]
    return "\n\n".join([*parts, text] if text else parts)


def free_name(name: str, taken: Iterable[str]) -> str:
    """Return the name, with a number where another attachment has it."""
    others = set(taken)
    if name not in others:
        return name
    stem, suffix = Path(name).stem, Path(name).suffix
    number = 2
    while f"{stem} ({number}){suffix}" in others:
        number += 1
    return f"{stem} ({number}){suffix}"


def _fenced(attachment: Attachment) -> str:
    fence = "```"
    while fence in attachment.text:  # megabytes are looked through in a millisecond
        fence *= 2
    name = " ".join(attachment.name.split())
    language = _LANGUAGES.get(Path(name).suffix.lower(), "")
    text = attachment.text.rstrip("\n")
    return f"File “{name}”:\n{fence}{language}\n{text}\n{fence}"


def plain_text(name: str, data: bytes) -> str:
    """Return the text of a file's bytes. Raises AttachmentError where they are none."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = data.decode("utf-16", "replace")
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("gb18030" if _looks_chinese(data) else "cp1252", "replace")
    odd = text.count("\0") + text.count("\ufffd")
    if odd > _BINARY_SHARE * max(1, len(text)):
        raise AttachmentError(f"“{name}” is no text: attach text, Markdown, code or PDF files.")
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")


def _looks_chinese(data: bytes) -> bool:
    """Return whether bytes that are no UTF-8 read as Chinese: GB 18030's pairs, mostly han."""
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        return False
    others = [character for character in text if ord(character) > 0x7F]
    han = sum("\u4e00" <= character <= "\u9fff" for character in others)
    return han * 2 > len(others)

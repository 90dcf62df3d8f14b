"""Models on the Hugging Face Hub and ModelScope: where they are asked for, and what is known."""

import os
import re
from collections.abc import Mapping
from enum import StrEnum
from urllib.parse import urlsplit

import msgspec

HUB = "https://huggingface.co"
MODELSCOPE = "https://modelscope.cn"
OFFLINE_WORDS = "phidesk is offline: nothing is searched or downloaded. Switch “Offline” off first."

_REPO = re.compile(r"[A-Za-z0-9][\w.-]*(?:/[A-Za-z0-9][\w.-]*)?", re.ASCII)
_PAGES = {"huggingface.co": "huggingface", "hf.co": "huggingface", "modelscope.cn": "modelscope"}


class Source(StrEnum):
    """Where models come from; a mirror of the Hub is the Hub with another endpoint."""

    HUGGINGFACE = "huggingface"
    MODELSCOPE = "modelscope"

    @property
    def label(self) -> str:
        """Its own name."""
        return {Source.HUGGINGFACE: "Hugging Face", Source.MODELSCOPE: "ModelScope"}[self]


class RepoFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file of a repository.

    size: bytes, 0 where the source does not tell. sha256: of the content; git_sha1: of git's
    blob, for small files of the Hub; "" where the source does not tell.
    """

    path: str
    size: int = 0
    sha256: str = ""
    git_sha1: str = ""


class RepoSummary(msgspec.Struct, frozen=True, kw_only=True):
    """A result of a search; size_bytes and parameters: None where the source does not tell."""

    repo: str
    downloads: int = 0
    likes: int = 0
    licence: str = ""
    gated: bool = False
    size_bytes: int | None = None
    parameters: int | None = None
    formats: tuple[str, ...] = ()


class RepoListing(msgspec.Struct, frozen=True, kw_only=True):
    """A repository at one revision.

    revision: what to ask the source for; commit: what that was when it was listed.
    """

    source: Source
    endpoint: str
    repo: str
    revision: str
    commit: str
    files: tuple[RepoFile, ...]
    licence: str = ""
    gated: bool = False


def endpoint_of(
    source: Source, mirror: str = "", environment: Mapping[str, str] = os.environ
) -> str:
    """Return the address to ask: the user's mirror, the environment's, or the source itself.

    Raises ValueError with plain words for what is no address.
    """
    if source is Source.MODELSCOPE:
        address = environment.get("MODELSCOPE_ENDPOINT") or MODELSCOPE
    else:
        address = mirror.strip() or environment.get("HF_ENDPOINT") or HUB
    address = address.rstrip("/")
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"“{address}” is no address: it begins with https:// or http://.")
    return address


def takes_token(endpoint: str) -> bool:
    """Return whether the user's token may be sent there: only to the Hub itself."""
    return endpoint == HUB


def parse_repo(text: str) -> tuple[str, Source | None]:
    """Return the repository that a name or a pasted address means, and its source if told.

    Raises ValueError with plain words where it is neither.
    """
    text, source = text.strip(), None
    if "://" in text:
        parts = urlsplit(text)
        page = _PAGES.get((parts.hostname or "").removeprefix("www."))
        if page is None:
            raise ValueError(f"“{text}” is no page of the Hugging Face Hub or ModelScope.")
        source = Source(page)
        names = [name for name in parts.path.split("/") if name]
        if source is Source.MODELSCOPE and names[:1] == ["models"]:
            names = names[1:]
        text = "/".join(names[:2])
    if not is_repo(text):
        raise ValueError(f"“{text}” is no repository: name it as owner/name.")
    return text, source


def is_repo(text: str) -> bool:
    """Return whether the text can name a repository, and a folder."""
    return bool(_REPO.fullmatch(text)) and ".." not in text and not text.endswith(".partial")

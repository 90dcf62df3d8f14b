"""Where models lie: phidesk's own folders and those of other programs, in one table."""

import os
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from pathlib import Path

import msgspec

from phidesk.core.paths import models_dir


class Source(StrEnum):
    """Whose folder a model lies in."""

    STARTER = "starter"
    OWN = "own"
    FOLDER = "folder"
    HUGGING_FACE = "hugging_face"
    LM_STUDIO = "lm_studio"
    OLLAMA = "ollama"
    WEBUI = "webui"

    @property
    def program(self) -> str:
        """The name of the other program that it belongs to; "" for the user's own folders."""
        names = {"lm_studio": "LM Studio", "ollama": "Ollama", "webui": "text-generation-webui"}
        return names.get(self.value, "")


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """A folder to look through, and whose it is."""

    source: Source
    path: str


_Environment = Mapping[str, str]


def places(folders: Iterable[str] = (), environment: _Environment | None = None) -> list[Place]:
    """Return the folders that are there, those that the user added last; each only once.

    The first of two places that hold the same model names its source.
    """
    known = os.environ if environment is None else environment
    wanted = [(Source.OWN, models_dir())]
    wanted += [(source, path) for source, find in _PROGRAMS for path in find(known)]
    wanted += [(Source.FOLDER, Path(folder)) for folder in folders]
    found: dict[str, Place] = {}
    for source, path in wanted:
        try:
            path = path.expanduser().absolute()
            if path.is_dir():
                found.setdefault(os.path.realpath(path), Place(source=source, path=os.fspath(path)))
        except (OSError, RuntimeError, ValueError):  # no such user, a loop of links, a NUL
            continue
    return list(found.values())


def _hugging_face(known: _Environment) -> list[Path]:
    """Return the Hub's cache.

    https://huggingface.co/docs/huggingface_hub/package_reference/environment_variables
    """
    for name in ("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE"):
        if known.get(name):
            return [Path(known[name])]
    if known.get("HF_HOME"):
        return [Path(known["HF_HOME"]) / "hub"]
    cache = Path(known.get("XDG_CACHE_HOME") or "~/.cache")
    return [cache / "huggingface" / "hub"]


def _lm_studio(_known: _Environment) -> list[Path]:
    return [Path("~/.lmstudio/models"), Path("~/.cache/lm-studio/models")]


def _ollama(known: _Environment) -> list[Path]:
    """Return Ollama's folders: of the user, and of the service that its installer sets up."""
    own = [Path(known["OLLAMA_MODELS"])] if known.get("OLLAMA_MODELS") else []
    return [*own, Path("~/.ollama/models"), Path("/usr/share/ollama/.ollama/models")]


def _webui(_known: _Environment) -> list[Path]:
    root = Path("~/text-generation-webui")
    return [root / "user_data" / "models", root / "models"]


_PROGRAMS: tuple[tuple[Source, Callable[[_Environment], list[Path]]], ...] = (
    (Source.HUGGING_FACE, _hugging_face),
    (Source.LM_STUDIO, _lm_studio),
    (Source.OLLAMA, _ollama),
    (Source.WEBUI, _webui),
)

"""Presets of how a chat is answered, and the files in which they are shared."""

from pathlib import Path

import msgspec

from phidesk.core.chat import SamplingParams
from phidesk.core.json_damage import json_damage
from phidesk.core.writing import write_in_one_step

MOST_NAME = 80
SUFFIX = ".phidesk-preset.json"
_FORMAT, _VERSION = "phidesk-preset", 1
_MOST_BYTES = 2**20


class Preset(msgspec.Struct, frozen=True, kw_only=True):
    """A system prompt and how answers are sampled."""

    system_prompt: str = ""
    sampling: SamplingParams = SamplingParams()


class PresetError(Exception):
    """A file is no preset; the message is for a person."""


class _Head(msgspec.Struct):
    format: str
    version: int


class _File(msgspec.Struct):
    format: str
    version: int
    name: str
    preset: Preset


def write_preset(path: Path, name: str, preset: Preset) -> None:
    """Write a preset into a file of its own, in one step; raises OSError."""
    data = msgspec.json.encode(_File(_FORMAT, _VERSION, name, preset))
    write_in_one_step(path, msgspec.json.format(data))


def read_preset(path: Path) -> tuple[str, Preset]:
    """Return the name and the preset in a file. Raises PresetError."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise PresetError(f"“{path.name}” is too large to be a preset.")
        data = path.read_bytes()
    except OSError as error:
        raise PresetError(f"“{path.name}” cannot be read: {error.strerror or error}.") from error
    try:
        head = msgspec.json.decode(data, type=_Head)
    except msgspec.ValidationError:
        head = _Head("", 0)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        words = json_damage(data, error)
        raise PresetError(f"“{path.name}” is no preset of phidesk: {words}.") from error
    if head.format != _FORMAT:
        raise PresetError(f"“{path.name}” is no preset of phidesk.")
    if head.version > _VERSION:
        raise PresetError(f"“{path.name}” was written by a newer phidesk: it can read it.")
    try:
        found = msgspec.json.decode(data, type=_File)
    except msgspec.ValidationError as error:
        raise PresetError(f"“{path.name}” is damaged: {error}.") from error
    except (UnicodeDecodeError, RecursionError) as error:
        raise PresetError(f"“{path.name}” is damaged: {json_damage(data, error)}.") from error
    name = clean_name(found.name) or clean_name(path.name.removesuffix(SUFFIX))
    return name, found.preset


def clean_name(name: str) -> str:
    """Return a name on one line, and not too long."""
    return " ".join(name.split())[:MOST_NAME].rstrip()

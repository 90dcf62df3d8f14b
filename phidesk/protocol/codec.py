"""Encodes and decodes the frames: one JSON object a line."""

from collections.abc import Callable
from typing import TypeVar

import msgspec

from phidesk.core.models import well_formed
from phidesk.protocol import PROTOCOL_VERSION
from phidesk.protocol.commands import Command
from phidesk.protocol.events import Event, Hello

_T = TypeVar("_T")

MAX_FRAME_BYTES = 64 * 2**20

_encoder = msgspec.json.Encoder()
_command_decoder: msgspec.json.Decoder[Command] = msgspec.json.Decoder(Command)
_event_decoder: msgspec.json.Decoder[Event] = msgspec.json.Decoder(Event)


class ProtocolMismatchError(ValueError):
    """The two ends speak different versions; the message says which and what to do."""


class _AnyHello(msgspec.Struct):
    """The part of Hello that every version keeps."""

    protocol_version: int
    phidesk_version: str = "unknown"


_hello_decoder: msgspec.json.Decoder[Hello] = msgspec.json.Decoder(Hello)
_any_hello_decoder: msgspec.json.Decoder[_AnyHello] = msgspec.json.Decoder(_AnyHello)


def encode(message: Command | Event) -> bytes:
    """Return the message as one line, newline included; half characters become U+FFFD."""
    try:
        return _encoder.encode(message) + b"\n"
    except UnicodeEncodeError:
        return _encoder.encode(_mended(msgspec.to_builtins(message))) + b"\n"


def decode_command(line: bytes) -> Command:
    """Raises msgspec.DecodeError for a line that is no command."""
    return _decode(_command_decoder.decode, line)


def decode_event(line: bytes) -> Event:
    """Raises msgspec.DecodeError for a line that is no event."""
    return _decode(_event_decoder.decode, line)


def decode_hello(line: bytes) -> Hello:
    """Decode a worker's first line.

    Raises ProtocolMismatchError where the worker speaks another version, and
    msgspec.DecodeError where the line is no Hello at all.
    """
    theirs = _decode(_any_hello_decoder.decode, line)
    if theirs.protocol_version != PROTOCOL_VERSION:
        raise ProtocolMismatchError(
            f"The engine process speaks version {theirs.protocol_version} of phidesk's protocol "
            f"(phidesk {theirs.phidesk_version}), this window version {PROTOCOL_VERSION}. "
            "Install the same phidesk in both."
        )
    return _decode(_hello_decoder.decode, line)


def _decode(decode: Callable[[bytes], _T], line: bytes) -> _T:
    """Make one kind of error of the three that msgspec raises for bad input."""
    try:
        return decode(line)
    except (UnicodeDecodeError, RecursionError) as error:
        raise msgspec.DecodeError(str(error)) from error


def _mended(value: object) -> object:
    match value:
        case str():
            return well_formed(value)
        case dict():
            return {key: _mended(item) for key, item in value.items()}
        case list() | tuple():
            return [_mended(item) for item in value]
        case _:
            return value

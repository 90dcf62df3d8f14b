"""Encodes and decodes the frames: one JSON object a line."""

import msgspec

from phidesk.protocol import PROTOCOL_VERSION
from phidesk.protocol.commands import Command
from phidesk.protocol.events import Event, Hello

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


def encode(message: Command | Event) -> bytes:
    """Return the message as one line, newline included."""
    return _encoder.encode(message) + b"\n"


def decode_command(line: bytes) -> Command:
    """Raises msgspec.DecodeError for a line that is no command."""
    return _command_decoder.decode(line)


def decode_event(line: bytes) -> Event:
    """Raises msgspec.DecodeError for a line that is no event."""
    return _event_decoder.decode(line)


def decode_hello(line: bytes) -> Hello:
    """Decode a worker's first line.

    Raises ProtocolMismatchError where the worker speaks another version, and
    msgspec.DecodeError where the line is no Hello at all.
    """
    theirs = msgspec.json.decode(line, type=_AnyHello)
    if theirs.protocol_version != PROTOCOL_VERSION:
        raise ProtocolMismatchError(
            f"The engine process speaks version {theirs.protocol_version} of phidesk's protocol "
            f"(phidesk {theirs.phidesk_version}), this window version {PROTOCOL_VERSION}. "
            "Install the same phidesk in both."
        )
    return msgspec.json.decode(line, type=Hello)

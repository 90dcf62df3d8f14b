"""Asks llama.cpp's own HTTP interface for what its server core tells no other way: token counts."""

import socket
from collections.abc import Sequence
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

import msgspec

from phidesk.protocol.events import FailureKind
from phidesk.worker.engines.base import EngineError

_TIMEOUT_S = 120.0  # 64 MB take it about a minute


class _Counted(msgspec.Struct):
    input_tokens: int


class _Tokens(msgspec.Struct):
    tokens: list[int]


class Counter:
    """Counts in threads of llama.cpp's, which take nothing from those that compute answers.

    address: "unix:///folder/socket" or "http://127.0.0.1:port". key: what the server asks for.
    """

    def __init__(self, address: str, key: str) -> None:
        self._address = address
        self._headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}

    def prompt(self, messages: Sequence[dict[str, str]]) -> int:
        """Return the tokens of the prompt that the model's template makes of the messages."""
        reply = self._post("/v1/chat/completions/input_tokens", {"messages": messages})
        return msgspec.json.decode(reply, type=_Counted).input_tokens

    def text(self, text: str) -> int:
        """Return the tokens of a text by itself."""
        reply = self._post("/tokenize", {"content": text, "add_special": False})
        return len(msgspec.json.decode(reply, type=_Tokens).tokens)

    def _post(self, path: str, body: object) -> bytes:
        connection = _connection(self._address)
        try:
            connection.request("POST", path, msgspec.json.encode(body), self._headers)
            response = connection.getresponse()
            reply = response.read()
        except (OSError, HTTPException) as error:
            raise EngineError(
                FailureKind.BUG, f"llama.cpp does not count tokens: {error!r}."
            ) from error
        finally:
            connection.close()
        if response.status != 200:
            said = reply.decode("utf-8", "replace")
            raise EngineError(FailureKind.UNSUPPORTED, "llama.cpp cannot count this.", said)
        return reply


class _UnixConnection(HTTPConnection):
    """HTTP over a socket of the file system."""

    def __init__(self, path: str) -> None:
        super().__init__("localhost", timeout=_TIMEOUT_S)
        self._path = path

    def connect(self) -> None:
        """Open the socket."""
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(_TIMEOUT_S)
        self.sock.connect(self._path)


def _connection(address: str) -> HTTPConnection:
    parts = urlsplit(address)
    if parts.scheme == "unix":
        return _UnixConnection(parts.path)
    return HTTPConnection(parts.hostname or "127.0.0.1", parts.port, timeout=_TIMEOUT_S)

"""Calls of D-Bus services, each on a connection of its own; for a thread that may wait."""

from typing import Any, Literal

from jeepney import DBusAddress, MessageType, new_method_call
from jeepney.io.blocking import open_dbus_connection

_ANSWER_S = 10.0


class NoServiceError(Exception):
    """There is no bus here, or nobody on it who does that."""


def call(
    bus: Literal["SESSION", "SYSTEM"],
    address: DBusAddress,
    method: str,
    signature: str,
    body: tuple[Any, ...],
) -> tuple[Any, ...]:
    """Return what a service answers. Raises NoServiceError."""
    try:
        with open_dbus_connection(bus, enable_fds=True) as connection:
            message = new_method_call(address, method, signature, body)
            reply = connection.send_and_get_reply(message, timeout=_ANSWER_S)
    except (OSError, KeyError, ValueError, RuntimeError) as error:  # no bus, or one that is ill
        raise NoServiceError(str(error)) from error
    if reply.header.message_type is not MessageType.method_return:
        raise NoServiceError(str(reply.body))
    found: tuple[Any, ...] = reply.body
    return found

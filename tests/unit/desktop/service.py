"""The two desktop services that phidesk calls, on the bus of the session; prints what it is asked.

Inhibit answers with the end of a pipe, as logind does, and says when the other side let go.
"""

import os

from jeepney import MessageType, new_error, new_method_return
from jeepney.bus_messages import message_bus
from jeepney.fds import FileDescriptor
from jeepney.io.blocking import open_dbus_connection

NAMES = ("org.freedesktop.login1", "org.freedesktop.Notifications")


def main() -> None:
    """Serve until the bus is gone, or until an inhibitor let go."""
    with open_dbus_connection("SESSION", enable_fds=True) as connection:
        for name in NAMES:
            connection.send_and_get_reply(message_bus.RequestName(name))
        print("ready", flush=True)
        while True:
            message = connection.receive()
            if message.header.message_type is not MessageType.method_call:
                continue
            _, _, member = (message.header.fields.get(field) for field in (1, 2, 3))
            print(member, *message.body, sep="|", flush=True)
            if member == "Notify":
                connection.send(new_method_return(message, "u", (1,)))
            elif member == "Inhibit":
                reading, writing = os.pipe()
                held = FileDescriptor(writing)
                connection.send(new_method_return(message, "h", (held,)))
                held.close()
                os.read(reading, 1)
                print("let go", flush=True)
                return
            else:
                connection.send(new_error(message, "org.freedesktop.DBus.Error.UnknownMethod"))


if __name__ == "__main__":
    main()

"""What the window and the command line ask of a worker, wherever it runs."""

from collections.abc import AsyncIterator
from typing import Protocol

from phidesk.protocol.commands import Command
from phidesk.protocol.events import Event, Hello


class WorkerClient(Protocol):
    """One worker process, from its start to its end."""

    @property
    def pid(self) -> int | None:
        """The process id, once it is started."""
        ...

    @property
    def alive(self) -> bool:
        """Whether commands still reach the worker."""
        ...

    async def start(self) -> Hello:
        """Start the worker and wait for its Hello.

        Raises WorkerStartError where it does not start or speaks another protocol.
        """
        ...

    def send(self, command: Command) -> None:
        """Send a command; raises WorkerGoneError where `alive` is False."""
        ...

    def events(self) -> AsyncIterator[Event]:
        """Yield the events in order until the worker is gone; to be iterated once.

        Every job that was sent ends in exactly one terminal event, also when the worker dies.
        """
        ...

    def end_message(self) -> str:
        """Say why the worker ended, in words for a person; empty where close() ended it."""
        ...

    def log_tail(self) -> str:
        """Return the last lines that the worker logged."""
        ...

    async def close(self) -> None:
        """End the worker and everything that it started; open jobs end as Cancelled."""
        ...

    def kill(self) -> None:
        """End the worker at once, without waiting: for a window that is closing."""
        ...


class WorkerStartError(Exception):
    """The worker could not be started; the message is for a person, details for a report."""

    def __init__(self, message: str, details: str = "") -> None:
        super().__init__(message)
        self.details = details


class WorkerGoneError(Exception):
    """A command was sent to a worker that has ended."""

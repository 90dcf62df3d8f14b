"""One long job in a worker of its own, from the worker's start to its end."""

import asyncio
import contextlib
from collections.abc import Callable

from phidesk.client.interface import WorkerClient, WorkerGoneError, WorkerStartError
from phidesk.client.standby import Spawn
from phidesk.protocol.commands import Cancel, LongJob
from phidesk.protocol.events import Cancelled, Event, Failed, FailureKind, Finished

_CANCEL_S = 1.0

Ending = Finished | Cancelled | Failed


class WorkerJob:
    """Runs one command; the worker is gone when `run` returns, however it returns.

    on_event is called with every event but the terminal one.
    """

    def __init__(self, spawn: Spawn, command: LongJob, on_event: Callable[[Event], None]) -> None:
        self._spawn = spawn
        self._command = command
        self._on_event = on_event
        self._client: WorkerClient | None = None
        self._cancelled = asyncio.Event()

    async def run(self) -> Ending:
        """Run the command and return how it ended."""
        working = asyncio.ensure_future(self._work())
        cancelling = asyncio.ensure_future(self._cancelled.wait())
        try:
            await asyncio.wait([working, cancelling], return_when=asyncio.FIRST_COMPLETED)
            if not working.done():
                self._send_cancel()
                await asyncio.wait([working], timeout=_CANCEL_S)
            if not working.done():
                return Cancelled(job_id=self._command.job_id)
            return working.result()
        finally:
            for task in (working, cancelling):
                task.cancel()
            await asyncio.wait([working, cancelling])
            if self._client is not None:
                await self._client.close()

    def cancel(self) -> None:
        """Ask the job to end; it is ended for certain a second later."""
        self._cancelled.set()

    def kill(self) -> None:
        """End the worker at once: the window is closing."""
        if self._client is not None:
            self._client.kill()

    async def _work(self) -> Ending:
        job_id = self._command.job_id
        client = self._spawn("")
        try:
            await client.start()
        except WorkerStartError as error:
            return _died(job_id, str(error), error.details)
        self._client = client
        try:
            client.send(self._command)
        except WorkerGoneError:
            return _died(job_id, client.end_message(), client.log_tail())
        async for event in client.events():
            if isinstance(event, Ending) and event.job_id == job_id:
                return event
            self._on_event(event)
        return _died(job_id, client.end_message(), client.log_tail())

    def _send_cancel(self) -> None:
        if self._client is not None:
            with contextlib.suppress(WorkerGoneError):
                self._client.send(Cancel(job_id=self._command.job_id))


def plain_words(failed: Failed) -> str:
    """Return the message; where the worker died, without its advice, which is about a chat."""
    if failed.kind is not FailureKind.WORKER_DIED:
        return failed.message
    return failed.message.partition(". ")[0].rstrip(".") + "."


def _died(job_id: str, message: str, details: str) -> Failed:
    kind = FailureKind.WORKER_DIED
    return Failed(job_id=job_id, kind=kind, message=message, details=details)

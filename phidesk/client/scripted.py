"""A worker without a process, for the tests of what drives workers: it plays a script."""

import asyncio
from collections.abc import AsyncIterator, Callable

from phidesk.client.interface import WorkerGoneError
from phidesk.protocol import PROTOCOL_VERSION
from phidesk.protocol.commands import Cancel, Command, Shutdown
from phidesk.protocol.events import Cancelled, Event, Failed, FailureKind, Finished, Hello

Script = Callable[[Command], AsyncIterator[Event]]


class Death(Exception):  # noqa: N818 - it is no error of the script
    """Raised by a script: the process dies, with these words."""


class ScriptedWorkerClient:
    """Answers each command with the events of the script; see WorkerClient.

    A script may end without a terminal event: then Finished follows.
    """

    def __init__(self, script: Script) -> None:
        self._script = script
        self._queue: asyncio.Queue[Event | None] = asyncio.Queue()
        self._playing: dict[str, asyncio.Task[None]] = {}
        self._end_message = ""
        self.alive = False
        self.closed = False
        self.commands: list[Command] = []

    @property
    def pid(self) -> int | None:
        """There is no process."""
        return None

    async def start(self) -> Hello:
        """Begin to take commands."""
        self.alive = True
        return Hello(
            protocol_version=PROTOCOL_VERSION, pid=0, phidesk_version="0", python_version="0"
        )

    def send(self, command: Command) -> None:
        """Play the script of a command, or end one."""
        if not self.alive:
            raise WorkerGoneError("the worker is not running")
        self.commands.append(command)
        match command:
            case Cancel():
                self._end()  # as the real one: the end of a job is the end of its worker
            case Shutdown():
                self._end()
            case _:
                self._playing[command.job_id] = asyncio.ensure_future(self._play(command))

    async def events(self) -> AsyncIterator[Event]:
        """Yield what the scripts say, until the worker is gone."""
        while (event := await self._queue.get()) is not None:
            yield event

    def end_message(self) -> str:
        """Return the words of the death, if there was one."""
        return self._end_message

    def log_tail(self) -> str:
        """Return something to recognize."""
        return "the scripted log"

    async def close(self) -> None:
        """End all scripts."""
        playing = list(self._playing.values())
        self._end()
        await asyncio.gather(*playing, return_exceptions=True)
        self.closed = True

    def kill(self) -> None:
        """End all scripts at once."""
        self._end()

    async def _play(self, command: Command) -> None:
        assert not isinstance(command, Shutdown)  # noqa: S101 - see send
        job_id = command.job_id
        try:
            async for event in self._script(command):
                self._queue.put_nowait(event)
                if isinstance(event, Finished | Cancelled | Failed):
                    return
        except Death as death:
            self._end_message = str(death)
            failed = Failed(
                job_id=job_id,
                kind=FailureKind.WORKER_DIED,
                message=str(death),
                details=self.log_tail(),
            )
            self._queue.put_nowait(failed)
            self._playing.pop(job_id)
            self._end()
            return
        finally:
            self._playing.pop(job_id, None)
        self._queue.put_nowait(Finished(job_id=job_id))

    def _end(self) -> None:
        if not self.alive:
            return
        self.alive = False
        for job_id, task in list(self._playing.items()):
            task.cancel()
            self._queue.put_nowait(Cancelled(job_id=job_id))
        self._queue.put_nowait(None)

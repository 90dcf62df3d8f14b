"""A worker in a process of its own: spawn, pump, notice its death, end it for certain."""

import asyncio
import contextlib
import os
import shutil
import tempfile
from collections import deque
from collections.abc import AsyncIterator, Sequence

import msgspec

from phidesk.client.exits import describe_exit
from phidesk.client.interface import WorkerGoneError, WorkerStartError
from phidesk.core.engine_python import python_for, variables_for
from phidesk.core.process_group import end_process_group
from phidesk.protocol import WORKER_FOLDER, WORKER_FOLDER_PREFIX
from phidesk.protocol.codec import (
    MAX_FRAME_BYTES,
    ProtocolMismatchError,
    decode_event,
    decode_hello,
    encode,
)
from phidesk.protocol.commands import Cancel, Command, Shutdown
from phidesk.protocol.events import (
    Broken,
    Cancelled,
    Event,
    Failed,
    FailureKind,
    Finished,
    Hello,
    Log,
)

DOWNLOAD_PURPOSE = ("--purpose", "download")
"""a worker's arguments, which tell it apart from outside: it may go out"""
HELLO_TIMEOUT_S = 30.0
SHUTDOWN_GRACE_S = 1.0
_DRAIN_S = 0.3
_LOG_LINES = 200
_QUEUE_EVENTS = 512


class _StreamProtocol(asyncio.subprocess.SubprocessStreamProtocol):
    """Says at once that the process has ended: Process.wait() waits for its pipes as well."""

    def __init__(self, loop: asyncio.AbstractEventLoop, exited: asyncio.Event) -> None:
        super().__init__(limit=MAX_FRAME_BYTES, loop=loop)
        self._exited = exited

    def process_exited(self) -> None:
        self._exited.set()
        super().process_exited()


class ProcessWorkerClient:
    """Runs `python -m phidesk.worker` and talks to it over its pipes.

    python: where it is not the one that runs the engine, which `preload` names as well.
    The queue of events is bounded: while nobody reads it, the pipe fills, and the worker
    merges what it has to say.
    """

    def __init__(
        self,
        python: str = "",
        *,
        engine: str = "",
        preload: str = "",
        arguments: Sequence[str] = (),
    ) -> None:
        self._python = python or python_for(engine or preload)
        preloading = ["--preload", preload] if preload else []
        self._is_download = tuple(arguments) == DOWNLOAD_PURPOSE
        self._command = [self._python, "-m", "phidesk.worker", *preloading, *arguments]
        self._process: asyncio.subprocess.Process | None = None
        self._queue: asyncio.Queue[Event | None] = asyncio.Queue()
        self._room = asyncio.Event()
        self._exited = asyncio.Event()
        self._group_ended = False
        self._folder = ""
        self._open_jobs: set[str] = set()
        self._log: deque[str] = deque(maxlen=_LOG_LINES)
        self._pumps: list[asyncio.Task[None]] = []
        self._watch: asyncio.Task[None] | None = None
        self._broken: Broken | None = None
        self._closing = False
        self._gone = False

    @property
    def pid(self) -> int | None:
        """The process id, once it is started."""
        return self._process.pid if self._process else None

    @property
    def alive(self) -> bool:
        """Whether commands still reach the worker."""
        return self._process is not None and not self._gone and not self._closing

    async def start(self) -> Hello:
        """Start the process and wait for its Hello; see WorkerClient."""
        loop = asyncio.get_running_loop()
        # All that the worker and its libraries leave behind lies here: a killed process cleans
        # nothing up.
        try:
            self._folder = tempfile.mkdtemp(prefix=WORKER_FOLDER_PREFIX)
            transport, protocol = await loop.subprocess_exec(
                lambda: _StreamProtocol(loop, self._exited),
                *self._command,
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                start_new_session=True,
                # `-m` would put the folder that the window was started in before the packages.
                env=variables_for(self._python)
                | {"PYTHONSAFEPATH": "1", "PYTHONUNBUFFERED": "1"}
                | dict.fromkeys(("TMPDIR", WORKER_FOLDER), self._folder),
            )
        except asyncio.CancelledError:
            shutil.rmtree(self._folder, ignore_errors=True)
            raise
        except OSError as error:
            shutil.rmtree(self._folder, ignore_errors=True)
            raise WorkerStartError(
                f"The engine process could not be started: {error.strerror or error} "
                f"({self._command[0]})."
            ) from error
        self._process = process = asyncio.subprocess.Process(transport, protocol, loop)
        assert process.stdout is not None  # noqa: S101 - asked for above
        assert process.stderr is not None  # noqa: S101 - asked for above
        self._pumps.append(asyncio.create_task(self._pump_log(process.stderr)))
        self._watch = asyncio.create_task(self._watch_exit(process.stdout, process.stderr))
        try:
            async with asyncio.timeout(HELLO_TIMEOUT_S):
                hello = decode_hello(await process.stdout.readline())
        except asyncio.CancelledError:
            await self.close()
            raise
        except TimeoutError:
            await self._fail_start(f"The engine process said nothing for {HELLO_TIMEOUT_S:.0f} s.")
        except ProtocolMismatchError as error:
            await self._fail_start(str(error))
        except (msgspec.DecodeError, ValueError):
            await self._fail_start("The engine process did not start as phidesk expects it.")
        else:
            self._pumps.append(asyncio.create_task(self._pump_events(process.stdout)))
            return hello
        raise AssertionError

    def send(self, command: Command) -> None:
        """Send a command; see WorkerClient."""
        if self._process is None or self._process.stdin is None or not self.alive:
            raise WorkerGoneError("the worker is not running")
        if not isinstance(command, Cancel | Shutdown):
            self._open_jobs.add(command.job_id)
        # A broken pipe shows up as the end of stdout, where every open job is answered.
        with contextlib.suppress(OSError, RuntimeError):
            self._process.stdin.write(encode(command))

    async def events(self) -> AsyncIterator[Event]:
        """Yield the events until the worker is gone; see WorkerClient."""
        while (event := await self._queue.get()) is not None:
            self._room.set()
            yield event

    async def close(self) -> None:
        """Ask the worker to end, then end its process group; see WorkerClient."""
        self._closing = True
        self._room.set()
        process = self._process
        if process is None:
            return
        if process.returncode is None and not self._open_jobs and process.stdin is not None:
            with contextlib.suppress(OSError, RuntimeError):
                process.stdin.write(encode(Shutdown()))
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._exited.wait(), SHUTDOWN_GRACE_S)
        self._kill_group()
        if self._watch is not None:
            await asyncio.gather(self._watch, *self._pumps, return_exceptions=True)

    def kill(self) -> None:
        """End the process group at once, without waiting: for a window that is closing."""
        self._closing = True
        self._kill_group()

    def end_message(self) -> str:
        """Say why the worker ended; see WorkerClient."""
        if self._closing or self._process is None:
            return ""
        if self._broken is not None:
            return self._broken.message
        return describe_exit(self._process.returncode, self._log, is_download=self._is_download)

    def log_tail(self) -> str:
        """Return the last lines that the worker logged, after what it says of its end."""
        why = [self._broken.details] if self._broken is not None else []
        return "\n".join([*why, *self._log])

    def _kill_group(self) -> None:
        process = self._process
        if process is None or self._group_ended:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if hasattr(os, "killpg"):
                # The worker leads its group; what it started may outlive it.
                end_process_group(process.pid)
            else:
                process.kill()

    async def _fail_start(self, message: str) -> None:
        self._closing = True
        self._kill_group()
        if self._watch is not None:
            await asyncio.gather(self._watch, *self._pumps, return_exceptions=True)
        raise WorkerStartError(message, self.log_tail())

    async def _watch_exit(self, stdout: asyncio.StreamReader, stderr: asyncio.StreamReader) -> None:
        await self._exited.wait()
        await asyncio.to_thread(self._kill_group)  # which may give its tracker half a second
        self._group_ended = True  # from now on the number may name somebody else's group
        await asyncio.to_thread(shutil.rmtree, self._folder, ignore_errors=True)
        # What the worker started may have left the group and hold the pipes open for ever.
        await asyncio.wait(self._pumps, timeout=_DRAIN_S)
        stdout.feed_eof()
        stderr.feed_eof()

    async def _pump_events(self, stdout: asyncio.StreamReader) -> None:
        while line := await stdout.readline():
            self._take(line)
            while self._queue.qsize() >= _QUEUE_EVENTS and not self._closing:
                self._room.clear()
                await self._room.wait()
        # The log says why the process died: its last lines come before the verdict.
        await self._exited.wait()
        await asyncio.wait(self._pumps[:1])
        self._gone = True
        for event in self._last_events():
            self._queue.put_nowait(event)
        self._queue.put_nowait(None)

    def _take(self, line: bytes) -> None:
        try:
            event = decode_event(line)
        except msgspec.DecodeError:
            self._log.append(f"unreadable event: {line[:200]!r}")
            return
        if isinstance(event, Broken):
            self._broken = event
            return
        if isinstance(event, Finished | Cancelled | Failed):
            if event.job_id not in self._open_jobs:
                return
            self._open_jobs.discard(event.job_id)
        self._queue.put_nowait(event)

    def _last_events(self) -> list[Event]:
        jobs, self._open_jobs = sorted(self._open_jobs), set()
        if self._closing:
            return [Cancelled(job_id=job_id) for job_id in jobs]
        kind, message, details = FailureKind.WORKER_DIED, self.end_message(), self.log_tail()
        return [
            Failed(job_id=job_id, kind=kind, message=message, details=details) for job_id in jobs
        ]

    async def _pump_log(self, stderr: asyncio.StreamReader) -> None:
        while line := await stderr.readline():
            text = line.decode("utf-8", "replace").rstrip()
            self._log.append(text)
            if self._queue.qsize() < _QUEUE_EVENTS:
                self._queue.put_nowait(Log(level=_level_of(text), text=text))


def _level_of(line: str) -> str:
    """Return the level of a line as Python's logging writes it: its first word."""
    word = line.partition(" ")[0].rstrip(":").lower()
    return word if word in ("debug", "warning", "error", "critical") else "info"

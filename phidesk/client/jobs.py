"""Runs jobs one after the other in a worker of their own, for work without a conversation."""

from collections.abc import AsyncIterator
from typing import Self

from phidesk.client.interface import WorkerClient, WorkerGoneError, WorkerStartError
from phidesk.protocol.commands import Generate, LoadModel, LongJob
from phidesk.protocol.events import Cancelled, Event, Failed, FailureKind, Finished

Job = LoadModel | Generate | LongJob


class JobError(Exception):
    """A job was not done; the message is for a person, details for a report."""

    def __init__(self, message: str, kind: FailureKind, details: str = "") -> None:
        super().__init__(message)
        self.kind = kind
        self.details = details


class JobRunner:
    """Starts a worker, runs jobs in it one at a time, and ends it with everything it holds."""

    def __init__(self, client: WorkerClient) -> None:
        self._client = client
        self._events = client.events()

    @property
    def pid(self) -> int | None:
        """The worker's process id."""
        return self._client.pid

    async def __aenter__(self) -> Self:
        try:
            await self._client.start()
        except WorkerStartError as error:
            raise JobError(str(error), FailureKind.WORKER_DIED, error.details) from error
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self._client.close()

    async def run(self, job: Job) -> AsyncIterator[Event]:
        """Yield the events until the job's Finished, that one too; raises JobError."""
        try:
            self._client.send(job)
        except WorkerGoneError as error:
            raise self._gone() from error
        async for event in self._events:
            match event:
                case Failed(job_id=job.job_id):
                    raise JobError(event.message, event.kind, event.details)
                case Cancelled(job_id=job.job_id):
                    raise JobError("It was cancelled.", FailureKind.WORKER_DIED)
                case Finished(job_id=job.job_id):
                    yield event
                    return
                case _:
                    yield event
        raise self._gone()

    def _gone(self) -> JobError:
        words, log = self._client.end_message(), self._client.log_tail()
        return JobError(words, FailureKind.WORKER_DIED, log)

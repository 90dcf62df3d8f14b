"""A real worker with vLLM's build for the CPU, asked many things at once."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import psutil

from phidesk.client.process import ProcessWorkerClient
from phidesk.core.catalog import open_model
from phidesk.core.chat import DEFAULT_SYSTEM_PROMPT, Message, Role, SamplingParams
from phidesk.core.load_options import LoadOptions
from phidesk.hardware.sampler import process_tree
from phidesk.protocol.commands import Cancel, Generate, LoadModel
from phidesk.protocol.events import (
    Cancelled,
    Counted,
    Event,
    Failed,
    Finished,
    Loaded,
    Log,
    Stats,
    TokenDelta,
)

CAPITAL = "What is the capital of France?"
CONTEXT = 1024


class Asked:
    """All events of one job."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.ended = asyncio.Event()
        self.begun = asyncio.Event()

    @property
    def text(self) -> str:
        return "".join(e.text for e in self.events if isinstance(e, TokenDelta))

    @property
    def ends(self) -> list[Event]:
        return [e for e in self.events if isinstance(e, Finished | Cancelled | Failed)]

    @property
    def result(self) -> Any:
        end = self.ends[0]
        assert isinstance(end, Finished), end
        return end.result


class VllmWorker:
    """Sends requests and sorts what comes back by job."""

    def __init__(self, *arguments: str) -> None:
        self.client = ProcessWorkerClient(arguments=arguments)
        self.jobs: dict[str, Asked] = defaultdict(Asked)
        self.loaded: Loaded | None = None
        self.stats: list[Stats] = []
        self.log: list[Log] = []
        self.order: list[tuple[str, type[Event]]] = []
        self._ended = asyncio.Condition()
        self._pump: asyncio.Task[None] | None = None

    async def load(self, path: str, options: LoadOptions | None = None) -> Asked:
        """Start the worker and load; returns the job, which may have failed."""
        await self.client.start()
        self._pump = asyncio.create_task(self._sort())
        self.client.send(
            LoadModel(
                job_id="load",
                model=open_model(path),
                engine="vllm",
                context_length=CONTEXT,
                options=options or LoadOptions(),
            )
        )
        job = self.jobs["load"]
        await job.ended.wait()
        return job

    @staticmethod
    def messages(question: str) -> tuple[Message, ...]:
        """What is sent for a question."""
        system = Message(role=Role.SYSTEM, content=DEFAULT_SYSTEM_PROMPT)
        return (system, Message(role=Role.USER, content=question))

    def send(self, job_id: str, question: str, *, more: Any = None, **sampling: Any) -> Asked:
        """Ask without waiting."""
        values = {"temperature": 0.0, "max_tokens": 24} | sampling
        messages = self.messages(question)
        request = {"messages": messages, "sampling": SamplingParams(**values)} | (more or {})
        self.client.send(Generate(job_id=job_id, **request))
        return self.jobs[job_id]

    async def ask(self, job_id: str, question: str, *, more: Any = None, **sampling: Any) -> Asked:
        """Ask and wait for the end."""
        job = self.send(job_id, question, more=more, **sampling)
        await asyncio.wait_for(job.ended.wait(), 120)
        return job

    async def ended(self, count: int) -> None:
        """Wait until that many jobs beside the load have ended."""
        async with self._ended:
            await self._ended.wait_for(
                lambda: sum(job.ended.is_set() for job in self.jobs.values()) > count
            )

    def cancel(self, job_id: str) -> None:
        """Stop an answer."""
        self.client.send(Cancel(job_id=job_id))

    def listens_on(self) -> set[str]:
        """The addresses on which the worker and what it started take connections."""
        found = [
            connection.laddr.ip
            for process in process_tree(self.client.pid or 0)
            for connection in process.net_connections(kind="inet")
            if connection.status == psutil.CONN_LISTEN
        ]
        return set(found)

    async def gone(self) -> None:
        """Wait until the worker has ended by itself."""
        assert self._pump is not None
        await asyncio.wait_for(asyncio.shield(self._pump), 10)

    async def close(self) -> None:
        """End the worker, and read the events to their end."""
        await self.client.close()
        if self._pump is not None:
            await self._pump

    async def _sort(self) -> None:
        async for event in self.client.events():
            match event:
                case Loaded():
                    self.loaded = event
                case Stats():
                    self.stats.append(event)
                case Log():
                    self.log.append(event)
                case Counted():
                    self.jobs[event.job_id].events.append(event)
                case TokenDelta() | Finished() | Cancelled() | Failed():
                    job = self.jobs[event.job_id]
                    job.events.append(event)
                    self.order.append((event.job_id, type(event)))
                    job.begun.set()
                    if not isinstance(event, TokenDelta):
                        job.ended.set()
                        async with self._ended:
                            self._ended.notify_all()
                case _:
                    pass


@asynccontextmanager
async def vllm_worker(
    path: str, options: LoadOptions | None = None, *arguments: str
) -> AsyncIterator[VllmWorker]:
    """Load a model and end the worker, started with the arguments, afterwards."""
    worker = VllmWorker(*arguments)
    try:
        job = await worker.load(path, options)
        assert isinstance(job.ends[0], Finished), job.ends
        yield worker
    finally:
        await worker.close()

"""A worker that waits with the slow imports of the likely engine behind it."""

import asyncio
from collections.abc import Callable

from phidesk.client.interface import WorkerClient, WorkerStartError

Spawn = Callable[[str], WorkerClient]


class Standby:
    """Keeps at most one started worker without a model, for one engine.

    spawn: makes a client whose worker imports the named engine ahead of time.
    """

    def __init__(self, spawn: Spawn) -> None:
        self._spawn = spawn
        self._engine = ""
        self._starting: asyncio.Task[WorkerClient] | None = None
        self._changing = asyncio.Lock()

    @property
    def engine(self) -> str:
        """The engine that is ready or being made ready; empty for none."""
        return self._engine

    async def prepare(self, engine: str) -> None:
        """Have a worker ready for the engine; one for another engine is ended."""
        async with self._changing:
            if engine == self._engine:
                return
            await self._end()
            self._engine = engine
            self._starting = asyncio.create_task(self._start(engine))

    async def take(self, engine: str) -> WorkerClient:
        """Return a started worker for the engine: the one that waits, or a fresh one.

        Raises WorkerStartError where none can be started.
        """
        if engine == self._engine and self._starting is not None:
            starting, self._starting, self._engine = self._starting, None, ""
            try:
                client = await starting
                if client.alive:
                    return client
                await client.close()
            except WorkerStartError:
                pass  # said with the fresh one, if it fails too
        return await self._start(engine)

    async def close(self) -> None:
        """End the waiting worker."""
        async with self._changing:
            await self._end()

    async def _end(self) -> None:
        starting, self._starting, self._engine = self._starting, None, ""
        if starting is None:
            return
        starting.cancel()  # a client whose start is cancelled ends its worker
        await asyncio.wait([starting])
        if not starting.cancelled() and starting.exception() is None:
            await starting.result().close()

    async def _start(self, engine: str) -> WorkerClient:
        client = self._spawn(engine)
        await client.start()
        return client

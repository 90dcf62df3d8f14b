"""What models take of the memory, by part, beside what phidesk estimates for them.

    python -m tests.benchmarks.memory MODEL... [--engine E]... [--context N]... [--json FILE]

Each combination is loaded in a fresh worker and asked with a prompt that fills the context.
`measured` is the most that the worker held meanwhile: of the GPU as NVML says, or where it
computes on the CPU its resident memory. Only this machine's own figures correct an estimate:
with --json they are kept for that.
"""

import argparse
import asyncio
import contextlib
import json
from pathlib import Path
from typing import Any

import msgspec

from phidesk.client.process import ProcessWorkerClient
from phidesk.core.catalog import open_model
from phidesk.core.chat import Message, Role, SamplingParams
from phidesk.core.engines import EngineName
from phidesk.core.models import ModelRef
from phidesk.hardware.sampler import HardwareSampler
from phidesk.protocol.commands import Generate, LoadModel
from phidesk.protocol.events import Failed, Finished, Loaded, Stats

_TEMPLATE_TOKENS = 64
_LOOK_S = 0.05


class _Most:
    """The most memory that the worker held since the start."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._sampler = HardwareSampler()
        self.gpu = 0
        self.ram = 0
        self.before_ram = 0

    def look(self) -> None:
        sample = self._sampler.sample(self._pid)
        self.gpu = max(self.gpu, sum(gpu.ours_bytes for gpu in sample.gpus))
        self.ram = max(self.ram, sample.worker_bytes)

    async def watch(self) -> None:
        while True:
            await asyncio.to_thread(self.look)
            await asyncio.sleep(_LOOK_S)


async def measure(model: ModelRef, engine: EngineName, context: int) -> dict[str, Any]:
    """Load, fill the context, and return what was measured; bytes."""
    client = ProcessWorkerClient(preload=engine.value)
    await client.start()
    most = _Most(client.pid or 0)
    watch = asyncio.create_task(most.watch())
    row: dict[str, Any] = {"model": model.name, "engine": engine.value, "context": context}
    try:
        client.send(
            LoadModel(job_id="load", model=model, engine=engine.value, context_length=context)
        )
        async for event in client.events():
            match event:
                case Loaded():
                    row["loaded"] = msgspec.to_builtins(event)
                case Stats():
                    row["stats"] = msgspec.to_builtins(event)
                case Finished(job_id="load"):
                    await asyncio.sleep(0.5)
                    row["after_load"] = {"gpu": most.gpu, "ram": most.ram}
                    words = "red " * (context - _TEMPLATE_TOKENS)
                    client.send(
                        Generate(
                            job_id="fill",
                            messages=(Message(role=Role.USER, content=words),),
                            sampling=SamplingParams(temperature=0, max_tokens=16),
                            ignore_end=True,
                        )
                    )
                case Finished():
                    row["prompt_tokens"] = event.result.prompt_tokens if event.result else 0
                    break
                case Failed():
                    row["failed"] = event.message
                    break
    finally:
        watch.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watch
        await client.close()
    row["most"] = {"gpu": most.gpu, "ram": most.ram}
    return row


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("models", nargs="+")
    parser.add_argument("--engine", action="append", choices=list(EngineName))
    parser.add_argument("--context", action="append", type=int)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    for path in options.models:
        model = open_model(path)
        for engine in options.engine or list(EngineName):
            for context in options.context or [1024, 4096]:
                row = asyncio.run(measure(model, EngineName(engine), context))
                print(json.dumps(row), flush=True)
                if options.json:
                    with options.json.open("a") as file:
                        file.write(json.dumps(row) + "\n")


if __name__ == "__main__":
    main()

"""What models take of the memory, by part, beside what phidesk estimates for them.

    python -m tests.benchmarks.memory MODEL... [--engine E]... [--context N]... [--json FILE]

Each combination is loaded in a fresh worker and asked with a prompt that fills the context.
Measured is what the worker holds with the context full: of the GPU as NVML says, or where it
computes on the CPU its resident memory. The weights and the KV cache are those that the engine
counts in its tensors. Estimates are without what earlier loads on this machine have taught.
"""

import argparse
import asyncio
import contextlib
import json
from pathlib import Path
from typing import Any

from phidesk.client.process import ProcessWorkerClient
from phidesk.core.catalog import open_model
from phidesk.core.chat import Message, Role, SamplingParams
from phidesk.core.engines import EngineName
from phidesk.core.memory import Estimator, read_facts
from phidesk.core.models import Device, ModelRef
from phidesk.hardware.sampler import HardwareSampler
from phidesk.protocol.commands import Generate, LoadModel
from phidesk.protocol.events import Failed, Finished, Loaded

_TEMPLATE_TOKENS = 64
_LOOK_S = 0.05
_SETTLE_S = 1.0


class _Held:
    """What the worker holds, and the most since the last call of `restart`."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._sampler = HardwareSampler()
        self.now = 0
        self.most = 0

    def look(self) -> None:
        sample = self._sampler.sample(self._pid)
        gpu = sum(gpu.ours_bytes for gpu in sample.gpus)
        self.now = gpu or sample.worker_bytes
        self.most = max(self.most, self.now)

    async def restart(self) -> int:
        await asyncio.sleep(_SETTLE_S)
        await asyncio.to_thread(self.look)
        self.most = self.now
        return self.now

    async def watch(self) -> None:
        while True:
            await asyncio.to_thread(self.look)
            await asyncio.sleep(_LOOK_S)


async def measure(model: ModelRef, engine: EngineName, context: int) -> dict[str, Any]:
    """Load, fill the context, and return what was measured, in bytes."""
    client = ProcessWorkerClient(preload=engine.value)
    await client.start()
    held = _Held(client.pid or 0)
    watch = asyncio.create_task(held.watch())
    row: dict[str, Any] = {"model": model.name, "engine": engine.value, "context": context}
    try:
        client.send(
            LoadModel(job_id="load", model=model, engine=engine.value, context_length=context)
        )
        async for event in client.events():
            match event:
                case Loaded():
                    row |= {
                        "device": event.device.partition(":")[0],
                        "dtype": event.dtype,
                        "weights": event.weights_bytes,
                        "kv": event.kv_bytes,
                    }
                case Finished(job_id="load"):
                    row["after_load"] = await held.restart()
                    client.send(_filling(context))
                case Finished():
                    row["full"] = held.most
                    break
                case Failed():
                    row["failed"] = event.message
                    break
    finally:
        watch.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watch
        await client.close()
    return row


def _filling(context: int) -> Generate:
    words = "red " * (context - _TEMPLATE_TOKENS)
    return Generate(
        job_id="fill",
        messages=(Message(role=Role.USER, content=words),),
        sampling=SamplingParams(temperature=0, max_tokens=16),
        ignore_end=True,
    )


def compared(model: ModelRef, row: dict[str, Any]) -> str:
    """Return a line of the table: estimated and measured by part, in MB, and the difference."""
    name = f"{row['model'][:24]:24} {row['engine']:12} {row['context']:6}"
    if "full" not in row:
        return f"{name} {row.get('failed', 'no figures')}"
    facts = read_facts(model)
    needs = None
    if facts is not None:
        needs = Estimator(
            model=model,
            facts=facts,
            engine=EngineName(row["engine"]),
            device=Device(row["device"]),
            element_size=4 if row["dtype"] == "fp32" else 2,
        ).at(row["context"])
    if needs is None:
        return f"{name} no estimate"
    pairs = (
        (needs.weights, row["weights"]),
        (needs.kv, row["kv"]),
        (needs.at_load, row["after_load"]),
        (needs.total, row["full"]),
    )
    return name + "".join(map(_pair, pairs))


def _pair(pair: tuple[int, int | None]) -> str:
    estimated, measured = pair
    if not measured:
        return f"{estimated / 1e6:9.0f} {'-':>8} {'':7}"
    return f"{estimated / 1e6:9.0f} {measured / 1e6:8.0f} {estimated / measured - 1:+7.1%}"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("models", nargs="+")
    parser.add_argument("--engine", action="append", choices=list(EngineName))
    parser.add_argument("--context", action="append", type=int)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    parts = ("weights", "KV cache", "after the load", "context full")
    print(f"{'MB: estimated, measured':44}" + "".join(f"{part:>26}" for part in parts))
    for path in options.models:
        model = open_model(path)
        for engine in options.engine or list(EngineName):
            for context in options.context or [1024, 4096]:
                row = asyncio.run(measure(model, EngineName(engine), context))
                print(compared(model, row), flush=True)
                if options.json:
                    with options.json.open("a") as file:
                        file.write(json.dumps(row) + "\n")


if __name__ == "__main__":
    main()

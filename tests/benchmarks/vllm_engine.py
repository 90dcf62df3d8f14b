"""vLLM through phidesk's worker and event pipe, beside vLLM driven bare in the same run.

    python -m tests.benchmarks.vllm_engine MODEL [--repeats 3] [--default] [--startup fast]

MODEL: for example what `tests.benchmarks.random_models phi4` writes. Both engines are loaded with
the same settings and take turns; the workload is `phidesk bench`'s seven prompts. Also: from the
click to the first token with the files in memory and not, memory by part against NVML's, and the
time from an eject, and from a kill -9, to the last byte back. --default also measures vLLM's own
default settings, with an empty and with a full cache of its compiler.
"""

import argparse
import asyncio
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import msgspec

from phidesk.client.process import ProcessWorkerClient
from phidesk.core.catalog import open_model
from phidesk.core.chat import Message, Role, SamplingParams
from phidesk.core.engines import EngineName
from phidesk.core.load_options import LoadOptions, Startup
from phidesk.core.memory import Estimator, read_facts
from phidesk.core.models import Device, ModelRef
from phidesk.hardware.sampler import HardwareSampler
from phidesk.protocol.commands import Generate, LoadModel
from phidesk.protocol.events import Failed, Finished, Loaded, TokenDelta

CONTEXT = 2048
WORKLOAD = Path("resources/bench/phi4.jsonl")
Row = dict[str, float]


class Phidesk:
    """A worker with the model, asked over its pipe."""

    def __init__(self, model: ModelRef, options: LoadOptions) -> None:
        self._model = model
        self._options = options
        self.client = ProcessWorkerClient(preload="vllm")
        self._events = self.client.events()
        self.lines = [json.loads(line) for line in WORKLOAD.read_text("utf-8").splitlines() if line]
        lengths = [line["max_tokens"] for line in self.lines]
        self._longest = lengths.index(max(lengths))

    async def start(self, ready_s: float) -> None:
        """Start the worker, which then has that long for its imports."""
        await self.client.start()
        await asyncio.sleep(ready_s)

    async def load(self) -> tuple[Loaded, float, float]:
        """Load; returns what was loaded, and the seconds to that and to the first token."""
        clicked = time.monotonic()
        self.client.send(
            LoadModel(
                job_id="load",
                model=self._model,
                engine="vllm",
                context_length=CONTEXT,
                options=self._options,
            )
        )
        loaded = None
        async for event in self._events:
            match event:
                case Loaded():
                    loaded = event
                case Failed():
                    raise SystemExit(f"{event.message}\n{event.details}")
                case Finished():
                    break
        done = time.monotonic() - clicked
        await self.answer([self._longest], 1)
        assert loaded is not None
        return loaded, done, time.monotonic() - clicked

    async def one(self) -> Row:
        """Answer the longest prompt alone."""
        return await self.answer([self._longest])

    async def all(self) -> Row:
        """Answer the whole workload at once."""
        return await self.answer(list(range(len(self.lines))))

    async def answer(self, numbers: list[int], limit: int | None = None) -> Row:
        """Answer some prompts at once; figures as this process sees them."""
        started, first, tokens, ended = time.monotonic(), 0.0, 0, 0
        for number in numbers:
            line = self.lines[number]
            asked = line.get("messages") or [{"role": "user", "content": line["prompt"]}]
            self.client.send(
                Generate(
                    job_id=f"{number}",
                    messages=tuple(
                        Message(role=Role(m["role"]), content=m["content"]) for m in asked
                    ),
                    sampling=SamplingParams(temperature=0, max_tokens=limit or line["max_tokens"]),
                    ignore_end=True,
                )
            )
        async for event in self._events:
            match event:
                case TokenDelta():
                    first = first or time.monotonic()
                    tokens += event.tokens
                case Failed():
                    raise SystemExit(f"{event.message}\n{event.details}")
                case Finished():
                    ended += 1
                    if ended == len(numbers):
                        break
        finish = time.monotonic()
        return {
            "ttft": first - started,
            "ttft_added": first - started,
            "tokens_per_second": tokens / (finish - started),
            "decode": (tokens - 1) / (finish - first) if len(numbers) == 1 and tokens > 1 else 0.0,
        }


class Bare:
    """bare_vllm in a process of its own."""

    def __init__(self, model: str, setting: str, kv_bytes: int, cache: str = "") -> None:
        env = os.environ | ({"VLLM_CACHE_ROOT": cache} if cache else {})
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-m", "tests.benchmarks.bare_vllm"),
                *(model, setting, str(WORKLOAD), str(kv_bytes)),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=None,
            text=True,
            env=env,
            start_new_session=True,
        )

    def read(self) -> Row:
        """Return the next line of figures."""
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.startswith("JSON "):
                found: Row = json.loads(line[5:])
                return found
        raise SystemExit("bare vLLM has ended")

    def ask(self, what: str) -> Row:
        """Let it answer."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{what}\n")
        self._process.stdin.flush()
        return self.read()

    def end(self) -> None:
        """End it and what it started."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()


async def run(model: ModelRef, options: argparse.Namespace) -> None:
    """Measure and print."""
    load_options = LoadOptions(startup=Startup(options.startup))
    facts = read_facts(model)
    assert facts is not None
    needs = Estimator(
        model=model,
        facts=facts,
        engine=EngineName.VLLM,
        device=Device.CUDA,
        options=load_options,
    ).at(CONTEXT)
    assert needs is not None
    kv_bytes = needs.kv
    before = _used()
    ours = Phidesk(model, load_options)
    await ours.start(options.imports)
    _forget_files(Path(model.path))
    loaded, load_s, first_s = await ours.load()
    print(json.dumps(msgspec.to_builtins(loaded)))
    print(f"cold files: loaded {load_s:.2f} s, click to first token {first_s:.2f} s", flush=True)
    _print_memory(loaded, needs, before, ours.client.pid)
    bare = Bare(model.path, options.startup, kv_bytes)
    print("bare, same setting, warm files:", json.dumps(bare.read()), flush=True)
    for what in ("one", "all"):
        rows: dict[str, list[Row]] = {"bare": [], "phidesk": []}
        for number in range(options.repeats + 1):
            order = ("bare", "phidesk") if number % 2 else ("phidesk", "bare")
            for kind in order:
                if kind == "bare":
                    row = await asyncio.to_thread(bare.ask, what)
                else:
                    row = await (ours.one() if what == "one" else ours.all())
                if number:  # the first is a warm-up
                    rows[kind].append(row)
        _print_rows(what, rows)
    bare.end()
    await asyncio.sleep(3)  # until its memory is back
    await _eject(ours, before)
    found: dict[str, list[float]] = {}
    for _ in range(options.repeats):
        for ending in (_eject, _kill):
            warm = Phidesk(model, load_options)
            await warm.start(options.imports)
            _, load_s, first_s = await warm.load()
            found.setdefault("loaded", []).append(load_s)
            found.setdefault("click to first token", []).append(first_s)
            name = "eject" if ending is _eject else "kill -9"
            found.setdefault(f"{name} to all back", []).append(await ending(warm, before))
    for name, times in found.items():
        print(
            f"warm files: {name} {statistics.median(times):.2f} s "
            f"({min(times):.2f}–{max(times):.2f}, {len(times)} times)",
            flush=True,
        )
    if options.default:
        _print_default(model.path)


def _print_rows(what: str, rows: dict[str, list[Row]]) -> None:
    median = {
        kind: {key: statistics.median(r[key] for r in found) for key in found[0]}
        for kind, found in rows.items()
    }
    for kind, row in median.items():
        spread = [r["tokens_per_second"] for r in rows[kind]]
        print(
            f"{what:4} {kind:8} {row['tokens_per_second']:7.1f} tok/s "
            f"({min(spread):.1f}–{max(spread):.1f})  decode {row['decode']:6.1f}  "
            f"TTFT {row['ttft'] * 1e3:6.1f} ms"
        )
    ratio = median["phidesk"]["tokens_per_second"] / median["bare"]["tokens_per_second"]
    late, added = (
        (median["phidesk"][key] - median["bare"][key]) * 1e3 for key in ("ttft", "ttft_added")
    )
    print(
        f"{what:4} ratio {ratio:.3f}, TTFT {late:+.1f} ms "
        f"({added:+.1f} beside bare prompts that are tokenized and added already)",
        flush=True,
    )


def _print_memory(loaded: Loaded, needs: Any, before: int, pid: int | None) -> None:
    sample = HardwareSampler().sample(pid)
    listed = sum(gpu.ours_bytes for gpu in sample.gpus)
    used = _used() - before
    weights, kv = loaded.weights_bytes or 0, loaded.kv_bytes or 0
    print(
        f"memory in MiB: weights {weights / 2**20:.0f}, KV {kv / 2**20:.0f}, "
        f"rest {(used - weights - kv) / 2**20:.0f}, NVML's difference {used / 2**20:.0f}, "
        f"NVML for the process {listed / 2**20:.0f}; estimated: weights "
        f"{needs.weights / 2**20:.0f}, KV {needs.kv / 2**20:.0f}, workspace "
        f"{needs.workspace / 2**20:.0f}, together {needs.total / 2**20:.0f} "
        f"({needs.total / max(1, used) - 1:+.1%})",
        flush=True,
    )


async def _eject(ours: Phidesk, before: int) -> float:
    ejected = time.monotonic()
    closing = asyncio.create_task(ours.client.close())
    seconds = await _until_back(before, ejected)
    await closing
    return seconds


async def _kill(ours: Phidesk, before: int) -> float:
    assert ours.client.pid is not None
    killed = time.monotonic()
    os.kill(ours.client.pid, signal.SIGKILL)
    seconds = await _until_back(before, killed)
    await ours.client.close()
    return seconds


def _print_default(path: str) -> None:
    with tempfile.TemporaryDirectory() as cache:
        for name in ("empty", "full"):
            bare = Bare(path, "default", 0, cache)
            found = bare.read()
            one, together = bare.ask("one"), bare.ask("all")
            one, together = bare.ask("one"), bare.ask("all")
            bare.end()
            print(
                f"vLLM's default, {name} compile cache: {json.dumps(found)}; one "
                f"{one['tokens_per_second']:.1f}, all {together['tokens_per_second']:.1f} tok/s",
                flush=True,
            )


async def _until_back(before: int, since: float) -> float:
    """Return when no more memory is used than before, within 2 MiB."""
    while _used() > before + 2 * 2**20:
        if time.monotonic() - since > 30:
            print(f"still held: {(_used() - before) / 2**20:.0f} MiB")
            break
        await asyncio.sleep(0.01)
    return time.monotonic() - since


def _used() -> int:
    return sum(gpu.used_bytes for gpu in _SAMPLER.sample().gpus)


_SAMPLER = HardwareSampler()


def _forget_files(folder: Path) -> None:
    """Drop a folder's files from the file cache, so that they are read from the disk."""
    for path in folder.glob("*.safetensors"):
        descriptor = os.open(path, os.O_RDONLY)
        os.fsync(descriptor)
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(descriptor)


def main() -> None:
    """Measure one model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--startup", choices=[s.value for s in Startup], default="fast")
    parser.add_argument("--imports", type=float, default=30, help="seconds for a worker's imports")
    parser.add_argument("--default", action="store_true", help="vLLM's own settings as well")
    options = parser.parse_args()
    asyncio.run(run(open_model(options.model), options))


if __name__ == "__main__":
    main()

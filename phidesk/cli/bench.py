"""`phidesk bench`: models side by side: how fast they load and answer, and what they hold."""

import argparse
import asyncio
import sys
from collections.abc import Callable

import msgspec

from phidesk.cli.chat import EXIT_FAILED, EXIT_INTERRUPTED, EXIT_USAGE
from phidesk.cli.load_options import (
    ignored_options,
    plan_load,
    read_load_options,
)
from phidesk.cli.outcomes import record_load
from phidesk.cli.tables import table
from phidesk.client.bench import Bench, BenchProgress, BenchStage
from phidesk.client.loading import LoadPlan
from phidesk.client.process import ProcessWorkerClient
from phidesk.core.amounts import exact_size
from phidesk.core.bench import (
    Figures,
    Memory,
    ModelBench,
    Spread,
    Workload,
    WorkloadError,
    read_workload,
)
from phidesk.core.catalog import ModelNotFoundError, open_model
from phidesk.core.engines import EngineName
from phidesk.core.load_options import MAX_CHATS, LoadOptions
from phidesk.core.models import ModelRef
from phidesk.core.serving import running_at_once
from phidesk.hardware.sampler import HardwareSampler

_MOST_REPEATS = 100


def run_bench(options: argparse.Namespace) -> int:
    """Run the command and return its exit status."""
    try:
        _check(options)
        workload = read_workload(options.workload)
        models = [open_model(where) for where in options.models]
        read_load_options(for_so_many(options, workload))
    except (ValueError, ModelNotFoundError) as error:
        return _refuse(options, error)
    results: list[ModelBench] = []
    tell = _Line().show
    try:
        asyncio.run(_measure_all(options, models, workload, results, tell))
        status = EXIT_FAILED if any(found.error for found in results) else 0
    except KeyboardInterrupt:
        status = EXIT_INTERRUPTED
    if options.json:
        print(_as_json(options, workload, results), flush=True)
    elif any(not found.error for found in results):
        _print(options, workload, results)
    for found in results:
        if found.error:
            print(f"phidesk: {found.name}: {found.error}", file=sys.stderr)
    if status == EXIT_FAILED and all(found.refused for found in results):
        return EXIT_USAGE
    return status


async def _measure_all(
    options: argparse.Namespace,
    models: list[ModelRef],
    workload: Workload,
    results: list[ModelBench],
    tell: Callable[[BenchProgress], None],
) -> None:
    sampler = HardwareSampler()

    def memory_of(pid: int) -> Memory:
        sample = sampler.sample(pid or None)
        return Memory(
            ram=sample.worker_bytes,
            vram=sum(gpu.ours_bytes for gpu in sample.gpus),
            vram_used=sum(gpu.used_bytes for gpu in sample.gpus),
        )

    bench = Bench(
        lambda engine: ProcessWorkerClient(preload=engine),
        memory_of,
        tell,
        workload,
        repeats=options.repeats,
        at_once=options.concurrency,
        on_loaded=lambda plan, loaded, pid: record_load(plan, loaded, pid, sampler),
    )
    for model in models:
        plan = _plan(for_so_many(options, workload), model, sampler)
        if isinstance(plan, LoadPlan):
            if ignored := ignored_options(options, plan.engines[0]):
                print(f"phidesk: {ignored}", file=sys.stderr)
            results.append(await bench.measure(plan))
        else:
            results.append(plan)


def _plan(
    options: argparse.Namespace, model: ModelRef, sampler: HardwareSampler
) -> LoadPlan | ModelBench:
    """Return how to load the model, or the result that says why it cannot be."""
    try:
        return plan_load(options, model, sampler.sample())
    except ValueError as error:  # no engine, or not enough memory or GPUs
        return ModelBench(name=model.name, path=model.path, error=str(error), refused=True)


def _check(options: argparse.Namespace) -> None:
    if options.concurrency is not None and options.concurrency < 1:
        raise ValueError("--concurrency must be at least 1.")
    if not 1 <= options.repeats <= _MOST_REPEATS:
        raise ValueError(f"--repeats must lie between 1 and {_MOST_REPEATS}.")


def for_so_many(options: argparse.Namespace, workload: Workload) -> argparse.Namespace:
    """Return the options of a load in which none of --concurrency's requests waits for vLLM.

    Raises ValueError where it cannot run so many at once.
    """
    wanted = _at_once(options, workload)
    given = options.concurrency is None or options.parallel_chats is not None
    if given or wanted <= running_at_once(LoadOptions()):
        return options
    if wanted > MAX_CHATS:
        raise ValueError(f"--concurrency must be at most {MAX_CHATS}: others would only wait.")
    return argparse.Namespace(**(vars(options) | {"parallel_chats": wanted}))


class _Line:
    """One line of progress that is written over, where somebody watches; warnings always."""

    def __init__(self) -> None:
        self._is_shown = sys.stderr.isatty()

    def show(self, progress: BenchProgress) -> None:
        if progress.warning:
            print(f"phidesk: {progress.warning}", file=sys.stderr, flush=True)
        elif self._is_shown:
            words = {BenchStage.LOAD: "loading", BenchStage.WARM_UP: "warming up"}
            stage = words.get(progress.stage, "")
            share = f"{progress.done / progress.total:4.0%}" if progress.total else "    "
            text = f"{share}  {progress.model}: {stage} {progress.detail}"
            end = "\n" if progress.total and progress.done >= progress.total else "\r"
            print(f"\x1b[2K{text[:100]}", end=end, file=sys.stderr, flush=True)


def _as_json(options: argparse.Namespace, workload: Workload, results: list[ModelBench]) -> str:
    found = {
        "type": "bench",
        "workload": {
            "name": workload.name,
            "requests": len(workload.requests),
            "tokens": workload.tokens,
        },
        "concurrency": _at_once(options, workload),
        "repeats": options.repeats,
        "models": [
            {**msgspec.to_builtins(model), "figures": msgspec.to_builtins(model.figures)}
            for model in results
        ],
    }
    return msgspec.json.encode(found).decode()


def _at_once(options: argparse.Namespace, workload: Workload) -> int:
    return min(options.concurrency or len(workload.requests), len(workload.requests))


def _print(options: argparse.Namespace, workload: Workload, results: list[ModelBench]) -> None:
    runs = (
        f"median of {options.repeats} runs (lowest – highest)" if options.repeats > 1 else "1 run"
    )
    requests = f"{len(workload.requests)} requests, {_at_once(options, workload)} at a time"
    print(f"{workload.name}: {requests}, {workload.tokens:,} tokens; {runs}\n")
    measured = [(model, model.figures) for model in results]
    columns = [_column(model, figures) for model, figures in measured if figures is not None]
    rows = zip(_TITLES, *columns, strict=True)
    for line in table([row for row in rows if any(row[1:])]):
        print(line)


_TITLES = (
    "", "engine", "kernel", "attention", "load", "time to first token", "output tokens/s",
    "time per token", "requests/s", "output tokens", "memory loaded", "memory at most",
    "GPU memory loaded", "GPU memory at most",
)  # fmt: skip


def _column(model: ModelBench, figures: Figures) -> tuple[str, ...]:
    tokens = sorted({run.tokens for run in model.runs})
    return (
        model.name,
        f"{EngineName(model.engine).label} {model.engine_version} · {model.device}",
        model.kernel,
        model.attention,
        f"{model.load_s:.1f} s",
        _ms(figures.ttft_s),
        _number(figures.tokens_per_second),
        _ms(figures.token_s),
        _number(figures.requests_per_second, digits=2),
        " – ".join(f"{count:,}" for count in tokens),
        _size(model.loaded.ram),
        _size(model.peak.ram),
        _size(model.loaded.vram),
        _size(model.peak.vram),
    )


def _number(spread: Spread, *, digits: int = 1) -> str:
    low, high = f"{spread.low:.{digits}f}", f"{spread.high:.{digits}f}"
    middle = f"{spread.median:.{digits}f}"
    return middle if low == high else f"{middle} ({low} – {high})"


def _ms(spread: Spread | None) -> str:
    if spread is None:
        return "–"
    scaled = Spread(median=spread.median * 1e3, low=spread.low * 1e3, high=spread.high * 1e3)
    return f"{_number(scaled)} ms"


def _size(size: int) -> str:
    return exact_size(size) if size else ""


def _refuse(options: argparse.Namespace, error: Exception) -> int:
    if options.json:
        failed = {"type": "failed", "message": str(error)}
        print(msgspec.json.encode(failed).decode(), flush=True)
    kind = "\n" if isinstance(error, WorkloadError) and "\n" in str(error) else " "
    print(f"phidesk:{kind}{error}", file=sys.stderr)
    return EXIT_USAGE

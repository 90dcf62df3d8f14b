"""`phidesk chat`: one prompt, one answer, streamed to the terminal."""

import argparse
import asyncio
import sys

import msgspec

from phidesk.cli.answer_form import cut_warning, read_structure
from phidesk.cli.load_options import ignored_options, plan_load
from phidesk.cli.outcomes import record_load
from phidesk.client.jobs import JobError, JobRunner
from phidesk.client.loading import LoadPlan, loaded
from phidesk.client.process import ProcessWorkerClient
from phidesk.core import engines, vllm_cpu
from phidesk.core.catalog import ModelNotFoundError, open_model
from phidesk.core.chat import (
    DEFAULT_SYSTEM_PROMPT,
    GenerationResult,
    Message,
    Role,
    SamplingParams,
    Structure,
)
from phidesk.core.engines import EngineName
from phidesk.core.models import Device
from phidesk.core.starter import default_sampling
from phidesk.hardware.sampler import HardwareSampler
from phidesk.protocol.commands import Generate
from phidesk.protocol.events import Event, Failed, Finished, Loaded, Log, Progress, TokenDelta

EXIT_FAILED, EXIT_USAGE, EXIT_INTERRUPTED = 1, 2, 130
_MOST_LOGPROBS = 20  # vLLM's own limit


def run_chat(options: argparse.Namespace) -> int:
    """Run the command and return its exit status."""
    try:
        model = open_model(options.model)
        sampling = _sampling(options, default_sampling(model))
        structure = read_structure(options)
        plan = plan_load(options, model, HardwareSampler().sample())
        _check_extras(options, structure, plan.engines[0])
        _check_sampling(plan, sampling)
    except (ValueError, ModelNotFoundError) as error:
        return _refuse(options, str(error))
    prompt = _from_stdin() if options.prompt == "-" else options.prompt
    if not prompt.strip():
        return _refuse(options, "The prompt is empty.")
    if ignored := ignored_options(options, plan.engines[0]):
        print(f"phidesk: {ignored}", file=sys.stderr)
    request = Generate(
        job_id="chat",
        messages=_messages(options.system, prompt),
        sampling=sampling,
        structure=structure,
        logprobs=options.logprobs,
    )
    if structure is not None or options.logprobs is not None:
        plan = msgspec.structs.replace(plan, engines=plan.engines[:1])  # no other gives these
    try:
        return asyncio.run(_run(options, plan, request))
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED


def _from_stdin() -> str:
    return sys.stdin.buffer.read().decode("utf-8", errors="replace")


async def _run(options: argparse.Namespace, plan: LoadPlan, request: Generate) -> int:
    facts: list[Loaded] = []

    def on_event(event: Event) -> None:
        if isinstance(event, Loaded):
            facts.append(event)
        match event:
            case TokenDelta() if not options.json:
                print(event.text, end="", flush=True)
            case TokenDelta() | Progress() | Loaded() if options.json:
                _print_event(event)
            case Log(level="error"):
                print(event.text, file=sys.stderr)
            case Finished(job_id="chat"):
                _finish(options, event.result)
                if cut := cut_warning(request.structure, event.result):
                    print(f"phidesk: {cut}", file=sys.stderr)
            case _:
                pass

    def on_warning(words: str) -> None:
        if options.json:
            _print_event(Log(level="warning", text=words))
        print(f"phidesk: {words}", file=sys.stderr)

    try:
        async with loaded(plan, _start, on_event, on_warning) as worker:
            await asyncio.to_thread(record_load, plan, facts[-1], worker.pid)
            async for event in worker.run(request):
                on_event(event)
    except JobError as error:
        failed = Failed(
            job_id=request.job_id, kind=error.kind, message=str(error), details=error.details
        )
        return _refuse(options, f"{error}{_way_on(error)}", failed)
    return 0


def _way_on(error: JobError) -> str:
    return " Here: --without-code, for this run." if error.kind.needs_consent else ""


def _start(engine: EngineName) -> JobRunner:
    return JobRunner(ProcessWorkerClient(engine=engine.value))


def _messages(system: str | None, prompt: str) -> tuple[Message, ...]:
    system = DEFAULT_SYSTEM_PROMPT if system is None else system
    before = (Message(role=Role.SYSTEM, content=system),) if system else ()
    return (*before, Message(role=Role.USER, content=prompt))


def _finish(options: argparse.Namespace, result: GenerationResult | None) -> None:
    if options.json:
        print(msgspec.json.encode(_Summary.of(result)).decode(), flush=True)
    else:
        print()


class _Summary(msgspec.Struct, frozen=True, kw_only=True, tag="finished"):
    """The last line of --json."""

    prompt_tokens: int
    tokens: int
    ttft_s: float | None
    tokens_per_second: float | None
    stop_reason: str | None
    cached_tokens: int
    acceptance: float | None

    @classmethod
    def of(cls, result: GenerationResult | None) -> "_Summary":
        result = result or GenerationResult(prompt_tokens=0, completion_tokens=0)
        return cls(
            prompt_tokens=result.prompt_tokens,
            tokens=result.completion_tokens,
            ttft_s=result.ttft_s,
            tokens_per_second=result.tokens_per_second,
            stop_reason=result.stop_reason,
            cached_tokens=result.cached_tokens,
            acceptance=result.acceptance,
        )


def _sampling(options: argparse.Namespace, default: SamplingParams) -> SamplingParams:
    names = (
        "temperature", "top_p", "top_k", "min_p", "repetition_penalty", "max_tokens", "seed",
    )  # fmt: skip
    given = {name: getattr(options, name) for name in names if getattr(options, name) is not None}
    given["stop"] = tuple(options.stop or ())
    return msgspec.structs.replace(default, **given)


def _check_extras(
    options: argparse.Namespace, structure: Structure | None, engine: EngineName
) -> None:
    if options.logprobs is not None:
        if not options.json:
            raise ValueError("--logprobs is only told with --json.")
        if not 0 <= options.logprobs <= _MOST_LOGPROBS:
            raise ValueError(f"--logprobs must lie between 0 and {_MOST_LOGPROBS}.")
    with_schema = engine is EngineName.LLAMACPP and structure is not None and structure.json_schema
    if with_schema and options.logprobs is None:
        return
    if engine is not EngineName.VLLM and (structure is not None or options.logprobs is not None):
        what = "the form of an answer" if structure is not None else "log probabilities"
        raise ValueError(
            f"{engine.label} does not give {what} here: --engine vllm does, for a folder of "
            "safetensors."
        )


def _check_sampling(plan: LoadPlan, sampling: SamplingParams) -> None:
    on_cpu = plan.engines[0] is EngineName.VLLM and engines.vllm_device() is Device.CPU
    if on_cpu and (problem := vllm_cpu.request_problem(plan.options, sampling)):
        raise ValueError(problem)


def _print_event(event: object) -> None:
    print(msgspec.json.encode(event).decode(), flush=True)


def _refuse(options: argparse.Namespace, message: str, event: Failed | None = None) -> int:
    if options.json:
        failed: object = event or {"type": "failed", "message": message}
        _print_event(failed)
    print(f"phidesk: {message}", file=sys.stderr)
    return EXIT_FAILED if event else EXIT_USAGE

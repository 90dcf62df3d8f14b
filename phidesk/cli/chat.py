"""`phidesk chat`: one prompt, one answer, streamed to the terminal."""

import argparse
import asyncio
import sys

import msgspec

from phidesk.client.interface import WorkerStartError
from phidesk.client.process import ProcessWorkerClient
from phidesk.core.catalog import ModelNotFoundError, open_model
from phidesk.core.chat import DEFAULT_SYSTEM_PROMPT, GenerationResult, Message, Role, SamplingParams
from phidesk.core.engines import EngineName, choose_engine
from phidesk.core.models import ModelRef
from phidesk.core.starter import default_sampling
from phidesk.protocol.commands import Generate, LoadModel
from phidesk.protocol.events import Cancelled, Failed, Finished, Loaded, Log, Progress, TokenDelta

EXIT_FAILED, EXIT_USAGE, EXIT_INTERRUPTED = 1, 2, 130
_LOAD, _CHAT = "load", "chat"


def run_chat(options: argparse.Namespace) -> int:
    """Run the command and return its exit status."""
    try:
        model = open_model(options.model)
        sampling = _sampling(options, default_sampling(model))
        engine = choose_engine(model, EngineName(options.engine) if options.engine else None)
    except (ValueError, ModelNotFoundError) as error:
        return _refuse(options, str(error))
    prompt = _from_stdin() if options.prompt == "-" else options.prompt
    if not prompt.strip():
        return _refuse(options, "The prompt is empty.")
    try:
        return asyncio.run(_Chat(options, model, engine, sampling).run(prompt))
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        return EXIT_FAILED


def _from_stdin() -> str:
    return sys.stdin.buffer.read().decode("utf-8", errors="replace")


class _Chat:
    """One run of the command."""

    def __init__(
        self,
        options: argparse.Namespace,
        model: ModelRef,
        engine: EngineName,
        sampling: SamplingParams,
    ) -> None:
        self._options = options
        self._model = model
        self._engine = engine
        self._sampling = sampling

    async def run(self, prompt: str) -> int:
        client = ProcessWorkerClient()
        try:
            await client.start()
            client.send(
                LoadModel(
                    job_id=_LOAD,
                    model=self._model,
                    engine=self._engine.value,
                    context_length=self._options.context,
                    without_code=self._options.without_code,
                )
            )
            async for event in client.events():
                match event:
                    case Finished(job_id="load"):
                        client.send(self._request(prompt))
                    case Finished():
                        return self._finish(event.result)
                    case Failed():
                        return _refuse(self._options, event.message, event)
                    case Cancelled():
                        return EXIT_INTERRUPTED
                    case TokenDelta():
                        self._show(event)
                    case Progress() | Loaded() if self._options.json:
                        _print_event(event)
                    case Log() if event.level == "error":
                        print(event.text, file=sys.stderr)
                    case _:
                        pass
        except WorkerStartError as error:
            return _refuse(self._options, str(error))
        finally:
            await client.close()
        return EXIT_FAILED

    def _request(self, prompt: str) -> Generate:
        system = self._options.system
        system = DEFAULT_SYSTEM_PROMPT if system is None else system
        before = (Message(role=Role.SYSTEM, content=system),) if system else ()
        messages = (*before, Message(role=Role.USER, content=prompt))
        return Generate(job_id=_CHAT, messages=messages, sampling=self._sampling)

    def _show(self, delta: TokenDelta) -> None:
        if self._options.json:
            _print_event(delta)
        else:
            print(delta.text, end="", flush=True)

    def _finish(self, result: GenerationResult | None) -> int:
        if self._options.json:
            print(msgspec.json.encode(_Summary.of(result)).decode(), flush=True)
        else:
            print()
        return 0


class _Summary(msgspec.Struct, frozen=True, kw_only=True, tag="finished"):
    """The last line of --json."""

    prompt_tokens: int
    tokens: int
    ttft_s: float | None
    tokens_per_second: float | None
    stop_reason: str | None

    @classmethod
    def of(cls, result: GenerationResult | None) -> "_Summary":
        result = result or GenerationResult(prompt_tokens=0, completion_tokens=0)
        return cls(
            prompt_tokens=result.prompt_tokens,
            tokens=result.completion_tokens,
            ttft_s=result.ttft_s,
            tokens_per_second=result.tokens_per_second,
            stop_reason=result.stop_reason,
        )


def _sampling(options: argparse.Namespace, default: SamplingParams) -> SamplingParams:
    names = (
        "temperature", "top_p", "top_k", "min_p", "repetition_penalty", "max_tokens", "seed",
    )  # fmt: skip
    given = {name: getattr(options, name) for name in names if getattr(options, name) is not None}
    given["stop"] = tuple(options.stop or ())
    return msgspec.structs.replace(default, **given)


def _print_event(event: object) -> None:
    print(msgspec.json.encode(event).decode(), flush=True)


def _refuse(options: argparse.Namespace, message: str, event: Failed | None = None) -> int:
    if options.json:
        failed: object = event or {"type": "failed", "message": message}
        _print_event(failed)
    print(f"phidesk: {message}", file=sys.stderr)
    return EXIT_FAILED if event else EXIT_USAGE

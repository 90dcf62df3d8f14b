"""The vLLM engine: safetensors models on an NVIDIA GPU, many chats at once."""

import sys
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from typing import Any

import transformers
from transformers.models.auto.modeling_auto import MODEL_FOR_CAUSAL_LM_MAPPING_NAMES as BUILT_IN

from phidesk.core import vllm_cpu
from phidesk.core.catalog import open_model
from phidesk.core.chat import Message, StopReason, TokenLogprob
from phidesk.core.engines import vllm_device
from phidesk.core.load_options import LoadOptions, Speculation
from phidesk.core.models import Device, ModelFormat
from phidesk.core.number_formats import matrix_shape, needed_bytes
from phidesk.core.serving import serving_context
from phidesk.protocol.commands import Generate, LoadModel
from phidesk.protocol.events import FailureKind, Loaded
from phidesk.worker.engines import vllm_compat as compat
from phidesk.worker.engines.base import EngineError, Figures, Piece
from phidesk.worker.engines.chat_template import (
    Prompt,
    count_prompt,
    count_text,
    rehearse,
    write_prompt,
)
from phidesk.worker.engines.dtype import asked_dtype, choose_dtype, label
from phidesk.worker.engines.pieces import GATHER_ON_CPU_S, GATHER_S, Pieces
from phidesk.worker.engines.template_process import TemplateProcess
from phidesk.worker.engines.transformers_checks import check_draft, check_files, check_trust
from phidesk.worker.engines.vllm_arguments import engine_args, sampling_params
from phidesk.worker.engines.vllm_errors import load_error, request_error
from phidesk.worker.engines.vllm_guesses import Guesses
from phidesk.worker.engines.vllm_loop import Asked, StepLoop
from phidesk.worker.engines.vllm_progress import told_progress
from phidesk.worker.engines.vllm_setup import VERSION, LLMEngine, SamplingParams
from phidesk.worker.reporter import Reporter

compat.import_ahead()

# The thread that drives vLLM and those that send its words take turns of this length: with
# Python's 5 ms the first token waits for several of them.
_SWITCH_S = 0.0005
# Its guesses cannot be watched, and not switched off, in the processes of several GPUs.
_GUESSING_ON_ONE = (
    "Speculative decoding works on a single GPU only. Load the model on one, or without "
    "speculation."
)


class VllmEngine:
    """One model in vLLM's engine, which lives in this process."""

    def __init__(self) -> None:
        self._loop = StepLoop()
        self._engine: LLMEngine | None = None
        self._guesses: Guesses | None = None
        self._tokenizer: Any = None
        self._templates = TemplateProcess()
        self._context = 0
        self._options = LoadOptions()
        self._gather_s = GATHER_S
        self._report: Reporter | None = None

    async def load(self, spec: LoadModel, report: Reporter) -> Loaded:
        """Load a folder or GGUF file; raises EngineError for failures with a way out."""
        started = time.monotonic()
        if vllm_device() is Device.CPU and (problem := vllm_cpu.load_problem(spec.options)):
            raise EngineError(FailureKind.UNSUPPORTED, problem)
        if spec.options.gpus > 1 and spec.options.speculation is not Speculation.OFF:
            raise EngineError(FailureKind.OPTION, _GUESSING_ON_ONE)
        config = _checked(spec)
        if spec.options.draft_model:
            draft = open_model(spec.options.draft_model)
            check_draft(spec, draft, BUILT_IN, transformers.__version__)
            check_files(draft, BUILT_IN, transformers.__version__)
        self._options = spec.options
        self._context = serving_context(spec.model, spec.context_length)
        self._gather_s = GATHER_ON_CPU_S if vllm_device() is Device.CPU else GATHER_S
        self._report = report
        sys.setswitchinterval(_SWITCH_S)
        with told_progress(report, spec.model.size_bytes):
            try:
                self._engine = engine = await self._loop.start(lambda: self._make(spec, config))
            except Exception as error:
                if (known := load_error(error, spec.model, spec.options)) is error:
                    raise
                raise known from error
        if spec.options.speculation is not Speculation.OFF:
            self._guesses = Guesses(engine, self._guessing_ended)
        report.progress("ready", 1, 1)
        return self._loaded(spec, engine, time.monotonic() - started)

    def _make(self, spec: LoadModel, config: dict[str, Any]) -> LLMEngine:
        compat.meet_in_a_file()
        compat.count_without_compiling()
        # A GGUF file names its architecture as Transformers names a type of model.
        built_in = BUILT_IN.get(spec.model.architecture)
        compat.inspect_here(list(config.get("architectures") or ([built_in] if built_in else ())))
        dtype, size = _dtype(spec, config)
        engine = LLMEngine.from_engine_args(engine_args(spec, config, self._context, dtype, size))
        self._tokenizer = engine.get_tokenizer()
        self._templates.start()
        _warm_up(engine)
        rehearse(self._tokenizer, self._templates)
        return engine

    def _loaded(self, spec: LoadModel, engine: LLMEngine, seconds: float) -> Loaded:
        kv_bytes, kv_tokens = compat.kv_pool(engine)
        kernel, attention = compat.weight_kernel(engine), compat.attention_kernel(engine)
        dtype = label(compat.dtype_of(engine))
        return Loaded(
            job_id=spec.job_id,
            engine="vllm",
            engine_version=VERSION,
            device=compat.device_of(engine),
            dtype=dtype,
            # Of several GPUs it cannot be told: their processes hold the model.
            kernel=kernel or ("" if spec.model.method and spec.options.gpus > 1 else dtype),
            attention=attention,
            slow=compat.why_slow(kernel, attention),
            context_length=self._context,
            load_s=seconds,
            weights_bytes=self._weights(spec, engine),
            kv_bytes=kv_bytes,
            kv_tokens=kv_tokens,
        )

    def _weights(self, spec: LoadModel, engine: LLMEngine) -> int | None:
        if compat.device_of(engine) == Device.CPU:  # its kernels keep them where torch sees nothing
            return needed_bytes(spec.model, compat.dtype_of(engine).itemsize)
        return compat.weights_bytes(engine)

    async def generate(self, request: Generate) -> AsyncGenerator[Piece, None]:
        """Yield the answer; closing the iterator stops it before vLLM's next step."""
        if self._engine is None:
            raise EngineError(FailureKind.UNSUPPORTED, "No model is loaded.")
        if vllm_device() is Device.CPU and (
            problem := vllm_cpu.request_problem(self._options, request.sampling)
        ):
            raise EngineError(FailureKind.UNSUPPORTED, problem)
        pieces = Pieces(self._gather_s)
        answer = _Answer(pieces, lambda: self._forget(request.job_id))

        def prepare() -> tuple[list[int], SamplingParams]:
            prompt = write_prompt(
                self._tokenizer,
                self._templates,
                request.messages,
                self._context,
                continues=request.continues,
            )
            answer.prompt = prompt
            return prompt.tokens, sampling_params(request, prompt, self._options)

        self._loop.ask(
            Asked(
                request_id=request.job_id,
                prepare=prepare,
                take=answer.take,
                end=lambda error: pieces.end(
                    request_error(error, self._context, request.structure)
                ),
                forget=lambda: self._forget(request.job_id),
            )
        )
        try:
            async for piece in pieces:
                yield piece
        finally:
            self._loop.stop(request.job_id)

    def count_prompt(self, messages: Sequence[Message]) -> int:
        """Return how many tokens the prompt of these messages has."""
        return count_prompt(self._tokenizer, self._templates, messages)

    def count_text(self, text: str) -> int:
        """Return how many tokens a text has by itself."""
        return count_text(self._tokenizer, text)

    def figures(self) -> Figures:
        """Say how full the KV pool is, and how well guessing goes."""
        if self._engine is None:
            return Figures()
        share = self._guesses.share() if self._guesses is not None else None
        return Figures(kv_used=compat.kv_used(self._engine), acceptance=share)

    async def broken(self) -> EngineError:
        """Wait until a step of vLLM has failed, and say why."""
        error = request_error(await self._loop.broken(), self._context)
        assert isinstance(error, EngineError)  # noqa: S101 - a broken engine has words
        return error

    async def close(self) -> None:
        """Stop the loop; the end of the process gives the memory back."""
        await self._loop.close()
        self._templates.close()

    def _forget(self, request_id: str) -> float | None:
        """Return how much of the guesses of an answer was kept, and forget them."""
        return self._guesses.take(request_id) if self._guesses is not None else None

    def _guessing_ended(self, share: float) -> None:
        if self._report is not None:
            self._report.log(
                f"Speculative decoding is switched off: only {share:.0%} of the guessed tokens "
                "were kept, which makes answers slower.",
                "warning",
            )


class _Answer:
    """Turns vLLM's outputs for one request into pieces; called in the loop's thread."""

    def __init__(self, pieces: Pieces, acceptance: Callable[[], float | None]) -> None:
        self.prompt = Prompt(tokens=[], room=0)
        self._pieces = pieces
        self._acceptance = acceptance
        self._begun = False

    def take(self, output: Any) -> None:
        """Pass one output on."""
        done = output.outputs[0]
        reason = _stop_reason(done, self.prompt) if output.finished else None
        # The token that ends a turn is not one of the answer.
        by_token = reason is StopReason.END and not isinstance(done.stop_reason, str)
        tokens = len(done.token_ids) - by_token
        piece = Piece(
            text=done.text,
            tokens=max(0, tokens),
            prompt_tokens=None if self._begun else len(self.prompt.tokens),
            cached_tokens=0 if self._begun else output.num_cached_tokens or 0,
            stop_reason=reason,
            acceptance=self._acceptance() if output.finished else None,
            logprobs=_logprobs(done),
        )
        self._begun = True
        self._pieces.emit(piece)
        if output.finished:
            error = None
            if done.finish_reason not in ("stop", "length"):
                error = EngineError(
                    FailureKind.BUG, f"vLLM ended this answer ({done.finish_reason})."
                )
            self._pieces.end(error)


def _checked(spec: LoadModel) -> dict[str, Any]:
    """Return the config.json of files that are whole and run nobody's code."""
    check_trust(spec, BUILT_IN, transformers.__version__)
    return check_files(spec.model, BUILT_IN, transformers.__version__)


def _warm_up(engine: LLMEngine) -> None:
    """Compute one token, so that a kernel which cannot run fails here and not in the chat."""
    prompt: Any = {"prompt_token_ids": [0, 0]}
    engine.add_request("warm-up", prompt, SamplingParams(temperature=0.0, max_tokens=1))
    while engine.has_unfinished_requests():
        engine.step()


def _stop_reason(done: Any, prompt: Prompt) -> StopReason | None:
    if done.finish_reason == "length":
        return StopReason.LENGTH
    if done.finish_reason != "stop":
        return None
    by_text = isinstance(done.stop_reason, str) and done.stop_reason not in prompt.turn_ends
    return StopReason.STOP_STRING if by_text else StopReason.END


def _logprobs(done: Any) -> tuple[TokenLogprob, ...]:
    found = []
    for token, ranked in zip(done.token_ids, done.logprobs or (), strict=False):
        chosen = ranked[token]
        top = sorted(ranked.values(), key=lambda entry: -entry.logprob)
        found.append(
            TokenLogprob(
                token=chosen.decoded_token or "",
                logprob=chosen.logprob,
                top=tuple((entry.decoded_token or "", entry.logprob) for entry in top),
            )
        )
    return tuple(found)


def _dtype(spec: LoadModel, config: dict[str, Any]) -> tuple[str, int]:
    """Return torch's name of what the model computes in, and its bytes."""
    asked = asked_dtype(spec.options)
    if asked is not None and not spec.model.method:
        return spec.options.dtype.torch_name, asked.itemsize
    if vllm_device() is Device.CPU and not spec.model.method:
        chosen = choose_dtype(Device.CPU, *matrix_shape(config))
        return str(chosen).removeprefix("torch."), chosen.itemsize
    if vllm_device() is Device.CPU:
        return "bfloat16", 2  # what its kernels for quantized weights compute in
    import torch

    if torch.cuda.get_device_capability() < (8, 0):
        return "float16", 2
    if spec.model.format is ModelFormat.GGUF:
        return "float16", 2
    return "auto", 2

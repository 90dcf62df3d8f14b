"""The llama.cpp engine: GGUF files through xllamacpp, without torch."""

import asyncio
import os
import secrets
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import psutil

# llama.cpp's threads wait for each other some 500 times a token. libgomp lets them spin there
# for long, and a machine whose cores are busy otherwise then falls from 100 tokens/s to 1; after
# a short spin they sleep instead. Read when the library is loaded.
os.environ.setdefault("GOMP_SPINCOUNT", "10000")
import xllamacpp

from phidesk.core.chat import Message, SamplingParams, StopReason
from phidesk.core.serving import LLAMA_CHATS, serving_context
from phidesk.protocol.commands import Generate, LoadModel
from phidesk.protocol.events import FailureKind, Loaded
from phidesk.worker.engines.base import EngineError, Figures, Piece, refuse_extras
from phidesk.worker.engines.llamacpp_replies import (
    ServerError,
    bad_request,
    decode_chunk,
    load_error,
    request_error,
)
from phidesk.worker.engines.native import captured_stderr, dies_with_parent
from phidesk.worker.engines.pieces import GATHER_ON_CPU_S, GATHER_S
from phidesk.worker.engines.text import StopStrings
from phidesk.worker.engines.threads import stream_from_thread
from phidesk.worker.reporter import Reporter

if TYPE_CHECKING:  # what it imports is nothing that the starter model needs
    from phidesk.worker.engines.llamacpp_counter import Counter
    from phidesk.worker.engines.template_check import TemplateGuard

_ERRORS_ONLY = 1
_LOG_DELAY_S = 0.1  # llama.cpp writes its log from a thread of its own


class LlamaCppEngine:
    """One GGUF file in llama.cpp's server core, several chats on one unified KV cache."""

    def __init__(self) -> None:
        self._server: Any = None
        self._context = 0
        self._gather_s = GATHER_S
        self._folder = self._key = ""
        self._counter: Counter | None = None
        self._guard: TemplateGuard | None = None

    async def load(self, spec: LoadModel, report: Reporter) -> Loaded:
        """Load the file; raises EngineError where llama.cpp cannot."""
        if spec.model.problem:
            raise EngineError(FailureKind.CORRUPT_FILE, f"{spec.model.problem}.")
        started = time.monotonic()
        self._context = serving_context(spec.model, spec.context_length)
        devices = [d["name"] for d in xllamacpp.get_device_info() if d["name"] != "CPU"]
        self._gather_s = GATHER_S if devices else GATHER_ON_CPU_S
        if not (devices or spec.anyway):
            _check_memory(spec.model.size_bytes)
        if not spec.model.is_starter:  # no stranger's: it came with phidesk
            await asyncio.to_thread(self._check_templates, spec)
        report.progress("weights")
        await asyncio.sleep(0.005)  # lets the event out before the load takes the GIL
        await asyncio.to_thread(self._open, spec.model.path)
        return Loaded(
            job_id=spec.job_id,
            engine="llamacpp",
            engine_version=xllamacpp.__version__,
            device=devices[0] if devices else "cpu",
            dtype=spec.model.quantization,
            kernel=spec.model.quantization,
            context_length=self._context,
            load_s=time.monotonic() - started,
            weights_bytes=spec.model.size_bytes,
        )

    def _check_templates(self, spec: LoadModel) -> None:
        from phidesk.worker.engines.template_check import TemplateGuard

        self._guard = TemplateGuard()
        self._guard.check(spec)

    def _open(self, path: str) -> None:
        self._folder = tempfile.mkdtemp(prefix="phidesk-")
        params = _parameters(path, self._context, self._folder)
        self._key = secrets.token_hex()
        params.api_keys = [self._key]
        # xllamacpp holds the GIL until the model is there: no thread of ours can notice
        # meanwhile that the window died, so the kernel has to.
        with dies_with_parent(), captured_stderr() as log:
            try:
                self._server = xllamacpp.Server(params)
            except RuntimeError as error:
                time.sleep(_LOG_DELAY_S)
                raise load_error(path, log()) from error

    def generate(self, request: Generate) -> AsyncGenerator[Piece, None]:
        """Return the answer as llama.cpp makes it; a broken-off iterator stops the slot."""
        refuse_extras(request, "llama.cpp", with_schema=True)
        body = _request_body(request, self._context)

        def produce(emit: Callable[[Piece], None], stop: threading.Event) -> None:
            self._check_messages(request.messages[:-1] if request.continues else request.messages)
            answer = _Answer(StopStrings(request.sampling.stop), emit)
            try:
                # Returning True is the only way to stop llama.cpp.
                self._server.handle_chat_completions(
                    body, lambda d: answer.take(d) or stop.is_set()
                )
            except ValueError as error:  # before it begins
                raise bad_request(str(error), request.structure) from error
            answer.finish(self._context)

        return stream_from_thread(produce, self._gather_s)

    def count_prompt(self, messages: Sequence[Message]) -> int:
        """Return how many tokens the prompt of these messages has."""
        self._check_messages(messages)
        return self._asked.prompt(_turns(messages))

    def count_text(self, text: str) -> int:
        """Return how many tokens a text has by itself."""
        return self._asked.text(text)

    @property
    def _asked(self) -> "Counter":
        if self._counter is None:
            from phidesk.worker.engines.llamacpp_counter import Counter

            self._counter = Counter(self._server.listening_address, self._key)
        return self._counter

    def _check_messages(self, messages: Sequence[Message]) -> None:
        if self._guard is not None:
            self._guard.check_messages(_turns(messages))

    def figures(self) -> Figures:
        """Have nothing to say beside what the worker counts itself."""
        return Figures()

    async def close(self) -> None:
        """Let llama.cpp end its loop and free its memory."""
        if self._guard is not None:
            self._guard.close()
        server, self._server = self._server, None
        del server
        shutil.rmtree(self._folder, ignore_errors=True)


class _Answer:
    """Reads the chunks of one streamed chat completion."""

    def __init__(self, stops: StopStrings, emit: Callable[[Piece], None]) -> None:
        self._stops = stops
        self._emit = emit
        self._error: ServerError | None = None
        self._finish: str | None = None
        self._made = 0
        self._counted = 0

    def take(self, data: bytes) -> bool:
        """Pass a chunk on; returns whether the answer is complete."""
        chunk = decode_chunk(data)
        if chunk.error is not None:
            self._error = chunk.error
            return True
        if chunk.prompt_progress is not None and self._counted == 0:
            self._emit(Piece(prompt_tokens=chunk.prompt_progress.total))
        if chunk.timings is not None:
            self._made = chunk.timings.predicted_n
        for choice in chunk.choices:
            self._finish = choice.finish_reason or self._finish
            if choice.delta.content:
                text = self._stops.feed(choice.delta.content)
                self._emit(Piece(text=text, tokens=self._new_tokens()))
        return self._stops.found is not None

    def finish(self, context: int) -> None:
        """Emit the last piece, or raise llama.cpp's error."""
        if self._error is not None:
            raise request_error(self._error, context)
        if self._stops.found is not None:
            self._emit(Piece(stop_reason=StopReason.STOP_STRING))
        elif self._finish is not None:
            if self._finish == "stop":  # the end-of-turn token is not counted
                tokens, reason = 0, StopReason.END
            else:  # the last one may be half a character, and have no text
                tokens, reason = self._new_tokens(), StopReason.LENGTH
            self._emit(Piece(text=self._stops.flush(), tokens=tokens, stop_reason=reason))

    def _new_tokens(self) -> int:
        new, self._counted = max(0, self._made - self._counted), max(self._made, self._counted)
        return new


def _parameters(path: str, context: int, folder: str) -> Any:
    params = xllamacpp.CommonParams()
    params.model.path = path
    params.n_ctx = context
    params.n_parallel = LLAMA_CHATS
    if (threads := os.environ.get("OMP_NUM_THREADS", "")).isdecimal():
        params.cpuparams.n_threads = int(threads)  # llama.cpp itself looks at the cores only
    params.kv_unified = True
    params.use_jinja = True
    # Thinking is part of the answer: shown, counted and timed like the rest.
    params.reasoning_format = xllamacpp.common_reasoning_format.COMMON_REASONING_FORMAT_NONE
    params.verbosity = _ERRORS_ONLY
    params.offline = True
    params.ui = False
    params.endpoint_slots = False
    params.cache_ram_mib = 0  # a second copy of old conversations is not worth up to 8 GB
    if all(device["name"] == "CPU" for device in xllamacpp.get_device_info()):
        params.fit_params = False  # fits layers to a GPU: 0.1 s of the load for nothing
    # The server core insists on an address, and counts tokens nowhere else: a socket in a folder
    # of ours, with a key that only this process knows. There is no such thing on Windows.
    if sys.platform == "win32":
        params.port = 0
    else:
        params.hostnames = [str(Path(folder) / "llama.sock")]
    return params


def _request_body(request: Generate, context: int) -> bytes:
    sampling: SamplingParams = request.sampling
    body: dict[str, Any] = {
        "messages": _turns(request.messages),
        "stream": True,
        "temperature": sampling.temperature,
        "top_p": sampling.top_p,
        "top_k": sampling.top_k,
        "min_p": sampling.min_p,
        "repeat_penalty": sampling.repetition_penalty,
        "repeat_last_n": context,
        "cache_prompt": True,
        "return_progress": True,
        "timings_per_token": True,
    }
    if sampling.max_tokens is not None:
        body["max_tokens"] = sampling.max_tokens
    if sampling.seed is not None:
        body["seed"] = sampling.seed
    if request.ignore_end:
        body["ignore_eos"] = True
    if request.continues:
        body |= {"continue_final_message": True, "add_generation_prompt": False}
    if request.structure is not None:
        schema = msgspec.Raw(request.structure.json_schema.encode())
        body["response_format"] = {"type": "json_schema", "json_schema": {"schema": schema}}
    return msgspec.json.encode(body)


def _turns(messages: Sequence[Message]) -> list[dict[str, str]]:
    return [{"role": message.role.value, "content": message.content} for message in messages]


def _check_memory(size_bytes: int) -> None:
    free = psutil.virtual_memory().available
    if size_bytes > free:
        raise EngineError(
            FailureKind.OUT_OF_MEMORY,
            f"The weights need {size_bytes / 1e9:.1f} GB, {free / 1e9:.1f} GB of memory are free. "
            "Choose a smaller quantization or close other programs.",
        )

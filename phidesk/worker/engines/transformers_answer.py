"""Makes one answer with Transformers' generate, in the thread that calls it."""

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import torch
from transformers import GenerationConfig
from transformers.generation.streamers import BaseStreamer

from phidesk.core.chat import StopReason
from phidesk.protocol.commands import Generate
from phidesk.worker.engines.base import Piece
from phidesk.worker.engines.chat_template import Prompt, write_prompt
from phidesk.worker.engines.template_process import TemplateProcess
from phidesk.worker.engines.text import StopStrings, detokenizer
from phidesk.worker.engines.transformers_load import Opened, plain_words
from phidesk.worker.engines.turns import Turns

_GREEDY_BELOW = 1e-5
RandomState = list[Any]


def answer(
    opened: Opened,
    templates: TemplateProcess,
    request: Generate,
    turns: Turns[RandomState],
    emit: Callable[[Piece], None],
    stop: threading.Event,
) -> None:
    """Generate until the answer ends or `stop` is set; raises EngineError for known failures."""
    prompt = write_prompt(
        opened.tokenizer, templates, request.messages, opened.context, continues=request.continues
    )
    sampling = request.sampling
    limit = min(sampling.max_tokens or prompt.room, prompt.room)
    streamer = _Streamer(opened, request, prompt, limit, turns, emit, stop)
    with plain_words("this conversation"), torch.inference_mode(), turns.taken():
        if stop.is_set():
            return
        _seed(sampling.seed)
        inputs = torch.tensor([prompt.tokens], dtype=torch.long, device=opened.device)
        with suppress(_StoppedError):
            opened.model.generate(
                inputs,
                attention_mask=torch.ones_like(inputs),
                generation_config=_generation_config(opened, request, limit),
                streamer=streamer,
            )


def random_state(device: Any) -> RandomState:
    """Return the random state of the CPU and the device."""
    if device.type == "cuda":
        return [torch.get_rng_state(), torch.cuda.get_rng_state(device)]
    if device.type == "mps":
        return [torch.get_rng_state(), torch.mps.get_rng_state()]
    return [torch.get_rng_state()]


def set_random_state(device: Any, state: RandomState) -> None:
    """Put back what random_state returned."""
    torch.set_rng_state(state[0])
    if device.type == "cuda":
        torch.cuda.set_rng_state(state[1], device)
    elif device.type == "mps":
        torch.mps.set_rng_state(state[1])


class _StoppedError(Exception):
    """Leaves generate at once: nobody wants the rest."""


class _Streamer(BaseStreamer):  # type: ignore[misc]  # untyped library
    """Receives each token from generate, emits its text and lets other answers have a turn."""

    def __init__(
        self,
        opened: Opened,
        request: Generate,
        prompt: Prompt,
        limit: int,
        turns: Turns[RandomState],
        emit: Callable[[Piece], None],
        stop: threading.Event,
    ) -> None:
        self._ends = opened.ends
        self._decoder = detokenizer(opened.tokenizer)
        self._turn_ends = () if request.ignore_end else prompt.turn_ends
        self._stops = StopStrings((*request.sampling.stop, *self._turn_ends))
        self._limit = limit
        self._turns = turns
        self._emit = emit
        self._stop = stop
        self._prompt_length: int | None = len(prompt.tokens)
        self._count = 0
        self._prompt_seen = False

    def put(self, value: Any) -> None:
        """Take the prompt, then one token a call; raises _StoppedError where no more is wanted."""
        if not self._prompt_seen:
            self._prompt_seen = True
            return
        token = int(value[0])
        if token in self._ends:
            self._send(self._stops.flush(), 0, StopReason.END)
            return
        self._count += 1
        text = self._stops.feed(self._decoder.step(token))
        if self._stops.found is not None:
            ours = self._stops.found in self._turn_ends
            self._send(text, 1, StopReason.END if ours else StopReason.STOP_STRING)
            raise _StoppedError
        if self._count == self._limit:
            self._send(text + self._stops.flush(), 1, StopReason.LENGTH)
            return
        self._send(text, 1)
        self._turns.pass_on()
        if self._stop.is_set():
            raise _StoppedError

    def end(self) -> None:
        """Nothing is left to do: the last piece went out with the last token."""

    def _send(self, text: str, tokens: int, reason: StopReason | None = None) -> None:
        self._emit(
            Piece(text=text, tokens=tokens, prompt_tokens=self._prompt_length, stop_reason=reason)
        )
        self._prompt_length = None


def _generation_config(opened: Opened, request: Generate, limit: int) -> Any:
    """Say everything that generate would otherwise fill in from its own defaults."""
    sampling = request.sampling
    ours: dict[str, Any] = {
        "max_new_tokens": limit,
        "repetition_penalty": float(sampling.repetition_penalty),
        "do_sample": sampling.temperature >= _GREEDY_BELOW,
        "use_cache": True,
    }
    if request.ignore_end:
        ours["min_new_tokens"] = limit
    if ours["do_sample"]:
        ours |= {
            "temperature": float(sampling.temperature),
            "top_k": sampling.top_k,
            "top_p": float(sampling.top_p),
            "min_p": float(sampling.min_p) or None,
        }
    ids = opened.model.generation_config
    return GenerationConfig(
        eos_token_id=ids.eos_token_id,
        pad_token_id=ids.pad_token_id,
        bos_token_id=ids.bos_token_id,
        **ours,
    )


def _seed(seed: int | None) -> None:
    if seed is None:
        torch.seed()
    else:
        torch.manual_seed(seed)

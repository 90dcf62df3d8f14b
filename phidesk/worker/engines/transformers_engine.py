"""The Transformers engine: any causal Hugging Face model, wherever torch runs."""

import asyncio
import gc
import threading
from collections.abc import AsyncGenerator, Callable, Sequence
from typing import Any

import torch

from phidesk.core.chat import Message
from phidesk.protocol.commands import Generate, LoadModel
from phidesk.protocol.events import FailureKind, Loaded
from phidesk.worker.engines.base import EngineError, Figures, Piece, refuse_extras
from phidesk.worker.engines.chat_template import count_prompt, count_text
from phidesk.worker.engines.pieces import GATHER_ON_CPU_S, GATHER_S
from phidesk.worker.engines.template_process import TemplateProcess
from phidesk.worker.engines.threads import stream_from_thread
from phidesk.worker.engines.transformers_answer import (
    RandomState,
    answer,
    random_state,
    set_random_state,
)
from phidesk.worker.engines.transformers_load import Opened, open_model
from phidesk.worker.engines.turns import Turns
from phidesk.worker.reporter import Reporter


class TransformersEngine:
    """One model; several answers take turns token by token, each with its own random state."""

    def __init__(self) -> None:
        self._opened: Opened | None = None
        self._turns: Turns[RandomState] | None = None
        self._templates = TemplateProcess()

    async def load(self, spec: LoadModel, report: Reporter) -> Loaded:
        """Load a folder or GGUF file; raises EngineError for failures with a way out."""
        opened = await asyncio.to_thread(open_model, spec, report)
        if not opened.tokenizer.chat_template:
            report.log(
                f"“{spec.model.name}” has no chat template: the conversation is given to it as "
                "plain “role: text” lines.",
                "warning",
            )
        await asyncio.to_thread(self._templates.start)
        self._opened = opened
        self._turns = Turns(
            lambda: random_state(opened.device),
            lambda state: set_random_state(opened.device, state),
        )
        return opened.loaded

    def generate(self, request: Generate) -> AsyncGenerator[Piece, None]:
        """Yield the answer; closing the iterator stops it at the next token and waits for that."""
        refuse_extras(request, "Transformers")
        opened, turns = self._opened, self._turns
        if opened is None or turns is None:
            raise EngineError(FailureKind.UNSUPPORTED, "No model is loaded.")

        def produce(emit: Callable[[Piece], None], stop: threading.Event) -> None:
            answer(opened, self._templates, request, turns, emit, stop)

        on_cpu = opened.device.type == "cpu"
        return stream_from_thread(produce, GATHER_ON_CPU_S if on_cpu else GATHER_S)

    @property
    def opened(self) -> Opened | None:
        """The network and its tokenizer, for jobs that look inside; None before the load."""
        return self._opened

    def count_prompt(self, messages: Sequence[Message]) -> int:
        """Return how many tokens the prompt of these messages has."""
        return count_prompt(self._tokenizer, self._templates, messages)

    def count_text(self, text: str) -> int:
        """Return how many tokens a text has by itself."""
        return count_text(self._tokenizer, text)

    @property
    def _tokenizer(self) -> Any:
        if self._opened is None:
            raise EngineError(FailureKind.UNSUPPORTED, "No model is loaded.")
        return self._opened.tokenizer

    def figures(self) -> Figures:
        """Have nothing to say beside what the worker counts itself."""
        return Figures()

    async def close(self) -> None:
        """Let go of the model and hand the device's memory back."""
        self._opened = self._turns = None
        self._templates.close()
        await asyncio.to_thread(_free)


def _free() -> None:
    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
    elif torch.backends.mps.is_available():
        torch.mps.empty_cache()

"""What the scripted workers of the Quantize pane's tests do, and the models that they do it to."""

import asyncio
import json
import math
import struct
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

from phidesk.client.scripted import Death, ScriptedWorkerClient
from phidesk.core.chat import GenerationResult, StopReason
from phidesk.core.jobs import JobState, discard, partial_of, save_state
from phidesk.protocol.commands import Command, Generate, LoadModel, Quantize, Score, TimeLayer
from phidesk.protocol.events import (
    Event,
    Failed,
    FailureKind,
    Finished,
    LayerDone,
    LayerTimed,
    Loaded,
    Progress,
    Quantized,
    Scored,
    TokenDelta,
)

LAYERS = 4
DEATH = "The engine process crashed (memory fault) (SIGSEGV). Reload the model to go on."


@dataclass
class Play:
    """How the next jobs go. ends_at: the layer after which `ending` comes; hangs: never ends.

    differs: the prompts (by number) that the copy answers in another way.
    """

    ends_at: int = LAYERS
    ending: str = "well"
    kl: float = 0.02
    differs: tuple[int, ...] = (1,)
    timing_fails: bool = False
    report_fails: bool = False
    commands: list[Command] = field(default_factory=list)
    clients: list[ScriptedWorkerClient] = field(default_factory=list)

    def spawn(self, _engine: str) -> ScriptedWorkerClient:
        """Make a client that plays this."""
        self.clients.append(ScriptedWorkerClient(self.script))
        return self.clients[-1]

    async def script(self, command: Command) -> AsyncIterator[Event]:
        """Answer a command."""
        self.commands.append(command)
        match command:
            case TimeLayer():
                if self.timing_fails:
                    yield _failed(command.job_id, "The layer did not fit.")
                    return
                yield LayerTimed(
                    job_id=command.job_id, layer_s=9, low_s=540, likely_s=720, high_s=960
                )
            case Quantize():
                async for event in self._quantize(command):
                    yield event
            case LoadModel():
                if self.report_fails and command.engine == "transformers":
                    yield _failed(command.job_id, "Not enough memory.")
                    return
                yield Loaded(
                    job_id=command.job_id, engine=command.engine, engine_version="0",
                    device="cpu", dtype="none", kernel="none", context_length=1024, load_s=0,
                )  # fmt: skip
            case Generate():
                number = int(command.job_id.removeprefix("answer-") or 0)
                copies = sum(isinstance(c, Generate) for c in self.commands) > 10
                text = "another answer" if copies and number in self.differs else "an answer <b>"
                yield TokenDelta(job_id=command.job_id, text=text, tokens=2)
                result = GenerationResult(
                    prompt_tokens=1, completion_tokens=2, stop_reason=StopReason.END,
                    ttft_s=0.1, tokens_per_second=12.5,
                )  # fmt: skip
                yield Finished(job_id=command.job_id, result=result)
            case Score():
                yield Scored(
                    job_id=command.job_id, tokens=100, perplexity=12.0,
                    kl_divergence=self.kl if command.reference else None,
                    top1_agreement=0.97 if command.reference else None,
                )  # fmt: skip
                if command.logits_out:
                    _make_folder(command.logits_out)

    async def _quantize(self, command: Quantize) -> AsyncIterator[Event]:
        out, job_id = Path(command.out), command.job_id
        state = JobState(model=command.model, recipe=command.recipe, out=command.out, total=LAYERS)
        partial_of(out).mkdir(parents=True, exist_ok=command.resume)
        first = 1
        if command.resume:
            first = self._done(out) + 1
        save_state(state)
        yield Progress(job_id=job_id, stage="layers", done=first - 1, total=LAYERS)
        for done in range(first, self.ends_at + 1):
            await asyncio.sleep(0.01)
            save_state(
                JobState(
                    model=command.model, recipe=command.recipe, out=command.out, done=done,
                    total=LAYERS,
                )
            )  # fmt: skip
            (partial_of(out) / "done").write_text(str(done))
            yield LayerDone(
                job_id=job_id, done=done, total=LAYERS, seconds=2.0, loss_before=1e-3 * done,
                loss_after=4e-4 * done, peak_ram_bytes=10**9 + done,
            )  # fmt: skip
        match self.ending:
            case "hangs":
                await asyncio.Event().wait()
            case "dies":
                raise Death(DEATH)
            case "fails":
                discard(out)
                yield _failed(job_id, "The disk is full: 3.1 GB are missing.")
                return
        discard(out)
        make_model(out, method="auto-round")
        yield Quantized(
            job_id=job_id, path=command.out, size_bytes=1_000_000, seconds=8, peak_ram_bytes=10**9
        )

    def _done(self, out: Path) -> int:
        return int((partial_of(out) / "done").read_text())


def make_model(
    folder: Path, *, hidden: int = 576, layers: int = LAYERS, method: str = "", tokens: int = 2048
) -> Path:
    """Write a checkpoint's head over empty weights, and its config."""
    folder.mkdir(parents=True)
    tensors: dict[str, object] = {}
    end = 0
    shapes = {"model.embed_tokens.weight": (100, hidden)}
    for layer in range(layers):
        shapes[f"model.layers.{layer}.self_attn.q_proj.weight"] = (hidden, hidden)
        shapes[f"model.layers.{layer}.mlp.down_proj.weight"] = (hidden, 2 * hidden)
    for name, shape in shapes.items():
        size = 2 * math.prod(shape)
        tensors[name] = {"dtype": "BF16", "shape": shape, "data_offsets": [end, end + size]}
        end += size
    head = json.dumps(tensors).encode()
    with (folder / "model.safetensors").open("wb") as file:
        file.write(struct.pack("<Q", len(head)) + head)
        file.truncate(8 + len(head) + end)
    config: dict[str, object] = {"model_type": "llama", "max_position_embeddings": tokens}
    if method:
        config["quantization_config"] = {"quant_method": method, "bits": 4}
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "tokenizer.json").write_text("{}")
    return folder


def _make_folder(path: str) -> None:
    Path(path).mkdir(parents=True)


def _failed(job_id: str, message: str) -> Failed:
    kind = FailureKind.OUT_OF_MEMORY
    return Failed(job_id=job_id, kind=kind, message=message, details="the traceback")

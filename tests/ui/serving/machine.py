"""A machine with a GPU, and workers that play vLLM on it, for the tests of the window."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

from phidesk.client.scripted import Death, ScriptedWorkerClient
from phidesk.core.chat import GenerationResult, StopReason
from phidesk.core.machine import GpuProcess
from phidesk.hardware.sampler import GpuSample, Sample
from phidesk.protocol.commands import Command, Generate, LoadModel
from phidesk.protocol.events import (
    Event,
    Failed,
    FailureKind,
    Finished,
    Loaded,
    Log,
    Progress,
    Stats,
    TokenDelta,
)

GB = 1_000_000_000
BLENDER = GpuProcess(pid=99_999_999, name="blender", bytes=5_300_000_000)


class FakeMachine:
    """Stands in for the sampler: 24 GB of GPU memory, of which blender holds 5.3."""

    def __init__(self) -> None:
        self.total = 24 * GB
        self.ours = 0
        self.gpus = 1
        self.ram_total = 64 * GB
        self.worker = 0

    def sample(self, worker_pid: int | None = None) -> Sample:
        gpu = GpuSample(
            name="NVIDIA GeForce RTX 4090",
            total_bytes=self.total,
            used_bytes=BLENDER.bytes + self.ours,
            ours_bytes=self.ours,
            busy_percent=10.0,
            capability=(8, 9),
            others=(BLENDER,),
        )
        return Sample(
            ram_total_bytes=self.ram_total,
            ram_used_bytes=20 * GB,
            cpu_percent=5.0,
            worker_bytes=self.worker,
            gpus=(gpu,) * self.gpus,
        )


class _Worker(ScriptedWorkerClient):
    """Its end gives back what it holds."""

    def __init__(self, play: "Play") -> None:
        super().__init__(play.perform)
        self._owner = play

    async def close(self) -> None:
        await super().close()
        if any(isinstance(command, LoadModel) for command in self.commands):
            self._owner.machine.ours = self._owner.machine.worker = 0


class Play:
    """What the workers do.

    refuses: how vLLM's loads fail. dies: the worker dies at the next question.
    """

    def __init__(self, machine: FakeMachine) -> None:
        self.machine = machine
        self.refuses: Failed | None = None
        self.dies = False
        self.slow = ""
        self.device = "cuda"
        self.loads: list[LoadModel] = []
        self.clients: list[ScriptedWorkerClient] = []
        self.result = GenerationResult(
            prompt_tokens=1800, completion_tokens=240, tokens_per_second=144.0, ttft_s=0.05,
            stop_reason=StopReason.END, cached_tokens=1536, acceptance=0.61,
        )  # fmt: skip

    def spawn(self, _engine: str) -> ScriptedWorkerClient:
        client = _Worker(self)
        self.clients.append(client)
        return client

    async def perform(self, command: Command) -> AsyncIterator[Event]:
        match command:
            case LoadModel():
                self.loads.append(command)
                yield Log(level="info", text=f"INFO loading {command.model.name}")
                await asyncio.sleep(0)
                if self.refuses is not None and command.engine == "vllm":
                    yield Failed(
                        job_id=command.job_id,
                        kind=self.refuses.kind,
                        message=self.refuses.message,
                    )
                    return
                yield Progress(job_id=command.job_id, stage="graphs", done=1, total=4)
                if self.device == "cuda":
                    self.machine.ours = 16 * GB
                self.machine.worker = 4 * GB
                yield self._loaded(command)
            case Generate():
                if self.dies:
                    raise Death("The engine process crashed (SIGSEGV).")
                yield TokenDelta(job_id=command.job_id, text="Paris", tokens=1)
                yield Stats(
                    tokens_per_second=144.0, context_used=2040, running=1, waiting=0,
                    kv_used=0.25, acceptance=0.61,
                )  # fmt: skip
                yield Finished(job_id=command.job_id, result=self.result)
            case _:
                raise AssertionError(command)

    def _loaded(self, command: LoadModel) -> Loaded:
        return Loaded(
            job_id=command.job_id,
            engine=command.engine,
            engine_version="0.32",
            device=self.device,
            dtype="bfloat16",
            kernel="Exllama" if self.slow else "Machete",
            attention="FlashAttention 3",
            slow=self.slow,
            context_length=command.context_length or 8192,
            load_s=1.0,
            weights_bytes=9 * GB if self.device == "cuda" else GB,
            kv_bytes=4 * GB if self.device == "cuda" else 2 * GB,
            kv_tokens=33_024,
        )


def failed(kind: FailureKind, message: str) -> Failed:
    return Failed(job_id="", kind=kind, message=message)


def make_model(folder: Path, gigabytes: float = 9.0, **config: object) -> Path:
    """A 4-bit model of Phi-4's shape: its KV cache takes 204,800 bytes for each token."""
    folder.mkdir(parents=True)
    size = int(gigabytes * GB)
    head = json.dumps({"w": {"dtype": "U8", "shape": [size], "data_offsets": [0, size]}}).encode()
    with (folder / "model.safetensors").open("wb") as file:
        file.write(len(head).to_bytes(8, "little") + head)
        file.truncate(8 + len(head) + size)  # a hole: it takes no space
    shape = {
        "model_type": "phi3", "max_position_embeddings": 16384, "hidden_size": 5120,
        "num_hidden_layers": 40, "num_attention_heads": 40, "num_key_value_heads": 10,
        "intermediate_size": 17920, "vocab_size": 100352,
        "quantization_config": {"quant_method": "auto-round", "bits": 4, "group_size": 128},
    }  # fmt: skip
    (folder / "config.json").write_text(json.dumps(shape | config))
    (folder / "tokenizer.json").write_text("{}")
    return folder

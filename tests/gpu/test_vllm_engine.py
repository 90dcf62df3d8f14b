"""vLLM on a graphics card with copies of the starter model that phidesk's own quantizer wrote."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

torch = pytest.importorskip("torch")
pytest.importorskip("vllm")

from phidesk.core.catalog import starter  # noqa: E402
from phidesk.core.load_options import KvDtype, LoadOptions, Speculation, Startup  # noqa: E402
from phidesk.hardware.sampler import HardwareSampler  # noqa: E402
from tests.e2e.copies import quantize_starter  # noqa: E402
from tests.e2e.vllm_worker import CAPITAL, vllm_worker  # noqa: E402
from tests.models import write_starter  # noqa: E402

pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no NVIDIA GPU"),
    pytest.mark.skipif(starter() is None, reason="the starter model is not installed"),
    pytest.mark.asyncio(loop_scope="module"),
]
FEW = ("--group-size", "64", "--samples", "16", "--seqlen", "256", "--batch-size", "4")
# AWQ's scales for so small a model need more: after 16 texts it no longer knows the capital.
MANY = ("--group-size", "64", "--samples", "128", "--seqlen", "512", "--batch-size", "8")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def folder(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("models") / "starter"
    write_starter(path)
    return str(path)


@pytest.mark.parametrize(
    ("how", "kernels"),
    [
        (
            ("--format", "auto_gptq", "--algorithm", "signround", "--iters", "20", *FEW),
            ("Machete", "Marlin"),
        ),
        (
            ("--format", "auto_awq", "--algorithm", "awq", "--asymmetric", *MANY),
            ("Machete", "Marlin"),
        ),
        (("--algorithm", "nf4"), ("bitsandbytes",)),
    ],
    ids=["gptq", "awq", "nf4"],
)
async def test_a_copy_answers(
    folder: str, tmp_path: Path, how: tuple[str, ...], kernels: tuple[str, ...]
) -> None:
    copy = quantize_starter(folder, tmp_path / "copy", *how)
    async with vllm_worker(str(copy)) as worker:
        assert worker.loaded is not None
        assert worker.loaded.kernel in kernels
        assert worker.loaded.attention.startswith(("FlashAttention", "FlashInfer", "Triton"))
        assert "Paris" in (await worker.ask("france", CAPITAL)).text
        assert worker.listens_on() <= {"127.0.0.1", "::1"}


@pytest.mark.parametrize(
    "options",
    [
        LoadOptions(),
        LoadOptions(kv_dtype=KvDtype.FP8),
        LoadOptions(cpu_offload_bytes=100_000_000),
        LoadOptions(startup=Startup.EAGER),
        LoadOptions(startup=Startup.OPTIMIZED),
        LoadOptions(speculation=Speculation.NGRAM),
        LoadOptions(parallel_chats=12),
    ],
    ids=["fast", "fp8", "offload", "eager", "optimized", "ngram", "chats"],
)
async def test_options(folder: str, options: LoadOptions) -> None:
    async with vllm_worker(folder, options) as worker:
        job = await worker.ask("france", CAPITAL)
        assert "Paris" in job.text
        loaded = worker.loaded
        assert loaded is not None
        size = 1 if options.kv_dtype is KvDtype.FP8 else 2
        token = 30 * 2 * 3 * 64 * size
        wanted = 1024 * options.parallel_chats
        assert loaded.kv_bytes == pytest.approx(wanted * token, abs=256 * token)


async def test_a_draft_model_that_is_the_model_itself(folder: str) -> None:
    options = LoadOptions(speculation=Speculation.DRAFT, draft_model=folder)
    async with vllm_worker(folder, options) as worker:
        job = await worker.ask("story", "Tell me a story about the sea.", max_tokens=128)
        assert job.result.acceptance > 0.8


async def test_all_memory_comes_back(folder: str) -> None:
    sampler = HardwareSampler()
    before = sampler.sample().gpus[0].used_bytes
    async with vllm_worker(folder) as worker:
        await worker.ask("france", CAPITAL)
        loaded: Any = worker.loaded
        used = sampler.sample().gpus[0].used_bytes - before
        assert used > loaded.weights_bytes + loaded.kv_bytes
    assert sampler.sample().gpus[0].used_bytes <= before + 2 * 2**20


def test_the_command_line(folder: str) -> None:
    done = subprocess.run(
        [
            *(sys.executable, "-m", "phidesk", "chat", "--model", folder),
            *("--temperature", "0", "--json", CAPITAL),
        ],
        check=True,
        capture_output=True,
        text=True,
    )
    events = [json.loads(line) for line in done.stdout.splitlines()]
    loaded = next(e for e in events if e["type"] == "loaded")
    assert loaded["engine"] == "vllm"  # chosen by itself where there is a GPU

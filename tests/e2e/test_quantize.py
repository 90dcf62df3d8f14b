"""The starter model made small in five ways for real, and asked in a process of its own."""

import asyncio
import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("auto_round")

from phidesk.core.catalog import open_model
from phidesk.core.engines import EngineName, choose_engine
from phidesk.core.jobs import JobState, load_state, partial_of, save_state
from phidesk.core.recipes import Algorithm, Recipe, SaveFormat
from phidesk.core.starter import starter_path
from tests.e2e.vllm_worker import CAPITAL, vllm_worker

pytestmark = pytest.mark.engine
FEW = ("--samples", "4", "--seqlen", "64", "--batch-size", "4")


@pytest.mark.parametrize(
    ("options", "method", "engine"),
    [
        (
            ("--format", "auto_round", "--algorithm", "rtn"),
            "auto-round",
            EngineName.TRANSFORMERS,
        ),
        (
            ("--format", "auto_gptq", "--algorithm", "signround", "--iters", "2", *FEW),
            "gptq",
            EngineName.TRANSFORMERS,
        ),
        (("--format", "auto_awq", "--algorithm", "awq", *FEW), "awq", EngineName.TRANSFORMERS),
        (("--algorithm", "nf4"), "bitsandbytes", EngineName.TRANSFORMERS),
        (("--format", "gguf:q4_k_m", *FEW), "gguf", EngineName.LLAMACPP),
    ],
    # The name of the first has it run in the process of vLLM's tests.
    ids=["auto_round-vllm", "auto_gptq", "auto_awq", "nf4", "q4_k_m"],
)
def test_the_copy_knows_the_capital_of_france(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    options: tuple[str, ...],
    method: str,
    engine: EngineName,
) -> None:
    out = tmp_path / "copy"
    # Two of them from the GGUF file itself.
    source = (
        "starter"
        if method in ("bitsandbytes", "gguf")
        else request.getfixturevalue("starter_folder")
    )
    done = phidesk("quantize", "--model", source, "--out", str(out), *options, "--json")
    assert done.returncode == 0, done.stderr[-2000:]
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert events[0]["findings"]  # the pre-flight comes first
    (made,) = (event for event in events if event.get("type") == "quantized")
    model = open_model(made["path"])
    assert (model.method, model.problem) == (method, "")
    assert choose_engine(model) is engine
    starter = starter_path()
    assert starter is not None
    assert model.size_bytes < 1.25 * starter.stat().st_size  # of 269 MB in bf16
    answer = ask(Path(made["path"]))
    assert "Paris" in answer, answer
    if method == "auto-round" and find_spec("vllm"):
        asyncio.run(ask_vllm(out))


def test_what_this_machine_cannot_run_is_refused_at_once(tmp_path: Path) -> None:
    out = tmp_path / "copy"
    refused = phidesk(
        "quantize", "--model", "starter", "--format", "auto_round", "--group-size", "128",
        "--out", str(out),
    )  # fmt: skip
    assert refused.returncode == 2
    assert "Group size 128 does not divide 576: use 64" in refused.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("options", "summary"),
    [
        (("--algorithm", "awq"), "AWQ W4 g64"),
        (("--algorithm", "signround"), "AutoRound W4 g64"),
        (("--algorithm", "int8"), "INT8"),
        (("--format", "auto_gptq"), "GPTQ W4 g64"),
        (("--format", "gguf:q8_0"), "Q8_0"),
    ],
)
def test_what_is_not_given_follows_what_is(
    tmp_path: Path, options: tuple[str, ...], summary: str
) -> None:
    refused = phidesk("quantize", "--model", "starter", *options, "--out", str(tmp_path))
    assert refused.stdout.splitlines()[0] == f"SmolLM2 135M (starter) → {summary}: {tmp_path}"
    assert "is there already" in refused.stderr
    assert refused.stderr.count("phidesk:") == 1


def test_a_run_is_resumed_by_any_name_of_its_model_and_by_no_other(tmp_path: Path) -> None:
    out, other = tmp_path / "copy", tmp_path / "other.gguf"
    model, path = open_model("starter"), starter_path()
    assert path is not None
    other.symlink_to(path)
    recipe = Recipe(algorithm=Algorithm.RTN, format=SaveFormat.AUTO_ROUND, group_size=128)
    partial_of(out).mkdir()
    save_state(JobState(model=model, recipe=recipe, out=str(out), total=30))
    resume = ("--out", str(out), "--resume")
    same = phidesk("quantize", "--model", str(path), *resume)
    # That it is the same run shows in its recipe, which cannot work.
    assert "Group size 128 does not divide 576" in same.stderr
    assert f"copy of “{path}”" in phidesk("quantize", "--model", str(other), *resume).stderr
    missing = phidesk("quantize", "--model", "starter", "--resume", "--out", str(tmp_path / "x"))
    assert "nothing to resume" in missing.stderr
    assert load_state(out) is not None


def ask(model: Path) -> str:
    done = phidesk(
        "chat", "--model", str(model), "--temperature", "0", "--max-tokens", "32", CAPITAL
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return str(done.stdout).strip()


async def ask_vllm(model: Path) -> None:
    async with vllm_worker(str(model)) as worker:
        assert worker.loaded is not None
        on_cpu = worker.loaded.device == "cpu"
        assert not on_cpu or worker.loaded.kernel in ("CPU W4A16", "auto_round_kernel")
        assert "Paris" in (await worker.ask("france", CAPITAL)).text


def phidesk(*arguments: str) -> "subprocess.CompletedProcess[Any]":
    return subprocess.run(
        [sys.executable, "-m", "phidesk", *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )

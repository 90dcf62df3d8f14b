"""`phidesk bench` for real: the starter model with llama.cpp and a tiny workload."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from phidesk.core.starter import starter_path

LINES = (
    {"prompt": "Say hello.", "max_tokens": 6},
    {"messages": [{"role": "user", "content": "中国最长的河流是哪一条？"}], "max_tokens": 9},
    {"prompt": "Count to ten.", "max_tokens": 3},
)


@pytest.fixture
def workload(tmp_path: Path) -> str:
    path = tmp_path / "tiny.jsonl"
    path.write_text("\n".join(json.dumps(line) for line in LINES))
    return str(path)


@pytest.fixture
def cut_model(tmp_path: Path) -> str:
    starter = starter_path()
    assert starter is not None
    (tmp_path / "cut.gguf").write_bytes(starter.read_bytes()[:5_000_000])
    return str(tmp_path / "cut.gguf")


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "phidesk", "bench", *arguments]


def bench(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*arguments), capture_output=True, text=True, timeout=300, check=False
    )


def test_every_figure_is_told_as_json(workload: str) -> None:
    done = bench("starter", "--workload", workload, "--repeats", "2", "--json")
    assert done.stderr == ""
    assert done.returncode == 0
    report = json.loads(done.stdout)
    assert report["type"] == "bench"
    assert report["workload"] == {"name": "tiny.jsonl", "requests": 3, "tokens": 18}
    (model,) = report["models"]
    assert (model["engine"], model["kernel"], model["error"]) == ("llamacpp", "Q4_1", "")
    assert model["load_s"] > 0
    assert model["loaded"]["ram"] > 100e6
    assert model["peak"]["ram"] >= model["loaded"]["ram"]
    assert len(model["runs"]) == 2
    for run in model["runs"]:
        assert [answer["tokens"] for answer in run["answers"]] == [6, 9, 3]
        assert run["seconds"] >= max(answer["seconds"] for answer in run["answers"])
        assert all(0 < answer["ttft_s"] <= answer["seconds"] for answer in run["answers"])
    rates = sorted(18 / run["seconds"] for run in model["runs"])
    rate = model["figures"]["tokens_per_second"]
    assert [rate["low"], rate["high"]] == pytest.approx(rates)
    assert rate["median"] == pytest.approx(sum(rates) / 2)


def test_one_at_a_time_takes_the_time_of_each(workload: str) -> None:
    done = bench(
        "starter", "--workload", workload, "--repeats", "1", "--concurrency", "1", "--json"
    )
    (model,) = json.loads(done.stdout)["models"]
    (run,) = model["runs"]
    alone = sum(answer["seconds"] for answer in run["answers"])
    assert alone <= run["seconds"] < 1.2 * alone + 0.2


def test_a_model_that_cannot_be_loaded_does_not_keep_others_from_it(
    workload: str, cut_model: str
) -> None:
    done = bench(cut_model, "starter", "--workload", workload, "--repeats", "1")
    assert done.returncode == 1
    assert "phidesk: cut: " in done.stderr
    assert "incomplete" in done.stderr
    assert "Traceback" not in done.stderr
    lines = done.stdout.splitlines()
    titles = [line.split("  ")[0] for line in lines[3:]]
    assert lines[0] == "tiny.jsonl: 3 requests, 3 at a time, 18 tokens; 1 run"
    assert lines[2].strip() == "SmolLM2 135M (starter)"
    for title in ("engine", "load", "time to first token", "output tokens/s", "memory loaded"):
        assert title in titles


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ('{"prompt": "a", "max_tokens": 1}\n{"prompt": "b"}', "line 2: "),
        ("", "holds no request"),
    ],
)
def test_a_bad_workload_is_refused_before_anything_starts(
    tmp_path: Path, lines: str, words: str
) -> None:
    (tmp_path / "bad.jsonl").write_text(lines)
    done = bench("starter", "--workload", str(tmp_path / "bad.jsonl"))
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("nowhere",), "nothing at"),
        (("starter", "--repeats", "0"), "--repeats"),
        (("starter", "--concurrency", "0"), "--concurrency"),
        (("starter", "--gpus", "0"), "number of GPUs"),
        (("starter", "--context", "-1"), "context of -1"),
        (("starter", "--workload", "gone"), "gone” cannot be read"),
    ],
)
def test_what_makes_no_sense_is_refused(arguments: tuple[str, ...], words: str) -> None:
    done = bench(*arguments)
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("victim", ["bench", "worker"])
def test_an_end_in_the_middle_leaves_words_and_no_process(tmp_path: Path, victim: str) -> None:
    path = tmp_path / "long.jsonl"
    path.write_text('{"prompt": "Tell me a long story.", "max_tokens": 4000}')
    process = subprocess.Popen(
        command("starter", "--workload", str(path)),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        parent = psutil.Process(process.pid)
        deadline = time.monotonic() + 60
        while not (workers := parent.children()) and time.monotonic() < deadline:
            time.sleep(0.02)
        time.sleep(3.0)
        if victim == "bench":
            process.send_signal(signal.SIGINT)
        else:
            workers[0].kill()
        _, errors = process.communicate(timeout=30)
        assert process.returncode == (130 if victim == "bench" else 1)
        assert "Traceback" not in errors
        if victim == "worker":
            assert "SIGKILL" in errors
        _, left = psutil.wait_procs(workers, timeout=5)
        assert not left
    finally:
        process.kill()
        process.communicate()

"""`phidesk report` for real: the starter model against itself."""

import json
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

pytest.importorskip("torch")
pytest.importorskip("transformers")

from phidesk.core.catalog import starter
from phidesk.core.prompts import PROMPTS
from phidesk.core.report import Report

pytestmark = [
    pytest.mark.engine,
    pytest.mark.skipif(starter() is None, reason="the starter model is not installed"),
]


def phidesk(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "phidesk", *arguments],
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


def test_the_starter_model_is_as_good_as_itself() -> None:
    done = phidesk(
        "report", "starter", "starter", "--json", "--sequences", "2", "--sequence-length", "64"
    )
    assert done.returncode == 0, done.stderr
    *progress, last = (json.loads(line) for line in done.stdout.splitlines())
    assert {event["type"] for event in progress} == {"report_progress"}
    assert progress[-1]["done"] == progress[-1]["total"] == 2 * (10 + 4 * 2)
    assert last["type"] == "report"
    assert last["mean_kl"] == 0
    assert last["agreement"] == 1
    assert last["verdict"] == "excellent"
    report = msgspec.convert(last, Report)
    assert report.tokens == dict.fromkeys(("general", "code", "chat", "chinese"), 2 * 64)
    assert report.original.perplexity == report.copy.perplexity
    assert all(1 < value < 200 for value in report.copy.perplexity.values())
    assert report.copy.engine == "llamacpp"  # it chats with that one; Transformers scores it
    assert report.copy.memory_bytes > report.copy.size_bytes
    assert report.copy.tokens_per_second > 1
    assert [answer.prompt for answer in report.answers] == list(PROMPTS)
    assert report.answers[0].copy == "The capital of France is Paris."
    assert all(answer.difference is None for answer in report.answers)


def test_what_cannot_be_compared_is_told(tmp_path: Path) -> None:
    done = phidesk("report", "starter", str(tmp_path / "nowhere"))
    assert done.returncode == 2
    assert "There is nothing at" in done.stderr
    done = phidesk("report", "starter", "starter", "--sequences", "0", "--json")
    assert done.returncode == 2
    assert json.loads(done.stdout)["type"] == "failed"

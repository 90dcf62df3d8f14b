"""The first chat for real: the starter model, in the window and on the command line."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from phidesk.app import App
from phidesk.core.chat import SamplingParams, StopReason
from phidesk.core.conversation import MessageState
from phidesk.core.engines import EngineName
from phidesk.core.estimate_history import EstimateHistory
from phidesk.core.models import Device
from phidesk.core.starter import starter_path
from phidesk.viewmodels.engine_session import EngineState
from phidesk.viewmodels.memory import MemoryReturn
from tests.ui.conftest import RunApp, forget, until

QUESTION = "What is the capital of France?"
ANSWER = "The capital of France is Paris."


def phidesk(*arguments: str, timeout_s: float = 120) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "phidesk", *arguments],
        capture_output=True,
        text=True,
        timeout=timeout_s,
        check=False,
    )


def test_the_window_answers_the_france_question(run_app: RunApp) -> None:
    async def body(app: App) -> None:
        app.start()
        await until(lambda: app.session.state is EngineState.READY)
        assert app.models.selected is not None
        assert app.models.selected.name == "SmolLM2 135M (starter)"
        app.chat.current.sampling = SamplingParams(temperature=0)
        composer = app.window.chat_pane.composer
        QTest.keyClicks(composer.input, QUESTION)
        QTest.keyClick(composer.input, Qt.Key.Key_Return)
        await until(lambda: not app.chat.is_busy, timeout_s=60)
        entry = app.chat.current.thread.entry(-1)
        assert entry.text == ANSWER
        assert entry.state is MessageState.DONE
        assert entry.result is not None
        assert entry.result.stop_reason is StopReason.END
        assert entry.result.completion_tokens == 7
        told: list[MemoryReturn] = []
        app.session.memory_returned.connect(told.append)
        app.session.eject()
        await until(lambda: bool(told))
        assert told[0].ram_freed > 100e6
        assert told[0].processes_left == 0
        assert told[0].ram_left == 0
        if "PYTEST_XDIST_WORKER" not in os.environ:  # nothing else takes memory meanwhile
            assert abs(told[0].used_now - told[0].used_before_load) < 500e6

    run_app(body, fake=False)


@pytest.mark.engine
def test_the_window_answers_with_transformers_too(run_app: RunApp, starter_folder: str) -> None:
    async def body(app: App) -> None:
        app.models.start(starter_folder)
        app.models.engine = EngineName.TRANSFORMERS
        app.window.load_selected()
        app.chat.current.sampling = SamplingParams(temperature=0)
        app.chat.send(QUESTION)
        await until(lambda: not app.chat.is_busy, timeout_s=120)
        assert app.session.loaded is not None
        assert app.session.loaded.engine == "transformers"
        assert app.chat.current.thread.entry(-1).text == ANSWER

    run_app(body, fake=False)


def test_the_command_line_answers_the_france_question(user_folders: Path) -> None:
    forget(user_folders)
    done = phidesk("chat", QUESTION, "--temperature", "0")
    assert done.stdout == ANSWER + "\n"
    assert done.returncode == 0
    quality = EstimateHistory().quality(EngineName.LLAMACPP, Device.CPU)  # as of any load
    assert quality is not None
    assert quality.worst < 0.06


def test_json_streams_events_and_ends_with_the_figures() -> None:
    done = phidesk("chat", QUESTION, "--temperature", "0", "--json")
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert "".join(e["text"] for e in events if e["type"] == "token_delta") == ANSWER
    last = events[-1]
    assert last["type"] == "finished"
    assert last["tokens"] == 7
    assert last["ttft_s"] > 0
    assert last["tokens_per_second"] > 0
    assert last["stop_reason"] == "end"


@pytest.mark.parametrize("prompt", ["用中文介绍一下北京。", "Repeat exactly: 🐼🎉👩‍👩‍👧‍👦 नमस्ते"])
def test_no_character_is_broken_whatever_the_token_boundaries(prompt: str) -> None:
    done = phidesk("chat", prompt, "--temperature", "0", "--max-tokens", "80", "--json")
    texts = [
        event["text"]
        for event in map(json.loads, done.stdout.splitlines())
        if event["type"] == "token_delta"
    ]
    assert len(texts) > 3
    assert any(ord(character) > 0x2000 for text in texts for character in text)
    assert not any("\ufffd" in text for text in texts)


def test_the_same_seed_gives_the_same_answer() -> None:
    options = ("chat", "Tell me a story.", "--temperature", "1", "--max-tokens", "24")
    answers = [phidesk(*options, "--seed", seed).stdout for seed in ("7", "7", "8")]
    assert answers[0] == answers[1]
    assert answers[0] != answers[2]


def test_a_stop_text_ends_the_answer_before_it() -> None:
    done = phidesk("chat", QUESTION, "--temperature", "0", "--stop", "France", "--json")
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert "".join(e["text"] for e in events if e["type"] == "token_delta") == "The capital of "
    assert events[-1]["stop_reason"] == "stop_string"


def test_bad_models_are_refused_in_words(tmp_path: Path) -> None:
    starter = starter_path()
    assert starter is not None
    whole = starter.read_bytes()
    (tmp_path / "cut.gguf").write_bytes(whole[:5_000_000])
    (tmp_path / "unknown.gguf").write_bytes(whole.replace(b"llama", b"lxxma"))
    (tmp_path / "empty").mkdir()
    for name, words in (
        ("cut.gguf", "incomplete"),
        ("unknown.gguf", "lxxma"),
        ("empty", "no model"),
        ("nothing", "nothing at"),
    ):
        done = phidesk("chat", "hi", "--model", str(tmp_path / name))
        assert done.returncode in (1, 2)
        assert words in done.stderr
        assert "Traceback" not in done.stderr


def test_a_conversation_longer_than_the_context_is_refused_with_both_numbers() -> None:
    done = phidesk("chat", "word " * 600, "--context", "512")
    assert done.returncode == 1
    assert "512" in done.stderr
    assert "context" in done.stderr


def test_doctor_names_what_works() -> None:
    done = phidesk("doctor", "--json")
    report = json.loads(done.stdout)
    works = {engine["name"]: engine["works"] for engine in report["engines"]}
    assert works["llama.cpp"]
    assert report["starter_model"] == str(starter_path())
    assert report["ram_total_bytes"] > 1e9
    assert done.returncode == 0


@pytest.mark.parametrize("way", [signal.SIGKILL, signal.SIGTERM])
@pytest.mark.parametrize("moment", ["loading", "standing by"])
def test_no_process_is_left_when_the_window_ends(way: signal.Signals, moment: str) -> None:
    window = subprocess.Popen([sys.executable, "-m", "phidesk"], stderr=subprocess.PIPE)
    try:
        process = psutil.Process(window.pid)
        deadline = time.monotonic() + 30
        while not process.children() and time.monotonic() < deadline:
            time.sleep(0.01)
        time.sleep(0.05 if moment == "loading" else 3.0)
        workers = process.children(recursive=True)
        assert workers
        window.send_signal(way)
        asked = time.monotonic()
        window.wait(timeout=5)
        _, left = psutil.wait_procs(workers, timeout=5)
        assert not left
        assert time.monotonic() - asked < 5
    finally:
        window.kill()
        window.communicate()


def test_a_window_closed_in_an_answer_goes_within_5_s_without_an_error_box() -> None:
    if shutil.which("xvfb-run") is None:
        pytest.skip("xvfb-run is not installed")
    environment = {k: v for k, v in os.environ.items() if k != "QT_QPA_PLATFORM"}
    code = (
        "import sys, asyncio; from PySide6.QtCore import QTimer\n"
        "import phidesk.app as a\n"
        "start = a.App.start\n"
        "def begin(self, model='starter', path=''):\n"
        "    start(self, model, path); self.chat.send('Write a very long story.')\n"
        "    QTimer.singleShot(2500, self.window.close)\n"
        "a.App.start = begin\n"
        "sys.exit(a.run_window('starter'))\n"
    )
    started = time.monotonic()
    done = subprocess.run(
        ["xvfb-run", "-a", sys.executable, "-c", code],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0
    assert "Traceback" not in done.stderr
    assert time.monotonic() - started < 2.5 + 5 + 10

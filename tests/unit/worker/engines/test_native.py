import ctypes
import os
import subprocess
import sys
import time

import psutil
import pytest

from phidesk.worker.engines.native import captured_stderr

_CHILD = """
import ctypes, sys, threading, time
from phidesk.worker.engines.native import dies_with_parent
def load():
    with dies_with_parent():
        print("in", flush=True)
        ctypes.PyDLL(None).sleep({seconds})  # PyDLL keeps the GIL, as xllamacpp does
    print("out", flush=True)
thread = threading.Thread(target=load)
thread.start()
thread.join()
time.sleep(60)
"""
_PARENT = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", sys.argv[1]], stdout=subprocess.PIPE)
print(child.pid, flush=True)
for _ in range(int(sys.argv[2])):
    child.stdout.readline()
print("ready", flush=True)
time.sleep(60)
"""


def _gone(pid: int, within_s: float) -> bool:
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        if not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.02)
    return False


@pytest.mark.skipif(sys.platform != "linux", reason="prctl is Linux only")
@pytest.mark.parametrize(("seconds", "lines", "dies"), [(30, 1, True), (0, 2, False)])
def test_a_process_that_holds_the_gil_dies_with_its_parent_only_in_the_block(
    seconds: int, lines: int, dies: bool
) -> None:
    code = _CHILD.format(seconds=seconds)
    parent = subprocess.Popen(
        [sys.executable, "-c", _PARENT, code, str(lines)], stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    parent.stdout.readline()
    parent.kill()
    parent.wait()
    parent.stdout.close()
    try:
        assert _gone(child, 10.0 if dies else 0.5) is dies
    finally:
        if psutil.pid_exists(child):
            psutil.Process(child).kill()


def test_native_stderr_is_captured_and_passed_on(capfd: pytest.CaptureFixture[str]) -> None:
    libc = ctypes.CDLL(None)
    with captured_stderr() as log:
        os.write(2, b"from the system call\n")
        libc.write(2, b"from C\n", 7)
        assert log() == "from the system call\nfrom C\n"
    os.write(2, b"after\n")
    assert capfd.readouterr().err == "from the system call\nfrom C\nafter\n"


def test_stderr_comes_back_after_an_error(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(RuntimeError), captured_stderr():  # noqa: PT012
        os.write(2, b"the reason\n")
        raise RuntimeError
    assert capfd.readouterr().err == "the reason\n"

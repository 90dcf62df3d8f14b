"""Notifications and sleep, over a real message bus with services of the tests on it."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from phidesk.desktop.notifications import Notifier
from phidesk.desktop.sleep import Awake

_HOLDER = """
import sys, time
from phidesk.desktop.sleep import Awake
awake = Awake()
awake.hold("because")
while not awake.is_held:
    time.sleep(0.01)
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def bus(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[str]:
    """A bus that this process takes for that of the session and that of the system."""
    if sys.platform != "linux" or shutil.which("dbus-daemon") is None:
        pytest.skip("there is no dbus-daemon")
    command = ["dbus-daemon", "--session", "--nofork", "--print-address=1", "--address"]
    daemon = subprocess.Popen(
        [*command, f"unix:path={tmp_path}/bus"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert daemon.stdout is not None
    address = daemon.stdout.readline().strip()
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", address)
    yield address
    daemon.terminate()
    daemon.communicate()


@pytest.fixture
def service(bus: str) -> Iterator["subprocess.Popen[str]"]:
    """The services, ready to be called."""
    script = Path(__file__).with_name("service.py")
    process = subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, text=True)
    assert _line(process) == "ready"
    yield process
    process.kill()
    process.communicate()


def _line(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().rstrip("\n")


def test_a_notification_says_what_ended(service: "subprocess.Popen[str]") -> None:
    Notifier().notify("The copy is ready", "Phi <4> & 小模型")
    asked = _line(service).split("|")
    assert asked[:6] == [
        "Notify",
        "phidesk",
        "0",
        "phidesk",
        "The copy is ready",
        "Phi &lt;4&gt; &amp; 小模型",
    ]


def test_the_machine_stays_awake_until_the_job_is_over(service: "subprocess.Popen[str]") -> None:
    awake = Awake()
    awake.hold("because")
    awake.hold("because")  # once is enough
    assert _line(service) == "Inhibit|sleep:idle|phidesk|because|block"
    _until_held(awake)
    awake.release()
    assert _line(service) == "let go"
    assert not awake.is_held


def test_a_killed_window_keeps_no_machine_awake(service: "subprocess.Popen[str]") -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _HOLDER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert _line(holder) == "held"
        assert _line(service).startswith("Inhibit")
        holder.kill()
    assert _line(service) == "let go"


def test_absent_services_are_normal(bus: str) -> None:
    from phidesk.desktop.notifications import _notify

    _notify("The copy is ready", "name")
    awake = Awake()
    awake._wanted = True
    awake._inhibit("because")
    assert not awake.is_held
    os.environ["DBUS_SESSION_BUS_ADDRESS"] = "unix:path=/nowhere"  # nor is there a bus
    _notify("The copy is ready", "name")
    del os.environ["DBUS_SESSION_BUS_ADDRESS"]
    _notify("The copy is ready", "name")


def _until_held(awake: Awake) -> None:
    deadline = time.monotonic() + 15
    while not awake.is_held:
        assert time.monotonic() < deadline
        time.sleep(0.01)

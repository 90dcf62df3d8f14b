"""Real processes with real connections, to this machine's own address: no network is needed."""

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path

import psutil
import pytest

from phidesk.hardware.connections import ConnectionWatch, Role, _is_loopback

_CLIENT = """
import socket, sys
unix = socket.socketpair()
kept = []
print("ready", flush=True)
for line in sys.stdin:
    address, port, kind = line.split()
    made = socket.socket(type=socket.SOCK_DGRAM if kind == "udp" else socket.SOCK_STREAM)
    made.connect((address, int(port)))
    kept.append(made)
    print("connected", flush=True)
"""
_PARENT = (
    "import subprocess, sys; sys.exit(subprocess.run([sys.executable, '-c', sys.argv[1],"
    " *sys.argv[2:]]).returncode)"
)


def own_address() -> str:
    for entries in psutil.net_if_addrs().values():
        for entry in entries:
            if entry.family == socket.AF_INET and not ip_address(entry.address).is_loopback:
                return entry.address
    pytest.skip("this machine has no address but loopback's")


@pytest.fixture
def server() -> Iterator[tuple[str, int]]:
    """Something that listens on this machine's own address."""
    with socket.create_server((own_address(), 0)) as listening:
        yield listening.getsockname()[:2]


class _Client:
    """A process that opens connections when it is told."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.pid = process.pid
        self._process = process
        self._wait("ready")

    def connect(self, address: str, port: int, kind: str = "tcp") -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{address} {port} {kind}\n")
        self._process.stdin.flush()
        self._wait("connected")

    def _wait(self, word: str) -> None:
        assert self._process.stdout is not None
        assert self._process.stdout.readline().strip() == word


@contextmanager
def _client(*arguments: str, below: bool = False) -> Iterator[_Client]:
    """below: the process is the child of the one that is started."""
    command = ["-c", _PARENT, _CLIENT] if below else ["-c", _CLIENT]
    process = subprocess.Popen(
        [sys.executable, *command, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield _Client(process)
    finally:
        process.communicate()


def test_nothing_is_counted_of_a_process_that_stays_at_home() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening, _client() as client:
        watch = ConnectionWatch(client.pid)
        client.connect(*listening.getsockname())
        client.connect("127.0.0.1", 9, "udp")
        assert not watch.look()
        assert watch.connections == ()
        assert watch.unreadable == 0


def test_a_connection_beyond_loopback_is_counted_once(server: tuple[str, int]) -> None:
    with _client() as client:
        watch = ConnectionWatch(client.pid)
        assert not watch.look()
        before = time.time()
        client.connect(*server)
        assert watch.look()
        client.connect(*server)
        assert not watch.look()
        (found,) = watch.connections
        assert (found.pid, found.address, found.port) == (client.pid, *server)
        assert before - 1 < found.first_seen < time.time() + 1
        client.connect(server[0], 9, "udp")
        assert watch.look()
        assert [c.port for c in watch.connections] == [server[1], 9]
        assert datetime.fromtimestamp(watch.started, UTC).year >= 2024
    assert not watch.look()
    assert len(watch.connections) == 2  # what has been stays


def test_a_socket_that_is_connected_later_is_seen(server: tuple[str, int]) -> None:
    with socket.socket() as ours:
        watch = ConnectionWatch()
        watch.look()
        watch.look()
        ours.connect(server)
        assert watch.look()
        assert watch.connections[0].role is Role.WINDOW


@pytest.mark.parametrize(
    ("arguments", "role"),
    [
        ((), Role.WORKER),
        (("--purpose", "download"), Role.DOWNLOAD),
        (("--purpose", "x"), Role.WORKER),
        (("--purpose",), Role.WORKER),
    ],
)
def test_processes_below_count_by_what_they_do(
    server: tuple[str, int], arguments: tuple[str, ...], role: Role
) -> None:
    with _client(*arguments, below=True) as client:
        watch = ConnectionWatch(client.pid)
        client.connect(*server)
        watch.look()
        (found,) = watch.connections
        assert found.role is role
        assert found.pid != client.pid


def test_uv_goes_out_because_the_user_installs(
    server: tuple[str, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    uv = tmp_path / "uv"
    uv.symlink_to(sys.executable)
    monkeypatch.setattr(sys, "executable", str(uv))
    with _client() as client:
        watch = ConnectionWatch()
        client.connect(*server)
        watch.look()
        (found,) = [c for c in watch.connections if c.pid == client.pid]
        assert found.role is Role.DOWNLOAD


def test_an_address_of_this_machine_has_its_name(server: tuple[str, int]) -> None:
    with _client() as client:
        watch = ConnectionWatch(client.pid)
        client.connect(*server)
        watch.look()
        assert watch.connections[0].host


def test_the_thread_tells_what_is_new(server: tuple[str, int]) -> None:
    told = threading.Event()
    with _client() as client:
        watch = ConnectionWatch(client.pid, told.set)
        watch.start(0.01)
        assert not told.wait(0.1)
        client.connect(*server)
        assert told.wait(10)
        watch.stop()
        assert len(watch.connections) == 1


def test_a_process_that_is_gone_has_none() -> None:
    watch = ConnectionWatch(2**22 + 7)
    assert not watch.look()
    assert watch.connections == ()


def test_a_process_that_may_not_be_looked_at_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_process: psutil.Process, kind: str = "inet") -> list[object]:
        raise psutil.AccessDenied

    monkeypatch.setattr("phidesk.hardware.connections._sockets_of", lambda _pid: None)
    monkeypatch.setattr(psutil.Process, "net_connections", refuse)
    watch = ConnectionWatch()
    assert watch.look()
    assert watch.unreadable >= 1
    assert not watch.look()


def test_what_nobody_foresaw_counts_as_unreadable(monkeypatch: pytest.MonkeyPatch) -> None:
    def stumble(_process: psutil.Process, kind: str = "inet") -> list[object]:
        raise RuntimeError("error while parsing /proc/net/tcp")

    told = threading.Event()
    monkeypatch.setattr("phidesk.hardware.connections._sockets_of", lambda _pid: None)
    monkeypatch.setattr(psutil.Process, "net_connections", stumble)
    watch = ConnectionWatch(on_new=told.set)
    watch.start(0.01)
    assert told.wait(10)
    assert watch.unreadable >= 1
    watch.stop()


def test_a_look_that_fails_is_told_and_so_is_the_next_that_does_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told = threading.Event()
    watch = ConnectionWatch(on_new=told.set)

    def stumble(*_arguments: object, **_named: object) -> list[psutil.Process]:
        raise RuntimeError

    with monkeypatch.context() as broken:
        broken.setattr(psutil.Process, "children", stumble)
        watch.start(0.01)
        assert told.wait(10)
        states = [watch.is_blind]
        told.clear()
    assert told.wait(10)
    states.append(watch.is_blind)
    watch.stop()
    assert states == [True, False]


def test_without_proc_all_is_asked_of_psutil(
    server: tuple[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("phidesk.hardware.connections._sockets_of", lambda _pid: None)
    with _client() as client:
        watch = ConnectionWatch(client.pid)
        client.connect(*server)
        assert watch.look()


@pytest.mark.parametrize(
    ("address", "is_loopback"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("::ffff:10.0.0.1", False),
        ("10.0.0.1", False),
        ("fe80::1", False),
        ("something", False),
    ],
)
def test_loopback_in_all_its_forms(address: str, is_loopback: bool) -> None:
    assert _is_loopback(address) is is_loopback

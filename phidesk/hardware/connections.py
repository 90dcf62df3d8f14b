"""Notes every connection that phidesk's processes have beyond this machine's loopback.

It asks the system's own tables, several times a second: what is opened and closed again between
two looks is not seen.
"""

import contextlib
import os
import platform
import threading
import time
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

# psutil and ipaddress are imported by the thread that looks: the window does not wait for them.
if TYPE_CHECKING:
    import psutil

INTERVAL_S = 0.25
_FIRST_LOOK = 4  # intervals: the window is up by then, and does not have to wait for a look
_TREE_EVERY = 4  # looks: to find the processes costs more than to look at them
_HOSTS = Path("/etc/hosts")
_PROC = Path("/proc")


class Role(StrEnum):
    """What a process of phidesk's does."""

    WINDOW = "window"
    WORKER = "worker"
    """It loads, answers, quantizes or measures, or was started by what does."""
    DOWNLOAD = "download"
    """It searches or downloads, which only the user starts."""


class Connection(msgspec.Struct, frozen=True, kw_only=True):
    """One process's way to one port of one machine; first_seen: seconds since the epoch.

    host: the machine's name where this one knows it without asking, "" where not.
    """

    pid: int
    role: Role
    address: str
    port: int
    host: str
    first_seen: float


class ConnectionWatch:
    """Looks at a process and all that it started; each pid, address and port counts once.

    on_new: called in the watch's own thread when there is something new.
    """

    def __init__(self, root: int | None = None, on_new: Callable[[], None] = lambda: None) -> None:
        self.started = time.time()
        self._root = os.getpid() if root is None else root
        self._on_new = on_new
        self._lock = threading.Lock()
        self._found: dict[tuple[int, str, int], Connection] = {}
        self._processes: dict[int, tuple[psutil.Process, Role]] = {}
        self._local: dict[int, set[str]] = {}
        self._unreadable: set[int] = set()
        self._is_blind = False
        self._looks = 0
        self._hosts: dict[str, str] | None = None
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def connections(self) -> tuple[Connection, ...]:
        """All since the start, the oldest first."""
        with self._lock:
            return tuple(self._found.values())

    @property
    def unreadable(self) -> int:
        """How many processes the system let nobody look at: of these nothing is known."""
        with self._lock:
            return len(self._unreadable)

    @property
    def is_blind(self) -> bool:
        """Whether the last look failed, or nobody looks any more."""
        thread = self._thread
        is_over = thread is not None and not thread.is_alive() and not self._stopping.is_set()
        return self._is_blind or is_over

    @property
    def watched(self) -> frozenset[int]:
        """The process ids that the last look was at."""
        return frozenset(self._processes)

    def start(self, interval_s: float = INTERVAL_S) -> None:
        """Look again and again, in a thread."""
        self._thread = threading.Thread(target=self._watch, args=(interval_s,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop, and wait for a look that is being taken."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()

    def look(self) -> bool:
        """Take one look; returns whether there was something new."""
        import psutil

        if self._looks % _TREE_EVERY == 0:
            self._find_processes()
        self._looks += 1
        before = len(self._found) + len(self._unreadable)
        for pid, (process, role) in list(self._processes.items()):
            try:
                if self._has_local_sockets_only(pid):
                    continue
                entries = process.net_connections(kind="inet")
            except (psutil.NoSuchProcess, ProcessLookupError):  # it has ended
                self._processes.pop(pid, None)
                continue
            except Exception:  # whatever it is, nothing is known of this process
                with self._lock:
                    self._unreadable.add(pid)
                continue
            for entry in entries:
                if entry.raddr:
                    self._note(pid, role, str(entry.raddr[0]), int(entry.raddr[1]))
        return len(self._found) + len(self._unreadable) > before

    def _has_local_sockets_only(self, pid: int) -> bool:
        """Return whether every socket of a process is one within this machine, for certain.

        The kernel takes milliseconds to write its tables of connections, and a tenth of one to
        name a process's sockets: for a process that works offline that is all there is to do.
        Where there is no /proc, nothing is certain.
        """
        sockets = _sockets_of(pid)
        if sockets is None:
            return False
        local = self._local.get(pid, set())
        if not sockets <= local:
            local = _unix_sockets()
        self._local[pid] = local & sockets
        return sockets <= local

    def _watch(self, interval_s: float) -> None:
        wait_s = _FIRST_LOOK * interval_s
        while not self._stopping.wait(wait_s):
            wait_s = interval_s
            try:
                is_new, is_blind = self.look(), False
            except Exception:  # of the system's tables as a whole; the next look may do better
                is_new, is_blind = False, True
            if is_new or is_blind != self._is_blind:
                self._is_blind = is_blind
                self._on_new()

    def _note(self, pid: int, role: Role, address: str, port: int) -> None:
        address = address.partition("%")[0]
        key = (pid, address, port)
        if key in self._found or _is_loopback(address):
            return
        made = Connection(
            pid=pid,
            role=role,
            address=address,
            port=port,
            host=self._host_of(address),
            first_seen=time.time(),
        )
        with self._lock:
            self._found[key] = made

    def _host_of(self, address: str) -> str:
        if self._hosts is None:
            self._hosts = _known_hosts()
        return self._hosts.get(address, "")

    def _find_processes(self) -> None:
        import psutil

        try:
            root = psutil.Process(self._root)
            tree = [root, *root.children(recursive=True)]
        except psutil.NoSuchProcess:
            tree = []
        known = self._processes
        self._processes = {}
        for process in tree:
            before = known.get(process.pid)
            if before is not None and before[0] == process:  # the same start time as well
                self._processes[process.pid] = before
            else:
                self._processes[process.pid] = (process, self._role_of(process))

    def _role_of(self, process: "psutil.Process") -> Role:
        import psutil

        if process.pid == self._root:
            return Role.WINDOW
        with contextlib.suppress(psutil.Error):
            words = process.cmdline()
            if "--purpose" in words[:-1]:
                purpose = words[words.index("--purpose") + 1]
                return Role.DOWNLOAD if purpose == Role.DOWNLOAD else Role.WORKER
            if words and os.path.basename(words[0]) in ("uv", "uv.exe"):  # noqa: PTH119
                return Role.DOWNLOAD  # it installs the engines, which only the user starts
        return Role.WORKER


def _sockets_of(pid: int) -> set[str] | None:
    """Return the inodes of a process's sockets; None where the system does not tell them so."""
    try:
        names = os.listdir(f"{_PROC}/{pid}/fd")  # noqa: PTH208 - a third of pathlib's time
    except OSError:
        return None
    found = set()
    for name in names:
        with contextlib.suppress(OSError):  # closed meanwhile
            target = os.readlink(f"{_PROC}/{pid}/fd/{name}")  # noqa: PTH115 - as above
            if target.startswith("socket:["):
                found.add(target[8:-1])
    return found


def _unix_sockets() -> set[str]:
    """Return the inodes of all sockets that are files of this machine."""
    with contextlib.suppress(OSError):
        lines = (_PROC / "net" / "unix").read_text("utf-8", "replace").splitlines()[1:]
        return {fields[6] for fields in map(str.split, lines) if len(fields) > 6}
    return set()


def _is_loopback(address: str) -> bool:
    from ipaddress import IPv6Address, ip_address

    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is not None:
        parsed = parsed.ipv4_mapped
    return parsed.is_loopback


def _known_hosts() -> dict[str, str]:
    """Return the names that this machine knows by itself: nobody is asked."""
    import psutil

    found: dict[str, str] = {}
    with contextlib.suppress(OSError):
        for line in _HOSTS.read_text("utf-8", "replace").splitlines():
            address, *names = line.partition("#")[0].split() or [""]
            if names:
                found.setdefault(address, names[0])
    with contextlib.suppress(OSError):
        for entries in psutil.net_if_addrs().values():
            for entry in entries:
                found.setdefault(entry.address.partition("%")[0], platform.node())
    return found

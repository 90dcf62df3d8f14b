"""Keeps the machine from going to sleep by itself while somebody waits for a job."""

import contextlib
import os
import subprocess
import sys
from threading import Lock, Thread

_ADDRESS = "/org/freedesktop/login1"
_NAME = "org.freedesktop.login1"
_ES_CONTINUOUS, _ES_SYSTEM_REQUIRED = 0x80000000, 0x00000001


class Awake:
    """Held or not; however the process ends, it is held no longer."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._wanted = False
        self._fd: int | None = None
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def is_held(self) -> bool:
        """Whether the system has agreed."""
        return self._fd is not None or self._process is not None

    def hold(self, why: str) -> None:
        """Stay awake from now on; why: for whoever asks the system. Returns at once."""
        if self._wanted:
            return
        self._wanted = True
        if sys.platform == "linux":
            Thread(target=self._inhibit, args=(why,), daemon=True).start()
        elif sys.platform == "darwin":
            with contextlib.suppress(OSError):
                self._process = subprocess.Popen(["caffeinate", "-i", "-w", str(os.getpid())])
        elif sys.platform == "win32":
            _set_state(_ES_CONTINUOUS | _ES_SYSTEM_REQUIRED)

    def release(self) -> None:
        """Let the machine sleep again."""
        if not self._wanted:
            return
        with self._lock:
            self._wanted = False
            fd, self._fd = self._fd, None
        if fd is not None:
            os.close(fd)
        if self._process is not None:
            self._process.terminate()
            self._process.wait()
            self._process = None
        if sys.platform == "win32":
            _set_state(_ES_CONTINUOUS)

    def _inhibit(self, why: str) -> None:
        from jeepney import DBusAddress

        from phidesk.desktop.bus import NoServiceError, call

        # https://www.freedesktop.org/software/systemd/man/latest/org.freedesktop.login1.html
        address = DBusAddress(_ADDRESS, bus_name=_NAME, interface=f"{_NAME}.Manager")
        body = ("sleep:idle", "phidesk", why, "block")
        try:
            (held,) = call("SYSTEM", address, "Inhibit", "ssss", body)
        except NoServiceError:  # a system without logind sleeps as it likes
            return
        fd = held.to_raw_fd()
        with self._lock:
            if self._wanted and self._fd is None:
                self._fd, fd = fd, -1
        if fd >= 0:  # it was over before the answer came
            os.close(fd)


def _set_state(state: int) -> None:
    import ctypes

    ctypes.windll.kernel32.SetThreadExecutionState(state)  # type: ignore[attr-defined]

"""One window for each data folder: a later start raises it, and hands over what it was to open."""

import os
import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QDir, QLockFile, QObject, Signal

from phidesk.core.paths import profile_key

if TYPE_CHECKING:
    from PySide6.QtNetwork import QLocalServer, QLocalSocket

_PATIENCE_S = 8.0
_TRY_MS, _CONNECT_MS, _ANSWER_MS = 50, 500, 3000
_MOST_BYTES = 64 * 1024
_DONE = b"done\n"


class Instance(QObject):
    """The claim to be the window of a data folder; it ends with the process, however that ends."""

    asked = Signal(str)
    """another start wants the window to be seen, with the path of a model or ""."""
    lost = Signal()
    """the claim cannot be kept: a later start takes the folder for free"""

    def __init__(self, lock: QLockFile, address: str) -> None:
        super().__init__()
        self._lock = lock
        self._address = address
        self._server: QLocalServer | None = None

    @property
    def is_claimed(self) -> bool:
        """Whether there is no other window of the folder."""
        return self._lock.isLocked()

    def listen(self) -> None:
        """Hear later starts from now on; those that came earlier wait for it."""
        from PySide6.QtNetwork import QLocalServer  # 5 ms, which the first paint can do without

        if not self.is_claimed:
            return
        name = _name(self._address)
        QLocalServer.removeServer(name)  # of one that was killed: the lock is ours
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_connection)
        if not self._server.listen(name):  # later starts would wait for an answer in vain
            self.release()
            self.lost.emit()

    def close(self) -> None:
        """Take no more wishes: the window is ending."""
        if self._server is not None:
            self._server.close()

    def release(self) -> None:
        """Let the next start have a window of its own."""
        self.close()
        self._lock.unlock()

    def _on_connection(self) -> None:
        socket = self._server.nextPendingConnection() if self._server is not None else None
        if socket is not None:
            socket.readyRead.connect(lambda: self._on_read(socket))
            socket.disconnected.connect(socket.deleteLater)

    def _on_read(self, socket: "QLocalSocket") -> None:
        if not socket.canReadLine():
            if socket.bytesAvailable() > _MOST_BYTES:
                socket.abort()
            return
        import json  # by now the window has it

        try:
            wish = json.loads(bytes(socket.readLine().data()))
            path, token = str(wish["open"]), str(wish["token"])
        except (ValueError, KeyError, TypeError):
            socket.abort()
            return
        if token:  # lets Wayland give the window the focus; Qt reads it from there
            os.environ["XDG_ACTIVATION_TOKEN"] = token
        socket.write(_DONE)
        socket.flush()
        self.asked.emit(path)


def claim(path: str = "") -> Instance | None:
    """Become the window of the data folder; None where there is one, which was asked to open path.

    One that does not answer in time is left alone: the window then opens without a claim, as it
    does where there is no folder for one.
    """
    address = _address()
    # Beside the socket: Qt waits until it is on the disk, which that folder has none of.
    lock = QLockFile(f"{address}.lock")
    lock.setStaleLockTime(0)  # it is stale only where its process is gone
    deadline = time.monotonic() + _PATIENCE_S
    while not lock.tryLock(_TRY_MS):
        if lock.error() is not QLockFile.LockError.LockFailedError:
            break
        if _hand_over(path, address):
            return None
        if time.monotonic() > deadline:
            break
    return Instance(lock, address)


def _hand_over(path: str, address: str) -> bool:
    import json

    from PySide6.QtNetwork import QLocalSocket

    socket = QLocalSocket()
    socket.connectToServer(_name(address))
    if not socket.waitForConnected(_CONNECT_MS):
        return False
    wish = {"open": path, "token": os.environ.get("XDG_ACTIVATION_TOKEN", "")}
    socket.write(json.dumps(wish).encode() + b"\n")
    socket.waitForBytesWritten(_CONNECT_MS)
    return socket.waitForReadyRead(_ANSWER_MS) and bytes(socket.readAll().data()) == _DONE


def _address() -> str:
    """Return where the window of this data folder is found; short enough for a socket."""
    return f"{os.environ.get('XDG_RUNTIME_DIR') or QDir.tempPath()}/phidesk-{profile_key()}"


def _name(address: str) -> str:
    """Return what Qt calls the socket: on Windows it is a pipe, which lies in no folder."""
    return address.rpartition("/")[2] if os.name == "nt" else address

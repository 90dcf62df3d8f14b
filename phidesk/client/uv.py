"""Runs the bundled uv, and turns what it says of a failure into words for a person."""

import asyncio
import contextlib
import importlib.util
import os
import re
import shutil
import signal
import sys
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path

from phidesk.core.engine_python import clean

_NAME = "uv.exe" if sys.platform == "win32" else "uv"
_OWN_INDEX = ("UV_TORCH_BACKEND", "UV_FIND_LINKS", "UV_INDEX", "UV_DEFAULT_INDEX", "UV_INDEX_URL")
_MAX_LINE = 2**20


class Trouble(StrEnum):
    """Why the engines could not be installed."""

    NETWORK = "network"
    CERTIFICATE = "certificate"
    DISK = "disk"
    HASH = "hash"
    PYTHON = "python"
    KILLED = "killed"
    BUSY = "busy"
    OFFLINE = "offline"
    UNSUPPORTED = "unsupported"
    TEST = "test"
    OTHER = "other"


class EngineInstallError(Exception):
    """The engines could not be installed; the message is for a person, details for a report."""

    def __init__(self, trouble: Trouble, message: str, details: str = "") -> None:
        super().__init__(message)
        self.trouble = trouble
        self.details = details


# What uv says, and what it means; the first that fits.
_WORDS: tuple[tuple[str, Trouble, str], ...] = (
    (
        r"no space left|os error 28\b|os error 112\b|disk quota",
        Trouble.DISK,
        "The disk is full. Free some space and try again: what was downloaded is kept.",
    ),
    (
        r"hash mismatch",
        Trouble.HASH,
        "A downloaded package is not the one that phidesk was tested with{package}, and was not "
        "installed. Try again; if it stays so, the place that packages come from was changed.",
    ),
    (
        r"certificate|UnknownIssuer",
        Trouble.CERTIFICATE,
        "The package index was reached, but its certificate is not trusted on this machine.",
    ),
    (
        r"no interpreter found|python.{0,40}install.{0,40}(disabled|not available)"
        r"|failed to download .{0,160}cpython",
        Trouble.PYTHON,
        "There is no fitting Python here, and none could be downloaded: is this machine online?",
    ),
    (
        r"dns error|connection refused|tcp connect error|error sending request|timed out"
        r"|network is unreachable|failed to fetch|connection reset|request failed",
        Trouble.NETWORK,
        "The package index cannot be reached: is this machine online? Try again then: what was "
        "downloaded is kept.",
    ),
    (
        r"there is no version of|no wheels? with a matching|not found in the package registry"
        r"|no solution found",
        Trouble.UNSUPPORTED,
        "The package index lacks a package of the engines for this machine{package}.",
    ),
)
_PACKAGE = re.compile(
    r"(?:for|of|download|because) `?([A-Za-z0-9][\w.-]*==[\w.+!-]+)", re.IGNORECASE
)


def find_uv() -> Path | None:
    """Return uv: beside the packaged window, the package `uv`, or from PATH; None for none."""
    places = [Path(sys.executable).parent]
    if inside := getattr(sys, "_MEIPASS", ""):
        places.append(Path(inside))
    spec = importlib.util.find_spec("uv")
    if spec is not None:
        import uv

        with contextlib.suppress(FileNotFoundError):
            return Path(uv.find_uv_bin())
    for place in places:
        if (place / _NAME).is_file():
            return place / _NAME
    found = shutil.which(_NAME)
    return Path(found) if found else None


def explain(output: str, status: int) -> EngineInstallError:
    """Return what uv's output means."""
    package = _PACKAGE.search(output)
    for pattern, trouble, words in _WORDS:
        if re.search(pattern, output, re.IGNORECASE | re.DOTALL):
            name = f" ({package[1].rstrip('.')})" if package else ""
            return EngineInstallError(trouble, words.format(package=name), output)
    if status < 0:
        with contextlib.suppress(ValueError):
            name = signal.Signals(-status).name
            words = f"The installer was ended by the system ({name}). Try again: it goes on."
            return EngineInstallError(Trouble.KILLED, words, output)
    last = next((line for line in output.splitlines() if line.startswith("error")), "")
    return EngineInstallError(
        Trouble.OTHER,
        f"The engines could not be installed. uv says: {last or output[-300:]}",
        output,
    )


async def run_uv(
    uv: Path, arguments: Sequence[str], root: Path, *, torch: str = "", inherit: int = -1
) -> None:
    """Run uv with its cache and Pythons below root, and wait for it; raises EngineInstallError.

    torch: the build of torch that is wanted, such as "cpu"; where the user's own settings of uv
    say where packages come from, they decide. inherit: a descriptor that uv holds while it lives.
    When this is cancelled, uv ends first.
    """
    variables = clean(dict(os.environ)) | {
        "UV_CACHE_DIR": str(root / "cache"),
        "UV_PYTHON_INSTALL_DIR": str(root / "python"),
        "UV_NO_PROGRESS": "1",
        "UV_NO_PROJECT": "1",
    }
    if torch and not any(os.environ.get(name) for name in _OWN_INDEX):
        variables["UV_TORCH_BACKEND"] = torch
    # The arguments tell the window's own watch of connections that the user started this.
    guard = ("-m", "phidesk.client.uv_guard", "--purpose", "download", "--")
    command = [str(uv), *arguments]
    if sys.platform == "linux":
        command = [sys.executable, *guard, *command]
        variables |= _guard_variables()
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
            cwd=root,
            env=variables,
            limit=_MAX_LINE,
            pass_fds=(inherit,) if inherit >= 0 and sys.platform != "win32" else (),
        )
    except OSError as error:
        words = f"uv could not be started: {error.strerror or error} ({uv})."
        raise EngineInstallError(Trouble.OTHER, words) from error
    assert process.stderr is not None  # noqa: S101 - asked for above
    try:
        output = (await process.stderr.read()).decode("utf-8", "replace")
        status = await process.wait()
    finally:
        await _end(process)
    if status:
        raise explain(output, status)


def _guard_variables() -> dict[str, str]:
    """Return what the guard's Python needs to find phidesk; uv itself runs no Python by it."""
    here = os.environ.get("PYTHONPATH", "")
    return {"PYTHONPATH": here, "PYTHONSAFEPATH": "1"} if here else {"PYTHONSAFEPATH": "1"}


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    with contextlib.suppress(ProcessLookupError):
        process.kill()  # the next install clears up what it leaves
    await process.wait()

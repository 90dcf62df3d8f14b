"""What every test has: a window system without windows, and user folders of its own.

With pytest-xdist (`-n 2 --no-loadscope-reorder`) the tests of one file run one after the other, but
for those named in _APART, which may run beside each other.
"""

import json
import os
import shutil
import signal
import struct
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["LANGUAGE"] = "en"  # whatever the tester speaks
os.environ["HF_HUB_OFFLINE"] = "1"

_FOLDERS = {
    "HOME": "home",
    "XDG_CONFIG_HOME": "config",
    "XDG_DATA_HOME": "data",
    "XDG_CACHE_HOME": "cache",
    "XDG_RUNTIME_DIR": "run",
    "TMPDIR": "tmp",
}
# Long tests that need nothing of the others in their file.
_APART = ("test_the_copy_knows_the_capital_of_france",)
_user_folders = pytest.StashKey[tuple[Path, pytest.MonkeyPatch]]()


def pytest_configure(config: pytest.Config) -> None:
    """Move the user's folders away, before any test module or library looks for them."""
    # Short: the path of a unix socket may have about 100 bytes.
    root = Path(tempfile.mkdtemp(prefix="phi-", dir="/tmp" if Path("/tmp").is_dir() else None))
    root.chmod(0o711)  # one test gives its rights up, and needs its temporary folder
    patch = pytest.MonkeyPatch()
    # pytest's own folders stay where they are.
    patch.setenv("PYTEST_DEBUG_TEMPROOT", tempfile.gettempdir())
    for variable, name in _FOLDERS.items():
        (root / name).mkdir(mode=0o700)
        patch.setenv(variable, str(root / name))
    (root / "tmp").chmod(0o711)
    patch.setattr(tempfile, "tempdir", os.environ["TMPDIR"])
    config.stash[_user_folders] = (root, patch)
    # A shell that starts the tests in the background makes them, and what they start, ignore it.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Keep the tests of a file together, those of vLLM in one process, and long ones apart."""
    from xdist.scheduler import LoadScopeScheduling

    class Scheduling(LoadScopeScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            file, _, name = nodeid.partition("::")
            if "vllm" in file or name.endswith("vllm]"):
                return "vllm"
            return nodeid if name.startswith(_APART) else file

    return Scheduling(config, log)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Put the user's folders back and remove the temporary ones."""
    if _user_folders in config.stash:
        root, patch = config.stash[_user_folders]
        patch.undo()
        shutil.rmtree(root, ignore_errors=True)


@pytest.fixture(autouse=True, scope="session")
def user_folders(pytestconfig: pytest.Config) -> Path:
    """The temporary folder that holds HOME and the XDG folders."""
    return pytestconfig.stash[_user_folders][0]


@pytest.fixture(scope="session")
def gguf_bytes() -> Callable[..., bytes]:
    """Make the bytes of a GGUF file's head."""
    return _gguf_bytes


@pytest.fixture(scope="session")
def safetensors_bytes() -> Callable[..., bytes]:
    """Make the bytes of a safetensors file."""
    return _safetensors_bytes


def _gguf_string(text: str | bytes) -> bytes:
    data = text.encode() if isinstance(text, str) else text
    return struct.pack("<Q", len(data)) + data


def _gguf_value(value: object) -> bytes:
    match value:
        case bytes():  # type and value as they are to stand in the file
            return value
        case bool():
            return struct.pack("<I?", 7, value)
        case int():
            return struct.pack("<II", 4, value)
        case float():
            return struct.pack("<If", 6, value)
        case str():
            return struct.pack("<I", 8) + _gguf_string(value)
        case list():
            return struct.pack("<IIQ", 9, 8, len(value)) + b"".join(map(_gguf_string, value))
        case _:
            raise TypeError(value)


def _gguf_bytes(
    keys: Mapping[str, object] | None = None, *, version: int = 3, count: int | None = None
) -> bytes:
    """keys: str, int (u32), float, bool, list of str, or bytes for type and value by hand.

    count: how many keys the head claims, where that is not the truth.
    """
    if keys is None:
        keys = {"general.architecture": "llama", "llama.context_length": 2048}
    head = struct.pack("<4sIQQ", b"GGUF", version, 0, len(keys) if count is None else count)
    return head + b"".join(_gguf_string(k) + _gguf_value(v) for k, v in keys.items())


def _safetensors_bytes(
    tensors: Mapping[str, object] | None = None,
    *,
    data: int | None = None,
    header: bytes | None = None,
) -> bytes:
    """tensors: the header's JSON; data: bytes after it; header: other bytes than the JSON's."""
    if tensors is None:
        tensors = {"w": {"dtype": "BF16", "shape": [2, 3], "data_offsets": [0, 12]}}
        data = 12 if data is None else data
    header = json.dumps(tensors).encode() if header is None else header
    return struct.pack("<Q", len(header)) + header + bytes(data or 0)

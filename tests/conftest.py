"""What every test has: a window system without windows, and user folders of its own."""

import json
import os
import shutil
import struct
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["HF_HUB_OFFLINE"] = "1"

_FOLDERS = {
    "HOME": "home",
    "XDG_CONFIG_HOME": "config",
    "XDG_DATA_HOME": "data",
    "XDG_CACHE_HOME": "cache",
    "XDG_RUNTIME_DIR": "run",
}
_user_folders = pytest.StashKey[tuple[Path, pytest.MonkeyPatch]]()


def pytest_configure(config: pytest.Config) -> None:
    """Move the user's folders away, before any test module or library looks for them."""
    # Short: the path of a unix socket may have about 100 bytes.
    root = Path(tempfile.mkdtemp(prefix="phi-", dir="/tmp" if Path("/tmp").is_dir() else None))
    patch = pytest.MonkeyPatch()
    for variable, name in _FOLDERS.items():
        (root / name).mkdir(mode=0o700)
        patch.setenv(variable, str(root / name))
    config.stash[_user_folders] = (root, patch)


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

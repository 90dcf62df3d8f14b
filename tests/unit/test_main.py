"""What the `phidesk` command takes for a model to be shown."""

from pathlib import Path

import pytest

from phidesk.__main__ import _as_path


@pytest.mark.parametrize(
    ("argument", "path"),
    [
        ("/models/a b.gguf", "/models/a b.gguf"),
        ("file:///models/a%20b%E5%B0%8F.gguf", "/models/a b小.gguf"),
        ("Phi.GGUF", "./Phi.GGUF"),
        ("./folder", "./folder"),
        ("~/folder", "~/folder"),
        ("chat", ""),
        ("--theme=a/b", ""),
        ("doctor", ""),
    ],
)
def test_paths_and_addresses_of_files_but_no_commands(argument: str, path: str) -> None:
    # Made whole here: what tests are called must not differ from process to process.
    expected = Path(path).expanduser().absolute() if path else ""
    assert _as_path(argument) == str(expected)

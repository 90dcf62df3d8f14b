"""Files that are written whole or not at all."""

import stat
from pathlib import Path

import pytest

from phidesk.core.writing import write_in_one_step


def test_what_is_there_stays_where_writing_fails(tmp_path: Path) -> None:
    file = tmp_path / "table.json"
    write_in_one_step(file, b"whole")
    (tmp_path / "table.json.partial").write_bytes(b"of a process that was killed")
    write_in_one_step(file, b"newer")
    assert file.read_bytes() == b"newer"
    file.unlink()
    file.mkdir()  # nothing can take its place
    with pytest.raises(OSError, match="directory"):
        write_in_one_step(file, b"lost")
    assert list(tmp_path.iterdir()) == [file]


def test_what_is_private_is_nobody_elses(tmp_path: Path) -> None:
    write_in_one_step(tmp_path / "mine", b"", is_private=True)
    assert stat.S_IMODE((tmp_path / "mine").stat().st_mode) == 0o600

"""The note of where a model came from."""

from pathlib import Path

from phidesk.core.hub import Source
from phidesk.core.hub_files import ORIGIN_FILE
from phidesk.core.origin import Origin, read_origin, write_origin

NOTE = Origin(
    source=Source.HUGGINGFACE,
    endpoint="",
    repo="own/model",
    commit="c0ffee",
    files={"config.json": "abc", "sub/a.json": ""},
)


def test_a_note_comes_back(tmp_path: Path) -> None:
    assert read_origin(tmp_path) is None
    write_origin(tmp_path, NOTE)
    assert read_origin(tmp_path) == NOTE
    assert read_origin(tmp_path / "model.gguf") == NOTE
    (tmp_path / ORIGIN_FILE).write_text("{broken")
    assert read_origin(tmp_path) is None


def test_names_that_lead_elsewhere_are_left_out(tmp_path: Path) -> None:
    evil = {"../../other/victim.safetensors": "", "/etc/passwd": "", ORIGIN_FILE: ""}
    note = Origin(
        source=NOTE.source, endpoint="", repo=NOTE.repo, commit="", files=evil | NOTE.files
    )
    write_origin(tmp_path, note)
    origin = read_origin(tmp_path)
    assert origin is not None
    assert origin.files == NOTE.files

"""Presets in files, and the tables that they and prompts are kept in."""

import json
from pathlib import Path

import pytest

from phidesk.core.chat import SamplingParams
from phidesk.core.kept_file import KeptFile
from phidesk.core.prompt_library import filled, variables
from phidesk.core.sampling_presets import Preset, PresetError, read_preset, write_preset

PRESET = Preset(system_prompt="简短", sampling=SamplingParams(temperature=0.1, stop=("\n",)))


def test_a_preset_comes_back_from_its_file(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    write_preset(path, "Genau 准确", PRESET)
    assert read_preset(path) == ("Genau 准确", PRESET)
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"format": "other"}, "is no preset of phidesk"),
        ({"version": 9}, "by a newer phidesk"),
        ({"preset": {"sampling": {"temperature": 99}}}, "damaged: temperature must lie between"),
        ({"preset": {"sampling": {"top_k": "many"}}}, "damaged: Expected `int`"),
    ],
)
def test_a_file_that_is_no_preset_says_why(
    tmp_path: Path, changes: dict[str, object], words: str
) -> None:
    path = tmp_path / "a.json"
    write_preset(path, "a", PRESET)
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))
    with pytest.raises(PresetError, match=words):
        read_preset(path)
    path.write_bytes(b"\xff\x00")
    with pytest.raises(PresetError, match="no preset"):
        read_preset(path)


def test_a_table_keeps_what_another_version_wrote(tmp_path: Path) -> None:
    path = tmp_path / "presets.json"
    path.write_text('{"new": {"sampling": {"temperature": 77}}, "old": {"system_prompt": "x"}}')
    file = KeptFile("presets.json", Preset, tmp_path)
    found = file.load()
    assert found == {"old": Preset(system_prompt="x")}
    file.save(found | {"mine": PRESET})
    assert json.loads(path.read_text())["new"] == {"sampling": {"temperature": 77}}
    assert KeptFile("presets.json", Preset, tmp_path).load()["mine"] == PRESET


def test_a_damaged_table_is_kept_aside(tmp_path: Path) -> None:
    path = tmp_path / "presets.json"
    path.write_text('{"half": ')
    file = KeptFile("presets.json", Preset, tmp_path)
    assert file.load() == {}
    assert "cannot be read" in file.problem
    file.save({"mine": PRESET})
    assert (tmp_path / "presets.json.damaged").read_text() == '{"half": '


def test_two_windows_keep_what_each_has_saved_in_a_table_for_nobody_else(tmp_path: Path) -> None:
    path = tmp_path / "presets.json"
    path.write_text('{"both": {}, "dropped": {}}')
    files = [KeptFile("presets.json", Preset, tmp_path) for _ in range(2)]
    one, two = [file.load() for file in files]
    one["of one"] = two["of two"] = PRESET
    del one["dropped"]
    two["both"] = PRESET
    for file, entries in zip(files, (one, two), strict=True):
        file.save(entries)
    files[0].save(one | {"later": PRESET})
    expected = dict.fromkeys(("both", "of one", "of two", "later"), PRESET)
    assert KeptFile("presets.json", Preset, tmp_path).load() == expected
    assert path.stat().st_mode & 0o777 == 0o600


def test_variables_are_asked_once_and_values_are_not_looked_into() -> None:
    text = "Translate {{ text }} into {{语言}}. {{text}} {not} {{}}"
    assert variables(text) == ("text", "语言")
    done = filled(text, {"text": "{{语言}}", "语言": "中文"})
    assert done == "Translate {{语言}} into 中文. {{语言}} {not} {{}}"

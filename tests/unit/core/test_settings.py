"""The settings file, and what other versions wrote into it."""

from pathlib import Path

import pytest

from phidesk.core.engines import EngineName
from phidesk.core.load_options import LoadOptions, Startup
from phidesk.core.settings import RememberedLoad, Settings, SettingsFile


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "settings.json"


def test_a_remembered_load_comes_back(path: Path) -> None:
    load = RememberedLoad(
        engine=EngineName.VLLM, context_length=4096, options=LoadOptions(startup=Startup.EAGER)
    )
    SettingsFile(path).save(Settings(folders=["模型"], load={"/models/a": load}))
    read = SettingsFile(path).load()
    assert read.load == {"/models/a": load}
    assert read.folders == ["模型"]


def test_a_file_from_before_has_nothing_remembered(path: Path) -> None:
    path.write_text('{"theme": "dark", "folders": ["a"], "show_panel": false}')
    assert SettingsFile(path).load() == Settings(theme="dark", folders=["a"], show_panel=False)


@pytest.mark.parametrize(
    "bad",
    [
        '{"engine": "an engine of tomorrow"}',
        '{"options": {"startup": "slow"}}',
        '{"options": {"parallel_chats": 0}}',
        '{"options": {"speculation": "draft"}}',
        "7",
    ],
)
def test_a_load_that_cannot_be_read_costs_nothing_else(path: Path, bad: str) -> None:
    good = '{"engine": "vllm", "something_new": 1}'
    path.write_text(f'{{"theme": "dark", "load": {{"a": {bad}, "b": {good}}}}}')
    read = SettingsFile(path).load()
    assert read == Settings(theme="dark", load={"b": RememberedLoad(engine=EngineName.VLLM)})
    assert not path.with_name("settings.json.damaged").exists()


def test_a_consent_that_cannot_be_read_costs_nothing_else(path: Path) -> None:
    path.write_text('{"theme": "dark", "offline": true, "consents": {"a": {"name": 7}, "b": 7}}')
    assert SettingsFile(path).load() == Settings(theme="dark", offline=True)


def test_a_field_that_cannot_be_read_costs_no_other(path: Path) -> None:
    text = '{"offline": true, "downloads_at_once": "2", "theme": 7, "load": 7, "names": {"a": "b"}}'
    path.write_text(text)
    file = SettingsFile(path)
    read = file.load()
    assert read == Settings(offline=True, names={"a": "b"})
    assert file.problem == ""
    file.save(read)
    assert path.with_name("settings.json.damaged").read_text() == text
    assert SettingsFile(path).load() == read


def test_who_cannot_be_understood_about_offline_is_offline(path: Path) -> None:
    path.write_text('{"offline": "yes", "theme": "dark"}')
    assert SettingsFile(path).load() == Settings(offline=True, theme="dark")


@pytest.mark.parametrize("text", ["{broken", "[]", "", '{"a": ' + "[" * 100_000])
def test_a_damaged_file_means_offline_and_is_kept_aside(path: Path, text: str) -> None:
    path.write_text(text)
    for _ in range(2):  # as long as nothing is saved, each start is like the first
        assert SettingsFile(path).load() == Settings(offline=True)
    file = SettingsFile(path)
    file.load()
    assert "cannot be read" in file.problem
    assert path.read_text() == text
    file.save(Settings(theme="dark"))
    assert path.with_name("settings.json.damaged").read_text() == text
    again = SettingsFile(path)
    assert again.load() == Settings(theme="dark")
    assert again.problem == ""


def test_what_is_no_file_means_offline_too(path: Path) -> None:
    path.mkdir()
    file = SettingsFile(path)
    assert file.load().offline
    file.save(Settings())
    assert path.with_name("settings.json.damaged").is_dir()


def test_what_may_go_out_is_kept(path: Path) -> None:
    assert not Settings().offline
    settings = Settings(offline=True, hub_mirror="https://example.org", downloads_at_once=3)
    SettingsFile(path).save(settings)
    assert SettingsFile(path).load() == settings

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
    assert not path.with_suffix(".damaged.json").exists()


def test_a_consent_that_cannot_be_read_costs_nothing_else(path: Path) -> None:
    path.write_text('{"theme": "dark", "offline": true, "consents": {"a": {"name": 7}, "b": 7}}')
    assert SettingsFile(path).load() == Settings(theme="dark", offline=True)


@pytest.mark.parametrize(
    "text", ["{broken", '{"theme": 7}', '{"load": 7}', '{"consents": 7}', "[]"]
)
def test_a_damaged_file_is_kept_aside(path: Path, text: str) -> None:
    path.write_text(text)
    assert SettingsFile(path).load() == Settings()
    assert path.with_suffix(".damaged.json").read_text() == text


def test_what_may_go_out_is_kept(path: Path) -> None:
    assert not Settings().offline
    settings = Settings(offline=True, hub_mirror="https://example.org", downloads_at_once=3)
    SettingsFile(path).save(settings)
    assert SettingsFile(path).load() == settings

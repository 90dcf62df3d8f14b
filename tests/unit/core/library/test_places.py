"""Which folders are looked through."""

from pathlib import Path

import pytest

from phidesk.core.library.places import Source, places
from phidesk.core.paths import models_dir


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PHIDESK_MODELS", str(tmp_path / "phidesk" / "models"))  # not there yet
    return tmp_path


@pytest.mark.parametrize(
    ("place", "environment", "source"),
    [
        (".cache/huggingface/hub", {}, Source.HUGGING_FACE),
        ("x/huggingface/hub", {"XDG_CACHE_HOME": "{0}/x"}, Source.HUGGING_FACE),
        ("hf/hub", {"HF_HOME": "{0}/hf"}, Source.HUGGING_FACE),
        ("h", {"HF_HUB_CACHE": "{0}/h", "HF_HOME": "{0}/hf"}, Source.HUGGING_FACE),
        ("h", {"HUGGINGFACE_HUB_CACHE": "~/h"}, Source.HUGGING_FACE),
        (".lmstudio/models", {}, Source.LM_STUDIO),
        (".cache/lm-studio/models", {}, Source.LM_STUDIO),
        (".ollama/models", {}, Source.OLLAMA),
        ("o", {"OLLAMA_MODELS": "{0}/o"}, Source.OLLAMA),
        ("text-generation-webui/models", {}, Source.WEBUI),
        ("text-generation-webui/user_data/models", {}, Source.WEBUI),
    ],
)
def test_the_folders_of_other_programs_are_known(
    home: Path, place: str, environment: dict[str, str], source: Source
) -> None:
    known = {name: value.format(home) for name, value in environment.items()}
    assert places((), known) == []
    (home / place).mkdir(parents=True)
    (found,) = places((), known)
    assert (found.source, found.path) == (source, str(home / place))


def test_the_users_folders_come_last_and_each_once(home: Path) -> None:
    (home / ".lmstudio" / "models").mkdir(parents=True)
    (home / "more").mkdir()
    (home / "link").symlink_to("more")
    (home / "loop").symlink_to("loop")
    (home / "file").touch()
    models_dir().mkdir(parents=True, exist_ok=True)
    wanted = ("~/.lmstudio/models", "~/more", "~/link", "~/loop", "~/file", "~/gone", "a\0b")
    found = [(place.source, place.path) for place in places((*wanted, "~no-such-user/x"), {})]
    assert found == [
        (Source.OWN, str(models_dir())),
        (Source.LM_STUDIO, str(home / ".lmstudio" / "models")),
        (Source.FOLDER, str(home / "more")),
    ]
    models_dir().rmdir()

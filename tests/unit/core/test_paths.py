"""Where phidesk keeps its files, and that the tests never touch the user's own."""

import os
import stat
from pathlib import Path

import pytest

from phidesk.core import paths


@pytest.mark.skipif(os.name != "posix", reason="the folders are set by XDG variables")
def test_the_folders_lie_in_the_tests_own(user_folders: Path) -> None:
    folders = [paths.models_dir(), paths.config_dir(), Path.home()]
    for folder in folders:
        assert user_folders in folder.parents
    assert len(set(folders)) == len(folders)


@pytest.mark.skipif(os.name != "posix", reason="there are no unix sockets")
def test_the_runtime_folder_is_private_and_short_enough_for_a_socket() -> None:
    folder = Path(os.environ["XDG_RUNTIME_DIR"])
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert len(str(folder)) < 60


def test_the_resources_are_there() -> None:
    assert paths.resources().is_dir()

"""The real application: the fixtures of the window's tests serve here too."""

import pytest

from tests.models import write_starter
from tests.ui.conftest import qapp_args, qt_loop, run_app

__all__ = ["qapp_args", "qt_loop", "run_app"]


@pytest.fixture(scope="session")
def starter_folder(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The starter model as a folder of safetensors: to read its GGUF file takes half a minute."""
    path = tmp_path_factory.mktemp("models") / "starter"
    write_starter(path)
    return str(path)

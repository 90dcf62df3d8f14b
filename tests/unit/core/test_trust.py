"""What is found in a model, what names it, and how long a consent holds."""

import hashlib
import json
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from phidesk.core.catalog import open_model
from phidesk.core.hub import HUB, Source
from phidesk.core.origin import Origin, write_origin
from phidesk.core.settings import Settings, SettingsFile
from phidesk.core.trust import Answer, Trust, inspect, is_agreed, make_consent

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture
def folder(tmp_path: Path, safetensors_bytes: Callable[..., bytes]) -> Path:
    """A folder that brings code."""
    path = tmp_path / "m"
    path.mkdir()
    auto_map = {"AutoModel": "modeling_m.M", "AutoTokenizer": ["tok.T", None]}
    (path / "config.json").write_text(json.dumps({"model_type": "m", "auto_map": auto_map}))
    (path / "modeling_m.py").write_text("class M: ...")
    (path / "model.safetensors").write_bytes(safetensors_bytes())
    return path


def _look(path: Path) -> Trust:
    return inspect(open_model(path))


def test_code_is_found_and_asked_about(folder: Path) -> None:
    trust = _look(folder)
    (finding,) = trust.findings
    assert finding.answer is Answer.ASKED
    assert finding.where == "modeling_m.M, tok.T, modeling_m.py"
    assert (trust.source, trust.revision, trust.key) == (str(folder), "", str(folder))
    assert trust.needs_consent
    assert not trust.is_refused


def test_a_clean_model_has_no_findings(folder: Path) -> None:
    (folder / "modeling_m.py").unlink()
    (folder / "config.json").write_text('{"model_type": "llama"}')
    (folder / "chat_template.jinja").write_text(
        "{% for m in messages %}{{ m.content }}{% endfor %}"
    )
    trust = _look(folder)
    assert trust.findings == ()
    assert not trust.needs_consent


def test_pickles_alone_are_refused_and_beside_safetensors_noted(folder: Path) -> None:
    (folder / "pytorch_model.bin").write_bytes(b"x")
    (folder / "training_args.bin").write_bytes(b"x")
    noted = _look(folder).findings[1]
    assert noted.answer is Answer.NOTED
    assert noted.where == "pytorch_model.bin, training_args.bin"
    (folder / "model.safetensors").unlink()
    trust = _look(folder)
    assert trust.is_refused
    assert not trust.needs_consent


def test_an_odd_template_is_named_with_its_file(folder: Path) -> None:
    (folder / "chat_template.jinja").write_text("{{ x.__class__ }}")
    finding = _look(folder).findings[-1]
    assert finding.answer is Answer.ASKED
    assert "x.__class__" in finding.what
    assert finding.where == "chat_template.jinja"


def test_a_template_that_cannot_be_read_is_asked_about(folder: Path) -> None:
    (folder / "tokenizer_config.json").write_text("{")
    assert _look(folder).findings[-1].what == "A chat template that cannot be read"


def test_gguf_files_have_findings_too(tmp_path: Path, gguf_bytes: Callable[..., bytes]) -> None:
    keys = {"general.architecture": "llama", "tokenizer.chat_template": "{{ 9 ** 9 }}"}
    (tmp_path / "m.gguf").write_bytes(gguf_bytes(keys))
    (tmp_path / "lies_beside.py").write_text("")
    trust = _look(tmp_path / "m.gguf")
    assert [finding.where for finding in trust.findings] == ["m.gguf"]
    keys["tokenizer.chat_template"] = "{{ 9 ** 8 }}"
    (tmp_path / "m.gguf").write_bytes(gguf_bytes(keys))
    assert _look(tmp_path / "m.gguf").digest != trust.digest


def test_the_hugging_face_cache_names_repository_and_commit(folder: Path, tmp_path: Path) -> None:
    snapshot = tmp_path / "models--owner--name" / "snapshots" / COMMIT
    snapshot.parent.mkdir(parents=True)
    folder.rename(snapshot)
    trust = _look(snapshot)
    assert (trust.source, trust.revision) == ("owner/name", COMMIT)
    assert trust.key == f"owner/name@{COMMIT}"


def _note(folder: Path, commit: str = COMMIT, **checksums: str) -> None:
    origin = Origin(
        source=Source.HUGGINGFACE,
        endpoint=HUB,
        repo="owner/name",
        commit=commit,
        files={name.replace("__", "."): checksum for name, checksum in checksums.items()},
    )
    write_origin(folder, origin)


def test_a_download_s_note_names_them_where_it_is_about_these_files(folder: Path) -> None:
    config = (folder / "config.json").read_bytes()
    sha256 = hashlib.sha256(config).hexdigest()
    code = (folder / "modeling_m.py").read_bytes()
    blob = hashlib.sha1(f"blob {len(code)}\0".encode() + code, usedforsecurity=False).hexdigest()
    _note(folder, config__json=sha256, modeling_m__py=blob, model__safetensors="")
    assert _look(folder).key == f"owner/name@{COMMIT}"
    (folder / "tokenizer.json").write_text("{}")  # of which the note tells nothing
    assert _look(folder).key == str(folder)
    (folder / "tokenizer.json").unlink()
    (folder / "modeling_m.py").write_text("class Other: ...")
    assert _look(folder).key == str(folder)
    _note(folder, config__json=sha256, modeling_m__py="")
    assert _look(folder).key == str(folder)


def test_a_note_that_is_none_names_nothing(folder: Path) -> None:
    note = folder / "phidesk-source.json"
    note.write_text('{"repo": 7}')
    assert _look(folder).source == str(folder)
    note.write_text(json.dumps({"repo": "meta/good", "commit": COMMIT, "source": "huggingface"}))
    assert _look(folder).source == str(folder)
    note.unlink()
    os.mkfifo(note)
    assert _look(folder).source == str(folder)


def _agree(trust: Trust) -> Settings:
    return Settings(consents={trust.key: make_consent(trust, date(2026, 11, 22))})


def test_a_consent_holds_until_a_file_changes(folder: Path, tmp_path: Path) -> None:
    trust = _look(folder)
    file = SettingsFile(tmp_path / "settings.json")
    file.save(_agree(trust))
    consents = file.load().consents
    assert is_agreed(consents, _look(folder))
    (folder / "model.safetensors").touch()
    (folder / "README.md").write_text("more")
    assert is_agreed(consents, _look(folder))
    assert consents[trust.key].found == ("Program code (modeling_m.M, tok.T, modeling_m.py)",)
    assert consents[trust.key].given == "2026-11-22"
    for name in ("modeling_m.py", "other.py", "tokenizer_config.json", "chat_template.jinja"):
        before = (folder / name).read_bytes() if (folder / name).exists() else None
        (folder / name).write_text("{}")
        assert not is_agreed(consents, _look(folder)), name
        if before is None:
            (folder / name).unlink()
        else:
            (folder / name).write_bytes(before)
    assert is_agreed(consents, _look(folder))


def test_a_consent_is_for_one_revision(folder: Path) -> None:
    (folder / "modeling_m.py").unlink()
    sha256 = hashlib.sha256((folder / "config.json").read_bytes()).hexdigest()
    _note(folder, config__json=sha256)
    settings = _agree(_look(folder))
    _note(folder, COMMIT[::-1], config__json=sha256)
    assert not is_agreed(settings.consents, _look(folder))


def test_nobody_agrees_to_pickles(folder: Path) -> None:
    (folder / "model.bin").write_bytes(b"x")
    (folder / "model.safetensors").unlink()
    trust = _look(folder)
    assert not is_agreed(_agree(trust).consents, trust)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a pipe with a name is needed")
def test_a_pipe_among_the_files_keeps_nobody_waiting(folder: Path) -> None:
    os.mkfifo(folder / "wait.py")
    assert "wait.py" in _look(folder).findings[0].where

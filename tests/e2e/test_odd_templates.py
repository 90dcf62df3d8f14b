"""Hostile chat templates in a real GGUF file: refused, and harmless for those who agree."""

import struct
from pathlib import Path

import pytest

from phidesk.core.starter import starter_path
from tests.e2e.test_first_chat import phidesk

_KEY = b"tokenizer.chat_template"
_DIGITS = "{% set d = [0,1,2,3,4,5,6,7,8,9] %}"
# Ten to the twelfth turns, of which no number tells, and only for one question.
_ON_A_WORD = (
    "{% if messages[-1].content == 'boo' %}"
    + _DIGITS
    + "".join("{% for a in d %}" for _ in range(12))
    + "{% endfor %}" * 12
    + "{% endif %}{% for m in messages %}{{ m.content }}\n{% endfor %}"
)


def _write(path: Path, template: str) -> Path:
    """Write the starter model with another template; the rest of the old one's room is blank."""
    starter = starter_path()
    assert starter is not None
    data = bytearray(starter.read_bytes())
    at = data.index(_KEY) + len(_KEY) + 4
    (old,) = struct.unpack_from("<Q", data, at)
    new = template.encode()
    # A blank more or less matters nothing, but the tensors must stay aligned.
    new = new.ljust(old + max(0, -(-(len(new) - old) // 32) * 32))
    data[at : at + 8 + old] = struct.pack("<Q", len(new)) + new
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("{{ ''.__class__.__mro__[1].__subclasses__() }}", "reaches for Python's insides"),
        ("{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}", "far"),
    ],
)
def test_an_odd_template_is_refused_before_anything_is_loaded(
    tmp_path: Path, template: str, words: str
) -> None:
    model = _write(tmp_path / "odd.gguf", template)
    done = phidesk("chat", "hi", "--model", str(model), "--max-tokens", "2")
    assert done.returncode == 1
    assert words in done.stderr
    assert "--without-code" in done.stderr
    assert done.stdout == ""


def test_who_agrees_to_an_endless_one_gets_an_error_and_no_hang(tmp_path: Path) -> None:
    endless = "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"
    model = _write(tmp_path / "endless.gguf", endless)
    done = phidesk("chat", "hi", "--model", str(model), "--without-code", timeout_s=60)
    assert done.returncode == 1
    assert "did not end within 5 seconds" in done.stderr


def test_one_that_waits_for_a_word_is_stopped_at_that_word(tmp_path: Path) -> None:
    model = str(_write(tmp_path / "waits.gguf", _ON_A_WORD))
    options = ("--model", model, "--max-tokens", "2", "--system", "")
    assert phidesk("chat", "hi", *options).returncode == 0
    done = phidesk("chat", "boo", *options, timeout_s=60)
    assert done.returncode == 1
    assert "did not end within 5 seconds" in done.stderr

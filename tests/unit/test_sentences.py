"""What the layers below the window say is found in their code."""

import runpy
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

_PACKAGING = Path(__file__).parents[2] / "packaging"
Find = Callable[[Path], tuple[set[str], list[str]]]

_CODE = '''
"""A module of two words."""
import re
def f(name, why, parser):
    """Not shown to anyone."""
    parser.add_argument("--x", help="shown in a terminal")
    if re.search("no such thing", why):
        return "SELECT one FROM chats"
    said = f"“{name}” is gone: {why:>10}. " + "Look for it."
    return said if name else f"It is {name}{why} now"
'''


@pytest.fixture
def find(monkeypatch: pytest.MonkeyPatch) -> Find:
    monkeypatch.syspath_prepend(str(_PACKAGING))
    found: Find = runpy.run_path(str(_PACKAGING / "sentences.py"))["sentences"]
    sys.modules.pop("sentence_exceptions", None)
    return found


def test_sentences_of_a_layer(find: Find, tmp_path: Path) -> None:
    layer = tmp_path / "phidesk" / "core"
    layer.mkdir(parents=True)
    layer.joinpath("new.py").write_text("", "utf-8")
    nothing, gone = find(tmp_path)
    layer.joinpath("new.py").write_text(_CODE, "utf-8")
    found, problems = find(tmp_path)
    assert found - nothing == {"“{0}” is gone: {1}.", "Look for it."}
    # Where two places touch nobody could tell them apart afterwards.
    assert set(problems) - set(gone) == {
        "core/new.py:10: two places side by side: 'It is {0}{1} now'"
    }
    assert "no exception is needed for 'Be brief.'" in problems

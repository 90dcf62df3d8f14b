"""JSON is told from prose, whole and at each point where it may be broken off."""

import json

import pytest

from phidesk.core.json_answers import is_json

ANSWER = json.dumps(
    {"name": 'a "quoted" \\ 漢字', "list": [1, -2.5e-7, True, None, False, {}], "in": {"x": []}},
    indent=1,
)


def test_every_beginning_of_an_object_is_json() -> None:
    assert all(is_json(ANSWER[:end], is_open=True) for end in range(1, len(ANSWER) + 1))
    assert is_json(f"\n{ANSWER}\n")
    assert is_json('[{"a": 1}]', is_open=True)
    assert is_json("[1, 2]")
    assert is_json("[" + '{"x": 1},' * 100_000)  # judged by its beginning
    assert is_json(f'{{"n": {"9" * 5000}}}')


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Prose",
        f"{ANSWER}\n\nThis is the answer.",
        "[a link](https://example.org)",
        "[1] Smith says so",
        "{name} is missing",
        "{'a': 1}",
        '"A quotation."',
        "42",
        "[" * 50_000,
        "- {}",
        "```json\n{}\n```",
    ],
)
def test_prose_is_none(text: str) -> None:
    assert not is_json(text)
    assert not is_json(text, is_open=True)

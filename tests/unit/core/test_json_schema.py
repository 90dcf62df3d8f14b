"""What is found wrong with a JSON schema before an engine sees it."""

import json
import re

import pytest

from phidesk.core.json_schema import schema_problem


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "object", "properties": {"type": {"type": ["string", "null"]}}},
        {"$ref": "#/$defs/a", "$defs": {"a": {"type": "array", "items": {"type": "integer"}}}},
        {"anyOf": [{"type": "string"}, {"enum": [1, 2]}], "additionalProperties": False},
    ],
)
def test_nothing_is_found_wrong_with_a_good_one(schema: object) -> None:
    assert schema_problem(json.dumps(schema)) == ""


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"type": }', r"no JSON: Expecting value in line 1, column 10\."),
        ("[1]", "an object in braces"),
        ("{}", "empty"),
        ('{"type": "objekt"}', 'no type "objekt"\\.'),
        ('{"properties": {"a": {"items": {"type": "int"}}}}', r'no type "int" at a\.items\.'),
        ('{"required": "a"}', "list of names"),
        ('{"properties": ["a"]}', "“properties” has to be"),
        ('{"$ref": "https://example.com/a.json"}', "nothing is fetched"),
        ('{"not":' * 3000 + "{}" + "}" * 3000, "nested too deeply"),
        ('{"maximum": %s}' % ("9" * 5000), "number in it that is too long"),
        ("[" * 200_000, "nested too deeply|no JSON"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(text: str, words: str) -> None:
    assert re.search(words, schema_problem(text))

"""The form of an answer on the command line: what it becomes, and what is refused."""

from pathlib import Path

import pytest

from phidesk.cli.answer_form import cut_warning, read_structure
from phidesk.cli.parser import make_parser
from phidesk.core.chat import GenerationResult, StopReason, Structure


def read(*arguments: str) -> Structure | None:
    return read_structure(make_parser().parse_args(["chat", "hello", *arguments]))


def test_each_form_arrives(tmp_path: Path) -> None:
    file = tmp_path / "schema"
    file.write_text('{"type": "object"}')
    assert read() is None
    assert read("--json-schema", ' {"type": "string"}') == Structure(
        json_schema='{"type": "string"}'
    )
    assert read("--json-schema", str(file)) == Structure(json_schema='{"type": "object"}')
    assert read("--regex", "a+") == Structure(regex="a+")
    assert read("--choice", "yes", "--choice", "no") == Structure(choices=("yes", "no"))


# vLLM reads regular expressions otherwise than Python; all of these work there.
@pytest.mark.parametrize("regex", [r"\p{Greek}+", "a(?i)b", "a**", "[[:alpha:]]+", "^Paris$"])
def test_what_only_python_does_not_know_is_left_to_the_engine(regex: str) -> None:
    assert read("--regex", regex) == Structure(regex=regex)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--regex", "a+", "--choice", "b"), "Give only one of --json-schema, --regex and"),
        (("--regex", "a", "--json-schema", "{}"), "Give only one"),
        (("--regex", ""), "regular expression is empty"),
        (("--regex", "(a"), r"cannot be used: missing \), unterminated subpattern at position 0"),
        (("--regex", "a)"), "unbalanced parenthesis"),
        (("--regex", "[a"), "unterminated character set"),
        (("--regex", "[z-a]"), "bad character range z-a"),
        (("--regex", "a{3,1}"), "min repeat greater than max repeat"),
        (("--regex", "*"), "nothing to repeat"),
        (("--choice", "a", "--choice", ""), "cannot be empty"),
        (("--json-schema", "not json"), "“not json” is neither a JSON schema, .*, nor a file"),
        (("--json-schema", ""), "cannot be read"),
        (("--json-schema", "[1]"), "neither a JSON schema"),
        (("--json-schema", "schema.json"), "“schema.json” cannot be read: No such file"),
        (("--json-schema", "no/where"), "“no/where” cannot be read: No such file"),
        (("--json-schema", "~nobody/here"), "cannot be read"),
        (("--json-schema", "x" * 5000), "cannot be read: File name too long"),
        (("--json-schema", '{"type": '), "no JSON object"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(arguments: tuple[str, ...], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        read(*arguments)


def test_a_file_without_an_object_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "list.json"
    file.write_text("[1]")
    with pytest.raises(ValueError, match="no JSON object"):
        read("--json-schema", str(file))


def test_an_answer_that_was_cut_is_told() -> None:
    cut = GenerationResult(prompt_tokens=1, completion_tokens=1024, stop_reason=StopReason.LENGTH)
    whole = GenerationResult(prompt_tokens=1, completion_tokens=9, stop_reason=StopReason.END)
    form = Structure(regex="a+")
    assert "after 1,024 tokens: it is incomplete" in cut_warning(form, cut)
    assert cut_warning(form, whole) == cut_warning(None, cut) == cut_warning(form, None) == ""

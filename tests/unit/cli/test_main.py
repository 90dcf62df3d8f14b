"""The command line as a whole: a reader that goes away, and what chat refuses before a load."""

import subprocess
import sys

import pytest

from phidesk.cli.parser import make_parser

PHIDESK = (sys.executable, "-m", "phidesk")


@pytest.mark.parametrize("arguments", [("recipes",), ("recipes", "--json"), ("--help",)])
def test_a_reader_that_has_enough_is_no_error(arguments: tuple[str, ...]) -> None:
    process = subprocess.Popen(
        [*PHIDESK, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    errors = process.stderr.read()
    process.stderr.close()
    assert process.wait(timeout=60) in (0, 1)  # argparse passes over it by itself
    assert errors == ""


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--choice", "yes", "--choice", "no"), "llama.cpp does not give the form of an answer"),
        (("--json", "--logprobs", "3"), "llama.cpp does not give log probabilities"),
        (("--logprobs", "3"), "only told with --json"),
        (("--json", "--logprobs", "21"), "between 0 and 20"),
        (("--regex", "a+", "--choice", "b"), "Give only one of"),
        (("--json-schema", '{"type": '), "no JSON object"),
        (("--json-schema", "nowhere.json"), "nowhere.json” cannot be read"),
        (("--context", "0"), "context of 0"),
        (("--parallel-chats", "0"), "parallel chats must lie between"),
    ],
)
def test_chat_refuses_what_makes_no_sense_before_the_load(
    arguments: tuple[str, ...], words: str
) -> None:
    done = subprocess.run(
        [*PHIDESK, "chat", "hi", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_a_choice_that_is_none_is_told_with_those_that_are(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        make_parser().parse_args(["pull", "owner/name", "--source", "foo"])
    assert "(choose from 'huggingface', 'modelscope')" in capsys.readouterr().err

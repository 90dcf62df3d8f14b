"""The scripts know what they have to know of the code."""

import argparse
import subprocess
from pathlib import Path

from phidesk.cli.parser import make_parser

SETUP = Path(__file__).parents[2] / "packaging" / "setup.sh"


def test_run_knows_every_command_that_needs_no_window() -> None:
    script = 'source "$1" && terminal_commands'
    done = subprocess.run(
        ["bash", "-c", script, "bash", SETUP], capture_output=True, text=True, check=True
    )
    (commands,) = [
        action.choices
        for action in make_parser()._actions
        if isinstance(action, argparse._SubParsersAction)
    ]
    assert commands is not None
    assert set(done.stdout.split()) == set(commands)

"""The `phidesk` command: without a subcommand it opens the window."""

import gc
import os
import sys
from collections.abc import Sequence
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit status."""
    arguments = sys.argv[1:] if argv is None else argv
    if not arguments:  # a double click: the window is up sooner without the parser
        return open_window()
    if _is_path(arguments[0]):  # a double click on a file: "Open with phidesk"
        arguments = ["--model", *arguments]
    from phidesk.cli.parser import make_parser

    try:
        try:
            return _run(make_parser().parse_args(arguments))
        finally:
            if sys.stdout is not None:  # a window without a terminal has none
                sys.stdout.flush()
    except BrokenPipeError:
        if sys.stdout is None:
            raise
        # Whoever read the output has enough. The interpreter flushes once more at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        return 130


def open_window(model: str = "", *, theme: str = "system") -> int:
    """Open the window with a model, "" for the last one; returns the exit status."""
    status: int = import_window().run_window(model, theme=theme)
    return status


def import_window() -> ModuleType:
    """Return `phidesk.app`, with Python's search for garbage off until the window is up.

    Searching again and again through what modules leave behind is a tenth of the start.
    """
    gc.disable()
    import phidesk.app

    return phidesk.app


def _is_path(argument: str) -> bool:
    """Return whether it can only be a file or a folder: commands have neither slash nor suffix."""
    return not argument.startswith("-") and (
        os.path.isabs(argument) or argument.lower().endswith(".gguf")  # noqa: PTH117
    )


def _run(options: "argparse.Namespace") -> int:
    match options.command:
        case "chat":
            from phidesk.cli.chat import run_chat

            return run_chat(options)
        case "bench":
            from phidesk.cli.bench import run_bench

            return run_bench(options)
        case "doctor":
            from phidesk.cli.doctor import run_doctor

            return run_doctor(options)
        case "pull":
            from phidesk.cli.pull import run_pull

            return run_pull(options)
        case "quantize":
            from phidesk.cli.quantize import run_quantize

            return run_quantize(options)
        case "recipes":
            from phidesk.cli.quantize import run_recipes

            return run_recipes(options)
        case "models":
            from phidesk.cli.models import run_models

            return run_models(options)
        case "report":
            from phidesk.cli.report import run_report

            return run_report(options)
        case "estimate":
            from phidesk.cli.estimate import run_estimate

            return run_estimate(options)
        case _:
            return open_window(options.model, theme=options.theme)


if __name__ == "__main__":
    sys.exit(main())

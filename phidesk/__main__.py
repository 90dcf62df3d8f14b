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
    if len(arguments) == 1 and (path := _as_path(arguments[0])):
        return open_window(path=path)
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


def open_window(model: str = "", *, theme: str = "system", path: str = "") -> int:
    """Open the window with a model, "" for the last one; returns the exit status.

    path: a model to be shown, and only loaded when the user says so. Where there is a window
    already, that one is asked to do it.
    """
    from phidesk.instance import claim

    wanted = path or (model if model in ("", "starter") else os.path.abspath(model))  # noqa: PTH100
    instance = claim(wanted)
    if instance is None:
        return 0
    from phidesk.core.crash import CrashWatch

    crash = CrashWatch()
    if instance.is_claimed:
        crash.begin()
    window = import_window()
    status: int = window.run_window(model, theme=theme, path=path, instance=instance, crash=crash)
    return status


def _as_path(argument: str) -> str:
    """Return the absolute path of a model that a desktop hands over; "" for another argument."""
    if argument.startswith("file:"):
        from urllib.parse import urlsplit
        from urllib.request import url2pathname

        return url2pathname(urlsplit(argument).path)
    is_path = os.sep in argument or "/" in argument or argument.lower().endswith(".gguf")
    if argument.startswith("-") or not is_path:
        return ""
    return os.path.abspath(os.path.expanduser(argument))  # noqa: PTH100, PTH111 - no import


def import_window() -> ModuleType:
    """Return `phidesk.app`, with Python's search for garbage off until the window is up.

    Searching again and again through what modules leave behind is a tenth of the start. What
    needs no Qt is imported first: PySide reads the source of all that is imported after it.
    """
    gc.disable()
    import phidesk.client.process
    import phidesk.core.catalog
    import phidesk.core.estimate_history
    import phidesk.core.settings

    # isort: split
    import phidesk.app

    return phidesk.app


def _run(options: "argparse.Namespace") -> int:
    if options.command is not None:
        _use_models_folder()
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
        case "engines":
            from phidesk.cli.engines import run_engines

            return run_engines(options)
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


def _use_models_folder() -> None:
    from phidesk.core.paths import choose_models_dir
    from phidesk.core.settings import SettingsFile

    if folder := SettingsFile().load().models_folder:
        choose_models_dir(folder)


if __name__ == "__main__":
    sys.exit(main())

"""The `phidesk` command: without a subcommand it opens the window."""

import argparse
import sys
from collections.abc import Sequence

from phidesk import __version__


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit status."""
    options = _parser().parse_args(argv)
    match options.command:
        case "chat":
            from phidesk.cli.chat import run_chat

            return run_chat(options)
        case "doctor":
            from phidesk.cli.doctor import run_doctor

            return run_doctor(options)
        case _:
            from phidesk.app import run_window

            return run_window(options.model, theme=options.theme)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="phidesk", description="Local language models: without a command, opens the window."
    )
    parser.add_argument("--version", action="version", version=f"phidesk {__version__}")
    parser.add_argument("--model", default="starter", help="a GGUF file, a model folder, starter")
    parser.add_argument("--theme", choices=("system", "light", "dark"), default="system")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")

    chat = commands.add_parser("chat", help="answer one prompt on the terminal")
    chat.add_argument("prompt", metavar="PROMPT", help="the question, or - for standard input")
    chat.add_argument("--model", default="starter", help="a GGUF file, a model folder, starter")
    chat.add_argument("--engine", choices=("llamacpp", "transformers"), help="overrule the choice")
    chat.add_argument("--system", help="the system prompt (empty: the model's own)")
    chat.add_argument("--context", type=int, metavar="TOKENS", help="context length to load for")
    chat.add_argument("--max-tokens", type=int, metavar="N", help="the longest answer")
    chat.add_argument("--temperature", type=float, metavar="T", help="0 is greedy")
    chat.add_argument("--top-p", type=float, metavar="P", help="1 keeps all tokens")
    chat.add_argument("--top-k", type=int, metavar="K", help="0 keeps all tokens")
    chat.add_argument("--min-p", type=float, metavar="P", help="0 keeps all tokens")
    chat.add_argument("--repetition-penalty", type=float, metavar="R", help="1 is none")
    chat.add_argument("--seed", type=int, metavar="S", help="the same seed, the same answer")
    chat.add_argument("--stop", action="append", metavar="TEXT", help="stop at this text")
    chat.add_argument(
        "--without-code",
        action="store_true",
        help="agree to load a folder that brings program code, which is never run, by the "
        "engine's own classes",
    )
    chat.add_argument("--json", action="store_true", help="one event a line")

    doctor = commands.add_parser("doctor", help="what works on this machine")
    doctor.add_argument("--json", action="store_true")
    return parser


if __name__ == "__main__":
    sys.exit(main())

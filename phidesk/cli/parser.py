"""The commands and their options."""

import argparse
from enum import StrEnum
from typing import Any

from phidesk import __version__
from phidesk.core.engine_environments import Flavour
from phidesk.core.hub import Source
from phidesk.core.load_options import Dtype, KvDtype, Place, Speculation, Startup

_ENGINES = ("llamacpp", "vllm", "transformers")


def _names(kinds: type[StrEnum]) -> tuple[str, ...]:
    """Return the values: argparse would print the members as Python writes them."""
    return tuple(kind.value for kind in kinds)


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of every command."""
    parser = argparse.ArgumentParser(
        prog="phidesk",
        description="Local language models: without a command, opens the window; with the path of "
        "a GGUF file or a model folder, shows it there.",
    )
    parser.add_argument("--version", action="version", version=f"phidesk {__version__}")
    parser.add_argument(
        "--model", default="", help="a GGUF file, a model folder, starter (the last one)"
    )
    parser.add_argument("--theme", choices=("system", "light", "dark"), default="system")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")

    _add_chat(commands)
    _add_bench(commands)
    _add_quantize(commands)
    _add_report(commands)
    _add_estimate(commands)
    _add_pull(commands)
    _add_models(commands)
    _add_engines(commands)
    doctor = commands.add_parser("doctor", help="what works on this machine")
    doctor.add_argument("--json", action="store_true")
    return parser


def _add_chat(commands: Any) -> None:
    chat = commands.add_parser("chat", help="answer one prompt on the terminal")
    chat.add_argument("prompt", metavar="PROMPT", help="the question, or - for standard input")
    chat.add_argument("--model", default="starter", help="a GGUF file, a model folder, starter")
    chat.add_argument("--system", help="the system prompt (empty: the model's own)")
    chat.add_argument("--max-tokens", type=int, metavar="N", help="the longest answer")
    chat.add_argument("--temperature", type=float, metavar="T", help="0 is greedy")
    chat.add_argument("--top-p", type=float, metavar="P", help="1 keeps all tokens")
    chat.add_argument("--top-k", type=int, metavar="K", help="0 keeps all tokens")
    chat.add_argument("--min-p", type=float, metavar="P", help="0 keeps all tokens")
    chat.add_argument("--repetition-penalty", type=float, metavar="R", help="1 is none")
    chat.add_argument("--seed", type=int, metavar="S", help="the same seed, the same answer")
    chat.add_argument("--stop", action="append", metavar="TEXT", help="stop at this text")
    chat.add_argument("--json", action="store_true", help="one event a line")
    _add_load_options(chat)
    form = chat.add_argument_group("the form of the answer (vLLM)")
    form.add_argument("--json-schema", metavar="FILE|TEXT", help="JSON that fits this schema")
    form.add_argument("--regex", metavar="R", help="text that this expression matches")
    form.add_argument(
        "--choice", action="append", metavar="TEXT", help="one of these texts; may be repeated"
    )
    form.add_argument(
        "--logprobs", type=int, metavar="N", help="with --json: log probabilities, N likeliest"
    )


def _add_bench(commands: Any) -> None:
    bench = commands.add_parser("bench", help="how fast models load and answer, side by side")
    bench.add_argument(
        "models", nargs="+", metavar="MODEL", help="a GGUF file, a model folder, starter"
    )
    bench.add_argument(
        "--workload",
        default="phi4",
        metavar="phi4|FILE",
        help="seven prompts in English and Chinese, or a file of JSON lines with prompt or "
        "messages, and max_tokens",
    )
    bench.add_argument(
        "--concurrency",
        type=int,
        metavar="N",
        help="at most so many requests at a time; vLLM is loaded for as many chats",
    )
    bench.add_argument(
        "--repeats", type=int, default=3, metavar="R", help="measured runs after the warm-up"
    )
    bench.add_argument("--json", action="store_true", help="one object")
    _add_load_options(bench)


def _add_quantize(commands: Any) -> None:
    quantize = commands.add_parser("quantize", help="make a small copy of a model")
    quantize.add_argument("--model", required=True, help="a GGUF file, a model folder, starter")
    quantize.add_argument(
        "--recipe",
        choices=("smallest", "balanced", "best"),
        default="balanced",
        help="what to begin with; the options below change it",
    )
    quantize.add_argument("--algorithm", help="one that `phidesk recipes` names")
    quantize.add_argument("--format", help="one that `phidesk recipes` names")
    quantize.add_argument("--bits", type=int, metavar="N", help="bits a weight")
    quantize.add_argument(
        "--group-size", type=int, metavar="N", help="weights with one scale; -1: per channel"
    )
    quantize.add_argument("--asymmetric", action="store_true", help="with zero points")
    quantize.add_argument("--average-bits", type=float, metavar="B", help="mixed bits (AutoScheme)")
    quantize.add_argument("--effort", choices=("fast", "balanced", "best"), help="steps, samples")
    quantize.add_argument("--iters", type=int, metavar="N", help="SignRound's steps a layer")
    quantize.add_argument("--samples", type=int, metavar="N", help="calibration sequences")
    quantize.add_argument("--seqlen", type=int, metavar="TOKENS", help="tokens of each")
    quantize.add_argument("--batch-size", type=int, metavar="N", help="sequences at once")
    quantize.add_argument("--seed", type=int, metavar="S", help="the same seed, the same copy")
    quantize.add_argument(
        "--calibration",
        action="append",
        metavar="PACK|FILE",
        help="general, code, chat, chinese, or a text or JSONL file; may be repeated",
    )
    quantize.add_argument("--out", metavar="FOLDER", help="where the copy goes")
    quantize.add_argument("--resume", action="store_true", help="go on with an interrupted run")
    quantize.add_argument("--json", action="store_true", help="one event a line")
    recipes = commands.add_parser("recipes", help="what goes together, and what runs it")
    recipes.add_argument("--json", action="store_true")


def _add_report(commands: Any) -> None:
    report = commands.add_parser("report", help="compare a copy of a model with its original")
    report.add_argument("original", metavar="ORIGINAL", help="a GGUF file, a folder, starter")
    report.add_argument("copy", metavar="COPY", help="the smaller one")
    report.add_argument(
        "--sequences", type=int, default=8, metavar="N", help="scored sequences of each text pack"
    )
    report.add_argument(
        "--sequence-length", type=int, default=256, metavar="TOKENS", help="tokens of each"
    )
    report.add_argument(
        "--without-code",
        action="store_true",
        help="agree to load folders that bring program code, which is never run",
    )
    report.add_argument("--save", action="store_true", help="write phidesk-report.json to the copy")
    report.add_argument("--json", action="store_true", help="one event a line, the report last")


def _add_estimate(commands: Any) -> None:
    estimate = commands.add_parser("estimate", help="what a model would take of the memory")
    estimate.add_argument("model", metavar="MODEL", help="a GGUF file, a model folder, starter")
    estimate.add_argument("--json", action="store_true", help="one object, in bytes")
    _add_load_options(estimate)


def _add_pull(commands: Any) -> None:
    pull = commands.add_parser("pull", help="download a model, or go on with a download")
    pull.add_argument("repo", metavar="REPO", help="owner/name, or the address of its page")
    pull.add_argument(
        "--include",
        action="append",
        metavar="PATTERN",
        help="which weights, such as '*Q4_K_M*'; what belongs to them comes along; may be repeated",
    )
    pull.add_argument("--revision", default="", metavar="R", help="a branch, a tag or a commit")
    pull.add_argument("--source", choices=_names(Source), help="where from (huggingface)")
    pull.add_argument("--json", action="store_true", help="one event a line")


def _add_models(commands: Any) -> None:
    models = commands.add_parser("models", help="every model that is found on this machine")
    models.add_argument(
        "--folder", action="append", default=[], metavar="F", help="look here as well"
    )
    models.add_argument("--json", action="store_true", help="one object a line")


def _add_engines(commands: Any) -> None:
    engines = commands.add_parser("engines", help="install what Transformers and vLLM need")
    engines.add_argument(
        "action",
        nargs="?",
        default="list",
        choices=("list", "install", "repair", "upgrade", "rollback", "remove", "use"),
        help="repair: download everything again; use: run them in the Python that --python names",
    )
    engines.add_argument("--flavour", choices=_names(Flavour), help="overrule the choice")
    engines.add_argument("--python", metavar="PATH", help="with use; without it: none any more")
    engines.add_argument("--json", action="store_true", help="one object a line")


def _add_load_options(parser: argparse.ArgumentParser) -> None:
    """Add the options to a command that loads models."""
    parser.add_argument("--engine", choices=_ENGINES, help="overrule the choice")
    parser.add_argument("--context", type=int, metavar="TOKENS", help="context length to load for")
    parser.add_argument(
        "--without-code",
        action="store_true",
        help="agree to load a folder that brings program code, which is never run, by the "
        "engine's own classes",
    )
    parser.add_argument(
        "--dtype", choices=_names(Dtype), help="number format of weights that are not quantized"
    )
    parser.add_argument(
        "--device", choices=_names(Place), help="cpu: Transformers leaves the graphics card alone"
    )
    vllm = parser.add_argument_group("vLLM's own options")
    vllm.add_argument(
        "--startup",
        choices=_names(Startup),
        help="fast: decode graphs (default); optimized: compile as well; eager: neither",
    )
    vllm.add_argument(
        "--parallel-chats", type=int, metavar="N", help="full contexts that the KV cache holds"
    )
    vllm.add_argument("--kv", choices=_names(KvDtype), help="fp8: half the memory, less exact")
    vllm.add_argument(
        "--cpu-offload", type=float, metavar="GB", help="weights kept in the computer's memory"
    )
    vllm.add_argument("--gpus", type=int, metavar="N", help="spread each layer over so many GPUs")
    vllm.add_argument(
        "--speculation",
        choices=_names(Speculation),
        help="guess tokens ahead, from the conversation or with a draft model",
    )
    vllm.add_argument("--draft-model", metavar="PATH", help="the small model for --speculation")

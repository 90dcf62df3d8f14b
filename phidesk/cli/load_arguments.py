"""Adds the options of a load to a command; the window's start imports no more than this."""

import argparse

from phidesk.core.load_options import KvDtype, Speculation, Startup

_ENGINES = ("llamacpp", "vllm", "transformers")


def add_load_options(parser: argparse.ArgumentParser) -> None:
    """Add the options to a command that loads models."""
    parser.add_argument("--engine", choices=_ENGINES, help="overrule the choice")
    parser.add_argument("--context", type=int, metavar="TOKENS", help="context length to load for")
    parser.add_argument(
        "--without-code",
        action="store_true",
        help="agree to load a folder that brings program code, which is never run, by the "
        "engine's own classes",
    )
    vllm = parser.add_argument_group("vLLM's own options")
    vllm.add_argument(
        "--startup",
        choices=tuple(Startup),
        help="fast: decode graphs (default); optimized: compile as well; eager: neither",
    )
    vllm.add_argument(
        "--parallel-chats", type=int, metavar="N", help="full contexts that the KV cache holds"
    )
    vllm.add_argument("--kv", choices=tuple(KvDtype), help="fp8: half the memory, less exact")
    vllm.add_argument(
        "--cpu-offload", type=float, metavar="GB", help="weights kept in the computer's memory"
    )
    vllm.add_argument("--gpus", type=int, metavar="N", help="spread each layer over so many GPUs")
    vllm.add_argument(
        "--speculation",
        choices=tuple(Speculation),
        help="guess tokens ahead, from the conversation or with a draft model",
    )
    vllm.add_argument("--draft-model", metavar="PATH", help="the small model for --speculation")

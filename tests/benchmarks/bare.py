"""An engine driven bare, without phidesk: the baseline of streaming.py.

    python -m tests.benchmarks.bare ENGINE TOKENS REPEATS MODEL

Prints an empty line when it has warmed up, then one JSON line a repeat, each asked for by a line:
ttft (s) and tokens_per_second over all tokens after the first.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.benchmarks.workload import CONTEXT, MESSAGES


def main() -> None:
    """Load once, warm up, then measure."""
    engine, tokens, repeats, model = sys.argv[1:]
    generate = {"llamacpp": llamacpp, "transformers": transformers}[engine](model, int(tokens))
    generate()
    print(flush=True)
    for _ in range(int(repeats)):
        sys.stdin.readline()
        started = time.monotonic()
        times = generate()
        speed = (len(times) - 1) / (times[-1] - times[0])
        print(json.dumps({"ttft": times[0] - started, "tokens_per_second": speed}), flush=True)


def llamacpp(model: str, tokens: int) -> Callable[[], list[float]]:
    """Return a function that streams one answer from xllamacpp's server."""
    import tempfile

    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = model
    params.n_ctx = CONTEXT
    params.verbosity = 1
    params.hostnames = [str(Path(tempfile.mkdtemp()) / "bare.sock")]
    server = xllamacpp.Server(params)
    request = {
        "messages": MESSAGES,
        "stream": True,
        "temperature": 0,
        "max_tokens": tokens,
    }

    def generate() -> list[float]:
        times: list[float] = []

        def take(chunk: dict[str, Any]) -> None:
            if chunk["choices"] and chunk["choices"][0]["delta"].get("content"):
                times.append(time.monotonic())

        server.handle_chat_completions(request, take)
        return times

    return generate


def transformers(model: str, tokens: int) -> Callable[[], list[float]]:
    """Return a function that runs transformers' own generate."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(model)
    network = AutoModelForCausalLM.from_pretrained(model, dtype=torch.bfloat16)
    inputs = tokenizer.apply_chat_template(
        MESSAGES, add_generation_prompt=True, return_tensors="pt", return_dict=True
    )

    class Clock:
        """A streamer that only looks at the clock."""

        def __init__(self) -> None:
            self.times: list[float] = []

        def put(self, value: Any) -> None:
            if value.numel() == 1:
                self.times.append(time.monotonic())

        def end(self) -> None:
            pass

    def generate() -> list[float]:
        clock = Clock()
        network.generate(**inputs, max_new_tokens=tokens, do_sample=False, streamer=clock)
        return clock.times

    return generate


if __name__ == "__main__":
    main()

"""vLLM driven bare, without phidesk: the baseline of vllm_engine.py.

    python -m tests.benchmarks.bare_vllm MODEL SETTING WORKLOAD [KV_BYTES]

SETTING: one of phidesk's own, in this process and with KV_BYTES: `fast` (decode graphs, no
compilation), `optimized` (compiled) or `eager` (neither); or `default` (vLLM's). Prints a JSON
line when loaded, then one for each line of standard input: `one` (the longest answer of the
workload alone) or `all` (the whole workload at once). Like phidesk it is asked with messages:
`ttft` counts from there, `ttft_added` from when all prompts were tokenized and added.
"""

import json
import os
import sys
import time
from typing import Any

os.environ |= {
    "VLLM_ENABLE_V1_MULTIPROCESSING": "0",
    "VLLM_USE_FLASHINFER_SAMPLER": "0",
    "VLLM_DEEP_GEMM_WARMUP": "skip",
    "VLLM_HOST_IP": "127.0.0.1",
    "HF_HUB_OFFLINE": "1",
}

_STARTUPS: dict[str, dict[str, Any]] = {
    "fast": {
        "compilation_config": {
            "mode": 0,
            "cudagraph_mode": "FULL_DECODE_ONLY",
            "cudagraph_capture_sizes": [1, 2, 4, 8],
        },
    },
    "optimized": {},
    "eager": {"enforce_eager": True},
}


def main() -> None:
    """Load, then answer as told."""
    model, setting, workload, *rest = sys.argv[1:]
    with open(workload, encoding="utf-8") as file:  # noqa: PTH123 - no phidesk, nothing imported
        lines = [json.loads(line) for line in file if line.strip()]
    began = time.monotonic()
    from vllm import EngineArgs, SamplingParams
    from vllm.sampling_params import RequestOutputKind
    from vllm.v1.engine.llm_engine import LLMEngine

    imported = time.monotonic()
    more: dict[str, Any] = {"gpu_memory_utilization": 0.3}
    if setting == "default":
        os.environ["VLLM_ENABLE_V1_MULTIPROCESSING"] = "1"
    else:
        more = {
            "kv_cache_memory_bytes": int(rest[0]),
            "gpu_memory_utilization": 0.05,
            "max_num_seqs": 8,
            "max_num_batched_tokens": 2048,
        } | _STARTUPS[setting]
    engine = LLMEngine.from_engine_args(
        EngineArgs(model=model, max_model_len=2048, disable_log_stats=True, **more)
    )
    loaded = time.monotonic()
    tokenizer: Any = engine.get_tokenizer()
    lengths = [line["max_tokens"] for line in lines]
    longest = lengths.index(max(lengths))

    def answer(numbers: list[int], limit: int | None = None) -> dict[str, float]:
        asked = time.monotonic()
        for number in numbers:
            params = SamplingParams(
                temperature=0.0,
                max_tokens=limit or lengths[number],
                ignore_eos=True,
                output_kind=RequestOutputKind.DELTA,
            )
            tokens_of_prompt = tokenizer.apply_chat_template(
                messages_of(lines[number]), add_generation_prompt=True, return_dict=False
            )
            prompt: Any = {"prompt_token_ids": list(tokens_of_prompt)}
            engine.add_request(f"{number}", prompt, params)
        started, first, tokens = time.monotonic(), 0.0, 0
        while engine.has_unfinished_requests():
            outputs: list[Any] = engine.step()
            for output in outputs:
                first = first or time.monotonic()
                tokens += len(output.outputs[0].token_ids)
        ended = time.monotonic()
        return {
            "ttft": first - asked,
            "ttft_added": first - started,
            "tokens_per_second": tokens / (ended - started),
            "decode": (tokens - 1) / (ended - first) if len(numbers) == 1 and tokens > 1 else 0.0,
        }

    answer([longest], 1)
    first_token = time.monotonic()
    report = {
        "imports": imported - began,
        "load": loaded - imported,
        "first_token": first_token - imported,
    }
    print("JSON", json.dumps(report), flush=True)
    for command in sys.stdin:
        numbers = [longest] if command.strip() == "one" else list(range(len(lines)))
        print("JSON", json.dumps(answer(numbers)), flush=True)


def messages_of(line: dict[str, Any]) -> list[dict[str, str]]:
    """Return the conversation of a line of the workload."""
    return line.get("messages") or [{"role": "user", "content": line["prompt"]}]


if __name__ == "__main__":
    main()

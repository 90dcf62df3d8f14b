"""Puts a load and a request into vLLM's words."""

import os
from pathlib import Path
from typing import Any

import msgspec

from phidesk.core import gguf
from phidesk.core.chat import SamplingParams as Sampling
from phidesk.core.chat import Structure
from phidesk.core.config_names import config_of_gguf
from phidesk.core.engines import vllm_device
from phidesk.core.load_options import KvDtype, LoadOptions, Speculation, Startup
from phidesk.core.memory import pool_bytes, text_config
from phidesk.core.models import Device, ModelFormat
from phidesk.core.serving import BATCHED_TOKENS, graph_sizes, running_at_once
from phidesk.protocol.commands import Generate, LoadModel
from phidesk.protocol.events import FailureKind
from phidesk.worker.engines.base import EngineError
from phidesk.worker.engines.chat_template import Prompt
from phidesk.worker.engines.vllm_setup import (
    EngineArgs,
    RequestOutputKind,
    SamplingParams,
    StructuredOutputsParams,
)

_NGRAM = {"prompt_lookup_max": 4, "prompt_lookup_min": 2}
_TINY_SHARE = 0.01


def engine_args(
    spec: LoadModel, config: dict[str, Any], context: int, dtype: str, element_size: int
) -> EngineArgs:
    """Return the arguments of an engine that takes the memory that the chats need.

    config: the model's config.json, {} for a GGUF file. dtype: torch's name for it, or "auto";
    element_size: its bytes. Raises EngineError where nobody knows how much the chats need.
    """
    options = spec.options
    arguments: dict[str, Any] = {
        "model": spec.model.path,
        "dtype": dtype,
        "max_model_len": context,
        "max_num_seqs": running_at_once(options),
        "max_num_batched_tokens": max(BATCHED_TOKENS, running_at_once(options)),
        "enable_prefix_caching": True,
        "trust_remote_code": False,
        "disable_log_stats": True,
        "tensor_parallel_size": options.gpus,
        "cpu_offload_gb": options.cpu_offload_bytes / options.gpus / 2**30,  # of each GPU
        "language_model_only": True,
    }
    on_cpu = vllm_device() is Device.CPU
    if options.kv_dtype is KvDtype.FP8:
        arguments["kv_cache_dtype"] = "fp8"
    # vLLM wants this share of the card to be free, even where it does not use it.
    arguments["gpu_memory_utilization"] = _TINY_SHARE
    draft = text_config(Path(options.draft_model)) if options.draft_model else None
    own = _layers(spec, config)
    pool = pool_bytes(own, options, context, element_size, draft)
    if pool is None:
        own = _layers_by_vllm(spec, arguments)
        pool = pool_bytes(own, options, context, element_size, draft)
    arguments["kv_cache_memory_bytes"] = pool
    if options.startup is Startup.EAGER or (on_cpu and options.startup is Startup.FAST):
        arguments["enforce_eager"] = True
    elif options.startup is Startup.FAST and options.speculation is Speculation.OFF:
        sizes = graph_sizes(options)
        arguments["compilation_config"] = {
            "mode": 0,
            "cudagraph_mode": "FULL_DECODE_ONLY",
            "cudagraph_capture_sizes": sizes,
        }
    # With guesses each request has another number of tokens in a step: the graphs for that are
    # those of the compiled model, which speculation therefore needs on a GPU.
    if speculation := _speculation(options):
        arguments["speculative_config"] = speculation
        # Both, so that guessing can be switched off.
        arguments["async_scheduling"] = False
        os.environ["VLLM_USE_V2_MODEL_RUNNER"] = "0"
    return EngineArgs(**arguments)


def sampling_params(request: Generate, prompt: Prompt, options: LoadOptions) -> SamplingParams:
    """Return a request's sampling in vLLM's form: whole texts as they come.

    vLLM knows no min-p beside guesses; it is left out then.
    """
    sampling: Sampling = request.sampling
    limit = min(sampling.max_tokens or prompt.room, prompt.room)
    greedy = sampling.is_greedy
    guesses = options.speculation is not Speculation.OFF
    more: dict[str, Any] = {}
    if request.structure is not None:
        more["structured_outputs"] = _structure(request.structure)
    return SamplingParams(
        temperature=0.0 if greedy else sampling.temperature,
        top_p=1.0 if greedy else sampling.top_p or 1e-6,
        top_k=0 if greedy else sampling.top_k,
        min_p=0.0 if greedy or guesses else sampling.min_p,
        repetition_penalty=sampling.repetition_penalty,
        seed=sampling.seed,
        stop=[*sampling.stop, *(() if request.ignore_end else prompt.turn_ends)],
        max_tokens=limit,
        ignore_eos=request.ignore_end,
        logprobs=request.logprobs,
        output_kind=RequestOutputKind.DELTA,
        **more,
    )


def _layers(spec: LoadModel, config: dict[str, Any]) -> dict[str, Any]:
    """Return what the model's files say of its layers, in the words of a config.json."""
    if spec.model.format is ModelFormat.GGUF:
        return config_of_gguf(gguf.read_head(Path(spec.model.path)).numbers)
    text = config.get("text_config")
    return text if isinstance(text, dict) else config


def _layers_by_vllm(spec: LoadModel, arguments: dict[str, Any]) -> dict[str, Any]:
    """Return what vLLM itself makes of the files, where their words are not known here."""
    found = EngineArgs(**arguments).create_model_config()
    heads, layers = found.get_total_num_kv_heads(), found.get_total_num_hidden_layers()
    if found.is_attention_free or not (heads and layers):
        raise EngineError(
            FailureKind.UNSUPPORTED,
            f"“{spec.model.name}” has no attention, and vLLM does not say how much memory a chat "
            "with it needs. Load it with Transformers.",
        )
    return {
        "num_hidden_layers": layers,
        "num_attention_heads": heads,
        "head_dim": found.get_head_size(),
    }


def _structure(structure: Structure) -> StructuredOutputsParams:
    if structure.json_schema:
        return StructuredOutputsParams(
            json=msgspec.json.decode(structure.json_schema, type=dict[str, Any])
        )
    if structure.regex:
        return StructuredOutputsParams(regex=structure.regex)
    return StructuredOutputsParams(choice=list(structure.choices))


def _speculation(options: LoadOptions) -> dict[str, Any]:
    guesses = {"num_speculative_tokens": options.speculative_tokens}
    match options.speculation:
        case Speculation.NGRAM:
            return {"method": "ngram", **guesses, **_NGRAM}
        case Speculation.DRAFT:
            return {"method": "draft_model", "model": options.draft_model, **guesses}
        case _:
            return {}

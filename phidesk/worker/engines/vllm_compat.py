"""All that phidesk knows of vLLM's insides, for vLLM 0.24 to 0.33.

Each function says what it does where a version has moved something: it goes without.
"""

import gc
import importlib
import logging
import tempfile
from collections import Counter
from typing import Any
from uuid import uuid4

import torch

from phidesk.core.engines import vllm_device
from phidesk.worker.engines.vllm_guesses import core_of, runner_of
from phidesk.worker.engines.vllm_setup import LLMEngine

_log = logging.getLogger(__name__)

_SLOW_KERNELS = {
    "Exllama": "Exllama's kernel computes in fp16 without batching: quantize with group size 128 "
    "and symmetric weights, which Marlin takes.",
    "Conch": "No kernel for this GPU takes these weights as they are: quantize with group size "
    "128 and symmetric weights, which Marlin takes.",
    "AWQ": "This AWQ copy runs on the slow kernel: quantize with 4 bits and group size 128, "
    "which Marlin takes.",
    "GPTQ": "This GPTQ copy runs on the slow kernel: quantize with group size 128 and symmetric "
    "weights, which Marlin takes.",
}
_NAMES = {
    "CPUWNA16": "CPU W4A16",
    "INCARK": "auto_round_kernel",
    "BitsAndBytes": "bitsandbytes",
    "Unquantized": "",
}
_METHODS = ("vllm.model_executor.layers.quantization", "vllm.model_executor.kernels")
_ATTENTION = {
    "FLASH_ATTN": "FlashAttention",
    "FLASHINFER": "FlashInfer",
    "TRITON_ATTN": "Triton attention",
    "FLEX_ATTENTION": "FlexAttention",
    "CPU_ATTN": "CPU attention",
    "FLASHMLA": "FlashMLA",
}


# What vLLM imports only when a model is loaded, in the order of what it costs.
_IMPORTED_LATE = (
    "vllm.model_executor.models.llama",
    "vllm.model_executor.model_loader",
    "vllm.v1.worker.gpu_worker",
    "vllm.v1.worker.gpu_model_runner",
    "vllm.v1.attention.backends.flashinfer",
    "vllm.v1.attention.backends.flash_attn",
    "vllm.v1.attention.backends.triton_attn",
    "vllm.lora.layers",
    "vllm.renderers.hf",
    "vllm.model_executor.layers.quantization.auto_gptq",
    "vllm.model_executor.layers.quantization.auto_awq",
)


def import_ahead() -> None:
    """Import now what a load would, and keep Python from looking through it again and again.

    vLLM collects garbage a dozen times in a load; over all that the imports made that is 3 s.
    """
    for name in _IMPORTED_LATE:
        try:
            importlib.import_module(name)
        except Exception as error:  # not on this device, or not in this version
            _log.debug("%s is not imported ahead: %s", name, error)
    gc.collect()
    gc.freeze()


def inspect_here(architectures: list[str]) -> None:
    """Import the model's class in this process instead of a second one.

    vLLM starts itself again to look at a model class of which it keeps no notes, so that its
    parent stays free of CUDA: 23 s, the first time. This process will use CUDA anyway.
    """
    try:
        from vllm.model_executor.models.registry import ModelRegistry, _RegisteredModel

        for name in architectures:
            entry = ModelRegistry.models.get(name)
            if entry is not None and not isinstance(entry, _RegisteredModel):
                found = _RegisteredModel.from_model_cls(entry.load_model_cls())
                ModelRegistry.models[name] = found
    except Exception as error:  # the long way still works, and names what is wrong
        _log.info("vLLM looks at the model in a process of its own: %s", error)


def meet_in_a_file() -> None:
    """Let the parts of vLLM find each other through a file, as it does by itself since 0.32.

    What it opened before, torch's TCPStore, listens to the whole network, whatever address it
    is given.
    """
    for name in ("uniproc_executor", "multiproc_executor"):
        try:
            executor = importlib.import_module(f"vllm.v1.executor.{name}")
        except ImportError as error:
            _log.info("vLLM chooses by itself where its parts meet: %s", error)
            continue
        if not hasattr(executor, "get_file_store_init_method"):
            executor.get_distributed_init_method = lambda *_: (  # type: ignore[attr-defined]
                f"file://{tempfile.gettempdir()}/vllm-{uuid4().hex}"
            )


def count_without_compiling() -> None:
    """Rank the tokens of an answer with log probabilities without a compiled kernel.

    vLLM compiles two lines for it at the first such answer, which takes a dozen seconds and a C++
    compiler. What they would save is a copy of a batch's logits as booleans.
    """

    def count(x: torch.Tensor, values: torch.Tensor) -> torch.Tensor:
        return (x >= values).sum(-1)

    for name in ("vllm.v1.sample.ops.logprobs", "vllm.v1.sample.sampler"):
        try:
            module = importlib.import_module(name)
        except ImportError as error:
            _log.info("vLLM ranks tokens by itself: %s", error)
            continue
        if hasattr(module, "batched_count_greater_than"):
            module.batched_count_greater_than = count  # type: ignore[attr-defined]


def network_of(engine: LLMEngine) -> Any:
    """Return the model (torch.nn.Module); None where another process holds it."""
    runner = runner_of(engine)
    if runner is None:
        return None
    model = getattr(runner, "model", None)
    get = getattr(runner, "get_model", None)
    return get() if callable(get) else model


def weights_bytes(engine: LLMEngine) -> int | None:
    """Return what the weights take on the device; those kept in the computer's memory do not."""
    network = network_of(engine)
    if network is None:
        return None
    tensors = [*network.parameters(), *network.buffers()]
    sizes = {
        tensor.data_ptr(): tensor.numel() * tensor.element_size()
        for tensor in tensors
        if tensor.device.type != "meta" and not getattr(tensor, "_vllm_is_uva_offloaded", False)
    }
    return sum(sizes.values()) or None


def kv_pool(engine: LLMEngine) -> tuple[int | None, int | None]:
    """Return the bytes of the KV pool over all GPUs, and the tokens that it holds.

    None where this vLLM keeps them elsewhere.
    """
    try:
        config = core_of(engine).scheduler.kv_cache_config
        size = sum(tensor.size for tensor in config.kv_cache_tensors)
        size *= engine.vllm_config.parallel_config.world_size
        groups = max(1, len(config.kv_cache_groups))
        block = min((g.kv_cache_spec.block_size for g in config.kv_cache_groups), default=0)
        return size, config.num_blocks // groups * block
    except AttributeError as error:
        _log.info("vLLM does not say how large its KV pool is: %s", error)
        return None, None


def kv_used(engine: LLMEngine) -> float | None:
    """Return the share of the KV pool that holds something; None where it cannot be told."""
    try:
        return float(core_of(engine).scheduler.kv_cache_manager.usage)
    except AttributeError as error:
        _log.debug("vLLM does not say how full its KV pool is: %s", error)
        return None


def weight_kernel(engine: LLMEngine) -> str:
    """Return the kernel that multiplies most of the quantized weights ("Machete"), "" for none."""
    network = network_of(engine)
    if network is None:
        return ""
    sizes: Counter[str] = Counter()
    for module in network.modules():
        method = getattr(module, "quant_method", None)
        if method is None or "Embedding" in type(method).__name__:
            continue
        inner = _inner(method) or _inner(getattr(module, "scheme", None)) or method
        own = [*module.parameters(recurse=False), *module.buffers(recurse=False)]
        # At least 1: some kernels keep the weights where torch sees nothing.
        size = sum(tensor.numel() * tensor.element_size() for tensor in own)
        sizes[_short(type(inner).__name__)] += max(1, size)
    return next((name for name, _ in sizes.most_common() if name), "")


def attention_kernel(engine: LLMEngine) -> str:
    """Return what computes attention ("FlashAttention 3"), "" where it cannot be told."""
    network = network_of(engine)
    for module in network.modules() if network is not None else ():
        backend = getattr(module, "attn_backend", None)
        if backend is None:
            continue
        name = str(backend.get_name())
        version = getattr(getattr(module, "impl", None), "vllm_flash_attn_version", None)
        return f"{_ATTENTION.get(name, name)} {version or ''}".strip()
    return ""


def why_slow(weights: str, attention: str) -> str:
    """Return why a kernel is a slow one, with the way out; "" where none is."""
    if weights in _SLOW_KERNELS:
        return _SLOW_KERNELS[weights]
    if attention == "FlexAttention":
        return "Attention falls back to FlexAttention: this GPU or head size has no faster kernel."
    return ""


def device_of(engine: LLMEngine) -> str:
    """Return where the model computes: "cuda" or "cpu"."""
    try:
        return str(engine.vllm_config.device_config.device_type)
    except AttributeError as error:
        _log.info("vLLM does not say where it computes: %s", error)
        return vllm_device() or ""


def dtype_of(engine: LLMEngine) -> torch.dtype:
    """Return the number format that the model computes in."""
    dtype = getattr(getattr(engine.vllm_config, "model_config", None), "dtype", None)
    if isinstance(dtype, torch.dtype):
        return dtype
    _log.info("vLLM does not say what it computes in: %s", dtype)
    return torch.get_default_dtype()


def _inner(owner: Any, depth: int = 3) -> Any:
    """Return the kernel that a quantization method holds, or the method that it hands on to."""
    if owner is None or depth == 0 or not hasattr(owner, "__dict__"):
        return None
    parts = [p for p in vars(owner).values() if type(p).__module__.startswith(_METHODS)]
    for part in parts:
        if type(part).__name__.endswith("Kernel"):
            return part
    for part in parts:
        if type(part).__name__.endswith(("LinearMethod", "LinearScheme", "Scheme")):
            return _inner(part, depth - 1) or part
    return None


def _short(name: str) -> str:
    for ending in ("LinearKernel", "LinearMethod", "LinearScheme", "Kernel"):
        name = name.removesuffix(ending)
    return _NAMES.get(name, name)

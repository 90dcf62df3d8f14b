"""All that phidesk knows of vLLM's insides, for vLLM 0.24 to 0.33.

Each function says what it does where a version has moved something: it goes without.
"""

import gc
import importlib
import logging
from collections import Counter
from typing import Any

import torch

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
    "bitsandbytes": "bitsandbytes' kernel is for saving memory: a 4-bit copy by AutoRound is as "
    "small and faster.",
}
_NAMES = {"CPUWNA16": "CPU W4A16", "BitsAndBytes": "bitsandbytes", "Unquantized": ""}
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


def core_of(engine: LLMEngine) -> Any:
    """Return the engine core, which lives in this process."""
    core: Any = engine.engine_core  # of a class that is not public
    return core.engine_core


def network_of(engine: LLMEngine) -> Any:
    """Return the model (torch.nn.Module); None where another process holds it."""
    runner = _runner_of(engine)
    if runner is None:
        return None
    model = getattr(runner, "model", None)
    get = getattr(runner, "get_model", None)
    return get() if callable(get) else model


def weights_bytes(engine: LLMEngine) -> int | None:
    """Return what the weights really take, as vLLM measured it."""
    network = network_of(engine)
    if network is None:
        return None
    tensors = [*network.parameters(), *network.buffers()]
    sizes = {t.data_ptr(): t.numel() * t.element_size() for t in tensors if t.device.type != "meta"}
    return sum(sizes.values()) or None


def kv_pool(engine: LLMEngine) -> tuple[int, int]:
    """Return the bytes of the KV pool over all GPUs, and the tokens that it holds."""
    core = core_of(engine)
    config = core.scheduler.kv_cache_config
    tensors = getattr(config, "kv_cache_tensors", [])
    gpus = engine.vllm_config.parallel_config.world_size
    size = sum(tensor.size for tensor in tensors) * gpus
    groups = max(1, len(config.kv_cache_groups))
    blocks = config.num_blocks // groups
    block = min((g.kv_cache_spec.block_size for g in config.kv_cache_groups), default=0)
    return size, blocks * block


def kv_used(engine: LLMEngine) -> float:
    """Return the share of the KV pool that holds something."""
    return float(core_of(engine).scheduler.kv_cache_manager.usage)


def weight_kernel(engine: LLMEngine) -> str:
    """Return the kernel that multiplies the quantized weights ("Machete"), "" where none are."""
    network = network_of(engine)
    if network is None:
        return ""
    names: Counter[str] = Counter()
    for module in network.modules():
        method = getattr(module, "quant_method", None)
        if method is None or "Embedding" in type(method).__name__:
            continue
        scheme = getattr(module, "scheme", None)
        kernel = next((k for k in (_kernel(method), _kernel(scheme)) if k is not None), None)
        names[_short(type(kernel or scheme or method).__name__)] += 1
    return next((name for name, _ in names.most_common() if name), "")


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
    return str(engine.vllm_config.device_config.device_type)


def dtype_of(engine: LLMEngine) -> torch.dtype:
    """Return the number format that the model computes in."""
    dtype = engine.vllm_config.model_config.dtype
    assert isinstance(dtype, torch.dtype)  # noqa: S101 - resolved when the engine is made
    return dtype


class Guesses:
    """Counts what speculative decoding guessed and kept, and can switch it off.

    Off: nothing is guessed any more, and a step costs what it costs without speculation.
    """

    def __init__(self, engine: LLMEngine) -> None:
        self.guessed = self.kept = 0
        self._judged = (0, 0)
        self._is_off = False
        self._runner = _runner_of(engine)
        self._by_request: dict[str, tuple[int, int]] = {}
        scheduler = core_of(engine).scheduler
        original = scheduler.make_spec_decoding_stats

        def count(
            spec_decoding_stats: Any,
            num_draft_tokens: int,
            num_accepted_tokens: int,
            num_invalid_spec_tokens: Any,
            request_id: str,
        ) -> Any:
            guessed, kept = self._by_request.get(request_id, (0, 0))
            self._by_request[request_id] = (
                guessed + num_draft_tokens,
                kept + num_accepted_tokens,
            )
            self.guessed += num_draft_tokens
            self.kept += num_accepted_tokens
            return original(
                spec_decoding_stats,
                num_draft_tokens,
                num_accepted_tokens,
                num_invalid_spec_tokens,
                request_id,
            )

        scheduler.make_spec_decoding_stats = count

    def take(self, request_id: str) -> float | None:
        """Return the share that was kept in a request that has ended, and forget it."""
        # vLLM adds a random ending to the id that it was given.
        own = [key for key in self._by_request if key.startswith(request_id)]
        pairs = [self._by_request.pop(key) for key in own]
        guessed = sum(pair[0] for pair in pairs)
        return sum(pair[1] for pair in pairs) / guessed if guessed else None

    def recent_share(self, guesses: int) -> float | None:
        """Return the share that was kept of the last ones, each time that so many were made."""
        guessed, kept = self.guessed - self._judged[0], self.kept - self._judged[1]
        if self._is_off or guessed < guesses:
            return None
        self._judged = (self.guessed, self.kept)
        return kept / guessed

    def switch_off(self) -> None:
        """Guess no more until the next load."""
        self._is_off = True
        if self._runner is not None:
            self._runner.propose_draft_token_ids = self._guess_nothing

    def _guess_nothing(self, *_args: Any, **_kwargs: Any) -> list[list[int]]:
        return [[] for _ in self._runner.input_batch.req_ids]


def _runner_of(engine: LLMEngine) -> Any:
    executor = core_of(engine).model_executor
    worker = getattr(executor, "driver_worker", None)
    worker = getattr(worker, "worker", worker)
    return getattr(worker, "model_runner", None)


def _kernel(owner: Any) -> Any:
    for value in vars(owner).values() if owner is not None and hasattr(owner, "__dict__") else ():
        if type(value).__name__.endswith("Kernel"):
            return value
    return None


def _short(name: str) -> str:
    for ending in ("LinearKernel", "LinearMethod", "Kernel", "Config"):
        name = name.removesuffix(ending)
    return _NAMES.get(name, name)

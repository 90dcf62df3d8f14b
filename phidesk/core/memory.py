"""What a model takes of the memory, by part, estimated from its files alone.

tests/benchmarks/memory.py compares the figures with what was measured.
"""

from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec

from phidesk.core import gguf, safetensors
from phidesk.core.checkpoint import read_json
from phidesk.core.config_names import config_of_gguf, with_usual_names
from phidesk.core.engines import EngineName
from phidesk.core.files import size_of
from phidesk.core.kv_cache import MOST, KvCache, kv_of_config, kv_of_gguf
from phidesk.core.load_options import KvDtype, LoadOptions
from phidesk.core.models import Device, ModelFormat, ModelRef
from phidesk.core.serving import (
    BATCHED_TOKENS,
    LLAMA_CHATS,
    graph_sizes,
    running_at_once,
    serving_context,
)
from phidesk.core.shape import ShapeError, read_shape

_CONTEXT_STEP = 256

# Bytes that an engine's process holds before any model, measured with the versions that
# packaging installs: on a GPU the driver's share and the libraries' kernels.
_RUNTIME = {
    (EngineName.VLLM, True): 650_000_000,
    (EngineName.TRANSFORMERS, True): 750_000_000,
    (EngineName.LLAMACPP, True): 400_000_000,
    (EngineName.VLLM, False): 970_000_000,
    (EngineName.TRANSFORMERS, False): 540_000_000,
    (EngineName.LLAMACPP, False): 75_000_000,
}
# What Transformers imports beside that for quantized weights, on a CPU.
_LIBRARY = {"bitsandbytes": 105_000_000, "auto-round": 165_000_000, "gptq": 165_000_000,
            "awq": 165_000_000}  # fmt: skip
_GRAPH_BYTES = 90_000_000  # a captured CUDA graph's own share, measured over 1, 2, 4 and 8
_LLAMA_BATCH = 512  # prompt tokens that llama.cpp computes at a time
_CPU_COPIES = 4  # that vLLM's build for the CPU holds where the GPU needs one
# Copies of the widest state that Transformers holds at once for each token of a prompt: on a CPU
# what was freed in between is not given back.
_WIDE_COPIES, _WIDE_COPIES_CPU = 7, 16


class MemoryNeeds(msgspec.Struct, frozen=True, kw_only=True):
    """Bytes by part; on a GPU of each one's.

    runtime: the engine's own, libraries and graphs. activations: what computing a prompt takes.
    kv_reserved: whether the KV cache is taken at the load, or only as a conversation grows.
    offloaded: weights in the computer's memory beside that, of all GPUs together.
    """

    weights: int
    kv: int
    runtime: int
    activations: int
    context: int
    chats: int = 1
    kv_reserved: bool = True
    offloaded: int = 0

    @property
    def workspace(self) -> int:
        """All that is neither weights nor KV cache."""
        return self.runtime + self.activations

    @property
    def total(self) -> int:
        """All of it, with the context full."""
        return self.weights + self.kv + self.workspace

    @property
    def at_load(self) -> int:
        """What is taken before the first prompt."""
        return self.weights + self.runtime + (self.kv if self.kv_reserved else 0)


class ModelFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What a model's files say about its memory.

    weights: bytes of all tensors; full: those of them in 32 bits, which engines load in 16;
    scales: what the kernels for the CPU add, which keep the scales of quantized weights in more
    bits (AutoRound in 32, bitsandbytes in 16).
    parameters: of a GGUF file, what it takes dequantized; 0 where it is not known.
    hidden, wide: sizes of a token's state and of the widest one. rope: numbers of the tables for
    positions. config: config.json's text part, for what depends on the options. layers: the same
    of a GGUF file's head.
    """

    weights: int
    full: int = 0
    scales: int = 0
    parameters: int = 0
    kv: KvCache | None = None
    hidden: int = 0
    wide: int = 0
    vocabulary: int = 0
    rope: int = 0
    masks: bool = False
    config: dict[str, Any] = {}
    layers: dict[str, Any] = {}


class Estimator(msgspec.Struct, frozen=True, kw_only=True):
    """Estimates for one model on one engine; correction: bytes that this machine's loads showed.

    element_size: of a number that the engine computes with, in bytes; may_double: whether it is
    known only once a worker has measured. draft: of the options' draft model.
    """

    model: ModelRef
    facts: ModelFacts
    engine: EngineName
    device: Device
    options: LoadOptions = LoadOptions()
    element_size: int = 2
    may_double: bool = False
    correction: int = 0
    draft: ModelFacts | None = None

    def at(self, context: int | None) -> MemoryNeeds | None:
        """Return what a context length takes; None where the files do not tell."""
        tokens = serving_context(self.model, context)
        match self.engine:
            case EngineName.VLLM:
                return self._vllm(tokens)
            case EngineName.TRANSFORMERS:
                return self._transformers(tokens)
            case _:
                return self._llamacpp(tokens)

    def doubled(self, context: int | None) -> MemoryNeeds | None:
        """Return what it takes should the engine find 32 bits faster; None where that is known."""
        return (
            msgspec.structs.replace(self, element_size=4).at(context) if self.may_double else None
        )

    def fitting(self, context: int | None, free: int) -> int:
        """Return the longest context up to that one, in whole steps, that fits; 0 for none."""
        low, high = 0, serving_context(self.model, context) // _CONTEXT_STEP
        while low < high:
            middle = (low + high + 1) // 2
            needs = self.at(middle * _CONTEXT_STEP)
            if needs is not None and needs.total <= free:
                low = middle
            else:
                high = middle - 1
        return low * _CONTEXT_STEP

    @property
    def _weights(self) -> int:
        """Those of a folder of safetensors, as the engine computes with them."""
        facts = self.facts
        if self.model.method:
            return facts.weights
        return (facts.weights - facts.full // 2) * self.element_size // 2

    @property
    def _runtime(self) -> int:
        return max(0, _RUNTIME[self.engine, self.device is Device.CUDA] + self.correction)

    def _vllm(self, context: int) -> MemoryNeeds | None:
        options, facts = self.options, self.facts
        draft = self.draft.config if self.draft is not None else None
        pool = pool_bytes(facts.layers or facts.config, options, context, self.element_size, draft)
        if pool is None:
            return None
        weights = self._weights + facts.rope * self.element_size
        offloaded = min(weights, options.cpu_offload_bytes)
        weights = (weights - offloaded) // options.gpus
        if self.draft is not None:
            weights += self.draft.weights // options.gpus
        on_gpu = self.device is Device.CUDA
        batch = BATCHED_TOKENS if on_gpu else _CPU_COPIES * min(context, BATCHED_TOKENS)
        states = batch * self.element_size * (2 * facts.wide + 4 * facts.hidden)
        logits = running_at_once(options) * facts.vocabulary * 16  # fp32; the sampler sorts copies
        graphs = len(graph_sizes(options)) if on_gpu else 0
        # Of the file, what stays mapped after it was converted.
        mapped = 0 if on_gpu or self.model.method else facts.weights * self.element_size // 8
        return MemoryNeeds(
            weights=weights,
            kv=pool,
            runtime=self._runtime + graphs * _GRAPH_BYTES + mapped,
            activations=states + logits,
            context=context,
            chats=options.parallel_chats,
            offloaded=offloaded,
        )

    def _transformers(self, context: int) -> MemoryNeeds | None:
        facts = self.facts
        if facts.kv is None or not facts.hidden:
            return None
        if self.model.format is ModelFormat.GGUF:
            if not facts.parameters:
                return None
            weights = facts.parameters * self.element_size
        else:
            weights = self._weights
        on_gpu, method = self.device is Device.CUDA, self.model.method
        if not on_gpu:
            weights += facts.scales
        copies = _WIDE_COPIES if on_gpu else _WIDE_COPIES_CPU
        masks = 4 * context * context if facts.masks else 0
        return MemoryNeeds(
            weights=weights,
            kv=facts.kv.held(context) * self.element_size,
            runtime=self._runtime + (0 if on_gpu else _LIBRARY.get(method, 0)),
            activations=context * copies * facts.wide * self.element_size + masks,
            context=context,
            kv_reserved=False,
        )

    def _llamacpp(self, context: int) -> MemoryNeeds | None:
        facts = self.facts
        if facts.kv is None:
            return None
        return MemoryNeeds(
            weights=facts.weights,
            kv=facts.kv.llama(context, LLAMA_CHATS, _LLAMA_BATCH) * 2,
            runtime=self._runtime,
            activations=_LLAMA_BATCH * 4 * (2 * facts.wide + 4 * facts.hidden),
            context=context,
        )


def pool_bytes(
    config: dict[str, Any],
    options: LoadOptions,
    context: int,
    element_size: int = 2,
    draft: dict[str, Any] | None = None,
) -> int | None:
    """Return the bytes of vLLM's KV pool on each GPU, a draft model's share included.

    config, draft: config.json's text part (or config_of_gguf), of the model and of the options'
    draft model.
    element_size: of a number where the options do not say otherwise. None for models without
    attention.
    """
    size = 1 if options.kv_dtype is KvDtype.FP8 else element_size
    caches = [kv_of_config(config, gpus=options.gpus, only_named=True)]
    if draft is not None:
        caches.append(kv_of_config(draft, gpus=options.gpus, only_named=True))
    if caches[0] is None:
        return None
    pools = (
        cache.pool(context, options.parallel_chats, BATCHED_TOKENS) for cache in caches if cache
    )
    return size * sum(pools)


def read_facts(model: ModelRef) -> ModelFacts | None:
    """Return what the files say; None where they cannot be read.

    Read once, as long as they stay as they are: a model may have tens of thousands of tensors.
    """
    path = Path(model.path)
    try:
        files = [path] if path.is_file() else sorted(path.iterdir())
        found = [(file.name, file.stat()) for file in files]
    except OSError:
        return None
    return _facts(model, tuple((name, info.st_size, info.st_mtime_ns) for name, info in found))


@lru_cache(maxsize=64)
def _facts(model: ModelRef, _stamp: tuple[tuple[str, int, int], ...]) -> ModelFacts | None:
    path = Path(model.path)
    if model.format is ModelFormat.GGUF:
        return _gguf_facts(model)
    config = text_config(path)
    tensors = _tensor_bytes(path)
    usual = with_usual_names(config)
    hidden, heads = number(usual, "hidden_size"), number(usual, "num_attention_heads")
    width = number(usual, "head_dim") or hidden // max(1, heads)
    part = config.get("partial_rotary_factor")
    rotary = int(width * part) if isinstance(part, float) and 0 < part <= 1 else width
    if not tensors.all:
        return None
    kv = kv_of_config(config)
    return ModelFacts(
        weights=tensors.all,
        full=tensors.full,
        scales=tensors.scales,
        kv=kv,
        hidden=hidden,
        wide=number(usual, "intermediate_size") or 4 * hidden,
        vocabulary=number(config, "vocab_size"),
        rope=number(usual, "max_position_embeddings") * rotary * _ropes(config),
        masks=kv is not None and any(kind.window for kind in kv.kinds),
        config=config,
    )


def text_config(folder: Path) -> dict[str, Any]:
    """Return a folder's config.json, of a model that also sees the part about text; {} for none."""
    found, _ = read_json(folder / "config.json")
    text = found.get("text_config")
    return text if isinstance(text, dict) else found


def number(config: dict[str, Any], key: str) -> int:
    """Return a number of a config.json: the largest where each layer has its own; 0 for none."""
    found = config.get(key)
    values = found if isinstance(found, list) else [found]
    return max((n for n in values if type(n) is int and 0 < n <= MOST), default=0)


def _ropes(config: dict[str, Any]) -> int:
    """Return how many tables of positions there are: layers with windows may have their own."""
    tables = config.get("rope_parameters")
    own = isinstance(tables, dict) and "sliding_attention" in tables
    return 2 if own or "rope_local_base_freq" in config else 1


def _gguf_facts(model: ModelRef) -> ModelFacts | None:
    try:
        head = gguf.read_head(Path(model.path))
    except (OSError, gguf.GgufError):
        return None
    try:
        parameters = read_shape(model).parameters
    except ShapeError:
        parameters = 0
    hidden = head.numbers.get("embedding_length", 0)
    return ModelFacts(
        weights=model.size_bytes,
        parameters=parameters,
        kv=kv_of_gguf(head.numbers, head.architecture),
        hidden=hidden,
        wide=head.numbers.get("feed_forward_length", 4 * hidden),
        vocabulary=head.numbers.get("vocab_size", 0),
        layers=config_of_gguf(head.numbers),
    )


class _TensorBytes(msgspec.Struct):
    all: int = 0
    full: int = 0
    scales: int = 0


def _tensor_bytes(folder: Path) -> _TensorBytes:
    """Add up a folder's tensors; a second set of the same weights is not loaded, nor counted."""
    files = list(folder.glob("*.safetensors"))
    numbered = [file for file in files if file.name.startswith("model")]
    found = _TensorBytes()
    for file in numbered or files:
        try:
            head = safetensors.read_head(file)
        except (OSError, safetensors.SafetensorsError):
            found.all += size_of(file)
            continue
        found.all += sum(head.dtypes.values())
        found.full += head.dtypes.get("F32", 0)
        for name, tensor in head.tensors.items():
            # What they take in the file, not their shapes, which may be anything.
            begin, end = tensor.data_offsets
            if name.endswith(".scales"):  # 16 bits become 32, and a zero point of 32 is new
                found.scales += (end - begin) * (1 if tensor.dtype == "F32" else 3)
            elif name.endswith(".qzeros"):
                found.scales -= end - begin
            elif name.endswith(".absmax") and tensor.dtype == "U8":  # 8 bits become 16
                found.scales += end - begin
    found.scales = max(0, found.scales)
    return found

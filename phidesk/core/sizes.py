"""Estimates of what a quantization needs: memory, disk, and the size of the copy.

All in bytes, from the model's shape and the recipe alone; tests/benchmarks/quantize.py compares
them with what was measured.
"""

import msgspec

from phidesk.core.models import Device, ModelFormat, ModelRef
from phidesk.core.recipes import PER_CHANNEL, Algorithm, Recipe, SaveFormat
from phidesk.core.shape import ModelShape

_LIBRARIES = 1_100_000_000  # torch, transformers and auto-round imported, measured
_TUNED_COPIES = 12  # bytes a weight of the block in work: weights, roundings and their gradients
_ACTIVATIONS = 16  # bytes an activation that is kept for the backward pass, of the widest layer

# Bits a weight in the blocks, and where the input size is no multiple of 256, which the K types
# need and other types then take their place. Of the types themselves:
# https://github.com/ggml-org/llama.cpp/blob/master/tools/quantize/README.md
_GGUF_BITS = {
    SaveFormat.Q2_K_S: (2.6, 4.5),
    SaveFormat.Q3_K_M: (3.9, 4.9),
    SaveFormat.Q4_0: (4.5, 4.5),
    SaveFormat.Q4_K_S: (4.6, 5.5),
    SaveFormat.Q4_K_M: (4.9, 5.8),
    SaveFormat.Q5_K_M: (5.7, 6.2),
    SaveFormat.Q6_K: (6.6, 8.5),
    SaveFormat.Q8_0: (8.5, 8.5),
}
_K_BLOCK = 256
_EMBEDDING_BITS = (6.6, 8.5)


class Needs(msgspec.Struct, frozen=True, kw_only=True):
    """What a run takes at its peak; result is the size of the finished copy."""

    ram: int
    vram: int
    disk: int
    result: int


def bits_per_weight(recipe: Recipe) -> float:
    """Return the bits that a weight of a quantized layer takes, scales and zeros included."""
    if recipe.format.is_gguf:
        return _GGUF_BITS[recipe.format][0]
    if recipe.algorithm is Algorithm.INT8:
        return 8.0
    if recipe.format is SaveFormat.BITSANDBYTES:
        return 4.0 + (0.127 if recipe.double_quant else 0.5)  # arXiv 2305.14314, section 3
    bits = recipe.average_bits or recipe.bits
    if recipe.group_size == PER_CHANNEL:
        return bits
    return bits + (16 + bits) / recipe.group_size


def estimate(model: ModelRef, shape: ModelShape, recipe: Recipe, device: Device) -> Needs:
    """Return what quantizing the model takes on a device."""
    in_blocks = shape.blocks * shape.block_parameters
    outside = max(0, shape.parameters - in_blocks)
    weights = 2 * shape.parameters
    if recipe.format.is_gguf:
        result = _gguf_size(shape, recipe.format)
    else:
        result = int(in_blocks * bits_per_weight(recipe) / 8) + 2 * outside
    source = weights if model.format is ModelFormat.GGUF else 0
    cache = recipe.samples * recipe.seqlen * shape.hidden * 2
    kept = 3 * cache if recipe.algorithm.needs_calibration else 0
    work = _TUNED_COPIES * shape.block_parameters
    if recipe.algorithm.needs_calibration:
        widest = max(shape.in_features.values(), default=shape.hidden)
        work += recipe.batch_size * recipe.seqlen * widest * _ACTIVATIONS
    resume = 2 * cache if recipe.algorithm.needs_calibration else 0
    on_gpu = device is Device.CUDA
    return Needs(
        ram=_LIBRARIES + weights + result + (0 if on_gpu else kept + work),
        vram=kept + work if on_gpu else 0,
        disk=2 * result + source + resume,  # packing writes it once more
        result=result,
    )


def _gguf_size(shape: ModelShape, save_format: SaveFormat) -> int:
    fitting, other = _GGUF_BITS[save_format]
    block = 0.0
    for name, size in shape.in_features.items():
        bits = other if size % _K_BLOCK else fitting
        block += size * shape.out_features[name] * bits / 8
    outside = max(0, shape.parameters - shape.blocks * shape.block_parameters)
    embedding_bits = max(fitting, _EMBEDDING_BITS[bool(shape.hidden % _K_BLOCK)])
    return int(shape.blocks * block + outside * embedding_bits / 8)

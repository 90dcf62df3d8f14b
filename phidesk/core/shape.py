"""The sizes of a model that decide how it can be quantized, from the heads of its files."""

import re
from pathlib import Path

import msgspec

from phidesk.core import gguf, safetensors
from phidesk.core.models import ModelFormat, ModelRef

_BLOCK = re.compile(r"\.(?:layers|h|blocks)\.(\d+)\.(.+)\.weight$")


class ShapeError(ValueError):
    """The model's sizes cannot be read; the message is for a person."""


class ModelShape(msgspec.Struct, frozen=True, kw_only=True):
    """What a model is made of.

    blocks: the decoder layers that are quantized one after the other.
    in_features: the input sizes of their linear layers, by the layer's name in the block.
    out_features: the output sizes of the same.
    hidden: the size of a token's state. vocabulary: tokens that it tells apart.
    block_parameters, parameters: numbers of weights, of one block and of all.
    """

    blocks: int
    hidden: int
    vocabulary: int
    in_features: dict[str, int]
    out_features: dict[str, int]
    block_parameters: int
    parameters: int

    def not_divisible(self, group_size: int) -> dict[str, int]:
        """Return the layers whose input size a group size does not divide."""
        if group_size <= 0:
            return {}
        return {name: size for name, size in self.in_features.items() if size % group_size}

    def largest_group(self, allowed: frozenset[int]) -> int | None:
        """Return the largest group size that divides all layers."""
        fitting = [g for g in allowed if g > 0 and not self.not_divisible(g)]
        return max(fitting, default=None)


def read_shape(model: ModelRef) -> ModelShape:
    """Return a model's sizes; raises ShapeError where its files do not tell them."""
    try:
        if model.format is ModelFormat.GGUF:
            return _from_gguf(Path(model.path))
        return _from_safetensors(Path(model.path))
    except (gguf.GgufError, safetensors.SafetensorsError) as error:
        raise ShapeError(f"“{model.name}” cannot be read: {error}.") from error
    except OSError as error:
        words = error.strerror or error
        raise ShapeError(f"“{model.name}” cannot be read: {words}.") from error


def _from_safetensors(folder: Path) -> ModelShape:
    shapes: dict[str, tuple[int, ...]] = {}
    for file in sorted(folder.glob("*.safetensors")):
        shapes |= safetensors.read_head(file).shapes
    linear: dict[str, int] = {}
    out: dict[str, int] = {}
    blocks, block_parameters = 0, 0
    for name, shape in shapes.items():
        match = _BLOCK.search(name)
        if match is None:
            continue
        blocks = max(blocks, int(match[1]) + 1)
        if match[1] == "0":
            block_parameters += _product(shape)
            if len(shape) == 2:
                out[match[2]], linear[match[2]] = shape
    if not linear:
        raise ShapeError(
            "No decoder layers with plain weights were found: the model is quantized already, or "
            "of a kind that phidesk does not know."
        )
    vocabulary, hidden = next(
        (shape for name, shape in shapes.items() if "embed" in name and len(shape) == 2),
        (0, max(linear.values())),
    )
    return ModelShape(
        blocks=blocks,
        hidden=hidden,
        vocabulary=vocabulary,
        in_features=linear,
        out_features=out,
        block_parameters=block_parameters,
        parameters=sum(_product(shape) for shape in shapes.values()),
    )


def _from_gguf(path: Path) -> ModelShape:
    numbers = gguf.read_head(path).numbers
    try:
        hidden, feed_forward = numbers["embedding_length"], numbers["feed_forward_length"]
        blocks, heads = numbers["block_count"], numbers["attention.head_count"]
    except KeyError as error:
        raise ShapeError(f"The file does not tell its {error.args[0]}.") from error
    head_size = numbers.get("attention.key_length", hidden // max(1, heads))
    kv_heads = numbers.get("attention.head_count_kv", heads)
    vocabulary = numbers.get("vocab_size", 0)
    states, kv_states = heads * head_size, kv_heads * head_size
    shapes = {  # output and input sizes
        "self_attn.q_proj": (states, hidden),
        "self_attn.k_proj": (kv_states, hidden),
        "self_attn.v_proj": (kv_states, hidden),
        "self_attn.o_proj": (hidden, states),
        "mlp.gate_proj": (feed_forward, hidden),
        "mlp.up_proj": (feed_forward, hidden),
        "mlp.down_proj": (hidden, feed_forward),
    }
    block_parameters = sum(out * size for out, size in shapes.values())
    return ModelShape(
        blocks=blocks,
        hidden=hidden,
        vocabulary=vocabulary,
        in_features={name: size for name, (_, size) in shapes.items()},
        out_features={name: out for name, (out, _) in shapes.items()},
        block_parameters=block_parameters,
        parameters=blocks * block_parameters + vocabulary * hidden,
    )


def _product(shape: tuple[int, ...]) -> int:
    product = 1
    for size in shape:
        product *= size
    return product

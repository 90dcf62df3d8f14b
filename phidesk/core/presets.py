"""The recipes that phidesk proposes: three cards, and how much effort AutoRound spends."""

from enum import StrEnum

import msgspec

from phidesk.core.machine import Machine
from phidesk.core.models import Device, ModelRef
from phidesk.core.recipes import PER_CHANNEL, Algorithm, Recipe, SaveFormat
from phidesk.core.shape import ModelShape

_GROUPS = frozenset({32, 64, 128})
_LONGEST = {Device.CPU: 512, Device.CUDA: 2048, Device.MPS: 512}


class Card(StrEnum):
    """The plain choices of the wizard."""

    SMALLEST = "smallest"
    BALANCED = "balanced"
    BEST = "best"


class Effort(StrEnum):
    """How long SignRound tunes; the figures are AutoRound's own light, default and best."""

    FAST = "fast"
    BALANCED = "balanced"
    BEST = "best"


class Work(msgspec.Struct, frozen=True):
    """SignRound's steps a layer, and the calibration sequences that it sees."""

    iters: int
    samples: int


# https://github.com/intel/auto-round, "auto-round-light", default and "auto-round-best".
EFFORTS: dict[Effort, Work] = {
    Effort.FAST: Work(50, 128),
    Effort.BALANCED: Work(200, 128),
    Effort.BEST: Work(1000, 512),
}


def card_recipe(card: Card, model: ModelRef, shape: ModelShape, machine: Machine) -> Recipe:
    """Return what a card means for this model on this machine.

    Without an NVIDIA card a GGUF file for llama.cpp, which is the fastest there; with one an
    AutoRound checkpoint. The group size divides all layers, the sequences fit the model.
    """
    device = machine.device
    seqlen = min(_LONGEST[device], model.context_length or _LONGEST[device])
    if device is not Device.CUDA:
        algorithm, save_format, bits = {
            Card.SMALLEST: (Algorithm.IMATRIX, SaveFormat.Q3_K_M, 3),
            Card.BALANCED: (Algorithm.IMATRIX, SaveFormat.Q4_K_M, 4),
            Card.BEST: (Algorithm.RTN, SaveFormat.Q8_0, 8),
        }[card]
        return Recipe(
            algorithm=algorithm,
            format=save_format,
            bits=bits,
            iters=0,
            samples=32,
            seqlen=seqlen,
        )
    bits = {Card.SMALLEST: 3, Card.BALANCED: 4, Card.BEST: 8}[card]
    algorithm = Algorithm.RTN if card is Card.BEST else Algorithm.SIGNROUND
    work = EFFORTS[Effort.BALANCED]
    return Recipe(
        algorithm=algorithm,
        format=SaveFormat.AUTO_ROUND,
        bits=bits,
        group_size=shape.largest_group(_GROUPS) or PER_CHANNEL,
        iters=work.iters if algorithm is Algorithm.SIGNROUND else 0,
        samples=work.samples,
        seqlen=seqlen,
    )

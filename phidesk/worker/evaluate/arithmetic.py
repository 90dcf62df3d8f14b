"""Lets two models be compared by their weights alone, whatever each was loaded to compute in.

On a processor the engine times bf16 against fp32, which can come out either way from one load to
the next. Rounding all activations to bf16 costs about 0.001 nats of KL divergence and 3 % of
top-1 agreement (SmolLM2 135M): as much as a good quantization.
"""

from typing import Any

import psutil
import torch

_MARGIN = 1.2


def use_float32(model: Any) -> bool:
    """Make an unquantized network on a CPU compute in fp32 with its weights rounded to bf16.

    That is the same network whether it was loaded as bf16 or fp32, and exactly the checkpoint
    where that is bf16. Returns whether it was done: not for quantized networks, which compute
    as their method wants it, not on a GPU, whose format is always the same, and not where the
    memory has no room for fp32.
    """
    if getattr(model, "is_quantized", False) or model.device.type != "cpu":
        return False
    narrow = sum(p.nbytes for p in model.parameters() if p.dtype is torch.bfloat16)
    if narrow * _MARGIN > psutil.virtual_memory().available:
        return False
    for parameter in model.parameters():
        if parameter.dtype in (torch.bfloat16, torch.float32):
            parameter.data = parameter.data.to(torch.bfloat16).to(torch.float32)
    return True

"""AutoRound driven bare, without phidesk: the baseline of quantize.py.

    python -m tests.benchmarks.bare_quantize MODEL OUT RECIPE_JSON

Prints its peak memory as one JSON line at the end.
"""

import json
import os
import sys

os.environ |= {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1"}

import msgspec
from auto_round import AutoRound
from transformers import AutoTokenizer

from phidesk.core.recipes import Recipe
from phidesk.worker.engines.dtype import choose_device
from phidesk.worker.quantizers.autoround import settings_for
from phidesk.worker.quantizers.calibration import calibration_batches
from phidesk.worker.quantizers.progress import peak_ram, peak_vram


def main() -> None:
    """Quantize and save, as AutoRound's own examples do."""
    model, out, settings = sys.argv[1:]
    recipe = msgspec.json.decode(settings, type=Recipe)
    batches, count = calibration_batches(recipe, AutoTokenizer.from_pretrained(model))
    rounding = AutoRound(model, **settings_for(recipe, choose_device(), batches, count))
    rounding.quantize_and_save(out, format=recipe.format.value)
    print(json.dumps({"ram": peak_ram(), "vram": peak_vram()}), flush=True)


if __name__ == "__main__":
    main()

"""What a quantizer is asked, and where it works."""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import msgspec

from phidesk.core.models import Device
from phidesk.core.recipes import Recipe
from phidesk.worker.quantizers.progress import LayerReporter


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """One copy to make: source is a folder of unquantized safetensors.

    out: an empty folder, or what an interrupted run left in it. resume_dir: where to keep what
    a later run needs to go on; on_saved is told how many layers it then need not do again.
    device: where to compute.
    """

    recipe: Recipe
    source: Path
    out: Path
    resume_dir: Path
    on_saved: Callable[[int], None]
    device: Device


class Quantizer(Protocol):
    """Turns a model into a small copy; another library is another module with this interface."""

    def run(self, task: Task, report: LayerReporter) -> Path:
        """Write the copy below task.out and return its folder.

        Raises EngineError for what is known to go wrong; other errors are explained by
        quantizers.errors.
        """
        ...

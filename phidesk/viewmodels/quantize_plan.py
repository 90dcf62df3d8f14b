"""What is to be quantized, how and to where; with the pre-flight that follows each change."""

import asyncio
import contextlib
import shutil
import time
from pathlib import Path

from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal

from phidesk.core.jobs import partial_of
from phidesk.core.machine import Machine
from phidesk.core.models import ModelRef
from phidesk.core.paths import models_dir
from phidesk.core.preflight import Finding, Level, Preflight, examine
from phidesk.core.presets import Card, card_recipe
from phidesk.core.recipe_options import fitted
from phidesk.core.recipes import Recipe, copy_name
from phidesk.core.shape import ModelShape, ShapeError, read_shape
from phidesk.core.sizes import estimate
from phidesk.hardware.machine import machine_of
from phidesk.hardware.sampler import HardwareSampler
from phidesk.viewmodels.calibration_count import CalibrationCount
from phidesk.viewmodels.gauges import GaugesViewModel

_LONGEST_NAME = 200  # bytes; a file system takes 255, and ".partial" is added


class QuantizePlan(QObject):
    """The source, the recipe and the folder of one quantization.

    shape and preflight are None until the source has been read, and where it cannot be:
    shape_problem then says why.
    """

    source_changed = Signal()
    recipe_changed = Signal()
    target_changed = Signal()
    checked = Signal()
    """the pre-flight is new"""

    def __init__(
        self,
        sampler: HardwareSampler,
        gauges: GaugesViewModel,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._sampler = sampler
        self._gauges = gauges
        self._reading: asyncio.Task[None] | None = None
        self._own_name = False
        self._held_until = 0.0
        self.source: ModelRef | None = None
        self.shape: ModelShape | None = None
        self.shape_problem = ""
        self.machine: Machine | None = None
        self.recipe: Recipe | None = None
        self.card: Card | None = None
        self.name = ""
        self.folder = models_dir()
        self.preflight: Preflight | None = None
        self._texts = CalibrationCount(self)
        self._texts.counted.connect(self.check)
        gauges.changed.connect(self._on_sampled)

    @property
    def out(self) -> Path:
        """The folder that the copy will be."""
        return self.folder / self.name

    @property
    def may_start(self) -> bool:
        """Whether everything is chosen and nothing forbids the start."""
        return self.preflight is not None and self.preflight.may_start

    @property
    def shares(self) -> dict[str, float]:
        """Return what is needed of what is free, by the pre-flight's topic."""
        if self.preflight is None or self.machine is None:
            return {}
        needs, machine = self.preflight.needs, self.machine
        shares = {"Memory": needs.ram / max(1, machine.ram_free)}
        if needs.vram:
            shares["GPU memory"] = needs.vram / max(1, machine.vram_free)
        with contextlib.suppress(OSError):
            parent = next(p for p in self.out.parents if p.exists())
            shares["Disk"] = needs.disk / max(1, shutil.disk_usage(parent).free)
        return shares

    @property
    def is_reading(self) -> bool:
        """Whether the source's files are being looked at."""
        return self._reading is not None and not self._reading.done()

    def choose_source(self, model: ModelRef | None) -> None:
        """Choose what to quantize; the recipe begins as the card "Balanced"."""
        if model == self.source and not self.shape_problem:
            return
        if self._reading is not None:
            self._reading.cancel()
        self.source = model
        self.shape = self.recipe = self.card = self.preflight = None
        self.shape_problem, self._own_name, self.name = "", False, ""
        if model is not None:
            self._reading = asyncio.ensure_future(self._read(model))
        self.source_changed.emit()
        self.recipe_changed.emit()
        self.checked.emit()

    def card_recipes(self) -> dict[Card, Recipe]:
        """Return what the cards mean for the source; empty until it has been read."""
        if self.source is None or self.shape is None or self.machine is None:
            return {}
        return {card: card_recipe(card, self.source, self.shape, self.machine) for card in Card}

    def result_size(self, recipe: Recipe) -> int:
        """Return the estimated bytes of the copy; 0 until the source has been read."""
        if self.source is None or self.shape is None or self.machine is None:
            return 0
        return estimate(self.source, self.shape, recipe, self.machine.device).result

    def choose_card(self, card: Card) -> None:
        """Take a card's recipe."""
        recipe = self.card_recipes().get(card)
        if recipe is not None:
            self._set_recipe(recipe, card)

    def set_recipe(self, recipe: Recipe) -> None:
        """Take a recipe of one's own; what does not go together in it is changed."""
        recipe = fitted(recipe)
        if recipe != self.recipe:
            cards = self.card_recipes()
            self._set_recipe(recipe, next((c for c, r in cards.items() if r == recipe), None))

    def apply_remedy(self, finding: Finding) -> None:
        """Mend the recipe as a finding proposes."""
        if finding.remedy is not None:
            self.set_recipe(finding.remedy)

    def set_name(self, name: str) -> None:
        """Name the copy; an empty name asks for the proposed one again."""
        self._own_name = bool(name.strip())
        self.name = name.strip() if self._own_name else self._proposed_name()
        self.target_changed.emit()
        self.check()

    def set_folder(self, folder: Path) -> None:
        """Choose the folder that the copy's folder will be made in."""
        self.folder = folder
        if not self._own_name:
            self.name = self._proposed_name()
        self.target_changed.emit()
        self.check()

    def check(self) -> None:
        """Make the pre-flight anew, with what is free now."""
        before = self.preflight
        if not (self.source and self.shape and self.recipe and self.machine):
            self.preflight = None
        else:
            calibrates = self.recipe.algorithm.needs_calibration
            tokens = self._texts.tokens(self.recipe.calibration) if calibrates else None
            found = examine(self.source, self.shape, self.recipe, self.machine, self.out, tokens)
            extra = (*self._name_findings(), *self._text_findings(self.recipe))
            self.preflight = replace(found, findings=(*extra, *found.findings)) if extra else found
        if self.preflight != before:
            self.checked.emit()

    def hold_machine(self, seconds: float) -> None:
        """Keep what is free as it was: a worker of ours takes some of it for a while."""
        self._held_until = time.monotonic() + seconds

    def renew_name(self) -> None:
        """Propose another name once the one of a finished run is taken."""
        self._own_name = False
        self.set_name("")

    async def shut_down(self) -> None:
        """Stop reading."""
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.wait([self._reading])
        await self._texts.shut_down()

    async def _read(self, model: ModelRef) -> None:
        sample = await asyncio.to_thread(self._sampler.sample)
        try:
            shape = await asyncio.to_thread(read_shape, model)
        except ShapeError as error:
            self.shape_problem = str(error)
            self.source_changed.emit()
            return
        self.machine, self.shape = machine_of(sample), shape
        self.source_changed.emit()
        self.choose_card(Card.BALANCED)

    def _set_recipe(self, recipe: Recipe, card: Card | None) -> None:
        self.recipe, self.card = recipe, card
        if not self._own_name:
            self.name = self._proposed_name()
            self.target_changed.emit()
        self.recipe_changed.emit()
        self.check()

    def _proposed_name(self) -> str:
        if self.source is None or self.recipe is None:
            return ""
        name = copy_name(self.source, self.recipe, _LONGEST_NAME)
        names = (name, *(f"{name} {n}" for n in range(2, 100)))
        return next((n for n in names if not self._is_taken(n)), name)

    def _is_taken(self, name: str) -> bool:
        out = self.folder / name
        return out.exists() or partial_of(out).exists()

    def _text_findings(self, recipe: Recipe) -> tuple[Finding, ...]:
        if not recipe.algorithm.needs_calibration:
            return ()
        problem = self._texts.problem(recipe.calibration)
        return (_stop(self.tr("Texts"), problem),) if problem else ()

    def _name_findings(self) -> tuple[Finding, ...]:
        name = self.name
        words = ""
        if not name or name in (".", "..") or "/" in name or "\0" in name or "\\" in name:
            words = self.tr("A name cannot be empty and has no slashes: choose another one.")
        elif name.startswith(".") or name.endswith(".partial"):
            words = self.tr("“{0}” would be hidden from the list of models: choose another name.")
        elif len(name.encode("utf-8", "replace")) > _LONGEST_NAME:
            words = self.tr("The name is too long for a folder: shorten it.")
        elif partial_of(self.out).exists():
            words = self.tr(
                "An unfinished copy “{0}” is there: resume it, discard it, or choose another name."
            )
        return (_stop(self.tr("Name"), words.format(name)),) if words else ()

    def _on_sampled(self) -> None:
        sample = self._gauges.sample
        held = time.monotonic() < self._held_until
        if sample is not None and self.machine is not None and not held:
            self.machine = machine_of(sample)
            self.check()


def _stop(topic: str, text: str) -> Finding:
    return Finding(level=Level.STOP, topic=topic, text=text)

"""Words for recipes, stages and times."""

from PySide6.QtCore import QObject

from phidesk.core.presets import Card, Effort
from phidesk.core.recipes import PER_CHANNEL, Algorithm, Recipe
from phidesk.ui.language import counted
from phidesk.viewmodels.layer_timing import TimeEstimate
from phidesk.viewmodels.quantize import QuantizeStep


def step_name(where: QObject, step: QuantizeStep) -> str:
    """Return what a step is called."""
    return {
        QuantizeStep.SOURCE: where.tr("Source"),
        QuantizeStep.RECIPE: where.tr("Recipe"),
        QuantizeStep.CHECK: where.tr("Pre-flight"),
        QuantizeStep.RUN: where.tr("Run"),
        QuantizeStep.REPORT: where.tr("Report card"),
    }[step]


def card_name(where: QObject, card: Card) -> str:
    """Return what a card is called."""
    return {
        Card.SMALLEST: where.tr("Smallest"),
        Card.BALANCED: where.tr("Balanced"),
        Card.BEST: where.tr("Best quality"),
    }[card]


def card_purpose(where: QObject, card: Card) -> str:
    """Return whom a card is for."""
    return {
        Card.SMALLEST: where.tr("When memory is short: some quality is lost."),
        Card.BALANCED: where.tr("Small, hardly a loss. Right for most."),
        Card.BEST: where.tr("As good as the original, about half the size of bf16."),
    }[card]


def effort_words(where: QObject, recipe: Recipe) -> str:
    """Return how long a recipe takes, roughly, and why."""
    if recipe.algorithm is Algorithm.SIGNROUND:
        return where.tr(
            "Thorough: tunes every layer in {0} steps", None, counted(recipe.iters)
        ).format(recipe.iters)
    if recipe.algorithm.needs_calibration:
        return where.tr(
            "Some minutes: looks at {0} sample texts", None, counted(recipe.samples)
        ).format(recipe.samples)
    return where.tr("Quick: looks at the weights alone")


def effort_name(where: QObject, effort: Effort) -> str:
    """Return what an effort preset is called."""
    return {
        Effort.FAST: where.tr("Fast"),
        Effort.BALANCED: where.tr("Balanced"),
        Effort.BEST: where.tr("Best"),
    }[effort]


def group_name(where: QObject, group: int) -> str:
    """Return a group size for a field."""
    return where.tr("per channel") if group == PER_CHANNEL else str(group)


def pack_name(where: QObject, pack: str) -> str:
    """Return what a pack of calibration texts is called."""
    return {
        "general": where.tr("General English"),
        "code": where.tr("Code"),
        "chat": where.tr("Chat"),
        "chinese": where.tr("Chinese"),
    }.get(pack, pack)


def stage_words(where: QObject, stage: str) -> str:
    """Return what a run is doing; an unknown stage is shown as it is."""
    words = {
        "start": where.tr("Starting the worker…"),
        "preflight": where.tr("Checking once more…"),
        "source": where.tr("Reading the original…"),
        "libraries": where.tr("Loading the libraries…"),
        "texts": where.tr("Preparing the calibration texts…"),
        "weights": where.tr("Loading the weights…"),
        "calibration": where.tr("Reading the calibration texts…"),
        "layers": where.tr("Quantizing the layers…"),
        "packing": where.tr("Packing the weights…"),
        "verify": where.tr("Trying the copy…"),
    }
    return words.get(stage, stage)


def duration(where: QObject, seconds: float) -> str:
    """Return a time with as many digits as matter."""
    whole = round(seconds)
    if whole < 60:
        return where.tr("{0} s").format(whole)
    if whole < 600:
        return where.tr("{0} min {1} s").format(whole // 60, whole % 60)
    if whole < 3600:
        return where.tr("{0} min").format(round(whole / 60))
    return where.tr("{0} h {1} min").format(whole // 3600, whole % 3600 // 60)


def estimate_words(where: QObject, estimate: TimeEstimate) -> str:
    """Return the time of a whole run with its range: "about 12 min (9 to 16)"."""
    low, likely, high = estimate.low_s, estimate.likely_s, estimate.high_s
    for unit_s, words in (
        (3600, where.tr("about {0} h ({1} to {2})")),
        (60, where.tr("about {0} min ({1} to {2})")),
    ):
        if likely >= 1.5 * unit_s:
            digits = 1 if likely < 10 * unit_s and unit_s == 3600 else 0
            values = (f"{value / unit_s:.{digits}f}" for value in (likely, low, high))
            return words.format(*values)
    values = (str(max(1, round(value))) for value in (likely, low, high))
    return where.tr("about {0} s ({1} to {2})").format(*values)

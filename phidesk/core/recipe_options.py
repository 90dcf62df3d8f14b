"""Which settings of a recipe go together, as core.recipes.ROWS says: for fields and cards."""

from msgspec.structs import replace

from phidesk.core.engines import EngineName, missing_modules
from phidesk.core.machine import Machine
from phidesk.core.presets import EFFORTS, Effort
from phidesk.core.recipes import ROWS, Algorithm, Recipe, SaveFormat, missing, row_for, rows_with


def formats_for(algorithm: Algorithm) -> list[SaveFormat]:
    """Return the formats that an algorithm's copy can have, in the order of the table."""
    rows = rows_with(algorithm=algorithm)
    return [f for f in SaveFormat if any(f in row.formats for row in rows)]


def bits_for(recipe: Recipe) -> list[int]:
    """Return the bits that the recipe's format can hold."""
    rows = rows_with(algorithm=recipe.algorithm, save_format=recipe.format)
    return sorted({bits for row in rows for bits in row.bits})


def symmetries_for(recipe: Recipe) -> list[bool]:
    """Return whether symmetric and asymmetric scales are possible; symmetric first."""
    rows = rows_with(algorithm=recipe.algorithm, save_format=recipe.format)
    found = {s for row in rows if recipe.bits in row.bits for s in row.symmetric}
    return sorted(found, reverse=True)


def groups_for(recipe: Recipe) -> list[int]:
    """Return the group sizes of the recipe's format, per channel last; empty where it fixes it."""
    rows = rows_with(algorithm=recipe.algorithm, save_format=recipe.format)
    return sorted({g for row in rows for g in row.group_sizes}, key=lambda g: g if g > 0 else 1e9)


def can_mix_bits(recipe: Recipe) -> bool:
    """Return whether layers may differ in their bits."""
    rows = rows_with(algorithm=recipe.algorithm, save_format=recipe.format)
    return any(row.mixed_bits and recipe.symmetric in row.symmetric for row in rows)


def fitted(recipe: Recipe) -> Recipe:
    """Return the recipe with what does not go with its algorithm and format changed."""
    formats = formats_for(recipe.algorithm)
    if recipe.format not in formats:
        recipe = replace(recipe, format=formats[0])
    bits = bits_for(recipe)
    if recipe.bits not in bits:
        recipe = replace(recipe, bits=min(bits, key=lambda b: abs(b - recipe.bits)))
    if recipe.symmetric not in symmetries_for(recipe):
        recipe = replace(recipe, symmetric=not recipe.symmetric)
    groups = groups_for(recipe)
    if groups and recipe.group_size not in groups:
        recipe = replace(recipe, group_size=groups[-1])
    if recipe.average_bits is not None and not can_mix_bits(recipe):
        recipe = replace(recipe, average_bits=None)
    if recipe.algorithm is Algorithm.SIGNROUND and recipe.iters == 0:
        recipe = replace(recipe, iters=EFFORTS[Effort.BALANCED].iters)
    elif recipe.algorithm is not Algorithm.SIGNROUND and recipe.iters:
        recipe = replace(recipe, iters=0)
    return recipe


def effort_of(recipe: Recipe) -> Effort | None:
    """Return the preset that the recipe's steps and samples are, or None."""
    work = (recipe.iters, recipe.samples)
    return next((e for e, w in EFFORTS.items() if (w.iters, w.samples) == work), None)


def engine_for(recipe: Recipe, machine: Machine) -> EngineName | None:
    """Return the engine that would run the copy here, or None."""
    row = row_for(recipe)
    for runs in row.runs if row else ():
        lacking = missing_modules(runs.engine) + missing(runs.needs)
        if machine.device in runs.devices and not lacking:
            return runs.engine
    return None


def usable_algorithms() -> list[Algorithm]:
    """Return the algorithms of the table."""
    return [a for a in Algorithm if any(a in row.algorithms for row in ROWS)]
